"""Small inputs, which a node may have a copy of: functions that read them, and programs that change them at once.

1. A function reads so many elements from its parameter on, or in front of it, or members of a struct, at places that are
   numbers; it says so (LAZY_IN), or its body shows it.  How many may also be a parameter, for which callers pass numbers.
2. Now and then it does what it could not do with a copy: it compares the pointer with another, or returns it.
3. The program writes to what was read as soon as the call is made, in loops and out of them.
"""
from dataclasses import replace

from .expressions import Array, Function, Region, Size, Variable
from .pointers import BYTES, alone, members
from .types import TYPES, U32, convert

SMALL = ["u32"] * 4 + ["f64", "u64", "u8", "pair", "big", "board"] * 2 + ["i16", "bytes", "odd", "f80", "x87", "nested", "field"]


class Snapshots:
    """Mixed into the generator, beside Expressions, Regions and Pointers; .finders are functions that return pointers."""

    # -- functions --

    def small(self):
        """Parameters: an input or two, perhaps something to write to, perhaps how many."""
        r = self.r
        names = ("x", "y")[:r.choice([1, 1, 2])]
        count = Size("n", TYPES[r.choice(["i32", "u32", "i64", "u8"])], 1, r.choice([2, 3, 8])) if r.random() < 0.3 else None
        regions = [self.small_region(name, count if name == "x" else None) for name in names]
        if r.random() < 0.3:
            t = r.choice(regions).type
            c = r.randint(1, 4)
            regions.append(Region("z", t, True, True, str(c), c, c, f"LAZY_INOUT({c}) {t.name} *z_0"))
            regions[-1] = regions[-1] if r.random() < 0.5 else regions[-1].unsaid()
        function, scope = self.new("small", regions + ([count] if count else []) + self.signature(0, 1))
        if function.writes and r.random() < 0.5:
            function.result = None
        self.begin(function, 200)
        if not function.constant:
            self.globals_into(scope, False)
        self.out(f"u32 s = {self.value(U32, scope)};", 1)
        scope.variables.append(Variable("s", U32))
        self.name_regions(function)
        for region in regions:
            for _ in range(r.randint(1, 3)):
                self.look(region, scope)
        for region in regions:
            if region.writes:
                self.out(f"{region.name}[{r.randrange(region.least)}] = {self.value(region.type, scope)};", 1)
        if len(names) > 1 and r.random() < 0.1:
            self.out("if ((void *)x_0 == (void *)y_0) s++;", 1)
        self.end(self.value(function.result, scope) if function.result else "")

    def small_region(self, name, count):
        r = self.r
        t, k = TYPES[r.choice(SMALL)], r.choice([1, 1, 1, 2, 3, 4, 8])
        if count:
            return self.said_or_not(Region(name, t, True, False, "n", 1, count.high, f"LAZY_IN(n) const {t.name} *{name}_0"))
        region = self.said_or_not(Region(name, t, True, False, str(k), k, k, f"LAZY_IN({k}) const {t.name} *{name}_0"))
        if "LAZY" not in region.declaration and r.random() < 0.2:
            before = r.randint(1, 4)
            region = replace(region, before=before)
        return region

    def said_or_not(self, region):
        return region if self.r.random() < 0.5 else region.unsaid()

    def look(self, region, scope):
        """At some of it."""
        r, x, t = self.r, region.name, region.type
        if region.extent == "n":
            return self.digest(region, [], scope)
        k = r.randrange(-region.before, region.least)
        seen = f"{t.name}_hash({x}[{k}])"
        fields = t.plain_fields() if t.kind == "struct" else []
        ways = [f"s = s * 31 + {seen};"] * 3
        ways += [f"s = s * 31 + {ft.name}_hash({x}[{k}].{f});" for ft, f in fields] * 2
        ways += [f"{{ {t.name} v; memcpy(&v, {x} + {k}, sizeof v); s = s * 31 + {t.name}_hash(v); }}",
                 f"{{ {t.name} v = *{t.name}_at(({t.name} *){x}, {k}); s ^= {t.name}_hash(v); }}",
                 f"if ({x}) s += {seen}; else s++;",
                 f"if ({self.condition(scope)}) s = s * 31 + {seen};",
                 f"s += (u64){x} % _Alignof(*{x}) + {seen};" if r.random() < 0.2 else f"s += {seen};"]
        if region.least > 1:
            i = self.fresh("i")
            ways += [f"for (int {i} = {r.randint(0, 1) and -region.before}; {i} < {region.least}; {i}++) "
                     f"s = s * 31 + {t.name}_hash({x}[{i}]);"] * 2
            ways += [f"for (const {t.name} *{i} = {x}; {i} != {x} + {region.least}; {i}++) s += {t.name}_hash(*{i});"]
        if t.name in BYTES:
            size = region.least * BYTES[t.name]
            width = r.choice([w for w in (1, 2, 4, 8) if w <= size])
            word = {1: "u8", 2: "i16", 4: "u32", 8: "u64"}[width]
            ways += [f"{{ {word} v; memcpy(&v, (const u8 *){x} + {r.randint(0, size - width)}, sizeof v); s ^= {word}_hash(v); }}"] * 2
        if self.frame.function.regions[-1].writes and t == self.frame.function.regions[-1].type and region.name != "z":
            ways += [f"z[0] = {x}[{k}];"] * 2
        self.out(r.choice(ways), 1)

    def finder(self):
        """Returns where something is."""
        t, k = TYPES[self.r.choice(["u32", "u64", "u8"])], self.r.randint(2, 6)
        region = self.said_or_not(Region("x", t, True, False, str(k), k, k, f"LAZY_IN({k}) const {t.name} *x_0"))
        function = Function(self.fresh("finder"), replace(TYPES["pointer"], name=f"const {t.name} *"), [region, U32], True,
                            self.r.randrange(self.files), self.r.random() < 0.4, True)
        self.begin(function, 60)
        self.name_regions(function)
        self.out(f"int at = {self.r.randrange(k)};", 1)
        self.out(f"for (int i = 0; i < {k}; i++) if ({t.name}_hash(x[i]) * p1 > {t.name}_hash(x[at])) at = i;", 1)
        self.out("return x + at;", 1)
        self.out("}")
        self.finders.append(function)

    # -- calls, and what changes then --

    def changing(self, scope, depth):
        """A call, and then what it has read changes; perhaps in a loop."""
        callees = [f for f in self.callable(scope) if f.regions and any(not r.writes for r in f.regions)]
        small = [f for f in callees if f.name.startswith("small")]
        callees = small if small and self.r.random() < 0.9 else callees
        if not callees or depth > 4:
            return
        trips = self.r.choice([1, 1, 2, 5, 12])
        while trips > 1 and not self.frame.affords(trips * 30):
            trips //= 2
        if trips < 1:
            return
        inner = scope.inside("")
        inner.returns = False
        self.out("{", depth)
        self.something_small(inner, depth + 1)
        if trips > 1:
            i = self.fresh("i")
            self.out(f"for (u32 {i} = 0; {i} < {trips}; {i}++) {{", depth)
            inner.variables.append(Variable(i, U32, False))
        self.frame.times *= trips
        for _ in range(self.r.randint(1, 3)):
            callee = self.r.choice(callees)
            if not self.frame.affords(callee.cost + 1):
                continue
            before = len(self.touched)
            if self.r.random() < 0.3:
                self.change(self.touched[-2:], inner, depth + 1)
            self.call_for(callee, inner, depth + 1)
            for _ in range(self.r.randint(0, 3)):
                self.change(self.touched[before:], inner, depth + 1)
        self.find(inner, depth + 1)
        self.frame.times //= trips
        self.out("} }" if trips > 1 else "}", depth)

    def something_small(self, scope, depth):
        """A local or two to point at, and to be forgotten here."""
        for _ in range(self.r.randint(0, 2)):
            t, name = TYPES[self.r.choice(SMALL)], self.fresh("o")
            if self.r.random() < 0.4:
                self.out(f"{t.name} {name} = {self.value(t, scope)};", depth)
                scope.variables.append(Variable(name, t))
            else:
                n = self.r.choice([2, 4, 9])
                self.out(f"{t.name} {name}[{n}];", depth)
                self.initialise(name, t, n, scope, depth)
                scope.arrays.append(Array(name, t, n))
            self.touched.append(name)

    def call_for(self, callee, scope, depth):
        """Its value goes anywhere."""
        self.use(self.call_of(callee, scope), callee.result, scope, depth)

    def use(self, call, result, scope, depth):
        place, t = self.target(scope, result if self.r.random() < 0.7 else None) if result else (None, None)
        if not result:
            self.out(f"{call};", depth)
        elif place:
            self.out(f"{place} = {convert(t, result, call)};", depth)
        else:
            name = self.fresh("v")
            self.out(f"{result.name} {name} = {call};", depth)
            scope.variables.append(Variable(name, result))

    def change(self, names, scope, depth):
        """Something in one of these changes."""
        found = [a for a in self.everything(scope) if a.name in names and a.writable]
        if not found:
            return
        a = self.r.choice(found)
        t = a.type
        here = f"{a.name}[{self.index(scope, a.size) if self.r.random() < 0.5 else self.r.randrange(min(a.size, 4))}]"
        ways = [f"{here} = {self.value(t, scope, 1)};"] * 3
        ways += [f"{here}.{f} = {self.value(ft, scope, 1)};" for ft, f in t.plain_fields()] * 2
        count = self.r.randint(1, a.size)
        ways.append(f"memset({a.name}, {self.r.randint(0, 255) if t.name in BYTES else 0}, {count} * sizeof *{a.name});")
        self.out(self.r.choice(ways), depth)
        if self.r.random() < 0.15:
            self.out(f"{here} = {self.called(t, scope)};", depth)

    def everything(self, scope):
        """All that can be pointed at."""
        for v in scope.variables:
            yield from members(v)
            yield from alone(v, True)
        yield from scope.arrays

    def find(self, scope, depth):
        """What is found is used, and changed through the pointer."""
        finders = [f for f in self.finders if self.is_callable(f, scope)]
        sums = scope.of(U32, True)
        if not finders or not sums or self.r.random() < 0.5:
            return
        callee, p, h = self.r.choice(finders), self.fresh("p"), self.r.choice(sums)
        t = callee.regions[0].type
        found = [a for a in scope.arrays if a.type == t and a.size >= callee.regions[0].most]
        if not found:
            return
        a = self.r.choice(found)
        self.frame.spend(callee.cost + 1)
        self.out(f"{{ {callee.result.name}{p} = {callee.name}({a.name}, {self.value(U32, scope, 1)});", depth)
        self.touched.append(a.name)
        if self.r.random() < 0.5:
            self.change([a.name], scope, depth)
        self.out(f"{h} = {h} * 31 + (u32)({p} - {a.name}) + {t.name}_hash(*{p});", depth)
        if a.writable and self.r.random() < 0.5:
            self.out(f"*({t.name} *){p} = {self.value(t, scope, 1)};", depth)
        self.out("}", depth)
