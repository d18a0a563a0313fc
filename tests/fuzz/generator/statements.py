"""Statements of random programs: everything that C does around calls, but loops."""
from .expressions import Variable
from .types import TYPES, U32, convert, pick


class Statements:
    """Mixed into the generator, beside Expressions, Loops and Memory; writes by self.out(text, depth)."""

    # Method and weight; the second list only where things may be written that others see.
    HARMLESS = [("define", 22), ("assign", 14), ("compute", 6), ("unneeded", 2), ("branch", 9), ("choose", 3),
                ("loop", 9), ("independent", 5), ("gathering", 5), ("nest", 3), ("leave", 4), ("repeat", 2), ("scratch", 3)]
    EFFECTS = [("store", 9), ("load", 3), ("update", 4), ("show", 3), ("move", 2), ("through", 3), ("plainly", 4)]

    def body(self, scope, depth, count):
        kinds = self.HARMLESS + [(k, w * self.regions) for k, w in self.MEMORY] + ([] if scope.pure else self.EFFECTS)
        for _ in range(count):
            method = self.r.choices([k for k, _ in kinds], [w for _, w in kinds])[0]
            getattr(self, method)(scope, depth)

    def define(self, scope, depth):
        text, t = self.call(scope)
        if not text:
            t = pick(self.r)
            text = self.value(t, scope)
        if self.r.random() < 0.15:
            other, result = self.call(scope)
            if other:
                text = f"{self.condition(scope)} ? {text} : {convert(t, result, other)}"
        name = self.fresh("v")
        self.out(f"{t.name} {name} = {text};", depth)
        scope.variables.append(Variable(name, t))

    def assign(self, scope, depth):
        place, _, text = self.called_target(scope)
        if place:
            self.out(f"{place} = {text};", depth)

    def compute(self, scope, depth):
        place, t = self.target(scope)
        if place:
            self.out(f"{place} = {self.value(t, scope)};", depth)

    def unneeded(self, scope, depth):
        text, _ = self.call(scope)
        if text:
            self.out(f"{text};", depth)

    def branch(self, scope, depth):
        if depth > 4:
            return
        call, t = self.call(scope)
        needs = f"({t.name}_hash({call}) & 1)" if call and self.r.random() < 0.3 else "0"
        self.out(f"if ({self.condition(scope)} {self.r.choice(['&&', '||'])} {needs}) {{" if needs != "0" else
                 f"if {self.condition(scope)} {{", depth)
        self.body(scope.inside(), depth + 1, self.r.randint(1, 3))
        if self.r.random() < 0.5:
            self.out("} else {", depth)
            self.body(scope.inside(), depth + 1, self.r.randint(1, 3))
        self.out("}", depth)

    def choose(self, scope, depth):
        if depth > 4:
            return
        self.out(f"switch ({self.value(U32, scope)} & 3) {{", depth)
        for c in self.r.sample(range(4), self.r.randint(1, 3)):
            self.out(f"case {c}: {{", depth)
            self.body(scope.inside("continue" if "continue" in scope.loop else ""), depth + 1, self.r.randint(1, 2))
            self.out("}" + ("" if self.r.random() < 0.3 else " break;"), depth)
        self.out("default:;", depth)
        self.out("}", depth)

    def leave(self, scope, depth):
        if scope.loop:
            self.out(f"if {self.condition(scope)} {self.r.choice(scope.loop.split())};", depth)

    def repeat(self, scope, depth):
        """A loop by goto.  Labels belong to the whole function, blocks do not, so the label stands in a block of its own."""
        if depth > 3 or not self.frame.affords(3):
            return
        label, count = self.fresh("again"), self.fresh("c")
        self.out(f"u32 {count} = 0;", depth)
        self.out(f"{label}: {{", depth)
        self.frame.times *= 3
        self.body(scope.inside(), depth + 1, 2)
        self.frame.times //= 3
        self.out(f"if ({count}++ < 2 && {self.condition(scope)}) goto {label};", depth + 1)
        self.out("}", depth)

    def scratch(self, scope, depth):
        """An array that lives in a block: filled by calls, read, gone."""
        if depth > 3 or not self.frame.affords(8):
            return
        t, name, i, n = pick(self.r), self.fresh("s"), self.fresh("i"), self.r.randint(2, 6)
        place, target = self.target(scope)
        if not place:
            return
        self.out(f"{{ {t.name} {name}[{n}];", depth)
        self.out(f"for (u32 {i} = 0; {i} < {n}; {i}++)", depth)
        inner = scope.inside("")
        inner.variables.append(Variable(i, U32, False))
        self.frame.times *= n
        self.out(f"{name}[{i}] = {self.called(t, inner)};", depth + 1)
        self.frame.times //= n
        self.out(f"{place} = {convert(target, t, f'{name}[{self.index(scope, n)}]')}; }}", depth)

    def store(self, scope, depth):
        text, t = self.call(scope)
        arrays = [a for a in scope.arrays if a.type == t and a.writable]
        if arrays:
            a = self.r.choice(arrays)
            self.out(f"{a.name}[{self.index(scope, a.size)}] = {text};", depth)

    def load(self, scope, depth):
        place, t = self.target(scope)
        arrays = [a for a in scope.arrays if a.type == t]
        if arrays:
            a = self.r.choice(arrays)
            self.out(f"{place} = {a.name}[{self.index(scope, a.size)}];", depth)

    def update(self, scope, depth):
        """A field or an element changes in place."""
        place, t = self.target(scope)
        if place and t.arithmetic:
            self.out(f"{place} = {self.binary(t, place, self.called(t, scope))};", depth)

    def show(self, scope, depth):
        self.frame.spend(5)
        self.out(f"show({self.called(U32, scope)});", depth)

    def move(self, scope, depth):
        """Memory changes by blocks, under stores that wait."""
        arrays = [a for a in scope.arrays if a.type == U32 and a.size > 3]
        to = [a for a in arrays if a.writable]
        if not to:
            return
        a, b = self.r.choice(to), self.r.choice(arrays)
        self.out(f"memmove({a.name} + {self.index(scope, a.size - 3)}, {b.name} + {self.index(scope, b.size - 3)}, "
                 f"{self.r.choice([4, 8, 12])});", depth)

    def through(self, scope, depth):
        """Stores through a pointer that is a value itself, perhaps one that is still to come."""
        pointer = self.called(TYPES["pointer"], scope)
        self.out(f"*({pointer} ?: pool) {self.r.choice(['=', '+=', '^='])} {self.called(U32, scope)};", depth)

    def plainly(self, scope, depth):
        """A call of a function that is not lazy, and may write what lazy ones read."""
        place, t = self.target(scope)
        text, result = self.call(scope, lazy=False)
        if place and text:
            self.out(f"{place} = {convert(t, result, text)};", depth)
