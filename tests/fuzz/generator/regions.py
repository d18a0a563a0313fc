"""Lazy functions that read and write memory through parameters, and say how much of it.

1. Sizes are parameters between bounds; extents are arithmetic over them, with bounds that follow, so that the caller
   knows how much room is enough, and the body how much is there.
2. A body goes over whole regions, in several ways, and does everything that other bodies do with the elements that are
   there in any case: it calls other functions on parts of its own regions.
3. What is only written (LAZY_OUT) is read after all of it has been written, or never.
4. Recursion on the halves of a region, which may overlap.
"""
from . import types
from .expressions import Array, Region, Scope, Size, Variable
from .types import TYPES, U32, convert

ELEMENTS = ["u32"] * 6 + ["f64", "u64"] * 3 + ["u8", "i16", "pair"] * 2 + ["bytes", "big", "odd", "board"]
SIZES = ["u32", "i32", "i64", "u64", "u8", "i16"]
BOUNDS = [(0, 4), (0, 6), (1, 5), (3, 8), (2, 2)]

# Types that are one parameter of the machine's: sizes and pointers stand with these on one side at least.
SIMPLE = ("integer", "floating", "pointer")


class Regions:
    """Mixed into the generator, beside Expressions, Statements and Loops."""

    def element(self):
        return TYPES[self.r.choice(ELEMENTS)]

    # -- parameters --

    def sizes(self):
        for name in ("n", "m")[:self.r.randint(1, 2)]:
            yield Size(name, TYPES[self.r.choice(SIZES)], *self.r.choice(BOUNDS))

    def extent(self, sizes):
        """(C, least, most)."""
        n, m, c = self.r.choice(sizes), self.r.choice(sizes), self.r.randint(1, 6)
        kinds = [(n.name, n.low, n.high), (n.name, n.low, n.high),
                 (f"{n.name} + {c}", n.low + c, n.high + c),
                 (f"{n.name} * {m.name}", n.low * m.low, n.high * m.high),
                 (f"{n.name} + {m.name}", n.low + m.low, n.high + m.high),
                 (f"3 * {n.name} - {n.low}", 2 * n.low, 3 * n.high - n.low),
                 (f"{n.high} - {n.name}", 0, n.high - n.low),
                 (f"({n.name} + 1) / 2", (n.low + 1) // 2, (n.high + 1) // 2),
                 (str(c), c, c)]
        if n is not m and (m.high <= n.low or {n.type.name, m.type.name} <= {"i32", "i64"}):
            kinds += [(f"{n.name} - {m.name}", n.low - m.high, n.high - m.low)] * 3
        return self.r.choice(kinds)

    def region(self, name, sizes):
        """The parameter is NAME_0, and the body looks at it through a pointer NAME."""
        r = self.r
        t, word, (extent, least, most) = self.element(), r.choice(["IN", "OUT", "INOUT"]), self.extent(sizes)
        reads, writes = word != "OUT", word != "IN"
        fills, bytes = not reads and r.random() < 0.7, r.random() < 0.15
        if reads and least > 0 and "/" not in extent and extent != "1" and r.random() < 0.5:
            bytes, product = False, extent.count(" ") == 2 and r.random() < 0.5
            shape = extent.replace(" * ", "][") if product else extent
            declaration = f"{'' if writes else 'const '}{t.name} {name}_0[{shape}]"
        else:
            const = "" if writes or r.random() < 0.2 else "const "
            declaration = f"LAZY_{word}({extent}) {const}{'void' if bytes else t.name} *{name}_0"
        return Region(name, TYPES["u8"] if bytes else t, reads, writes, extent, least, most, declaration, bytes, fills)

    def region_parameters(self, said):
        r = self.r
        sizes = list(self.sizes())
        regions = [self.region(name, sizes) for name in ("x", "y", "z")[:r.choice([1, 1, 2, 2, 3])]]
        if not said:
            regions = [region.unsaid() for region in regions]
        values = self.signature(1, 2)
        simple = [t for t in values if t.kind in SIMPLE and t.wide != "u128"]
        others = [t for t in values if t not in simple]
        if any("[" in region.declaration for region in regions):
            rest = regions + simple  # array declarators name what stands before
            r.shuffle(rest)
            rest = sizes + rest
        else:
            rest = sizes + regions + simple
            r.shuffle(rest)
        return rest + others if r.random() < 0.5 else others + rest

    # -- functions --

    def over_regions(self):
        function, scope = self.new("region", self.region_parameters(said=self.r.random() < 0.5))
        if self.r.random() < 0.5:
            function.result = None
        self.begin(function, 400)
        if not function.constant:
            self.globals_into(scope, False)
        self.out(f"u32 s = {self.value(U32, scope)};", 1)
        scope.variables.append(Variable("s", U32))
        regions = function.regions
        self.name_regions(function)
        known = [region for region in regions if region.reads]
        for region in self.r.sample(regions, len(regions)):
            if region in known:
                self.known_into(scope, region)
            elif region.fills:
                self.fill(region, known, scope)
                known.append(region)
                self.known_into(scope, region)
            else:
                self.partly(region, known, scope)
        for _ in range(self.r.randint(1, 4)):
            kind = self.r.choice([self.sweep, self.gather, self.digest, None])
            if kind and known:
                kind(self.r.choice(known), known, scope)
            else:
                self.body(scope, 1, self.r.randint(1, 3))
        self.end(self.value(function.result, scope) if function.result else "")

    def name_regions(self, function):
        for region in function.regions:
            self.out(f"{'' if region.writes else 'const '}{region.type.name} *{region.name} = (void *){region.name}_0;", 1)
            function.cost += region.most

    def known_into(self, scope, region):
        if region.least > 0:
            scope.arrays.append(Array(region.name, region.type, region.least, region.writes, True))

    def halves(self):
        """Down to a few elements; the halves may have one in common, and memory beside them to work in."""
        t, few = self.element(), self.r.randint(3, 5)
        function, scope = self.new("halves", [
            Region("x", t, True, True, "n", 0, 14, f"LAZY_INOUT(n) {t.name} *x"),
            Region("y", t, False, True, "n", 0, 14, f"LAZY_OUT(n) {t.name} *y"), Size("n", TYPES["i64"], 0, 14), U32])
        function.result = self.r.choice([None, U32])
        self.begin(function, 60)
        if not function.constant:
            self.globals_into(scope, False)
        x, y = function.regions
        self.out("u32 s = p3;", 1)
        scope.variables.append(Variable("s", U32))
        more = self.r.choice(["", " + 1"])
        self.out(f"if (n < {few}) {{", 1)
        self.sweep(x, [x], scope, 2)
        self.out(f"return {'s' if function.result else ''};", 2)
        self.out("}", 1)
        for start, count in ("", f"n / 2{more}"), (" + n / 2", "n - n / 2"):
            kept = "s = s * 5 + " if function.result and self.r.random() < 0.7 else ""
            self.out(f"{kept}{function.name}(x{start}, y{start}, {count}, {self.value(U32, scope)});", 1)
            if self.r.random() < 0.4:
                self.r.choice([self.sweep, self.digest])(x, [x], scope)
        scope.arrays.append(Array("x", t, few, alias=True))
        self.body(scope, 1, self.r.randint(0, 2))
        self.fill(y, [x], scope)
        self.gather(x, [x, y], scope)
        self.end("s" if function.result else "")
        function.cost = function.cost * 12 + 60

    # -- what goes over a whole region --

    def each(self, region, scope, depth):
        """A loop over it; gives the counter, and the scope of what stands in the loop."""
        i, inner = self.fresh("i"), scope.inside("")
        inner.variables.append(Variable(i, TYPES["i64"], False))
        self.out(self.r.choice([f"for (i64 {i} = 0; {i} < (i64)({region.extent}); {i}++)",
                                f"for (i64 {i} = (i64)({region.extent}) - 1; {i} >= 0; {i}--)"]), depth)
        return i, inner

    def fill(self, region, known, scope, depth=1):
        i, inner = self.each(region, scope, depth)
        text = self.value(region.type, inner)
        others = [k for k in known if k != region]
        if others and self.r.random() < 0.7:
            k = self.r.choice(others)
            text = f"{i} < (i64)({k.extent}) ? {convert(region.type, k.type, f'{k.name}[{i}]')} : {text}"
        self.out(f"{region.name}[{i}] = {text};", depth + 1)

    def partly(self, region, known, scope, depth=1):
        i, inner = self.each(region, scope, depth)
        self.out(f"if ({i} % {self.r.randint(2, 3)}) {region.name}[{i}] = {self.value(region.type, inner)};", depth + 1)

    def gather(self, region, known, scope, depth=1):
        if region.writes:
            self.fill(region, known, scope, depth)

    def sweep(self, region, known, scope, depth=1):
        """Elements made of their neighbours."""
        if not region.writes:
            return self.digest(region, known, scope, depth)
        i, inner = self.each(region, scope, depth)
        t, here = region.type, f"{region.name}[{i}]"
        other = f"{region.name}[{i} ? {i} - 1 : 0]" if self.r.random() < 0.7 else self.value(t, inner)
        text = self.binary(t, here, other) if t.arithmetic else \
            f"{t.name}_of({t.name}_hash({here}) * 3 + {t.name}_hash({other}))"
        self.out(f"{here} = {text};", depth + 1)

    def digest(self, region, known, scope, depth=1):
        i, _ = self.each(region, scope, depth)
        self.out(f"s = s * 31 + {region.type.name}_hash({region.name}[{i}]);", depth + 1)
