"""Nests of loops whose cells depend on cells of earlier rows and columns; most may run row behind row, some must not.

1. The arrays are the nest's own, or memory of the program's, and may be one array by two names.  A cell (y, x) is at
   y * stride + x * step, and `off` farther, so that all cells named below exist.
2. Strides are as wide as a row, or somewhat more or less; numbers, or variables of any integer type.
3. A cell is made of cells up to two rows and three columns away, on either side, by a call for its value or a call that
   writes it; perhaps under a condition, or in a loop of its own that is longer in some rows.
4. Rows may carry something along, have locals, and add up sums.
"""
from dataclasses import replace

from .expressions import Array, Variable
from .types import TYPES, U32, convert

ROWS, COLUMNS = [2, 3, 5, 8, 12, 17, 20], [9, 17, 17, 24, 24, 33, 40]
COUNTERS = ["i32"] * 5 + ["i64"] * 5 + ["u64", "u32"] * 2 + ["u8", "i16"]
# Rows and columns between a cell and what it is made of: mostly such as keep rows apart.
NEAR = [(-1, 0), (-1, 0), (-1, -1), (0, -1), (0, -1), (-1, 1), (1, 0), (0, 1), (1, -1), (1, 1), (0, 0)]
FAR = [(-1, 2), (-1, 3), (1, -2), (0, -2), (0, 2), (-2, 0), (2, 0), (-2, 1), (1, 2), (-1, -2), (2, -2)]


class Nests:
    """Mixed into the generator, beside Expressions, Statements and Independent."""

    CELLS = [("cell_value", 12), ("cell_mixed", 16), ("cell_updated", 3), ("cell_called", 5), ("cell_sometimes", 2), ("cell_loop", 2),
             ("cell_carried", 2), ("cell_summed", 3), ("cell_skipped", 1)]

    def nest(self, scope, depth):
        rows, columns = self.r.choice(ROWS), self.r.choice(COLUMNS)
        while rows > 2 and not self.frame.affords(rows * columns * 3):
            rows //= 2
        if depth > 3 or not self.frame.affords(rows * columns * 3):
            return
        self.out("{", depth)
        depth += 1
        outer = scope.inside("")
        step = self.r.choice([1] * 6 + [2])
        wide = columns * step
        stride = self.r.choice([wide] * 3 + [wide + 1, wide + 2, wide + 2, wide + 5, wide - 1, wide - 3, wide // 2, 1, 2 * wide])
        off = 3 * stride + 6
        size = off + (rows + 3) * stride + wide + 12
        n, m = self.limit_of(rows, outer, depth), self.limit_of(columns, outer, depth)
        w = str(stride)
        if self.r.random() < 0.6:
            w = self.fresh("w")
            self.out(f"{self.r.choice(['i32', 'i64', 'u64', 'u32'])} {w} = {stride} + none({self.value(U32, outer, 2)});", depth)
        arrays = self.arrays_of_nest(outer, size, depth)
        self.lane_sums = self.sums_of_loop(outer, depth)
        for _ in range(self.r.choice([1, 1, 2])):
            self.around(outer, arrays, depth)
            self.frame.times *= rows * columns
            self.rows_of_nest(outer, arrays, (n, rows), (m, columns), w, step, off, depth)
            self.frame.times //= rows * columns
        self.around(outer, arrays, depth)
        self.show_sums(outer, depth, [])
        for a in arrays:
            self.take_in(a.name, a.type, a.size, outer, depth)
        self.lane_sums = []
        self.out("}", depth - 1)

    def limit_of(self, most, scope, depth):
        """A number that the compiler may know, or not, as it must not if it is small; mostly the most there may be."""
        if self.r.random() < (0.3 if most > 16 else 0.1):
            return str(most)
        n = self.fresh("n")
        less = f"none({self.value(U32, scope, 2)})" if self.r.random() < 0.7 else self.index(scope, min(most, 4))
        self.out(f"{self.r.choice(['i32', 'i32', 'i64', 'i64', 'u32', 'u64'])} {n} = {most} - {less};", depth)
        return n

    def arrays_of_nest(self, scope, size, depth):
        t, a, i = self.element(), self.fresh("a"), self.fresh("i")
        self.out(f"{t.name} {a}[{size}];", depth)
        self.out(f"for (u32 {i} = 0; {i} < {size}; {i}++) {a}[{i}] = {t.name}_of({i} * 77);", depth)
        self.frame.spend(size // 4 + 1)
        arrays = [Array(a, t, size)]
        if self.r.random() < 0.4:
            other, p = self.fresh("a"), self.fresh("p")
            self.out(f"{t.name} {other}[{size}];", depth)
            self.out(f"memcpy({other}, {a}, sizeof {a});", depth)
            arrays.append(Array(other, t, size))
            if self.r.random() < 0.6:
                self.out(f"{t.name} *{p} = {self.condition(scope)} ? {a} : {other};", depth)
                arrays.append(Array(p, t, size, True, True))
        fit = [b for b in scope.arrays if b.size >= size and b.writable]
        if fit and self.r.random() < 0.4:
            b = self.r.choice(fit)
            arrays.append(replace(b, size=size))
        return arrays

    def head(self, i, t, n, most):
        """(before, head, last) of a loop that goes from 0 up to n."""
        end = f"({t}){n}"
        ways = [("", f"for ({t} {i} = 0; {i} < {end}; {i}++) {{", "}")] * 5
        ways.append(("", f"for ({t} {i} = 0; {i} != {end}; {i}++) {{", "}"))
        ways.append(("", f"if ({n} > 0) {{ {t} {i} = 0; do {{", f"}} while (++{i} < {end}); }}"))
        ways.append((f"{t} {i};", f"for ({i} = 0; {i} < {end}; {i}++) {{", "}"))
        return self.r.choice(ways)

    def rows_of_nest(self, scope, arrays, rows, columns, w, step, off, depth):
        y, x = self.fresh("y"), self.fresh("x")
        ty, tx = self.counters = self.r.choice(COUNTERS), self.r.choice(COUNTERS)
        inner = scope.inside("")
        inner.returns = False
        some = self.r.sample(scope.variables, min(4, len(scope.variables)))
        inner.variables = [replace(v, writable=False) for v in some]
        others = [a for a in scope.arrays if a.name not in [b.name for b in arrays]]
        inner.arrays = [replace(a, writable=False) for a in self.r.sample(others, min(1, len(others)))]
        before, first, last = self.head(y, ty, *rows)
        self.out(f"{before} {first}" if before else first, depth)
        inner.variables.append(Variable(y, TYPES[ty], False))
        carried = None
        if self.r.random() < 0.3:
            carried = (self.fresh("left"), self.element())
            self.out(f"{carried[1].name} {carried[0]} = {self.value(carried[1], inner)};", depth + 1)
        if self.r.random() < 0.15:
            own, k, t = self.fresh("a"), self.fresh("i"), self.element()
            self.out(f"{t.name} {own}[4]; memset({own}, 0, sizeof {own});", depth + 1)
            inner.arrays.append(Array(own, t, 4))
        if self.r.random() < 0.06:
            self.part_outside(inner, arrays, y, w, off, depth + 1)
        before, first, foot = self.head(x, tx, *columns)
        t, tests = self.fresh("t"), None
        if first.startswith("for") and self.r.random() < 0.05:  # one more access, where there is no column
            tests = self.any_sum_place()
        if tests:
            a = self.r.choice(arrays)
            here = self.cell(a, y, x, w, step, off, 0, 0)
            first = first.replace("; ", f"; {t} ^= {a.type.name}_hash({here}), ", 1)
            before = f"u32 {t} = 0; {before}"
        if self.r.random() < 0.05:
            first = f"if {self.condition(inner)} {first}"
        self.out(f"{before} {first}" if before else first, depth + 1)
        inner.variables.append(Variable(x, TYPES[tx], False))
        for _ in range(self.r.choice([1, 1, 1, 2])):
            cells = self.cells_into(inner, arrays, y, x, w, step, off)
            self.part_of_nest(cells, carried, y, depth + 2)
        self.out(foot, depth + 1)
        if tests:
            self.out(f"{tests} ^= {t};", depth + 1)
        self.out(last, depth)

    def any_sum_place(self):
        return next((name for name, t in self.lane_sums if t.name not in ("i32", "i64")), None)

    def part_outside(self, scope, arrays, y, w, off, depth):
        """The row touches something beside its columns."""
        a = self.r.choice(arrays)
        here = self.cell(a, y, "0", w, 1, off, 0, 0)
        above = self.cell(a, y, "0", w, 1, off, -1, 0)
        self.out(f"{here} = {above};", depth)

    def cell(self, a, y, x, w, step, off, dy, dx):
        """Text of an element: so many rows and columns away."""
        # What is below 0 must not wrap round to fewer bits than addresses have.
        wide_y = f"(i64){y}" if self.counters[0] == "u32" else y
        row = y if dy == 0 else f"({wide_y} {'+' if dy > 0 else '-'} {abs(dy)})"
        column = x if step == 1 else f"{x} * {step}"
        away = "" if dx == 0 else f" {'+' if dx > 0 else '-'} {abs(dx)}"
        if dx and step == 1 and self.counters[1] != "u32" and self.r.random() < 0.2:
            column, away = f"({x}{away})", ""
        return f"{a.name}[{off} + {row} * {w} + {column}{away}]"

    def cells_into(self, scope, arrays, y, x, w, step, off):
        """What can be named in a cell: the cell itself, which is written, and cells that were."""
        inner = scope.inside("")
        a = self.r.choice(arrays)
        far = self.r.random() < 0.25
        for _ in range(self.r.randint(1, 4)):
            b = a if self.r.random() < 0.8 else self.r.choice(arrays)
            dy, dx = self.r.choice(NEAR + FAR if far else NEAR[:8])
            name = self.cell(b, y, x, w, step, off, dy, dx)
            inner.variables.append(Variable(name, b.type, False))
            if self.r.random() < 0.3:
                inner.arrays.append(Array(f"(&{name})", b.type, self.r.choice([1, 1, 2, 3]), False, True, True))
        here = self.cell(a, y, x, w, step, off, 0, 0)
        inner.variables.append(Variable(here, a.type, True))
        inner.arrays.append(Array(f"(&{here})", a.type, self.r.choice([1, 1, 1, step, 2]), True, True, True))
        return inner

    def part_of_nest(self, scope, carried, y, depth):
        kind = self.r.choices([p for p, _ in self.CELLS], [w for _, w in self.CELLS])[0]
        getattr(self, kind)(scope, carried, y, depth)

    def neighbours_in(self, scope):
        """The scope in which a cell is computed: rather of its neighbours than of anything else."""
        inner = scope.inside()
        inner.variables = [v for v in scope.variables if "[" in v.name] * 2 + scope.variables[-2:]
        return inner

    def here(self, scope):
        return scope.variables[-1]

    # -- cells --

    def cell_value(self, scope, carried, y, depth):
        v = self.here(scope)
        self.out(f"{v.name} = {self.called(v.type, self.neighbours_in(scope))};", depth)

    def cell_mixed(self, scope, carried, y, depth):
        """Of numbers, which leaves the loops as simple as they can be."""
        v, inner = self.here(scope), self.neighbours_in(scope)
        near = [f"{n.type.name}_hash({n.name})" for n in self.r.choices(inner.variables[:-1], k=2)]
        self.out(f"{v.name} = {v.type.name}_of(mix({', '.join(near)}));", depth)

    def cell_updated(self, scope, carried, y, depth):
        v = self.here(scope)
        if not v.type.arithmetic:
            return self.cell_value(scope, carried, y, depth)
        self.out(f"{v.name} = {self.binary(v.type, v.name, self.called(v.type, self.neighbours_in(scope)))};", depth)

    def cell_called(self, scope, carried, y, depth):
        """By a call that writes it, if there is one for such memory."""
        near = scope.inside()
        near.arrays = [a for a in scope.arrays if a.name.startswith("(&")]
        writers = [f for f in self.callable(near) if f.writes]
        if writers:
            self.out(f"{self.call_of(self.r.choice(writers), near)};", depth)
        else:
            self.cell_value(scope, carried, y, depth)

    def cell_sometimes(self, scope, carried, y, depth):
        self.out(f"if {self.condition(self.neighbours_in(scope))} {{", depth)
        self.part_of_nest(scope, carried, y, depth + 1)
        if self.r.random() < 0.3:
            self.out("} else {", depth)
            self.cell_value(scope, carried, y, depth + 1)
        self.out("}", depth)

    def cell_loop(self, scope, carried, y, depth):
        """Once, twice, or more often in later rows, or where it says so."""
        if depth > 7:
            return
        k = self.fresh("k")
        end = self.r.choice(["2", f"1 + {y} % 3", f"{self.value(U32, self.neighbours_in(scope), 2)} % 3", f"(i32){y} && {k} < 3"])
        self.frame.times *= 3
        self.out(f"for (i32 {k} = 0; {k} < {end}; {k}++) {{", depth)
        self.part_of_nest(scope, carried, y, depth + 1)
        self.out("}", depth)
        self.frame.times //= 3

    def cell_carried(self, scope, carried, y, depth):
        if not carried:
            return self.cell_value(scope, carried, y, depth)
        (name, t), v = carried, self.here(scope)
        inner = self.neighbours_in(scope)
        inner.variables.append(Variable(name, t))
        self.out(f"{name} = {self.called(t, inner)};", depth)
        self.out(f"{v.name} = {convert(v.type, t, name)};", depth)

    def cell_summed(self, scope, carried, y, depth):
        self.cell_value(scope, carried, y, depth)
        v = self.here(scope)
        names = [(n, t) for n, t in self.lane_sums if t.name not in ("i32", "i64")]
        if names:
            n, t = self.r.choice(names)
            self.out(f"{n} {self.r.choice(['+', '^', '-'])}= {convert(t, v.type, v.name)};", depth)

    def cell_skipped(self, scope, carried, y, depth):
        self.out(f"if {self.condition(self.neighbours_in(scope))} continue;", depth)
        self.cell_value(scope, carried, y, depth)
