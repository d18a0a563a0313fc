"""Random programs: the functions, in one file or more, and what surrounds them.

1. Types; global variables and arrays.
2. Lazy functions that compute, and loop a little; lazy functions that call lazy functions before them; recursion of
   bounded depth.
3. Plain functions that do everything a C function does around lazy calls.
4. main() calls the plain ones and prints what they return and what is in memory.

With more files than one, functions and what they call may stand in different ones; then only the prototype is seen.
"""
import random
from dataclasses import dataclass

from . import types
from .expressions import Array, Expressions, Frame, Function, Scope, Variable
from .loops import Loops
from .statements import Statements
from .types import ALL, TYPES, U32

GLOBALS = [Variable("g_u32", TYPES["u32"]), Variable("g_u64", TYPES["u64"]), Variable("g_f64", TYPES["f64"]),
           Variable("g_pair", TYPES["pair"]), Variable("g_big", TYPES["big"]), Variable("g_field", TYPES["field"])]
ARRAYS = [Array("table", TYPES["u32"], 32), Array("ga", TYPES["u32"], 48), Array("gp", TYPES["pair"], 12),
          Array("gd", TYPES["f64"], 40), Array("gs", TYPES["bytes"], 20), Array("gb", TYPES["big"], 5),
          Array("pool", TYPES["u32"], 64)]
# Pointer parameters of plain functions, and what they may point to.
WINDOWS = [(Array("q", TYPES["u32"], 8), ["ga", "ga + 5", "table", "table + 20", "pool"]),
           (Array("w", TYPES["pair"], 4), ["gp", "gp + 3"])]

LEAF, INNER, PLAIN = 200, 900, 12000  # what one call may cost

HEADER = """#include <lazy/lazy.h>
#include <stdio.h>
#include <string.h>
typedef unsigned u32;
extern u32 pool[64];
static inline u32 u32_of(u32 u) { return u; }
static inline u32 u32_hash(u32 x) { return x; }
"""
SHOW = 'static inline void show(u32 u) { printf("%u\\n", u + g_u32); }\n'


@dataclass
class Program:
    files: list  # their texts
    functions: int


class Generator(Expressions, Statements, Loops):
    def __init__(self, seed, functions, files):
        self.r = random.Random(f"{seed} {functions} {files}")
        self.count, self.files = functions, files
        self.texts = [[] for _ in range(files)]
        self.prototypes = []
        self.functions = []
        self.frame = None
        self.names = 0

    def out(self, text, depth=0):
        self.texts[self.frame.function.file].append("  " * depth + text)

    def fresh(self, prefix):
        self.names += 1
        return f"{prefix}_{self.names}"

    # -- functions --

    def begin(self, function, limit, parameters):
        """The head of a function."""
        self.frame = Frame(function, limit)
        shown = ", ".join(f"{t.name} {n}" for t, n in parameters) or "void"
        attributes = self.r.choice(["__attribute__((noinline)) "] + [""] * 9)
        if function.constant and self.r.random() < 0.3:
            attributes += "__attribute__((const)) "
        if function.lazy:
            attributes += "LAZY "
        head = f"{function.result.name} {function.name}({shown})"
        if function.visible:
            self.prototypes.append(f"{attributes}{head};")
        self.out(f"{attributes}{'' if function.visible else 'static '}{head} {{")

    def signature(self, least, most):
        return [types.pick(self.r) for _ in range(self.r.randint(least, most))]

    def new(self, kind, parameters, lazy=True):
        """A function with its frame open, and the scope of its body."""
        constant, file = lazy and self.r.random() < 0.5, self.r.randrange(self.files)
        visible = self.r.random() < 0.4 or not lazy and file != 0  # main() calls all that are not lazy
        function = Function(self.fresh(kind), types.pick(self.r), parameters, lazy, file, visible, constant)
        scope = Scope([Variable(f"p{k}", t) for k, t in enumerate(parameters)], pure=lazy)
        return function, scope

    def globals_into(self, scope, writable):
        scope.variables += [Variable(v.name, v.type, writable) for v in GLOBALS]
        scope.arrays += [Array(a.name, a.type, a.size, writable) for a in ARRAYS]

    def end(self, text):
        self.out(f"return {text};", 1)
        self.out("}")
        self.functions.append(self.frame.function)

    def leaf(self):
        function, scope = self.new("leaf", self.signature(0 if self.r.random() < 0.1 else 1, 4))
        self.begin(function, LEAF, [(v.type, v.name) for v in scope.variables])
        if not function.constant:
            self.globals_into(scope, False)
        trips = self.r.choice([1, 5, 40])
        self.out(f"u32 s = {self.value(U32, scope)};", 1)
        for v in scope.variables:
            if not v.name.startswith("g_") or self.r.random() < 0.2:
                self.out(f"s = s * 31 + {v.type.name}_hash({v.name});", 1)
        self.out(f"for (u32 i = 0; i < {trips}; i++) s = s * 1664525u + 1013904223u + i;", 1)
        function.cost += trips // 8
        scope.variables.append(Variable("s", U32))
        self.end(self.value(function.result, scope) if self.r.random() < 0.5 else f"{function.result.name}_of(s)")

    def inner(self):
        function, scope = self.new("inner", self.signature(1, 3))
        self.begin(function, INNER, [(v.type, v.name) for v in scope.variables])
        if not function.constant:
            self.globals_into(scope, False)
        self.body(scope, 1, self.r.randint(2, 7))
        self.end(self.called(function.result, scope))

    def recursive(self):
        """One function or two that call each other; the depth goes down each time."""
        t = self.r.choice([TYPES[n] for n in ("u32", "u64", "f64", "pair", "big", "f80", "pointer")])
        function, scope = self.new("recursive", [U32, t])
        function.result, function.visible = t, True
        other = Function(function.name + "_too", t, [U32, t], True, function.file, True, function.constant)
        bodies = [(function, other), (other, function)] if self.r.random() < 0.5 else [(function, function)]
        before = list(self.functions)
        for this, next_one in bodies:
            self.functions = list(before)
            self.begin(this, INNER // 20, [(U32, "p0"), (t, "p1")])
            here = scope.inside()
            self.out("if (p0 == 0 || p0 > 6) return p1;", 1)
            if not this.constant:
                self.globals_into(here, False)
            for k in (2, 3):
                self.out(f"{t.name} p{k} = {next_one.name}(p0 - {self.r.choice([1, 2, 1])}, {self.value(t, here)});", 1)
                here.variables.append(Variable(f"p{k}", t))
            self.body(here, 1, self.r.randint(0, 2))
            mixed = self.binary(t, "p2", "p3") if t.arithmetic else "p2"
            self.end(f"{self.condition(here)} ? {mixed} : {self.r.choice([self.value(t, here), 'p3'])}")
        self.functions = before + [this for this, _ in bodies]
        for this, _ in bodies:
            this.cost = this.cost * 64 + 64

    def plain(self):
        function, scope = self.new("plain", self.signature(0, 2), lazy=False)
        scope.variables.append(Variable("p_i32", TYPES["i32"]))
        self.begin(function, PLAIN, [(v.type, v.name) for v in scope.variables] +
                   [(a.type, f"*{a.name}") for a, _ in WINDOWS])
        for t in self.r.sample(ALL, 6) + [U32, TYPES["f64"]]:
            name = self.fresh("v")
            self.out(f"{t.name} {name} = {self.value(t, scope)};", 1)
            scope.variables.append(Variable(name, t))
        own = [Array(self.fresh("a"), t, self.r.choice([4, 8, 40])) for t in self.r.sample(ALL, 2) + [U32]]
        for a in own:
            self.out(f"{a.type.name} {a.name}[{a.size}] = {{0}};", 1)
        scope.arrays += own + [a for a, _ in WINDOWS]
        mine = list(scope.variables)
        self.globals_into(scope, True)
        self.body(scope, 1, self.r.randint(4, 12))
        self.out("u32 h = 0;", 1)
        for v in mine + [v for v in scope.variables if v.name[0] == "v" and v not in mine]:
            self.out(f"h = h * 31 + {v.type.name}_hash({v.name});", 1)
        for a in own:
            self.out(f"for (u32 i = 0; i < {a.size}; i++) h = h * 31 + {a.type.name}_hash({a.name}[i]);", 1)
        self.out(f"return {types.convert(function.result, U32, 'h')};", 1)
        self.out("}")
        return function

    def arguments(self, callee, scope, depth):
        yield from super().arguments(callee, scope, depth)
        if not callee.lazy:
            yield self.value(TYPES["i32"], scope, 1)
            for _, places in WINDOWS:
                yield self.r.choice(places)

    # -- the whole --

    def main(self, plain):
        self.frame = Frame(Function("main", U32, [], False, 0, True), PLAIN)
        scope = Scope([Variable("round", TYPES["u32"], False)])
        self.globals_into(scope, False)
        self.out("int main(void) {")
        self.out("for (u32 i = 0; i < 32; i++) table[i] = i * i, pool[i + 9] = i * 77;", 1)
        self.out("for (u32 round = 0; round < 2; round++) {", 1)
        for f in plain:
            self.out(f'printf("{f.name} %u\\n", {f.result.name}_hash({f.name}({", ".join(self.arguments(f, scope, 9))})));', 2)
        self.out("}", 1)
        for v in GLOBALS:
            self.out(f'printf("{v.name} %u\\n", {v.type.name}_hash({v.name}));', 1)
        for a in ARRAYS:
            self.out(f'for (int i = 0; i < {a.size}; i++) printf("%u ", {a.type.name}_hash({a.name}[i]));', 1)
        self.out("return g_u32 & 63;", 1)
        self.out("}")

    def program(self):
        plain = []
        while len(self.functions) < self.count:
            done = len(self.functions) / self.count
            if done < 0.2:
                self.leaf()
            elif self.r.random() < 0.5:
                self.r.choices([self.leaf, self.inner, self.recursive], [3, 5, 1])[0]()
            else:
                plain.append(self.plain())
                self.functions.append(plain[-1])
        self.main(plain)
        return Program([self.text(k) for k in range(self.files)], len(self.functions))

    def text(self, file):
        helpers = "".join(t.declaration() for t in ALL if t != U32)
        static = "static " if self.files == 1 else "extern " if file else ""
        memory = [f"{v.type.name} {v.name};" for v in GLOBALS + [Variable(f"{a.name}[{a.size}]", a.type) for a in ARRAYS]]
        lines = [("" if "pool" in m and not file else static) + m for m in memory]
        return HEADER + helpers + "\n".join(lines + [SHOW] + self.prototypes + self.texts[file]) + "\n"
