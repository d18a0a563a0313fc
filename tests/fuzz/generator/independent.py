"""Loops whose iterations are independent of each other, or nearly: what is handed out in ranges, and its neighbours.

1. The number of iterations is known at run time only.  A counter of any type goes up or down, by 1 to 3.
2. A lane is an element of an array that moves on from each iteration to the next: the counter times something, and a
   number.  Its array is one by name, or a pointer that may lead to the same one as another.
3. Parts write to lanes, and to elements near them; add up integers, and what must not be added up in another order;
   work in locals that each iteration sets up, or that it finds as the last one left them; call for rows of a lane.
4. What waits in front of the loop and behind it is in the same memory.
"""
from dataclasses import dataclass, replace

from .expressions import Array, Variable
from .types import TYPES, U32, convert

COUNTERS = ["i32", "i32", "i64", "u64", "u32", "i16", "u8"]
TRIPS = [3, 9, 17, 17, 40, 40, 120, 300]
SUMS = ["u32", "u32", "u64", "u64", "i32", "i64", "u8", "i16"]


@dataclass
class Counted:
    """A header: the counter's name, its least and its greatest value, and the lines around the body."""
    name: str
    type: str
    low: int
    high: int
    first: str
    last: str = "}"
    before: str = ""


class Independent:
    """Mixed into the generator, beside Expressions, Loops, Memory and Walks."""

    PARTS_OF_LANES = [("lane_stored", 10), ("lane_stored_maybe", 3), ("lane_updated", 5), ("lane_copied", 2),
                      ("lane_zeroed", 1), ("added_up", 8), ("added_up_maybe", 3), ("added_up_floating", 1), ("greatest", 1),
                      ("set_up", 4), ("carried_on", 1), ("effect", 8), ("help", 2), ("lane_loop", 4), ("seen_by_calls", 1),
                      ("left_early", 1)]

    def independent(self, scope, depth):
        trips = self.r.choice(TRIPS)
        while trips > 2 and not self.frame.affords(trips * 6):
            trips //= 2
        if depth > 3 or not self.frame.affords(trips * 6):
            return
        n = self.fresh("n")
        least = self.r.randint(0, min(trips, 4))
        self.out("{", depth)
        depth += 1
        outer = scope.inside("")
        t = self.r.choice(["i32", "i32", "i64", "u32", "u64"])
        self.out(f"{t} {n} = {least} + {self.index(scope, trips - least + 1)};", depth)
        memory = self.memory_of_loop(outer, depth)
        self.lane_sums = self.sums_of_loop(outer, depth)
        for _ in range(self.r.randint(1, 2)):
            self.around(outer, memory, depth)
            self.lanes(outer, memory, n, trips, depth)
        self.around(outer, memory, depth)
        self.lane_sums = []
        self.out("}", depth - 1)

    def around(self, scope, memory, depth):
        """Something that waits in memory of the loop's."""
        arrays = [a for a in memory if a.writable]
        if arrays and self.r.random() < 0.5:
            a = self.r.choice(arrays)
            self.out(f"{a.name}[{self.index(scope, a.size)}] = {self.called(a.type, scope)};", depth)
        if self.r.random() < 0.4:
            self.touched.append(self.r.choice(memory).name if memory else "")
            self.effect(scope, depth)

    def memory_of_loop(self, scope, depth):
        """Two or three arrays, some through pointers."""
        large = [a for a in scope.arrays if a.size >= 12] or scope.arrays
        found = self.r.sample(large, min(len(large), self.r.randint(1, 3)))
        for k, a in enumerate(found):
            same = [b for b in large if b.type == a.type and (b.writable or not a.writable)]
            if self.r.random() < 0.5 or not same:
                continue
            b, p = self.r.choice(same), self.fresh("p")
            skip, other = (self.r.randint(0, min(4, x.size // 3)) for x in (a, b))
            far = self.r.choice([f"{a.name} + {skip}", f"{a.name} + {self.index(scope, skip + 1)}",
                                 f"({self.condition(scope)} ? {a.name} + {skip} : {b.name} + {other})"])
            self.out(f"{'' if a.writable else 'const '}{a.type.name} *{p} = {far};", depth)
            found[k] = Array(p, a.type, min(a.size - skip, b.size - other), a.writable, True)
        return found

    def sums_of_loop(self, scope, depth):
        names = []
        for _ in range(self.r.randint(1, 3)):
            t, name = TYPES[self.r.choice(SUMS)], self.fresh("v")
            text = self.called(t, scope) if self.r.random() < 0.5 else self.value(t, scope)
            start = {"i32": "-2147483647 - 1", "i64": f"{text} / 4"}.get(t.name, text)
            self.out(f"{t.name} {name} = {start};", depth)
            names.append((name, t))
        return names

    def any_sum(self):
        """One that may be anything, or a number that nobody sees."""
        unsigned = [(name, t) for name, t in self.lane_sums if t.name not in ("i32", "i64")]
        return self.r.choice(unsigned or [("(u32){0}", U32)])

    def show_sums(self, scope, depth, more):
        """All that the loop leaves behind goes somewhere."""
        texts = [f"{t.name}_hash({name})" for name, t in self.lane_sums] + more
        place = scope.of(U32, True)
        if place:
            self.out(f"{self.r.choice(place)} += {' * 31 + '.join(texts)};", depth)

    # -- headers --

    def counted(self, n, trips, scope):
        i, step = self.fresh("i"), self.r.choice([1, 1, 1, 1, 2, 3])
        start = self.r.choice([0, 0, 0, 1, 5, -4])
        high = start + (trips - 1) * step
        t = self.r.choice([t for t in COUNTERS if (t != "u8" or high + step < 250) and (t[0] == "i" or start >= 0)])
        end = f"({t}){n}" if step == 1 and start == 0 else f"({t})({start} + (i32){n} * {step})"
        outside = self.r.random() < 0.4
        named = i if outside else f"{t} {i}"
        before = f"{t} {i};" if outside else ""
        ways = [Counted(i, t, start, high, f"for ({named} = {start}; {i} < {end}; {i} += {step}) {{", before=before)] * 4
        ways.append(Counted(i, t, start, high, f"for ({named} = {start}; {i} != {end}; {i} += {step}) {{", before=before))
        if step == 1:
            ways.append(Counted(i, t, start, high, f"for ({named} = {end}; {i}-- > {start};) {{", before=before))
            ways.append(Counted(i, t, start, high, f"if ({n} > 0) {{ {t} {i} = {start}; do {{",
                                f"}} while (++{i} < {end}); }}"))
        if t[0] == "i":
            ways.append(Counted(i, t, start, high, f"for ({named} = {end} - {step}; {i} >= {start}; {i} -= {step}) {{",
                                before=before))
        return self.r.choice(ways)

    def element_in(self, a, c):
        """Text of an element of the array that moves on with the counter, or None."""
        for _ in range(8):
            m = self.r.choice([1, 1, 1, 1, 2, 3, -1, -1, -2])
            least, most = min(m * c.low, m * c.high), max(m * c.low, m * c.high)
            if most - least >= a.size:
                continue
            k = -least + self.r.choice([0, 0, 1, 2, self.r.randint(0, a.size)])
            k = min(k, a.size - 1 - most)
            index = f"{k} - {c.name}" if m == -1 else f"{k} - {c.name} * {-m}" if m < 0 else \
                (c.name if m == 1 else f"{c.name} * {m}") + (f" + {k}" if k > 0 else f" - {-k}" if k else "")
            return f"{a.name}[{index}]"
        return None

    # -- the loop --

    def lanes(self, scope, memory, n, trips, depth):
        fit = max((a.size for a in memory), default=trips)
        if fit < trips:
            m = self.fresh("n")
            self.out(f"i32 {m} = (i32){n} < {fit} ? (i32){n} : {fit};", depth)
            n, trips = m, fit
        c = self.counted(n, trips, scope)
        inner = self.inside_lanes(scope, memory, c)
        if c.before:
            self.out(c.before, depth)
        self.frame.times *= trips
        self.out(c.first, depth)
        for _ in range(self.r.choice([1, 1, 2, 3])):
            self.part_of_lanes(inner, depth + 1)
        self.frame.times //= trips
        self.out(c.last, depth)
        self.show_sums(scope, depth, [f"(u32){c.name}"] if c.before else [])

    def inside_lanes(self, scope, memory, c):
        """What can be named in the loop: its lanes, and what it does not write; now and then anything."""
        wild = self.r.random() < 0.15
        inner = scope.inside("" if self.r.random() < 0.8 else "continue")
        inner.returns = False
        if not wild:
            names = {a.name for a in memory}
            some = self.r.sample(scope.variables, min(5, len(scope.variables)))
            other = [a for a in scope.arrays if a.name not in names]
            inner.variables = [replace(v, writable=False) for v in some]
            inner.arrays = [replace(a, writable=False) for a in self.r.sample(other, min(1, len(other)))]
        for a in memory:
            element = self.element_in(a, c)
            if not element:
                continue
            inner.variables.append(Variable(element, a.type, a.writable))
            if a.writable and self.r.random() < 0.3:  # what another iteration writes, too
                near = self.element_in(a, c)
                inner.variables.append(Variable(near, a.type, False))
            self.row_into(inner, a, c)
        inner.variables.append(Variable(c.name, TYPES[c.type], False))
        return inner

    def row_into(self, inner, a, c):
        """Some elements from there on, one row beside the next or over it."""
        width = self.r.choice([w for w in (1, 2, 3, 5, 8, 14) if c.high * w + w <= a.size] or [0])
        if not width:
            return
        more = self.r.choice([0, 0, 0, 1, 2])
        if c.low >= 0 and c.high * width + width + more <= a.size:
            inner.arrays.append(Array(f"(&{a.name}[{c.name} * {width}])", a.type, width + more, a.writable, True, True))

    def part_of_lanes(self, scope, depth):
        parts = [(p, w) for p, w in self.PARTS_OF_LANES if depth < 5 or p != "lane_loop"]
        getattr(self, self.r.choices([p for p, _ in parts], [w for _, w in parts])[0])(scope, depth)

    # -- parts --

    def lane(self, scope):
        lanes = [v for v in scope.variables if v.writable and "[" in v.name]
        return self.r.choice(lanes) if lanes else None

    def lane_stored(self, scope, depth):
        v = self.lane(scope)
        if v:
            self.out(f"{v.name} = {self.called(v.type, scope)};", depth)

    def lane_stored_maybe(self, scope, depth):
        v = self.lane(scope)
        if v:
            self.out(f"if {self.condition(scope)} {v.name} = {self.called(v.type, scope)};", depth)

    def lane_updated(self, scope, depth):
        v = self.lane(scope)
        if v and v.type.plain_fields():
            t, f = self.r.choice(v.type.plain_fields())
            self.out(f"{v.name}.{f} = {self.called(t, scope)};", depth)
        elif v and v.type.arithmetic:
            self.out(f"{v.name} = {self.binary(v.type, v.name, self.called(v.type, scope))};", depth)

    def lane_copied(self, scope, depth):
        v = self.lane(scope)
        if v:
            others = [o.name for o in scope.variables if o.type == v.type and "[" in o.name]
            self.out(f"memmove(&{v.name}, &{self.r.choice(others)}, sizeof {v.name});", depth)

    def lane_zeroed(self, scope, depth):
        v = self.lane(scope)
        if v:
            self.out(f"memset(&{v.name}, 0, sizeof {v.name});", depth)

    def added_up(self, scope, depth):
        """Signed sums do not overflow; what some of the iterations alone add up, without the start, may."""
        name, t = self.r.choice(self.lane_sums)
        text, o = self.called(t, scope), self.r.choice("++++-&|^") if t.name != "i32" else "+"
        if t.name in ("i32", "i64"):
            text = f"({text} & 0x3fff)" if t.name == "i32" else f"({text} >> {self.r.randint(12, 40)})"
        elif o in "&|":
            text = f"({text} {'|' if o == '&' else '&'} {self.r.randint(1, 99)})"
        self.out(f"{name} {o}= {text};", depth)

    def added_up_maybe(self, scope, depth):
        self.out(f"if {self.condition(scope)} {{", depth)
        self.added_up(scope, depth + 1)
        if self.r.random() < 0.5:
            self.out("} else {", depth)
            self.part_of_lanes(replace(scope, arrays=list(scope.arrays)), depth + 1)
        self.out("}", depth)

    def added_up_floating(self, scope, depth):
        places = [v for v in scope.variables if v.writable and v.type.kind == "floating"]
        if places:
            v = self.r.choice(places)
            self.out(f"{v.name} += {self.called(v.type, scope)};", depth)

    def greatest(self, scope, depth):
        name, t = self.any_sum()
        x = self.fresh("x")
        self.out(f"{t.name} {x} = {self.called(t, scope)};", depth)
        self.out(f"if ({x} > {name}) {name} = {x};", depth)

    def set_up(self, scope, depth):
        """A local of each iteration's own."""
        t, name, n = self.element(), self.fresh("a"), self.r.choice([1, 4, 8, 14])
        self.out(f"{t.name} {name}[{n}]{self.r.choice(['', ' = {0}'])};", depth)
        self.out(self.r.choice([f"memset({name}, 0, sizeof {name});",
                                f"for (i32 k = 0; k < {n}; k++) {name}[k] = {t.name}_of(k);"]), depth)
        scope.arrays.append(Array(name, t, n))
        self.touched.append(name)
        self.effect(scope, depth)
        self.added_up(scope, depth)

    def carried_on(self, scope, depth):
        """A local that each iteration finds as the one before has left it."""
        t, name, n = self.element(), self.fresh("a"), self.r.choice([4, 8])
        last, t2 = self.any_sum()
        self.out(f"static {t.name} {name}[{n}];" if not scope.pure else f"{t.name} {name}[{n}] = {{0}};", depth)
        self.out(f"{name}[{self.index(scope, n)}] = {self.called(t, scope)};", depth)
        self.out(f"{last} ^= {convert(t2, t, f'{name}[{self.index(scope, n)}]')};", depth)

    def lane_loop(self, scope, depth):
        j, m = self.fresh("j"), self.r.choice([2, 3, 5, 8])
        rows = [a for a in scope.arrays if a.name[0] == "("]
        if not self.frame.affords(m * 2):
            return
        inner = scope.inside("")
        self.frame.times *= m
        for a in rows:
            size = min(m, a.size)
            inner.variables.append(Variable(f"{a.name}[{j} % {size}]" if size < m else f"{a.name}[{j}]", a.type, a.writable))
        inner.variables.append(Variable(j, TYPES["i32"], False))
        end = m
        counters = [v for v in scope.variables[-1:] if v.type.kind == "integer"]
        if counters and self.r.random() < 0.3:
            end = f"{m} && {j} <= (i32){counters[0].name}"
        self.out(f"for (i32 {j} = 0; {j} < {end}; {j}++) {{", depth)
        for _ in range(self.r.randint(1, 2)):
            self.part_of_lanes(inner, depth + 1)
        self.frame.times //= m
        self.out("}", depth)

    def seen_by_calls(self, scope, depth):
        """What functions read may change in each iteration."""
        if not scope.pure:
            self.out(f"g_u32 = {self.value(U32, scope)};", depth)

    def left_early(self, scope, depth):
        if scope.loop:
            self.out(f"if {self.condition(scope)} {self.r.choice(['break', 'continue'])};", depth)
