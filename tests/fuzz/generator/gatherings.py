"""Loops that gather what calls find, while what makes their arguments changes memory and cannot run ahead.

1. A seed in memory is stirred by a plain function in each iteration; arguments come from there.
2. States are fresh variables that nothing else in the loop looks at; now and then something does.
3. Finds (values of calls) go into states in every way that looks at nothing else: sums in order, least and greatest and
   where, counts, last ones, cases; under conditions that know nothing of the finds, and now and then under such as do.
4. Around that, the loop does what it likes: prints, stores, is left early, goes on early.
"""
from .expressions import Variable
from .types import TYPES, U32, convert

FINDS = ["u32"] * 4 + ["f64"] * 4 + ["i32", "u64", "i64"] * 2 + ["u8", "i16", "b1", "f32", "f80", "u128", "bits17", "bits40"]
TRIPS = [3, 9, 17, 40, 63, 64, 65, 130, 255, 256, 257, 300]


class Gatherings:
    """Mixed into the generator, beside Expressions and Statements."""

    WAYS = [("gather_sum", 10), ("gather_least", 6), ("gather_where", 5), ("gather_second", 2), ("gather_count", 3),
            ("gather_last", 2), ("gather_steps", 2), ("gather_cases", 2), ("gather_either", 2), ("gather_sometimes", 4)]

    def gathering(self, scope, depth):
        trips = self.r.choice(TRIPS)
        while trips > 2 and not self.frame.affords(trips * 5):
            trips //= 2
        if depth > 4 or not self.frame.affords(trips * 5):
            return
        seed, c, i = self.fresh("m"), self.fresh("c"), self.fresh("i")
        self.out("{", depth)
        self.out(f"u32 {seed}[3] = {{{self.value(U32, scope)}, {self.value(U32, scope)}}};", depth + 1)
        states = self.states(scope, depth + 1)
        inner = self.around_gathering(scope, [(f"{seed}[{k}]", U32) for k in (0, 1)] + [(c, U32), (i, U32)])
        head, last = self.gathering_head(i, trips, scope)
        label = self.fresh("out")
        self.frame.times *= trips
        self.out(f"u32 {c}, {i} = 0;", depth + 1)
        self.out(head, depth + 1)
        self.out(f"{c} = stir({seed});", depth + 2)
        for _ in range(self.r.choice([1, 1, 1, 2, 3])):
            self.part_of_gathering(inner, states, i, label, depth + 2)
        self.frame.times //= trips
        self.out(last, depth + 1)
        self.out(f"{label}:;", depth + 1)
        place = scope.of(U32, True)
        if place:
            texts = [f"{t.name}_hash({name})" for name, t in states] + [i]
            self.out(f"{self.r.choice(place)} += {' * 31 + '.join(texts)};", depth + 1)
        self.out("}", depth)

    def states(self, scope, depth):
        states = []
        for _ in range(self.r.randint(2, 5)):
            name, t = self.fresh("v"), TYPES[self.r.choice(FINDS)]
            self.out(f"{t.name} {name} = {self.called(t, scope) if self.r.random() < 0.2 else self.value(t, scope)};", depth)
            states.append((name, t))
        return states

    def around_gathering(self, scope, more):
        """What the loop can name: some of what is there, mostly as it stays, and what it makes itself."""
        inner = scope.inside("break continue" if self.r.random() < 0.7 else "continue")
        inner.returns = inner.returns and self.r.random() < 0.2
        if self.r.random() < 0.8:
            inner = inner.narrowed([])
        inner.variables = self.r.sample(inner.variables, min(5, len(inner.variables)))
        inner.variables += [Variable(name, t, False) for name, t in more]
        return inner

    def gathering_head(self, i, trips, scope):
        n = self.r.choice([str(trips), f"1 + {self.index(scope, trips)}"])
        return self.r.choice([(f"for (; {i} < {n}; {i}++) {{", "}"), ("do {", f"}} while (++{i} < {n});"),
                              (f"for (u32 n = {n}; {i} < n; {i}++) {{", "}"), (f"while ({i}++ < {n}) {{", "}"),
                              (f"for (;; {i}++) {{ if ({i} >= {trips}) break;", "}")])

    def part_of_gathering(self, scope, states, i, label, depth):
        """A find, and what becomes of it; before and behind it, what the loop does besides."""
        self.besides(scope, states, label, depth)
        shape = self.r.random()
        if shape < 0.3:
            self.out(f"if {self.condition(scope)} {{", depth)
            self.found_in(scope.inside(), states, i, depth + 1)
            if self.r.random() < 0.3:
                self.besides(scope.inside(), states, label, depth + 1)
            self.out("}", depth)
        else:
            self.found_in(scope, states, i, depth)
        self.besides(scope, states, label, depth)

    def besides(self, scope, states, label, depth):
        if self.r.random() < 0.5:
            return
        kind = self.r.random()
        if kind < 0.3 and scope.loop:
            rare = f"({self.value(U32, scope)} % 31 == 7)"
            way = self.r.choice(scope.loop.split())
            self.out(f"if {self.condition(scope) if way == 'continue' else rare} {way};", depth)
        elif kind < 0.4:
            self.out(f"if ({self.value(U32, scope)} % 31 == 7) goto {label};", depth)
        elif kind < 0.55 and not scope.pure:
            self.out(f"show({self.value(U32, scope)});", depth)
        elif kind < 0.6 and self.r.random() < 0.5:
            name, t = self.r.choice(states)  # somebody looks
            self.out(f"if ({t.name}_hash({name}) % 13 == 5) {self.r.choice(scope.loop.split() or [f'goto {label}'])};", depth)
        elif kind < 0.65:
            (a, t), (b, other) = self.r.choice(states), self.r.choice(states)
            self.out(f"{a} = {convert(t, other, b)};", depth)
        else:
            self.body(scope.inside(), depth, 1)

    def found_in(self, scope, states, i, depth):
        """One call or two, and some ways to gather what they find."""
        finds = []
        for _ in range(self.r.choice([1, 1, 1, 2])):
            x, t = self.fresh("x"), TYPES[self.r.choice(FINDS)]
            self.out(f"{t.name} {x} = {self.called(t, scope)};", depth)
            finds.append((x, t))
            if self.r.random() < 0.15 and not scope.pure:
                self.out(f"show({self.value(U32, scope)});", depth)
        for _ in range(self.r.randint(1, 3)):
            self.way_of(finds, scope, states, i, depth)

    def way_of(self, finds, scope, states, i, depth):
        way = self.r.choices([w for w, _ in self.WAYS], [n for _, n in self.WAYS])[0]
        getattr(self, way)(self.r.choice(finds), finds, scope, states, i, depth)

    # -- ways --

    def gather_sum(self, find, finds, scope, states, i, depth):
        (x, t), (v, s) = find, self.r.choice(states)
        text = convert(s, t, x)
        if self.r.random() < 0.4:
            text = self.binary(s, text, self.value(s, scope, 2))
        self.out(f"{v} = {self.binary(s, v, text)};", depth)

    def gather_least(self, find, finds, scope, states, i, depth):
        (x, t), (v, s) = find, self.r.choice(states)
        y, o = convert(s, t, x), self.r.choice("<>")
        self.out(self.r.choice([f"{v} = {y} {o} {v} ? {y} : {v};", f"if ({y} {o} {v}) {v} = {y};"]), depth)

    def gather_where(self, find, finds, scope, states, i, depth):
        (x, t), (v, s), (at, u) = find, self.r.choice(states), self.r.choice(states)
        y = convert(s, t, x)
        self.out(f"if ({y} {self.r.choice('<>')} {v}) {{ {v} = {y}; {at} = {convert(u, U32, i)}; }}", depth)
        if self.r.random() < 0.3:
            self.out(f"else if ({y} == {v}) {at} = {self.value(u, scope, 2)};", depth)

    def gather_second(self, find, finds, scope, states, i, depth):
        (x, t), (v, s), (w, u) = find, self.r.choice(states), self.r.choice(states)
        y = convert(s, t, x)
        self.out(f"if ({y} < {v}) {{ {w} = {convert(u, s, v)}; {v} = {y}; }} else if ({convert(u, t, x)} < {w}) "
                 f"{w} = {convert(u, t, x)};", depth)

    def gather_count(self, find, finds, scope, states, i, depth):
        (x, t), (v, s) = find, self.r.choice(states)
        self.out(f"if ({t.name}_hash({x}) % {self.r.randint(2, 5)} == 0) {v} = {self.binary(s, v, f'({s.name})1')};", depth)

    def gather_last(self, find, finds, scope, states, i, depth):
        (x, t), (v, s) = find, self.r.choice(states)
        self.out(f"{v} = {convert(s, t, x)};", depth)

    def gather_steps(self, find, finds, scope, states, i, depth):
        """From one find to the next."""
        (x, t), (v, s), (last, u) = find, self.r.choice(states), self.r.choice(states)
        self.out(f"{v} = {self.binary(s, v, convert(s, u, last))};", depth)
        self.out(f"{last} = {convert(u, t, x)};", depth)

    def gather_cases(self, find, finds, scope, states, i, depth):
        x, t = find
        self.out(f"switch ({t.name}_hash({x}) % {self.r.randint(3, 6)}) {{", depth)
        for k in self.r.sample(range(5), self.r.randint(2, 4)):
            v, s = self.r.choice(states)
            self.out(f"case {k}: {v} = {self.binary(s, v, self.value(s, scope, 2))};" +
                     ("" if self.r.random() < 0.3 else " break;"), depth)
        self.out("default:;", depth)
        self.out("}", depth)

    def gather_either(self, find, finds, scope, states, i, depth):
        """Two finds decide on each other."""
        (x, t), (y, u), (v, s) = find, self.r.choice(finds), self.r.choice(states)
        self.out(f"{v} = {t.name}_hash({x}) & 1 ? {self.binary(s, v, convert(s, u, y))} : {v};", depth)

    def gather_sometimes(self, find, finds, scope, states, i, depth):
        self.out(f"if {self.condition(scope)} {{", depth)
        self.way_of(finds, scope, states, i, depth + 1)
        self.out("}", depth)
