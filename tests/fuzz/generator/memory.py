"""Statements about memory: where it comes from, who writes it, what becomes of it while calls are pending.

Arrays end with their block.  What malloc() gave is given back there; so nothing may leave the block in between, unless
that is done by a clean-up.
"""
from .expressions import Array, Region, Size, Variable
from .pointers import BYTES
from .types import TYPES, U32, convert


class Memory:
    """Mixed into the generator, beside Expressions, Pointers, Regions, Walks and Library."""

    # Method and weight; harmless to others as long as nothing of theirs is among the scope's writable arrays.
    MEMORY = [("effect", 40), ("array", 4), ("varying", 1), ("heap", 2), ("filled", 3), ("exchange", 2), ("either", 2),
              ("blocks", 4), ("absorb", 3), ("early", 1), ("traverse", 14), ("help", 8), ("library", 8),
              ("changing", 12), ("make", 8), ("independent", 16), ("nest", 6)]

    def effect(self, scope, depth):
        """A call for what it writes; its result, if there is one, goes to waste."""
        writers = [f for f in self.callable(scope) if f.writes]
        if writers:
            self.out(f"{self.call_of(self.r.choice(writers), scope)};", depth)

    def help(self, scope, depth):
        """A call of a plain function that is as tame as a lazy one."""
        helpers = [f for f in self.callable(scope, lazy=False) if f.helper]
        if helpers:
            callee = self.r.choice(helpers)
            place, t = self.target(scope) if callee.result and self.r.random() < 0.6 else (None, None)
            call = self.call_of(callee, scope)
            self.out(f"{place} = {convert(t, callee.result, call)};" if place else f"{call};", depth)

    # -- where memory comes from --

    def array(self, scope, depth):
        t, name, n = self.element(), self.fresh("a"), self.r.choice([4, 8, 14, 20])
        static = "static " if not scope.pure and self.r.random() < 0.1 else ""
        self.out(f"{static}{t.name} {name}[{n}];", depth)
        self.initialise(name, t, n, scope, depth)
        scope.arrays.append(Array(name, t, n))

    def varying(self, scope, depth):
        """Of a length that is known at run time."""
        t, name, n, least = self.element(), self.fresh("a"), self.fresh("n"), self.r.randint(2, 9)
        self.out(f"u32 {n} = {least} + {self.index(scope, 9)};", depth)
        self.out(f"{t.name} {name}[{n}];", depth)
        self.initialise(name, t, n, scope, depth, least + 9)
        scope.arrays.append(Array(name, t, least))

    def heap(self, scope, depth):
        if depth > 3:
            return
        t, name, n = self.element(), self.fresh("a"), self.r.randint(4, 16)
        cleaned = self.r.random() < 0.4
        self.out("{", depth)
        self.out(f"{'__attribute__((cleanup(give_back))) ' if cleaned else ''}{t.name} *{name} = "
                 f"malloc({n} * sizeof *{name});", depth + 1)
        inner = scope.inside(None if cleaned else "")
        inner.returns = scope.returns and cleaned
        self.initialise(name, t, n, scope, depth + 1)
        inner.arrays.append(Array(name, t, n))
        self.effect(inner, depth + 1)
        self.body(inner.inside(), depth + 1, self.r.randint(1, 3))
        if self.r.random() < 0.5:
            count = self.r.randint(2, 2 * n)
            self.out(f"{name} = realloc({name}, {count} * sizeof *{name});", depth + 1)
            inner.arrays.remove(Array(name, t, n))
            n = min(n, count)
            inner.arrays.append(Array(name, t, n))
            self.effect(inner, depth + 1)
            self.body(inner.inside(), depth + 1, self.r.randint(1, 2))
        self.take_in(name, t, n, scope, depth + 1)
        if not cleaned:
            self.out(f"free({name});", depth + 1)
        self.out("}", depth)

    def initialise(self, name, t, n, scope, depth, most=None):
        """Every element; now and then by calls, which are pending then."""
        i, inner, trips = self.fresh("i"), scope.inside(""), most or n
        inner.variables.append(Variable(i, U32, False))
        self.out(f"for (u32 {i} = 0; {i} < {n}; {i}++)", depth)
        self.frame.spend(trips // 4 + 1)
        self.frame.times *= trips
        self.out(f"{name}[{i}] = {self.called(t, inner) if self.r.random() < 0.4 else self.value(t, inner)};", depth + 1)
        self.frame.times //= trips

    def filled(self, scope, depth):
        """Arrays that nobody but a lazy function fills, just as long as it says."""
        fillers = [f for f in self.callable(scope) if f.regions and all(r.fills and r.least > 0 for r in f.regions)]
        if not fillers:
            return
        callee, new = self.r.choice(fillers), {}
        sizes = {p.name: self.fresh("n") for p in callee.parameters if isinstance(p, Size)}
        for p in callee.parameters:
            if isinstance(p, Size):
                self.out(f"{p.type.name} {sizes[p.name]} = {self.size(p, scope)};", depth)
        for r in callee.regions:
            new[r.name] = self.fresh("a")
            self.out(f"{r.type.name} {new[r.name]}[{''.join(sizes.get(c, c) for c in r.extent)}];", depth)
        arguments = [sizes[p.name] if isinstance(p, Size) else new[p.name] if isinstance(p, Region) else
                     self.argument(p, scope, 1) for p in callee.parameters]
        self.frame.spend(callee.cost + 1)
        self.out(f"{callee.name}({', '.join(arguments)});", depth)
        scope.arrays += [Array(new[r.name], r.type, r.least) for r in callee.regions]

    # -- other names for it --

    def pair_of_arrays(self, scope):
        """Two arrays of one type, perhaps one twice, and how many elements there are in both; or None."""
        a = self.r.choice(scope.arrays) if scope.arrays else None
        if not a:
            return None
        b = self.r.choice([b for b in scope.arrays if b.type == a.type])
        size = max(1, min(a.size, b.size) - self.r.choice([0, 1, 3]))
        names = [self.part_of(x, size, scope) for x in (a, b)]
        return names, a.type, size, a.writable and b.writable

    def part_of(self, a, size, scope):
        return a.name if a.size == size else f"{a.name} + {self.index(scope, a.size - size + 1)}"

    def either(self, scope, depth):
        """A pointer to one array or another."""
        pair = self.pair_of_arrays(scope)
        if not pair:
            return
        (a, b), t, size, writable = pair
        name = self.fresh("e")
        self.out(f"{t.name} *{name} = {self.condition(scope)} ? {a} : {b};", depth)
        scope.arrays.append(Array(name, t, size, writable, True))

    def exchange(self, scope, depth):
        """Pointers that change places in a loop."""
        pair = self.pair_of_arrays(scope)
        if not pair or depth > 3 or not self.frame.affords(20):
            return
        (a, b), t, size, writable = pair
        x, y, z, i, trips = *(self.fresh(n) for n in "eeei"), self.r.choice([2, 3, 5])
        self.out(f"{{ {t.name} *{x} = {a}, *{y} = {b};", depth)
        self.out(f"for (u32 {i} = 0; {i} < {trips}; {i}++) {{", depth)
        inner = scope.inside("break continue")
        inner.variables.append(Variable(i, U32, False))
        inner.arrays += [Array(n, t, size, writable, True) for n in (x, y)]
        self.touched += [x, y]
        self.frame.times *= trips
        self.effect(inner, depth + 1)
        self.body(inner, depth + 1, self.r.randint(1, 2))
        self.frame.times //= trips
        self.out(f"{t.name} *{z} = {x}; {x} = {y}; {y} = {z};", depth + 1)
        self.out("} }", depth)

    # -- what becomes of it --

    def blocks(self, scope, depth):
        """Much of it is read or written at once."""
        to = [a for a in scope.arrays if a.writable]
        if not to:
            return
        a = self.r.choice(to)
        count = self.r.randint(1, a.size)
        left, bytes = self.part_of(a, count, scope), f"{count} * sizeof *{a.name}"
        if self.r.random() < 0.3:
            byte = self.r.randint(0, 255) if a.type.name in BYTES else 0
            return self.out(f"memset({left}, {byte}, {bytes});", depth)
        b = self.r.choice([b for b in scope.arrays if b.type == a.type and b.size >= count])
        right = self.part_of(b, count, scope)
        apart = a != b and not a.alias and not b.alias
        self.out(f"{'memcpy' if apart else 'memmove'}({left}, {right}, {bytes});", depth)

    def absorb(self, scope, depth):
        """All of an array is looked at."""
        if scope.arrays:
            a = self.r.choice(scope.arrays)
            self.take_in(a.name, a.type, a.size, scope, depth)

    def take_in(self, name, t, n, scope, depth):
        sums = scope.of(U32, True)
        if sums:
            i, h = self.fresh("i"), self.r.choice(sums)
            self.frame.spend(n // 4 + 1)
            self.out(f"for (u32 {i} = 0; {i} < {n}; {i}++) {h} = {h} * 31 + {t.name}_hash({name}[{i}]);", depth)

    def early(self, scope, depth):
        result = self.frame.function.result
        if scope.returns:
            self.out(f"if ({self.condition(scope)} && {self.condition(scope)}) return"
                     f"{' ' + self.value(result, scope) if result else ''};", depth)
