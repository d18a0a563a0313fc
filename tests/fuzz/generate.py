#!/usr/bin/env python3
"""generate.py - a random, well-defined serial C program with lazy calls.

Usage: generate.py SEED > program.c

1. Some global variables and arrays, some struct types.
2. Lazy leaf functions of several types, which compute, read globals, and loop a little.
3. Lazy functions that call lazy functions (those before them, so all recursion is bounded).
4. Plain functions that do everything a C function does around lazy calls: assignments, conditions, loops with break and
   continue, switch, goto, stores to local and global arrays through pointers that may overlap, reads of them, structs
   assigned and passed on, results that nobody uses.
5. main() calls them all and prints what they return and what is in memory.

All arithmetic is unsigned, every index is reduced, every loop is bounded: behaviour is defined.
"""
import random
import sys


class Generator:
    SCALARS = ["unsigned", "unsigned char", "unsigned long", "double"]
    STRUCTS = {
        "struct small": [("unsigned char", "r"), ("unsigned char", "g"), ("unsigned char", "b")],
        "struct pair": [("unsigned long", "x"), ("double", "y")],
        "struct two": [("double", "u"), ("double", "v")],
        "struct big": [("unsigned", "n"), ("unsigned", "k")],  # and an array
    }

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.lines = []
        self.lazies = []  # (name, result, parameters)
        self.plain = []
        self.labels = 0

    def out(self, text, depth=0):
        self.lines.append("  " * depth + text)

    # -- expressions: always of the type asked for, never undefined --

    def scalar(self, t, names, depth=0):
        """An expression of scalar type t over names: {name: type}."""
        r = self.r
        fits = [n for n, nt in names.items() if nt == t]
        choice = r.random()
        if fits and choice < 0.5:
            return r.choice(fits)
        if choice < 0.62 or depth > 2:
            return f"{r.randint(0, 9)}.5" if t == "double" else f"({t}){r.randint(0, 99)}"
        others = [(n, nt) for n, nt in names.items() if nt in self.SCALARS]
        if others and choice < 0.75:
            n, nt = r.choice(others)
            if t != "double" and nt == "double":
                return f"({t})to_u({n})"
            return f"({t}){n}"
        structs = [(n, nt) for n, nt in names.items() if nt in self.STRUCTS]
        if structs and choice < 0.88:
            n, nt = r.choice(structs)
            ft, f = r.choice(self.STRUCTS[nt])
            e = f"{n}.{f}"
            return e if ft == t else f"({t})to_u({e})" if ft == "double" else f"({t}){e}"
        a, b = self.scalar(t, names, depth + 1), self.scalar(t, names, depth + 1)
        if t == "double":
            return f"({a} {r.choice('+-*')} {b})"
        return f"({t})({a} {r.choice(['+', '-', '*', '^', '&', '|'])} {b})"

    def value(self, t, names):
        if t in self.SCALARS:
            return self.scalar(t, names)
        fits = [n for n, nt in names.items() if nt == t]
        if fits and self.r.random() < 0.7:
            return self.r.choice(fits)
        fields = ", ".join(f".{f} = {self.scalar(ft, names, 2)}" for ft, f in self.STRUCTS[t])
        return f"({t}){{{fields}}}"

    def call(self, names, want=None, depth=0):
        fits = [f for f in self.lazies if want in (None, f[1])]
        if not fits:
            return None, None
        name, result, parameters = self.r.choice(fits)
        arguments = []
        for p in parameters:
            inner = None
            if depth < 2 and self.r.random() < 0.25:
                inner, _ = self.call(names, p, depth + 1)
            arguments.append(inner or self.value(p, names))
        return f"{name}({', '.join(arguments)})", result

    def condition(self, names):
        return f"({self.scalar('unsigned', names)} & {self.r.choice([1, 1, 2, 3, 4, 7])}) {self.r.choice(['==', '!='])} {self.r.randint(0, 2)}"

    # -- functions --

    def lazy_leaf(self, i):
        r = self.r
        result = r.choice(self.SCALARS + list(self.STRUCTS))
        parameters = [r.choice(self.SCALARS + list(self.STRUCTS)) for _ in range(r.randint(0 if r.random() < 0.1 else 1, 4))]
        names = {f"p{k}": t for k, t in enumerate(parameters)}
        name = f"leaf{i}"
        shown = ", ".join(f"{t} p{k}" for k, t in enumerate(parameters)) or "void"
        self.out(f"LAZY {r.choice(['static ', 'static ', ''])}{result} {name}({shown}) {{")
        if r.random() < 0.3:
            names["g0"] = "unsigned"
        if r.random() < 0.2:
            self.out(f"unsigned e = table[{self.scalar('unsigned', names)} & 31];", 1)
            names["e"] = "unsigned"
        self.out(f"unsigned s = {self.scalar('unsigned', names)};", 1)
        self.out(f"for (unsigned i = 0; i < {r.choice([1, 5, 40])}; i++) s = s * 1664525u + 1013904223u + i;", 1)
        names["s"] = "unsigned"
        if result == "struct big":
            self.out(f"struct big o = {{.n = s, .k = {self.scalar('unsigned', names)}}};", 1)
            self.out("for (unsigned i = 0; i < 12; i++) o.a[i] = s + i;", 1)
            self.out("return o;", 1)
        else:
            self.out(f"return {self.value(result, names)};", 1)
        self.out("}")
        self.lazies.append((name, result, parameters))

    def lazy_inner(self, i):
        r = self.r
        result = r.choice(self.SCALARS + list(self.STRUCTS))
        parameters = [r.choice(self.SCALARS + list(self.STRUCTS)) for _ in range(r.randint(1, 3))]
        names = {f"p{k}": t for k, t in enumerate(parameters)}
        name = f"inner{i}"
        shown = ", ".join(f"{t} p{k}" for k, t in enumerate(parameters))
        self.out(f"LAZY static {result} {name}({shown}) {{")
        self.body(names, 1, r.randint(2, 6), pure=True)
        self.out(f"return {self.value(result, names)};", 1)
        self.out("}")
        self.lazies.append((name, result, parameters))

    def recursive(self, i):
        r = self.r
        t = r.choice(["unsigned", "unsigned long", "struct pair", "struct big"])
        name = f"recursive{i}"
        self.out(f"LAZY static {t} {name}(unsigned d, {t} p) {{")
        names = {"d": "unsigned", "p": t}
        self.out("if (d == 0 || d > 6) return p;", 1)
        self.out(f"{t} a = {name}(d - 1, {self.value(t, names)}), b = {name}(d - {r.choice([1, 2])}, p);", 1)
        names.update(a=t, b=t)
        self.out(f"return {self.condition(names)} ? {self.value(t, names)} : {self.value(t, names)};", 1)
        self.out("}")
        self.plain.append((f"{name}_start", [t]))
        self.out(f"static {t} {name}_start({t} p) {{ return {name}({r.randint(2, 6)}, p); }}")
        self.starts = getattr(self, "starts", []) + [(f"{name}_start", t)]

    def statement(self, names, depth, pure, loop):
        r = self.r
        kind = r.random()
        if kind < 0.40:
            text, t = self.call(names)
            if not text:
                return
            same = [n for n, nt in names.items() if nt == t and n[0] == "v"]
            if same and r.random() < 0.45:
                self.out(f"{r.choice(same)} = {text};", depth)
            elif r.random() < 0.08:
                self.out(f"{text};", depth)
            else:
                n = f"v{self.counter}"
                self.counter += 1
                self.out(f"{t} {n} = {text};", depth)
                names[n] = t
        elif kind < 0.50:
            same = [(n, nt) for n, nt in names.items() if n[0] == "v"]
            if same:
                n, t = r.choice(same)
                if t in self.STRUCTS and r.random() < 0.5:
                    ft, f = r.choice(self.STRUCTS[t])
                    self.out(f"{n}.{f} = {self.scalar(ft, names)};", depth)
                else:
                    self.out(f"{n} = {self.value(t, names)};", depth)
        elif kind < 0.62 and depth < 4:
            self.out(f"if ({self.condition(names)}) {{", depth)
            self.body(dict(names), depth + 1, r.randint(1, 3), pure, loop)
            if r.random() < 0.5:
                self.out("} else {", depth)
                self.body(dict(names), depth + 1, r.randint(1, 3), pure, loop)
            self.out("}", depth)
        elif kind < 0.72 and depth < 4:
            i = f"i{self.counter}"
            self.counter += 1
            self.out(f"for (unsigned {i} = 0; {i} < {r.choice([2, 3, 5, 9])}; {i}++) {{", depth)
            self.body({**names, i: "unsigned"}, depth + 1, r.randint(1, 4), pure, True)
            self.out("}", depth)
        elif kind < 0.76 and depth < 4:
            self.out(f"switch ({self.scalar('unsigned', names)} & 3) {{", depth)
            for c in r.sample(range(4), r.randint(1, 3)):
                self.out(f"case {c}: {{", depth)
                self.body(dict(names), depth + 1, r.randint(1, 2), pure, False)
                self.out("}" + ("" if r.random() < 0.3 else " break;"), depth)
            self.out("default:;", depth)
            self.out("}", depth)
        elif kind < 0.79 and loop:
            self.out(f"if ({self.condition(names)}) {r.choice(['break', 'continue'])};", depth)
        elif pure:
            return
        elif kind < 0.90:
            array, t, size = r.choice(self.arrays)
            text, _ = self.call(names, t)
            if text:
                self.out(f"{array}[{self.scalar('unsigned', names)} % {size}] = {text};", depth)
        elif kind < 0.91:
            self.pointers(names, depth)
        elif kind < 0.94:
            array, t, size = r.choice(self.arrays)
            same = [n for n, nt in names.items() if nt == t and n[0] == "v"]
            if same:
                self.out(f"{r.choice(same)} = {array}[{self.scalar('unsigned', names)} % {size}];", depth)
        elif kind < 0.96:
            self.out(f"g0 {r.choice(['+=', '^=', '='])} {self.scalar('unsigned', names)};", depth)
        elif kind < 0.97:
            self.out(f"table[{self.scalar('unsigned', names)} & 31] = {self.scalar('unsigned', names)};", depth)
        elif kind < 0.98:
            self.out(f"print_u({self.scalar('unsigned', names)});", depth)
        elif depth == 1:
            self.labels += 1
            label, count = f"again{self.labels}", f"c{self.labels}"
            self.out(f"unsigned {count} = 0;", depth)
            self.out(f"{label}:;", depth)
            self.body(dict(names), depth, 2, pure, False)
            self.out(f"if ({count}++ < 2 && {self.condition(names)}) goto {label};", depth)

    def pointers(self, names, depth):
        """Fields of elements, pointers chosen at run time and swapped, blocks of memory moved about."""
        r = self.r
        index = f"{self.scalar('unsigned', names)} % 4"
        kind = r.randint(0, 4)
        if kind == 0:
            text, _ = self.call(names, "double")
            if text:
                self.out(f"{r.choice(['gp', 'w'])}[{index}].y = {text};", depth)
        elif kind == 1:
            text, _ = self.call(names, "unsigned")
            if text:
                self.out(f"{{ unsigned *z = {self.condition(names)} ? q : {r.choice(['la', 'ga', 'table'])}; "
                         f"z[{index}] = {text}; z[({index}) + 1] += z[{index}]; }}", depth)
        elif kind == 2:
            a, b = r.choice(["ga", "q", "la", "table"]), r.choice(["ga", "q", "la"])
            self.out(f"memmove({a} + {index}, {b} + {index}, {r.choice([4, 8, 12])});", depth)
        elif kind == 3:
            text, _ = self.call(names, "unsigned")
            if text:
                self.out(f"{{ unsigned *a = q, *b = la; for (int k = 0; k < 4; k++) {{ a[k] = {text} + k; "
                         f"b[k] ^= a[k] + b[k + 1]; unsigned *t = a; a = b; b = t; }} }}", depth)
        else:
            text, _ = self.call(names, "struct big")
            if text:
                self.out(f"lb[{index} % 3] = {text}; lb[1].a[{index}] += 3; lb[2] = lb[{index} % 3];", depth)

    def body(self, names, depth, count, pure=False, loop=False):
        for _ in range(count):
            self.statement(names, depth, pure, loop)

    def plain_function(self, i):
        r = self.r
        self.out(f"static unsigned plain{i}(unsigned p0, double p1, unsigned *q, struct pair *w) {{")
        names = {"p0": "unsigned", "p1": "double"}
        self.out("unsigned la[16] = {1, 2, 3}; struct big lb[3] = {0}; struct small ls[8] = {0};", 1)
        for k, t in enumerate(self.SCALARS + list(self.STRUCTS)):
            if r.random() < 0.7:
                self.out(f"{t} v{k} = {self.value(t, {'p0': 'unsigned', 'p1': 'double'})};", 1)
                names[f"v{k}"] = t
        self.body(names, 1, r.randint(5, 14))
        self.out("unsigned h = hash(la, sizeof la) + hash(ls, sizeof ls) + lb[0].n + lb[2].k + lb[1].a[3];", 1)
        for n, t in names.items():
            if t == "struct big":
                self.out(f"h = h * 31 + {n}.n + {n}.a[5];", 1)
            elif t in self.STRUCTS:
                ft, f = r.choice(self.STRUCTS[t])
                self.out(f"h = h * 31 + (unsigned)to_u({n}.{f});", 1)
            elif r.random() < 0.6:
                self.out(f"h = h * 31 + (unsigned)to_u({n});", 1)
        self.out("return h;", 1)
        self.out("}")

    arrays = [("ga", "unsigned", 40), ("gp", "struct pair", 10), ("gs", "struct small", 20), ("q", "unsigned", 8),
              ("w", "struct pair", 4), ("la", "unsigned", 16), ("lb", "struct big", 3), ("ls", "struct small", 8)]

    def program(self):
        r = self.r
        self.counter = 100
        self.out('#include <lazy/lazy.h>\n#include <stdio.h>\n#include <string.h>')
        for s, fields in self.STRUCTS.items():
            extra = " unsigned a[12];" if s == "struct big" else ""
            self.out(f"{s} {{ {' '.join(f'{t} {f};' for t, f in fields)}{extra} }};")
        self.out("static unsigned g0 = 3, table[32], ga[40];\nstatic struct pair gp[10];\nstruct small gs[20];")
        self.out("static unsigned long to_u(double d) { return d > -1e15 && d < 1e15 ? (unsigned long)(long)d : 7; }")
        self.out("static unsigned hash(const void *p, unsigned long n) { const unsigned char *c = p; unsigned h = 0; "
                 "while (n--) h = h * 33 + *c++; return h; }")
        self.out('static void print_u(unsigned u) { printf("%u\\n", u + g0); }')
        for i in range(r.randint(2, 5)):
            self.lazy_leaf(i)
        for i in range(r.randint(1, 3)):
            self.lazy_inner(i)
        for i in range(r.randint(0, 2)):
            self.recursive(i)
        n = r.randint(2, 5)
        for i in range(n):
            self.plain_function(i)
        self.out("int main(void) {")
        self.out("for (unsigned i = 0; i < 32; i++) table[i] = i * i;", 1)
        self.out("for (unsigned round = 0; round < 3; round++) {", 1)
        for i in range(n):
            q = r.choice(["ga", "ga + 5", "table", "ga + 9", "table + 20"])
            w = r.choice(["gp", "gp + 3"])
            self.out(f'printf("plain{i} %u\\n", plain{i}(round + {r.randint(0, 9)}, round * 1.25, {q}, {w}));', 2)
        for name, t in getattr(self, "starts", []):
            field = {"struct pair": ".x", "struct big": ".n"}.get(t, "")
            start = f"({t}){{.{self.STRUCTS[t][0][1]} = round}}" if t in self.STRUCTS else f"({t})round"
            self.out(f'printf("{name} %lu\\n", (unsigned long){name}({start}){field});', 2)
        self.out("}", 1)
        self.out('printf("%u %u %u", g0, hash(table, sizeof table), hash(ga, sizeof ga));', 1)
        self.out('for (int i = 0; i < 10; i++) printf(" %lu %a", gp[i].x, gp[i].y);', 1)
        self.out('printf(" %u\\n", hash(gs, sizeof gs));', 1)
        self.out("return g0 & 63;", 1)
        self.out("}")
        return "\n".join(self.lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(Generator(int(sys.argv[1])).program())
