"""staleness.py - are results that were kept used again exactly if the same code would compute them?

Usage: staleness.py --clang CLANG --plugin PLUGIN --include DIR --library DIR --scratch DIR

1. Build a program of a file with lazy functions, a second file, and a shared library; run it with a cache.
2. Edit something, build and run again: which functions are computed anew?
3. Compare that with what the edit touches, and the output with that of a run without a cache.
4. Run another program that has one of the functions, too.

Exit status: 0 all as it should be, 1 not.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

FILES = {
    "main.c": """
#include <lazy/lazy.h>
#include <stdio.h>
#define SCALE 3
struct point {
  double x, y;
};
static const double table[4] = {1, 2, 3, 4};
extern __attribute__((const)) double elsewhere(double x);
extern __attribute__((const)) double shared(double x);
static double deep(double x) { return x * 0.25 + 1; }
static double callee(double x) { return deep(x) * x; }
LAZY LAZY_CACHED static double alone(int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += (double)i / (i + 1);
  return sum;
}
LAZY LAZY_CACHED static double calls(int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += callee(i);
  return sum;
}
LAZY LAZY_CACHED static double scaled(int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += i * SCALE;
  return sum;
}
LAZY LAZY_CACHED static double looks(int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += table[i % 4];
  return sum;
}
LAZY LAZY_CACHED static double farthest(LAZY_IN(n) const struct point *p, int n) {
  double most = 0;
  for (int i = 0; i < n; i++)
    most = p[i].x * p[i].x + p[i].y > most ? p[i].x * p[i].x + p[i].y : most;
  return most;
}
LAZY LAZY_CACHED LAZY_TRUSTED static double other(int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += elsewhere(i);
  return sum;
}
LAZY LAZY_CACHED LAZY_TRUSTED static double library(int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += shared(i);
  return sum;
}
LAZY LAZY_CACHED LAZY_SALT("1") static double salted(int n) { return n * 0.5; }
int main(void) {
  struct point p[3] = {{1, 2}, {3, 4}, {5, 6}};
  for (int n = 1; n < 4; n++)
    printf("%.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g\\n", alone(n * 100), calls(n * 100), scaled(n * 100),
           looks(n * 100), farthest(p, n), other(n * 100), library(n * 100), salted(n));
}
""",
    "other.c": """
static double helper(double x) { return x + 2; }
double elsewhere(double x) { return helper(x) * 3; }
double unrelated(double x) { return x; }
""",
    "library.c": "double shared(double x) { return x * 7; }\n",
}
ALL = {"alone", "calls", "scaled", "looks", "farthest", "other", "library", "salted"}

# What is edited, from what to what, and what is computed anew then.
EDITS = [
    ("nothing", "main.c", "", "", set()),
    ("a comment", "main.c", "static double deep", "/* deep */\n\nstatic double deep", set()),
    ("names of locals", "main.c", "most", "largest", set()),
    ("the name of a static function", "main.c", "callee", "called", set()),
    ("an unrelated function", "main.c", "int main", "int more(int x) { return x + 1; }\nint main", set()),
    ("the order of functions", "main.c", "static double deep(double x) { return x * 0.25 + 1; }\nstatic double callee(double x) { return deep(x) * x; }",
     "static double deep(double x);\nstatic double callee(double x) { return deep(x) * x; }\nstatic double deep(double x) { return x * 0.25 + 1; }", set()),
    ("an unrelated function elsewhere", "other.c", "return x; }", "return x + 1; }", set()),
    ("a body", "main.c", "(i + 1)", "(i + 2)", {"alone"}),
    ("a callee's callee", "main.c", "0.25", "0.5", {"calls"}),
    ("a callee", "main.c", "deep(x) * x", "deep(x) * x + x", {"calls"}),
    ("a macro", "main.c", "SCALE 3", "SCALE 4", {"scaled"}),
    ("a table", "main.c", "{1, 2, 3, 4}", "{1, 2, 3, 5}", {"looks"}),
    ("the layout of a struct", "main.c", "double x, y;", "double y, x;", {"farthest"}),
    ("another file", "other.c", "x + 2", "x + 3", {"other"}),
    ("a library", "library.c", "x * 7", "x * 8", {"library"}),
    ("a salt", "main.c", 'LAZY_SALT("1")', 'LAZY_SALT("2")', {"salted"}),
]
FLAGS = [
    ("-g", ["-g"], set()),
    ("a macro of no use", ["-DUNUSED=1"], set()),
    ("fast floating point", ["-ffast-math"], ALL),
    ("contraction", ["-ffp-contract=fast"], None),
    ("the processor", ["-march=x86-64-v3"] if os.uname().machine == "x86_64" else ["-mcpu=cortex-a72"], ALL),
]


class Program:
    def __init__(self, options):
        self.options = options
        self.scratch = options.scratch.resolve()
        self.wrong = 0
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)

    def run(self, command, **variables):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LAZY")}
        done = subprocess.run(command, cwd=self.scratch, capture_output=True, text=True, timeout=300,
                              env={**environment, **variables})
        if done.returncode:
            sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
        return done

    def build(self, files, flags=()):
        for name, text in files.items():
            (self.scratch / name).write_text(text)
        lazy = [f"-fplugin={self.options.plugin}", "-fplugin-arg-lazypass-fingerprints", f"-I{self.options.include}"]
        compile = [self.options.clang, "-O2", *flags, *lazy]
        self.run([self.options.clang, "-O2", "-shared", "-fPIC", "-Wl,--build-id", "library.c", "-o", "libshared.so"])
        self.run([*compile, "main.c", "other.c", "-o", "program", "-L.", "-lshared", "-Wl,-rpath,$ORIGIN",
                  f"-L{self.options.library}", "-llazy", f"-Wl,-rpath,{self.options.library}", "-lm"])

    def computed(self, cache):
        """Runs it; the functions that were computed, at least in part.  The output has to be right."""
        plain = self.run(["./program"], LAZY="serial")
        done = self.run(["./program"], LAZY_CACHE=str(cache), LAZY_STATS="1")
        if done.stdout != plain.stdout:
            print(f"  WRONG: {done.stdout!r} instead of {plain.stdout!r}")
            self.wrong += 1
        counts = re.findall(r"lazy: (\w+): \d+ calls, \d+ found, (\d+) computed", done.stderr)
        return {name for name, computed in counts if int(computed)}

    def expect(self, what, found, expected):
        good = expected is None or found == expected
        print(f"{'ok' if good else 'WRONG'}: {what}: {' '.join(sorted(found)) or 'nothing'} computed"
              + ("" if good else f", not {' '.join(sorted(expected)) or 'nothing'}"))
        self.wrong += not good


def main():
    parser = argparse.ArgumentParser()
    for name in ("clang", "plugin", "include", "library", "scratch"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    program = Program(parser.parse_args())
    cache = program.scratch / "cache"
    program.build(FILES)
    program.expect("the first run", program.computed(cache), ALL)
    program.expect("the second run", program.computed(cache), set())
    for what, name, old, new, expected in EDITS:
        assert old in FILES[name], what
        program.build({**FILES, name: FILES[name].replace(old, new)})
        program.expect(what, program.computed(cache), expected)
        program.expect(f"{what}, again", program.computed(cache), set())
    for what, flags, expected in FLAGS:
        program.build(FILES, flags)
        program.expect(what, program.computed(cache), expected)
    program.build(FILES)
    program.expect("all as at first", program.computed(cache), set())
    body = FILES["main.c"]
    start, end = body.index("LAZY LAZY_CACHED static double alone"), body.index("LAZY LAZY_CACHED static double calls")
    program.build({**FILES, "main.c": "#include <lazy/lazy.h>\n#include <stdio.h>\n" + body[start:end] +
                   "double mine(double x) { return x; }\nint main(void) { printf(\"%.17g\\n\", alone(200)); }\n"})
    program.expect("another program with the same function", program.computed(cache), set())
    sys.exit(program.wrong > 0)


main()
