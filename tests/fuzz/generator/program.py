"""Random programs: the functions, in one file or more, and what surrounds them.

1. Types; global variables and arrays.
2. Lazy functions that compute, and loop a little; lazy functions that call lazy functions before them; recursion of
   bounded depth.
3. In most programs lazy functions that read and write memory through parameters, and plain ones that help.
4. Plain functions that do everything a C function does around lazy calls.
5. main() calls the plain ones and prints what they return and what is in memory.

With more files than one, functions and what they call may stand in different ones; then only the prototype is seen.
"""
import random
from dataclasses import dataclass, replace

from . import types
from .expressions import Array, Expressions, Frame, Function, Region, Scope, Size, Variable
from .footprints import Footprints
from .fresh import Fresh
from .gatherings import Gatherings
from .independent import Independent
from .library import Library
from .loops import Loops
from .memory import Memory
from .nests import Nests
from .pointers import Pointers
from .regions import Regions
from .snapshots import Snapshots
from .statements import Statements
from .types import ALL, TYPES, U32
from .walks import Walks

GLOBALS = [Variable("g_u32", TYPES["u32"]), Variable("g_u64", TYPES["u64"]), Variable("g_f64", TYPES["f64"]),
           Variable("g_pair", TYPES["pair"]), Variable("g_big", TYPES["big"]), Variable("g_field", TYPES["field"]),
           Variable("g_board", TYPES["board"])]
ARRAYS = [Array("table", TYPES["u32"], 32), Array("ga", TYPES["u32"], 48), Array("gp", TYPES["pair"], 12),
          Array("gd", TYPES["f64"], 40), Array("gs", TYPES["bytes"], 20), Array("gb", TYPES["big"], 5),
          Array("pool", TYPES["u32"], 64), Array("gc", TYPES["u8"], 60), Array("gh", TYPES["i16"], 30),
          Array("gl", TYPES["u64"], 24), Array("gm", TYPES["u64"], 400), Array("gf", TYPES["f64"], 400),
          Array("gw", TYPES["u32"], 300), Array("gr", TYPES["pair"], 150), Array("gt", TYPES["big"], 40)]
# Arrays that are more than one: rows, and other types in the same place.
SHARED = {"u32 grid[4][16]": [Array("grid[0]", TYPES["u32"], 16, alias=True),
                              Array("grid[2]", TYPES["u32"], 16, alias=True),
                              Array("(&grid[0][0])", TYPES["u32"], 64, alias=True)],
          "union { u32 word[16]; u8 byte[64]; } both": [Array("both.word", TYPES["u32"], 16, alias=True),
                                                        Array("both.byte", TYPES["u8"], 64, alias=True)]}
# Pointer parameters of plain functions.
WINDOWS = [Region("q", TYPES["u32"], True, True, "8", 8, 8, "u32 *q"),
           Region("w", TYPES["pair"], True, True, "4", 4, 4, "pair *w")]

LEAF, INNER, PLAIN = 200, 900, 12000  # what one call may cost

HEADER = """#define _GNU_SOURCE
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef unsigned u32;
extern u32 pool[64];
static inline u32 u32_of(u32 u) { return u; }
static inline u32 u32_hash(u32 x) { return x; }
__attribute__((unused)) static u32 *u32_at(u32 *p, long i) { return p + i; }
LAZY static u32 few(u32 u) { for (u32 i = 0; i < 9; i++) u = u * 1664525u + i; return u >> 9 & 1; }
LAZY __attribute__((unused)) static u32 mix(u32 u, u32 v) { for (u32 i = 0; i < 9; i++) u = u * 1664525u ^ v + i; return u; }
__attribute__((noinline, unused)) static u32 stir(u32 *m) {
  m[0] = m[0] * 1664525u + 1013904223u;
  m[1] ^= m[0] >> 7;
  return m[2] = m[0] >> 9 ^ m[2] << 1;
}
__attribute__((noinline, unused)) static u32 none(u32 u) { return u >> 16 >> 16; }
static inline void give_back(void *where) { void *p; memcpy(&p, where, sizeof p); free(p); }
"""
SHOW = 'static inline void show(u32 u) { printf("%u\\n", u + g_u32); }\n'


@dataclass
class Program:
    files: list  # their texts
    functions: int


class Generator(Expressions, Pointers, Statements, Loops, Independent, Gatherings, Nests, Walks, Memory, Library, Regions,
                Footprints, Snapshots, Fresh):
    def __init__(self, seed, functions, files):
        self.r = random.Random(f"{seed} {functions} {files}")
        self.count, self.files = functions, files
        self.texts = [[] for _ in range(files)]
        self.prototypes = []
        self.functions, self.finders, self.makers, self.users = [], [], [], []
        self.frame = None
        self.names = 0
        self.touched = []
        self.lane_sums = []  # of the loop being written: (name, type)
        self.regions = self.r.choices([0, 1, 3], [1, 4, 5])[0]  # how much of it is about memory

    def out(self, text, depth=0):
        self.texts[self.frame.function.file].append("  " * depth + text)

    def fresh(self, prefix):
        self.names += 1
        return f"{prefix}_{self.names}"

    # -- functions --

    def begin(self, function, limit):
        """The head of a function."""
        self.frame = Frame(function, limit)
        self.touched = []
        shown = ", ".join(p.declaration if isinstance(p, (Size, Region)) else f"{p.name} p{k}"
                          for k, p in enumerate(function.parameters)) or "void"
        attributes = self.r.choice(["__attribute__((noinline)) "] + [""] * 9)
        if function.constant and not function.regions and function.result in ALL and self.r.random() < 0.3:
            attributes += "__attribute__((const)) "
        if function.lazy:
            attributes += "LAZY "
        head = f"{function.result.name if function.result else 'void'} {function.name}({shown})"
        if function.visible:
            self.prototypes.append(f"{attributes}{head};")
        self.out(f"{attributes}{'' if function.visible else 'static '}{head} {{")

    def signature(self, least, most):
        return [types.pick(self.r) for _ in range(self.r.randint(least, most))]

    def new(self, kind, parameters, lazy=True):
        """A function with its frame open, and the scope of its body."""
        constant, file = lazy and self.r.random() < 0.5, self.r.randrange(self.files)
        visible = self.r.random() < 0.4
        function = Function(self.fresh(kind), types.pick(self.r), parameters, lazy, file, visible, constant)
        scope = Scope(pure=lazy)
        for k, p in enumerate(parameters):
            if not isinstance(p, Region):
                scope.variables.append(Variable(p.name, p.type, False) if isinstance(p, Size) else Variable(f"p{k}", p))
        return function, scope

    def globals_into(self, scope, writable):
        scope.variables += [Variable(v.name, v.type, writable) for v in GLOBALS]
        scope.arrays += [replace(a, writable=writable) for a in ARRAYS + sum(SHARED.values(), [])]

    def end(self, text):
        self.out(f"return {text};" if text else "return;", 1)
        self.out("}")
        self.functions.append(self.frame.function)

    def leaf(self):
        function, scope = self.new("leaf", self.signature(0 if self.r.random() < 0.1 else 1, 4))
        self.begin(function, LEAF)
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
        self.begin(function, INNER)
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
            self.begin(this, INNER // 20)
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
        function, scope = self.new("plain", self.signature(0, 2) + [TYPES["i32"]] + WINDOWS, lazy=False)
        function.visible |= function.file != 0  # main() calls it
        self.begin(function, PLAIN)
        for t in self.r.sample(ALL, 6) + [U32, TYPES["f64"]]:
            name = self.fresh("v")
            self.out(f"{t.name} {name} = {self.value(t, scope)};", 1)
            scope.variables.append(Variable(name, t))
        own = [Array(self.fresh("a"), t, self.r.choice([4, 8, 40]))
               for t in (self.r.choice(ALL), self.element(), self.element(), U32)]
        for a in own:
            self.out(f"{a.type.name} {a.name}[{a.size}] = {{0}};", 1)
        scope.arrays += own + [Array(r.name, r.type, r.least, alias=True) for r in WINDOWS]
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

    # -- the whole --

    def main(self, plain):
        self.frame = Frame(Function("main", U32, [], False, 0, True), PLAIN)
        scope = Scope([Variable("round", TYPES["u32"], False)])
        self.globals_into(scope, True)
        self.out("int main(void) {")
        self.out("for (u32 i = 0; i < 32; i++) table[i] = i * i, pool[i + 9] = i * 77;", 1)
        self.out("for (u32 round = 0; round < 2; round++) {", 1)
        for f in plain:
            self.out(f'printf("{f.name} %u\\n", {f.result.name}_hash({f.name}({", ".join(self.arguments(f, scope, 9))})));', 2)
        self.out("}", 1)
        for v in GLOBALS:
            self.out(f'printf("{v.name} %u\\n", {v.type.name}_hash({v.name}));', 1)
        for a in ARRAYS + [each[-1] for each in SHARED.values()]:
            self.out(f'for (int i = 0; i < {a.size}; i++) printf("%u ", {a.type.name}_hash({a.name}[i]));', 1)
        self.out("return g_u32 & 63;", 1)
        self.out("}")

    def program(self):
        plain = []
        while len(self.functions) < self.count:
            done = len(self.functions) / self.count
            if done < (0.1 if self.regions > 1 else 0.2):
                self.leaf()
            elif self.regions and self.r.random() < 0.55:
                self.r.choices([self.over_regions, self.unsaid, self.tile, self.halves, self.helper, self.small, self.finder,
                                self.maker, self.user], [6, 8, 6, 2, 5, 8, 1, 5, 8])[0]()
            elif self.r.random() < (0.2 if self.regions > 1 else 0.5):
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
        memory += [f"{declaration};" for declaration in SHARED]
        lines = [("" if "pool" in m and not file else static) + m for m in memory]
        return HEADER + helpers + "\n".join(lines + [SHOW] + self.prototypes + self.texts[file]) + "\n"
