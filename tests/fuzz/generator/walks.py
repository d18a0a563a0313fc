"""Loops over memory, of every shape whose reach a compiler may try to find out, and others.

1. A walk goes over some of the elements x[0] up to x[n], n being C of any integer type, and never negative.  It is made
   of heads, one within the other, and names the element that the innermost statement has to do with.
2. Accesses that do not happen name elements that do not exist: walk_guarded() computes any number and asks.
3. The element is named by an index, by a pointer or by a function.
"""
from dataclasses import dataclass

from .expressions import Variable
from .types import TYPES, U32

COUNTERS = ["i32"] * 5 + ["i64", "u64"] * 3 + ["u32", "u8", "i16"]


@dataclass
class Walk:
    heads: list
    element: str
    counters: list  # names
    leaves: bool = True  # break has something to leave
    foot: str = ""


@dataclass
class Stretch:
    """x[0] up to x[n], as a walk sees it."""
    name: str
    type: object
    extent: str
    writes: bool
    least: int = 0  # n is that at least
    most: int = 0

    def limit(self, t):
        return f"({t})({self.extent})"

    @property
    def pointer(self):
        return f"{'' if self.writes else 'const '}{self.type.name} *"


class Walks:
    """Mixed into the generator, beside Expressions."""

    def over(self, memory, scope, depth):
        """A loop over it, or one access."""
        kinds = [self.walk_upwards_to, self.walk_downwards_from, self.walk_falling, self.walk_until, self.walk_doing,
                 self.walk_pointing, self.walk_pointing_back, self.walk_products, self.walk_rows, self.walk_triangle,
                 self.walk_mirrored, self.walk_guarded, self.walk_masked, self.walk_clamped, self.walk_once, self.walk_stuck]
        kind = self.r.choices(kinds, [8, 4, 4, 3, 3, 4, 2, 5, 8, 1, 3, 4, 2, 1, 2, 1])[0]
        walk = kind(memory, scope)
        inner = scope.inside("")
        inner.variables += [Variable(i, TYPES["i64"], False) for i in walk.counters]
        self.frame.spend(memory.most // 4 + 4)
        self.write(walk, memory, inner, depth)

    def write(self, walk, memory, scope, depth):
        for k, head in enumerate(walk.heads):
            self.out(head, depth + k)
        self.out(self.within(walk, memory, scope), depth + len(walk.heads))
        if walk.foot:
            self.out(walk.foot, depth)

    def counter_type(self, memory, signed=False):
        """One that all of it can be counted in, and a step more."""
        return self.r.choice([t for t in COUNTERS if not (signed and t[0] == "u") and not (t == "u8" and memory.most > 240)])

    def element_at(self, memory, index):
        """x[index]"""
        x, t = memory.name, memory.type.name
        if memory.writes and self.r.random() < 0.03:
            return f"*{t}_at({x}, {index})"
        return self.r.choice([f"{x}[{index}]"] * 6 + [f"*({x} + ({index}))", f"({x} + 1)[(i64)({index}) - 1]"])

    # -- shapes --

    def walk_upwards_to(self, memory, scope):
        i, t, ahead = self.fresh("i"), self.counter_type(memory), self.r.choice([0, 0, 0, 1, 2])
        start, step = self.r.choice([0, 0, 1, 3]), self.r.choice([1, 1, 1, 2, 3, 7])
        condition = f"{i} + {ahead} < {memory.limit(t)}" if ahead else f"{i} < {memory.limit(t)}"
        index = f"{i} + {self.r.randint(0, ahead)}" if ahead else f"{i} - {self.r.randint(0, start)}"
        return Walk([f"for ({t} {i} = {start}; {condition}; {i} += {step})"], self.element_at(memory, index), [i])

    def walk_downwards_from(self, memory, scope):
        i, t = self.fresh("i"), self.counter_type(memory)
        return Walk([f"for ({t} {i} = {memory.limit(t)}; {i}-- > 0;)"], self.element_at(memory, i), [i])

    def walk_falling(self, memory, scope):
        i, t, step = self.fresh("i"), self.counter_type(memory, signed=True), self.r.choice([1, 1, 2, 5])
        return Walk([f"for ({t} {i} = {memory.limit(t)} - 1; {i} >= 0; {i} -= {step})"], self.element_at(memory, i), [i])

    def walk_until(self, memory, scope):
        i, t = self.fresh("i"), self.counter_type(memory)
        heads = [f"for ({t} {i} = 0; {i} != {memory.limit(t)}; {i}++)"] if self.r.random() < 0.5 else \
            [f"for ({t} {i} = 0;; {i}++)", f"if ({i} >= {memory.limit(t)}) break; else"]
        return Walk(heads, self.element_at(memory, i), [i])

    def walk_doing(self, memory, scope):
        i, t = self.fresh("i"), self.counter_type(memory)
        return Walk([f"if ({memory.limit('i64')} > 0) {{ {t} {i} = 0; do"], self.element_at(memory, i), [i],
                    foot=f"while (++{i} < {memory.limit(t)}); }}")

    def walk_pointing(self, memory, scope):
        p, end, compare = self.fresh("p"), self.fresh("p"), self.r.choice(["!=", "<"])
        return Walk([f"for ({memory.pointer}{p} = {memory.name}, *{end} = {p} + ({memory.extent}); {p} {compare} {end}; {p}++)"],
                    f"*{p}", [])

    def walk_pointing_back(self, memory, scope):
        p = self.fresh("p")
        return Walk([f"for ({memory.pointer}{p} = {memory.name} + ({memory.extent}); {p} > {memory.name}; {p}--)"],
                    f"{p}[-1]", [])

    def walk_products(self, memory, scope):
        i, t, step = self.fresh("i"), self.counter_type(memory), self.r.randint(2, 4)
        return Walk([f"for ({t} {i} = 0; {i} < {memory.limit(t)} / {step}; {i}++)"],
                    self.element_at(memory, f"{i} * {step} + {self.r.randrange(step)}"), [i])

    def walk_rows(self, memory, scope):
        """A matrix with a leading dimension, or a part of one; inner loops may depend on outer ones."""
        i, j, t = self.fresh("i"), self.fresh("j"), self.counter_type(memory)
        width = self.r.choice([2, 3, 4, 20])
        columns, other = self.r.randint(1, width), self.counter_type(memory)
        outer = self.r.choice([f"for ({t} {i} = 0; {i} < {memory.limit(t)} / {width}; {i}++)",
                               f"for ({t} {i} = {memory.limit(t)} / {width}; {i}-- > 0;)"])
        inner = self.r.choice([f"for ({other} {j} = 0; {j} < {columns}; {j}++)"] * 2 +
                              [f"for ({other} {j} = 0; {j} < {columns} && {j} <= {i}; {j}++)",
                               f"for ({other} {j} = {columns}; {j}-- > 0;)",
                               f"for ({t} {j} = {i}; {j} < {columns}; {j}++)"])
        heads = [outer, inner]
        if self.r.random() < 0.3 and i not in inner:
            heads.reverse()
        return Walk(heads, self.element_at(memory, f"{i} * {width} + {j}"), [i, j])

    def walk_triangle(self, memory, scope):
        i, j, t = self.fresh("i"), self.fresh("j"), self.r.choice(["i32", "i64", "u64", "u32"])
        return Walk([f"for ({t} {i} = 0; ({i} + 1) * ({i} + 2) / 2 <= {memory.limit(t)}; {i}++)",
                     f"for ({t} {j} = 0; {j} <= {i}; {j}++)"],
                    self.element_at(memory, f"{i} * ({i} + 1) / 2 + {j}"), [i, j])

    def walk_mirrored(self, memory, scope):
        i, t = self.fresh("i"), self.counter_type(memory)
        return Walk([f"for ({t} {i} = 0; {i} < {memory.limit(t)}; {i}++)"],
                    self.element_at(memory, f"{memory.limit(t)} - 1 - {i}"), [i])

    def walk_guarded(self, memory, scope):
        """Any number may be the index, and most are none."""
        i, t = self.fresh("i"), self.counter_type(memory)
        far = f"((u64)({self.value(TYPES['u64'], scope, 2)}) << {self.r.choice([0, 0, self.r.randint(1, 62)])})"
        far = self.r.choice([far, far, f"(0 - {far})", f"({self.r.choice([1, 3, 5])}ull << {self.r.randint(20, 63)})"])
        index = self.r.choice([f"{i} * {self.r.randint(2, 9)} - {self.r.randint(0, 9)}", f"({i} ^ {self.r.randint(1, 9)})",
                               f"(u8)({i} * 37)", f"(u64){i} * {far}", f"{far} + (u64){i}", f"(u32)({far} - (u64){i})",
                               f"(i64)({far} >> {self.r.randint(1, 60)}) - {i}", f"(i16)({i} * 4099)"])
        ends = [str(self.r.randint(1, 30)), memory.limit(t)]
        return Walk([f"for ({t} {i} = 0; {i} < {self.r.choice(ends)}; {i}++)",
                     f"if ((u64)({index}) < (u64)({memory.extent}))"], self.element_at(memory, index), [i])

    def walk_masked(self, memory, scope):
        """The index is what its bits allow."""
        mask = max(m for m in (0, 1, 3, 7) if m < max(memory.least, 1))
        i, n, text = self.fresh("i"), self.r.randint(1, 9), self.value(U32, scope, 1)
        return Walk([f"if ({memory.limit('i64')} > {mask})", f"for (u32 {i} = 0; {i} < {n}; {i}++)"],
                    self.element_at(memory, f"({i} + {text}) & {mask}"), [i])

    def walk_clamped(self, memory, scope):
        i, t, n = self.fresh("i"), self.r.choice(["i32", "i64", "u64"]), memory.limit("i64")
        return Walk([f"if ({n} > 0)", f"for ({t} {i} = 0; {i} < {self.r.randint(1, 12)}; {i}++)"],
                    self.element_at(memory, f"((i64){i} < {n} ? (i64){i} : {n} - 1)"), [i])

    def walk_once(self, memory, scope):
        k = self.r.randint(0, max(memory.most, 1))
        return Walk([f"if ({memory.limit('i64')} > {k})"], self.element_at(memory, str(k)), [], leaves=False)

    def walk_stuck(self, memory, scope):
        """Steps of any length, of which none is made."""
        i, step = self.fresh("i"), self.value(TYPES["i64"], scope, 2)
        return Walk([f"for (i64 {i} = 0; {i} < ({memory.limit('i64')} > 0); {i}++)"],
                    self.element_at(memory, f"{i} * {step}"), [i])

    # -- what becomes of an element --

    def within(self, walk, memory, scope):
        t, here, sums = memory.type, f"({walk.element})", scope.of(U32, True)
        reads = [f"{self.r.choice(sums)} = {self.r.choice(sums)} * 31 + {t.name}_hash({here});"] if sums else []
        if reads and walk.leaves:
            reads.append(f"if ({t.name}_hash({here}) % 5 == 0) break; else {reads[0]}")
        if reads and (not memory.writes or self.r.random() < 0.2):
            return self.r.choice(reads)
        if not memory.writes:
            return ";"
        text = self.value(t, scope, 1)
        changes = [f"{here} = {text};", f"if {self.condition(scope, 1)} {here} = {text};",
                   f"memset(&{here}, 0, sizeof {here});", f"{{ {t.name} other = {text}; memcpy(&{here}, &other, sizeof other); }}",
                   f"{here} = {self.binary(t, here, text)};" if t.arithmetic else
                   f"{here} = {t.name}_of({t.name}_hash({here}) * 3);"]
        return self.r.choice(changes[:2] * 2 + changes[2:4] + changes[4:] * 4)

    # -- as statements --

    def traverse(self, scope, depth):
        """A loop of the program's over what calls may work on."""
        if not scope.arrays:
            return
        again = [a for a in scope.arrays if a.name in self.touched[-3:]]
        a = self.r.choice(again if again and self.r.random() < 0.6 else scope.arrays)
        n = self.fresh("n")
        least = self.r.randint(0, a.size)
        span = a.size - least + 1
        self.out(f"{{ {self.r.choice(['i32', 'i64', 'u64', 'u32'])} {n} = {least} + {self.index(scope, span)};", depth)
        self.over(Stretch(a.name, a.type, n, a.writable, least, a.size), scope, depth + 1)
        self.out("}", depth)
