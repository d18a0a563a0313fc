"""fingerprints.py - does a function's fingerprint follow what runs, wherever that comes from?

Usage: fingerprints.py --clang CLANG --plugin PLUGIN --include DIR --library DIR --scratch DIR

1. Build a program whose lazy function calls helpers that are elsewhere: in another object or in a shared library, of a
   module that tells of its code (fingerprints), or of one that does not (plain).
2. The program prints the fingerprint (print.c: liblazy.a, with one of its functions wrapped).
3. Edit something, build and run again, and compare.

Exit status: 0 all as it should be, 1 not.
"""
import argparse
import os
import pathlib
import subprocess
import sys

MAIN = """
#include <lazy/lazy.h>
#include <stdio.h>
extern __attribute__((const)) double helper(double);
extern const double weights[3];
double back(double x) { return x < 0 ? helper(-x) : x; }
LAZY LAZY_CACHED LAZY_TRUSTED static double f(double x, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += helper(x + i) + weights[i % 3];
  return sum;
}
int main(int argc, char **argv) {
  (void)argv;
  fprintf(stderr, "%g\\n", f(argc, 100));
  return 0;
}
"""
HELPER = """
extern double back(double);
double deep(double);
static double own(double x) { return x * 2; }
int unrelated(int x) { return x + 1; }
double helper(double x) { return x > 1e9 ? back(x) : own(x) + deep(x); }
const double weights[3] = {1, 2, 3};
"""
DEEP = """
#include <math.h>
double deep(double x) { return sin(x) + 1; }
double nobody(double x) { return x; }
"""
PRINT = """
#include <lazy/abi.h>
#include <stdbool.h>
#include <stdio.h>
bool lz_fingerprint(const struct lazy_function *function, uint64_t out[2], const char **why_not);
void __real___lazy_attach(struct lazy_module *module);
void __wrap___lazy_attach(struct lazy_module *module) {
  uint64_t print[2];
  const char *why;
  for (uint64_t i = 0; i < module->cached_count; i++)
    if (lz_fingerprint(module->cached[i]->function, print, &why))
      printf("%016llx%016llx\\n", (unsigned long long)print[0], (unsigned long long)print[1]);
    else
      printf("not known: %s\\n", why);
  __real___lazy_attach(module);
}
"""
HELPER_ALIKE = "double helper(double x) { return x * 2; }"


class Builder:
    def __init__(self, options):
        self.options = options
        self.scratch = options.scratch.resolve()
        self.wrong = 0
        (self.scratch / "print.c").write_text(PRINT)
        self.run([options.clang, "-O1", f"-I{options.include}", "-c", "print.c", "-o", "print.o"])

    def run(self, command, **variables):
        done = subprocess.run(command, cwd=self.scratch, capture_output=True, text=True, timeout=120,
                              env={**os.environ, **variables})
        if done.returncode:
            sys.exit(f"{' '.join(command)}\n{done.stderr}")
        return done.stdout

    def compile(self, name, text, how, flags):
        (self.scratch / f"{name}.c").write_text(text)
        plugin = {"plain": [], "lazy": [f"-fplugin={self.options.plugin}", "-fplugin-arg-lazypass-check=off"],
                  "told": [f"-fplugin={self.options.plugin}", "-fplugin-arg-lazypass-fingerprints"]}[how]
        self.run([self.options.clang, "-O1", "-w", *plugin, f"-I{self.options.include}", "-c", f"{name}.c", *flags, "-o",
                  f"{name}.o"])
        return f"{name}.o"

    def build(self, how="told", kind="objects", edits=(), flags=(), link=(), order=1, build_id="sha1"):
        """Makes the program: helper.o and deep.o are part of it, or of a library each."""
        texts = {"main": MAIN, "helper": HELPER, "deep": DEEP}
        for name, old, new in edits:
            assert old in texts[name], old
            texts[name] = texts[name].replace(old, new)
        position = ["-fPIC"] if kind == "libraries" else []
        id_flag = f"-Wl,--build-id={build_id}"
        parts = [self.compile(name, texts[name], how, [*flags, *position]) for name in ("helper", "deep")]
        if kind == "libraries":
            for part in parts:
                self.run([self.options.clang, "-shared", part, id_flag, "-o", f"lib{part[:-2]}.so", "-lm", *link])
            parts = ["-L.", *[f"-l{part[:-2]}" for part in parts][::order], "-Wl,-rpath," + str(self.scratch)]
        main = self.compile("main", texts["main"], "lazy", flags)
        self.run([self.options.clang, main, "print.o", *parts[::1 if kind == "libraries" else order], id_flag, "-o", "program",
                  "-Wl,--wrap=__lazy_attach", "-rdynamic", f"{self.options.library}/liblazy.a", "-llmdb", "-lm", "-lpthread",
                  *flags, *link])

    def print(self, **variables):
        printed = self.run(["./program"], **variables).split()
        if len(printed) != 1:
            print(f"printed: {' '.join(printed)}")
            self.wrong += 1
        return printed

    def expect(self, same, what, before, now):
        if (before == now) != same:
            print(f"{what}: {'other than' if same else 'same as'} before")
            self.wrong += 1


SAME, OTHER = True, False
ELSEWHERE = [
    (OTHER, "function", [("helper", "x > 1e9", "x > 2e9")]),
    (OTHER, "its callee", [("helper", "x * 2", "x * 3")]),
    (OTHER, "callee of another module", [("deep", "sin(x) + 1", "sin(x) + 2")]),
    (OTHER, "library function", [("deep", "sin(x)", "cos(x)")]),
    (OTHER, "ring of modules", [("main", "x < 0 ? helper", "x < 1 ? helper")]),
    (OTHER, "table", [("helper", "{1, 2, 3}", "{1, 2, 4}")]),
    (OTHER, "the function itself", [("main", "x + i", "x - i")]),
]
UNRELATED = [
    ("unrelated function", [("helper", "return x + 1", "return x + 2")]),
    ("unrelated function of another module", [("deep", "{ return x; }", "{ return 2 * x; }")]),
    ("names", [("helper", "own", "mine")]),
    ("caller", [("main", "%g\\n", "%f\\n")]),
]


def main():
    parser = argparse.ArgumentParser()
    for name in "clang", "plugin", "include", "library":
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--scratch", required=True, type=pathlib.Path)
    b = Builder(parser.parse_args())
    for kind in "objects", "libraries":
        for how in "told", "plain":
            case = f"{how} {kind}"
            b.build(how, kind)
            before = b.print()
            b.expect(SAME, f"{case}: another run", before, b.print())
            b.build(how, kind)
            b.expect(SAME, f"{case}: another build", before, b.print())
            for same, what, edits in ELSEWHERE:
                b.build(how, kind, edits)
                b.expect(same, f"{case}: {what}", before, b.print())
            # Who tells nothing is known as a whole only, with all that it calls: here, the program is part of that.
            for what, edits in UNRELATED:
                b.build(how, kind, edits)
                if how == "told" or what != "names":
                    b.expect(how == "told", f"{case}: {what}", before, b.print())

    # In whichever order they are loaded; and without a build id, by the file.
    for how in "told", "plain":
        b.build(how, "libraries")
        before = b.print()
        b.build(how, "libraries", order=-1)
        if how == "told":
            b.expect(SAME, f"{how}: order of libraries", before, b.print())
        b.build(how, "libraries", build_id="none")
        before = b.print()
        b.expect(SAME, f"{how}: another run without build id", before, b.print())
        b.build(how, "libraries", [("deep", "sin(x) + 1", "sin(x) + 2")], build_id="none")
        b.expect(OTHER, f"{how}: without build id", before, b.print())

    # Somebody else's function comes first: of a module that tells nothing.
    b.build("told", "libraries")
    before = b.print()
    (b.scratch / "alike.c").write_text(HELPER_ALIKE)
    b.run([b.options.clang, "-O1", "-shared", "-fPIC", "alike.c", "-o", "alike.so"])
    b.expect(OTHER, "LD_PRELOAD", before, b.print(LD_PRELOAD="./alike.so"))

    # In every way to link.
    for flags, link in [(["-fno-pic"], ["-no-pie"]), ([], ["-static"]), (["-flto"], []),
                        (["-fvisibility=hidden"], []), (["-ffunction-sections", "-fdata-sections"], ["-Wl,--gc-sections"]),
                        (["-O2", "-mcmodel=large"], []), (["-g"], []), ([], ["-Wl,-z,now"]), ([], ["-Wl,--hash-style=sysv"])]:
        way = " ".join(flags + link)
        b.build(flags=flags, link=link)
        before = b.print()
        b.build(flags=flags, link=link, edits=UNRELATED[0][1])
        if "-static" not in link:  # libm is part of the program then
            b.expect(SAME, f"{way}: unrelated function", before, b.print())
        b.build(flags=flags, link=link, edits=ELSEWHERE[1][2])
        b.expect(OTHER, f"{way}: callee", before, b.print())
    return 1 if b.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
