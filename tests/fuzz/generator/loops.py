"""Loops of random programs, of every kind that may run ahead of itself, and many that may not.

A loop is a header (how it counts or walks) around parts (what becomes of the values of calls).  Both are chosen
independently, and parts may be loops and any other statements.
"""
from .expressions import Variable
from .types import TYPES, U32, convert


class Loops:
    """Mixed into the generator, beside Expressions and Statements."""

    PARTS = [("accumulate", 14), ("prefix", 3), ("maximum", 3), ("guarded", 4), ("leave", 3), ("recurrence", 3),
             ("define", 3), ("loop", 3), ("body_of_any_kind", 4), ("branchless", 1), ("effect", 12), ("traverse", 3), ("help", 3)]
    PARTS_WITH_EFFECTS = [("show", 2), ("store", 3), ("neighbours", 2), ("plainly", 1), ("library", 2)]
    PARTS_AHEAD = [("accumulate", 12), ("maximum", 3), ("guarded", 2), ("leave", 1), ("loop", 2), ("effect", 5), ("help", 2)]

    def loop(self, scope, depth):
        trips = self.r.choice([1, 2, 3, 5, 9, 17, 40])
        while trips > 1 and not self.frame.affords(trips * 4):
            trips //= 2
        if depth > 4 or trips == 0:
            return
        header = self.r.choice([self.upwards, self.downwards, self.both_ways, self.strides, self.after, self.walk,
                                self.elements, self.forever, self.unknown_end, self.asking])
        inner, parts = self.inside_loop(scope, depth)
        self.frame.times *= trips
        first, last = header(inner, trips)
        self.out(first, depth)
        for _ in range(self.r.randint(1, 3)):
            part = self.r.choices([p for p, _ in parts], [w for _, w in parts])[0]
            getattr(self, part)(inner, depth + 1)
        self.accumulate(inner, depth + 1)
        self.frame.times //= trips
        self.out(last, depth)

    def inside_loop(self, scope, depth):
        """The scope of a loop's body, and what it may consist of."""
        inner = scope.inside("break continue")
        parts = self.PARTS if scope.pure else self.PARTS + self.PARTS_WITH_EFFECTS
        shape = self.r.random()
        if shape < 0.4:
            sums = self.sums(scope, depth)
            if self.r.random() < 0.5:
                sums += [a.name for a in self.r.sample(scope.arrays, min(3, len(scope.arrays)))]
            return scope.inside("break continue").narrowed(sums), self.PARTS_AHEAD
        if shape < 0.7:
            names = [v.name for v in scope.variables] + [a.name for a in scope.arrays]
            return inner.narrowed(self.r.sample(names, min(4, len(names)))), parts
        return inner, parts

    def sums(self, scope, depth):
        """Fresh variables to add up in."""
        names = [self.fresh("v") for _ in range(self.r.randint(1, 2))]
        for name in names:
            t = TYPES[self.r.choice(["u32", "f64", "i32", "u64", "f32"])]
            self.out(f"{t.name} {name} = {self.value(t, scope)};", depth)
            scope.variables.append(Variable(name, t))
        return names

    # -- headers: they name what counts in the scope of the body, and give its first and last line --

    def counter(self, scope, name, t=U32):
        scope.variables.append(Variable(name, t, False))
        return name

    def upwards(self, scope, trips):
        t = TYPES[self.r.choice(["u32", "u32", "i32", "i32", "u64", "i64", "u8", "i16"])]
        i = self.counter(scope, self.fresh("i"), t)
        return f"for ({t.name} {i} = 0; {i} < {trips}; {i}++) {{", "}"

    def downwards(self, scope, trips):
        i = self.counter(scope, self.fresh("i"))
        return f"for (u32 {i} = {trips}; {i}-- > 0;) {{", "}"

    def both_ways(self, scope, trips):
        i, j = self.counter(scope, self.fresh("i")), self.counter(scope, self.fresh("j"))
        return f"for (u32 {i} = 0, {j} = {2 * trips}; {i} < {j}; {i}++, {j}--) {{", "}"

    def strides(self, scope, trips):
        i, step = self.counter(scope, self.fresh("i")), self.r.choice([2, 3, 7])
        start = self.r.randint(0, 5)
        return f"for (u32 {i} = {start}; {i} < {start + trips * step}; {i} += {step}) {{", "}"

    def after(self, scope, trips):
        i = self.counter(scope, self.fresh("i"))
        return f"u32 {i} = 0; do {{", f"}} while (++{i} < {trips});"

    def walk(self, scope, trips):
        """Along a list: places in an array say where to go on."""
        lists = [a for a in scope.arrays if a.type == U32]
        if not lists:
            return self.upwards(scope, trips)
        a, start = self.r.choice(lists), self.value(U32, scope, 2)
        k, at = self.counter(scope, self.fresh("k")), self.counter(scope, self.fresh("at"))
        return f"for (u32 {k} = 0, {at} = {start} % {a.size}; {k} < {trips} && {at} != {a.size}; " \
               f"{k}++, {at} = {a.name}[{at}] % {a.size + 1}) {{", "}"

    def elements(self, scope, trips):
        arrays = [a for a in scope.arrays if a.size >= trips]
        if not arrays:
            return self.upwards(scope, trips)
        a, p = self.r.choice(arrays), self.fresh("p")
        scope.variables.append(Variable(f"(*{p})", a.type, a.writable and not scope.pure))
        return f"for ({a.type.name} *{p} = {a.name}; {p} != {a.name} + {trips}; {p}++) {{", "}"

    def forever(self, scope, trips):
        i = self.counter(scope, self.fresh("i"))
        return f"for (u32 {i} = 0;; {i}++) {{ if ({i} >= {trips}) break;", "}"

    def unknown_end(self, scope, trips):
        end = self.value(U32, scope)
        i, n = self.counter(scope, self.fresh("i")), self.counter(scope, self.fresh("n"))
        return f"for (u32 {i} = 0, {n} = {end} % {trips + 1}; {i} < {n}; {i}++) {{", "}"

    def asking(self, scope, trips):
        """Whether it goes on depends on a call."""
        i = self.counter(scope, self.fresh("i"))
        return f"for (u32 {i} = 0; {i} < {trips} && ({self.called(U32, scope)} & 7); {i}++) {{", "}"

    # -- parts --

    def accumulate(self, scope, depth):
        place, t, text = self.called_target(scope)
        if place and t.arithmetic:
            a, b = place, text
            if self.r.random() < 0.2:
                a, b = b, a
            self.out(f"{place} = {self.binary(t, a, b)};", depth)

    def prefix(self, scope, depth):
        arrays = [a for a in scope.arrays if a.writable and a.type.arithmetic]
        if not arrays or scope.pure:
            return self.accumulate(scope, depth)
        a = self.r.choice(arrays)
        places = scope.of(a.type, True)
        if places:
            place = self.r.choice(places)
            self.out(f"{place} = {self.binary(a.type, place, self.called(a.type, scope))};", depth)
            self.out(f"{a.name}[{self.index(scope, a.size)}] = {place};", depth)

    def maximum(self, scope, depth):
        best, t = self.target(scope, TYPES[self.r.choice(["u32", "f64", "i32"])])
        at, _ = self.target(scope, U32)
        if not best or not at or not scope.variables:
            return
        x, counter = self.fresh("x"), scope.variables[-1]
        self.out(f"{t.name} {x} = {self.called(t, scope)};", depth)
        self.out(f"if ({x} > {best}) {best} = {x}, {at} = {convert(U32, counter.type, counter.name)};", depth)
        scope.variables.append(Variable(x, t))

    def guarded(self, scope, depth):
        self.out(f"if {self.condition(scope)} {{", depth)
        self.accumulate(scope.inside(), depth + 1)
        if self.r.random() < 0.4:
            self.out("} else {", depth)
            self.accumulate(scope.inside(), depth + 1)
        self.out("}", depth)

    def recurrence(self, scope, depth):
        place, t = self.target(scope)
        if place:
            inner = scope.inside()
            inner.variables = [v for v in scope.variables if v.name == place.split(".")[0] or not v.writable]
            self.out(f"{place} = {self.called(t, inner)};", depth)

    def body_of_any_kind(self, scope, depth):
        self.body(scope, depth, self.r.randint(1, 2))

    def branchless(self, scope, depth):
        place, _, text = self.called_target(scope)
        if place:
            self.out(f"{place} = {self.condition(scope)} ? {text} : {place};", depth)

    def neighbours(self, scope, depth):
        """Elements made of the ones before them."""
        arrays = [a for a in scope.arrays if a.writable]
        if not arrays:
            return
        a = self.r.choice(arrays)
        k = self.fresh("k")
        self.out(f"u32 {k} = {self.index(scope, a.size - 1)};", depth)
        inner = scope.inside()
        inner.variables.append(Variable(f"{a.name}[{k}]", a.type, False))
        self.out(f"{a.name}[{k} + 1] = {self.called(a.type, inner)};", depth)
