"""Functions of which mostly the body alone says what memory they touch: lazy ones, and plain ones that are called in
between.

1. Parameters are those of regions.py, with nothing said; the body walks over them (walks.py).
2. Tiles are parts of a matrix with a leading dimension, and lie in arrays with room for them.
"""
from dataclasses import replace

from .expressions import Region, Size, Variable
from .types import TYPES, U32
from .walks import Stretch, Walk

TILES = ["u64", "f64", "f64", "u32"]
WIDTHS = [(20, 20), (20, 20), (16, 20), (17, 17)]


class Footprints:
    """Mixed into the generator, beside Regions and Walks."""

    def unsaid(self):
        function, scope = self.open_unsaid("unsaid", self.walked_parameters(), True, 300)
        self.walk_regions(scope, self.r.randint(1, 4))
        self.close(scope)

    def helper(self):
        """Plain and short."""
        parameters = self.signature(1, 3) if self.r.random() < 0.4 else self.walked_parameters()
        function, scope = self.open_unsaid("helper", parameters, False, 100)
        self.walk_regions(scope, self.r.randint(1, 2))
        self.close(scope)

    def walked_parameters(self):
        """Any of their elements may be read, and none need be written."""
        return [replace(p, reads=True, fills=False) if isinstance(p, Region) else p for p in self.region_parameters(said=False)]

    def open_unsaid(self, kind, parameters, lazy, limit):
        function, scope = self.new(kind, parameters, lazy)
        if not lazy:
            function.helper, function.constant, function.visible = True, self.r.random() < 0.5, self.r.random() < 0.3
        if function.writes and self.r.random() < 0.7:
            function.result = None
        self.begin(function, limit)
        if not function.constant:
            self.globals_into(scope, False)
        self.out(f"u32 s = {self.value(U32, scope)};", 1)
        scope.variables.append(Variable("s", U32))
        self.name_regions(function)
        return function, scope

    def walk_regions(self, scope, count):
        regions = self.frame.function.regions
        for _ in range(count if regions else 0):
            region = self.r.choice(regions)
            extent = region.extent if region.least >= 0 else f"({region.extent} > 0 ? {region.extent} : 0)"
            self.over(Stretch(region.name, region.type, extent, region.writes, region.least, region.most), scope, 1)

    def close(self, scope):
        result = self.frame.function.result
        inner = scope.inside()
        if self.r.random() < 0.5:
            inner.variables = [v for v in scope.variables if v.name == "s"]
        self.end(self.value(result, inner) if result else "")

    # -- tiles --

    def tile(self):
        """Of one matrix or more, with one leading dimension; some are seen from the side."""
        numbers = self.r.choice([["i32"], ["i32"], ["i64"], ["u64"], ["i32", "i64"], ["i32", "i64", "u64", "u32", "u8"]])
        bounds = [(self.r.randint(0, 2), self.r.randint(2, 6)), (self.r.choice([1, 8]), self.r.randint(8, 12)),
                  self.r.choice(WIDTHS)]
        rows, columns, width = (Size(name, TYPES[self.r.choice(numbers)], *b) for name, b in zip(("r", "c", "ld"), bounds))
        turned = {name: self.r.random() < 0.3 for name in ("x", "y", "z")[:self.r.choice([1, 1, 2, 3])]}
        regions = [self.tile_region(name, columns if turned[name] else rows, rows if turned[name] else columns, width)
                   for name in turned]
        lazy = self.r.random() < 0.8
        _, scope = self.open_unsaid("tile", regions + [rows, columns, width] + self.signature(0, 1), lazy, 400)
        for _ in range(self.r.randint(1, 3)):
            region = self.r.choice(regions)
            walk = self.tile_walk(region, turned[region.name], numbers)
            inner = scope.inside("")
            inner.variables += [Variable(i, TYPES["i64"], False) for i in walk.counters]
            self.frame.spend(rows.high * columns.high // 4 + 4)
            self.write(walk, Stretch(region.name, region.type, "", region.writes), inner, 1)
        self.close(scope)

    def tile_region(self, name, rows, columns, width):
        """Now and then it is said."""
        t, writes = TYPES[self.r.choice(TILES)], name == "x" or self.r.random() < 0.5
        region = Region(name, t, True, writes, "", 0, rows.high * width.high,
                        f"LAZY_{'INOUT' if writes else 'IN'}({rows.name}, {columns.name}, {width.name}) "
                        f"{'' if writes else 'const '}{t.name} *{name}_0")
        return region if self.r.random() < 0.25 else region.unsaid()

    def tile_walk(self, region, turned, numbers):
        i, j, t, u = self.fresh("i"), self.fresh("j"), self.r.choice(numbers), self.r.choice(numbers)
        n, m = "cr" if turned else "rc"
        outer = self.r.choice([f"for ({t} {i} = 0; {i} < {n}; {i}++)"] * 4 + [f"for ({t} {i} = {n}; {i}-- > 0;)"])
        inner = self.r.choice([f"for ({u} {j} = 0; {j} < {m}; {j}++)"] * 5 +
                              [f"for ({u} {j} = 0; {j} < {m} && {j} <= {i}; {j}++)", f"for ({t} {j} = {i}; {j} < {m}; {j}++)",
                               f"for ({u} {j} = 1; {j} + 1 < {m}; {j} += 2)"])
        if self.r.random() < 0.3:
            p, memory = self.fresh("p"), Stretch(region.name, region.type, "", region.writes)
            heads = self.r.choice([[f"{{ {memory.pointer}{p} = {region.name}; for ({t} {i} = 0; {i} < {n}; {i}++, {p} += ld)", inner],
                                   [outer, f"{{ {memory.pointer}{p} = {region.name} + {i} * ld; {inner}"]])
            return Walk(heads, f"{p}[{j}]", [i, j], foot="}")
        heads = [outer, inner]
        if self.r.random() < 0.3 and i not in inner:
            heads.reverse()
        index = self.r.choice([f"{i} * ld + {j}", f"{j} + ld * {i}"])
        return Walk(heads, self.element_at(Stretch(region.name, region.type, "", region.writes), index), [i, j])
