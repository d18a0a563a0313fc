"""fingerprints.py - which edits of a program change the fingerprint of a function, and which do not?

Usage: fingerprints.py --clang CLANG --plugin PLUGIN --include DIR --scratch DIR

1. Compile PROGRAM as it is, and once for each row of EDITS: texts replaced by others, and flags.
2. Compare what the descriptor of `f` holds, the fingerprint and the list of externals: the same, or not, as the row
   says.  Each edit is made at -O0 and at -O2.

Exit status: 0 all as the rows say, 1 a difference.
"""
import argparse
import pathlib
import re
import subprocess
import sys

PROGRAM = r"""
#include <assert.h>
#include <lazy/lazy.h>
#include <math.h>
#include <string.h>
#define WEIGHT 3
struct pair { int first; double second; };
extern double elsewhere(double);
extern const double weights[4];
static const double table[4] = {1, 2, 3, 4};
static const struct { const char *name; const double *from; } named = {"abc", table};
static int counted[2] = {7, 8}, also[2] = {7, 8};
int shared[2] = {1, 2};
static int unrelated(int x) { return x + 1; }
static int even(int n);
static int odd(int n) { return n == 0 ? 0 : even(n - 1); }
static int even(int n) { return n == 0 ? 1 : odd(n - 1); }
static double twice(double x) { return 2 * x; }
static double thrice(double x) { return 3 * x; }
static double deep(double x) { return x * WEIGHT + 1; }
static double middle(double x) { assert(x < 1e9); return deep(x) - 1; }
static double pick(double x, int n) { return (n & 1 ? twice : thrice)(x); }
static double reads(int i) { return counted[i & 1] + shared[i & 1]; }
static double more(int i) { return counted[i & 1]; }
static double of(const struct pair *p) { return p->first + p->second; }
LAZY LAZY_CACHED LAZY_TRUSTED double f(LAZY_IN(n) const double *p, int n) {
  double sum = 0;
  struct pair here = {n, sum};
  for (int i = 0; i < n; i++) {
    double x = p[i] * table[i & 3] + (float)i / 3;
    sum += middle(x) + pick(x, i) + of(&here);
    sum += even(i) + sin(x) + elsewhere(x) + weights[i & 3] + reads(i) + more(i);
    if (strlen(named.name) > x)
      return named.from[1];
    __asm__ volatile("nop # %0" : : "r"(i));
  }
  return sum;
}
int g(int x) { double d[2] = {x, x}; also[0]++; return unrelated((int)f(d, 2)) + also[1]; }
"""

SAME, OTHER = True, False
EDITS = [
    # Nothing that a result follows from.
    (SAME, "comments", [("double sum = 0;", "double sum = 0; /* of all */\n\n")]),
    (SAME, "locals", [("sum", "total"), ("here", "there")]),
    (SAME, "parameters", [("even(int n) { return n == 0 ? 1 : odd(n - 1)", "even(int m) { return m == 0 ? 1 : odd(m - 1)")]),
    (SAME, "names of static functions", [("deep", "shallow"), ("odd", "uneven")]),
    (SAME, "names of types", [("struct pair", "struct couple")]),
    (SAME, "names of static variables", [("counted", "numbers"), ("table", "list"), ("named", "called")]),
    (SAME, "lines", [("#define WEIGHT", "\n\n\n#define WEIGHT"), ("  double sum", "\n  double sum")]),
    (SAME, "order", [("static double thrice(double x) { return 3 * x; }\n", ""),
                     ("static double twice", "static double thrice(double x) { return 3 * x; }\nstatic double twice")]),
    (SAME, "unrelated function", [("return x + 1;", "return x + 2;")]),
    (SAME, "another function", [("int g(int x)", "int h(int x) { return x; }\nint g(int x)")]),
    (SAME, "another string", [("int g(int x) {", 'const char *h(void) { return "h"; }\nint g(int x) {')]),
    (SAME, "unrelated variable", [("also[2] = {7, 8}", "also[2] = {7, 9}")]),
    (SAME, "declaration", [("extern double elsewhere", "extern int nothing(void);\nextern double elsewhere")]),
    (SAME, "caller", [("double d[2] = {x, x};", "double d[2] = {x, 2 * x};")]),
    (SAME, "macro that is not used", [("#define WEIGHT", "#define HEIGHT 9\n#define WEIGHT")]),
    (SAME, "text of an assertion", [("assert(x < 1e9)", "assert( x < 1000000000. )")]),
    (SAME, "what a variable is at first", [("shared[2] = {1, 2}", "shared[2] = {3, 4}")]),
    (SAME, "debug information", [], ["-g"]),
    (SAME, "debug information for macros", [], ["-g3", "-gdwarf-4"]),
    (SAME, "warnings", [], ["-w"]),
    (SAME, "macro of the command line", [], ["-DOTHER"]),
    (SAME, "no TBAA", [], ["-fno-strict-aliasing"]),
    # The function, and what it says of its memory.
    (OTHER, "constant", [("double sum = 0;", "double sum = 1;")]),
    (OTHER, "operator", [("p[i] * table", "p[i] + table")]),
    (OTHER, "condition", [("i < n; i++", "i <= n; i++")]),
    (OTHER, "type", [("(float)i / 3", "(double)i / 3")]),
    (OTHER, "float", [("(float)i / 3", "(float)i / 3.0000002f")]),
    (OTHER, "order of additions", [("middle(x) + pick(x, i) + of(&here)", "middle(x) + (pick(x, i) + of(&here))")]),
    (OTHER, "extent", [("LAZY_IN(n) const", "LAZY_IN(n + 1) const")]),
    (OTHER, "direction", [("LAZY_IN(n) const double", "LAZY_INOUT(n) double")]),
    (OTHER, "rows", [("LAZY_IN(n) const", "LAZY_IN(n, 1, 1) const")]),
    (OTHER, "assembly", [("nop #", "nop; nop #")]),
    # What it calls and reads.
    (OTHER, "callee", [("return deep(x) - 1;", "return deep(x) - 2;")]),
    (OTHER, "callee's callee", [("x * WEIGHT + 1", "x * WEIGHT + 2")]),
    (OTHER, "macro", [("#define WEIGHT 3", "#define WEIGHT 4")]),
    (OTHER, "assertion", [("assert(x < 1e9)", "assert(x < 2e9)")]),
    (OTHER, "no assertions", [], ["-DNDEBUG"]),
    (OTHER, "mutual recursion", [("n == 0 ? 0 : even(n - 1)", "n == 0 ? 0 : even(n - 3)")]),
    (OTHER, "shape of recursion", [("n == 0 ? 0 : even(n - 1)", "n == 0 ? 0 : odd(n - 1)")]),
    (OTHER, "function pointer", [("return 3 * x;", "return 4 * x;")]),
    (OTHER, "which function pointer", [("(n & 1 ? twice : thrice)", "(n & 1 ? thrice : twice)")]),
    (OTHER, "layout", [("int first; double second;", "double second; int first;")]),
    (OTHER, "member", [("int first; double second;", "int first; int more; float second;")]),
    (OTHER, "constant table", [("{1, 2, 3, 4}", "{1, 2, 3, 5}")]),
    (OTHER, "text", [('"abc"', '"abd"')]),
    (OTHER, "constant behind a pointer", [('{"abc", table}', '{"abc", table + 1}')]),
    (OTHER, "which variable", [("more(int i) { return counted", "more(int i) { return also")]),
    (OTHER, "size of a variable", [("shared[2] = {1, 2}", "shared[3] = {1, 2}")]),
    (OTHER, "name of a variable others see", [("shared", "common")]),
    (OTHER, "function elsewhere", [("elsewhere", "somewhere")]),
    (OTHER, "library function", [("sin(x)", "cos(x)")]),
    (OTHER, "variant of a library function", [("sin(x)", "sinf(x)")]),
    # How it is compiled.
    (OTHER, "fast math", [], ["-ffast-math"]),
    (OTHER, "no contraction", [], ["-ffp-contract=off"]),
    (OTHER, "all contraction", [], ["-ffp-contract=fast"]),
    (OTHER, "strict floating point", [], ["-ffp-model=strict"]),
    (OTHER, "processor", [], ["-march=x86-64-v3"]),
    (OTHER, "signed overflow", [], ["-fwrapv"]),
    (OTHER, "long double", [], ["-mlong-double-64"], [("double sum", "long double sum")]),
    (OTHER, "level", [], ["-O1"]),
    (OTHER, "size", [], ["-Os"]),
]


class Compiler:
    def __init__(self, options):
        self.options = options
        self.count = 0

    def fingerprint(self, text, flags, folder="."):
        """The constants of f's descriptor: its fingerprint, and the names of its externals."""
        self.count += 1
        source = self.options.scratch / folder / f"{self.count}.c"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text)
        command = [self.options.clang, f"-fplugin={self.options.plugin}", "-fplugin-arg-lazypass-check=off", "-w",
                   f"-I{self.options.include}", "-S", "-emit-llvm", "-o", "-", *flags, str(source)]
        ir = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = re.search(r"^@lazy\.function\.f = .*\[2 x i64\] \[i64 (-?\d+), i64 (-?\d+)\]", ir, re.M)
        listed = re.search(r"^@lazy\.externals\.f = (.*)", ir, re.M)
        if not found or found.groups() == ("0", "0"):
            sys.exit(f"{source}: f has no fingerprint")
        return found.groups(), re.findall(r"__lazy_code_(\w+)", listed.group(1)) if listed else []


def edited(replacements):
    text = PROGRAM
    for old, new in replacements:
        whole = r"\b%s\b" if old.isidentifier() else "%s"
        text, count = re.subn(whole % re.escape(old), lambda _: new, text)
        if not count:
            sys.exit(f"the program has no '{old}'")
    return text


def main():
    parser = argparse.ArgumentParser()
    for name in "clang", "plugin", "include":
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--scratch", required=True, type=pathlib.Path)
    compiler = Compiler(parser.parse_args())
    wrong, levels = 0, {}
    for level in "-O0", "-O2":
        plain = levels[level] = compiler.fingerprint(PROGRAM, [level])
        if plain[1] != ["sin", "elsewhere", "weights"]:
            print(f"{level}: externals {plain[1]}")
            wrong += 1
        if compiler.fingerprint(PROGRAM, [level], "another/folder") != plain:
            print(f"{level}: another folder: other than before")
            wrong += 1
        for same, name, replacements, *rest in EDITS:
            flags = rest[0] if rest else []
            now = compiler.fingerprint(edited(replacements), [level, *flags])
            before = compiler.fingerprint(edited(rest[1]), [level]) if len(rest) > 1 else plain
            if len(rest) > 1:
                now = compiler.fingerprint(edited(rest[1]), [level, *flags])
            if (now == before) != same:
                print(f"{level}: {name}: {'other than' if same else 'same as'} before")
                wrong += 1
    if levels["-O0"] == levels["-O2"]:
        print("-O0 and -O2 have the same fingerprint")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
