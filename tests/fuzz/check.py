"""check.py - one program, plain and lazy; shared by run, csmith-run and reduce.

1. Compile it plain, and lazily at two random levels of -O; the objects of each level are linked with the mock runtime of
   tests/ir and with liblazy.  Now and then functions of a few instructions are left alone, as they are for users, and
   now and then the second level is built under AddressSanitizer with UBSan, or under ThreadSanitizer.
2. Run the plain program; then the lazy ones on the mock (no reference may be lost) with and without batches, and on
   liblazy, on a random number of threads, with LAZY=defer and LAZY=auto, with results kept in memory, and in a file.
3. Output and exit status must be those of the plain one.
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# A program may take this long before it counts as hanging; it is no measure of speed.
HANG = 600

# The plugin comes first in the pipeline and costs little of it: mostly, the passes behind it are left out.
PLUGIN_ONLY = ("-mllvm", "-opt-bisect-limit=0")
LEVELS = [("-O0",)] * 4 + [("-O1", *PLUGIN_ONLY)] * 4 + [("-O2", *PLUGIN_ONLY)] + [("-O1",), ("-O2",), ("-O3",), ("-Os",)]
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
SANITIZERS = [SANITIZE, ["-fsanitize=thread"]]
RUNTIMES = {"address": "tests/liblazy-asan.a", "thread": "tests/liblazy-tsan.a"}
# libomp is not instrumented, so what it does to its own memory must not count as a race; threads live until the end.
TSAN_OPTIONS = "ignore_noninstrumented_modules=1 report_thread_leaks=0"


class Wrong(Exception):
    """What is wrong with a program, and with which flags of the compiler."""

    def __init__(self, what, flags=()):
        super().__init__(what)
        self.flags = list(flags)


class Unfit(Exception):
    """The program itself is of no use."""


class Check:
    """The program in a folder."""

    def __init__(self, options, folder, sources, flags=()):
        self.clang, self.build = options.clang, pathlib.Path(options.build).resolve()
        self.folder, self.sources, self.flags = folder, sources, list(flags)
        self.plugin = f"-fplugin={self.build / 'lazypass.so'}"

    def compile(self, flags, *command):
        # x * y + z that clang happens to know at compile time it rounds once, at run time (without FMA) twice: the plain
        # program alone has two answers.
        always = ["-w", "-ffp-contract=off", f"-I{ROOT / 'include'}"]
        done = subprocess.run([self.clang, *always, *self.flags, *flags, *map(str, command)],
                              capture_output=True, text=True, cwd=self.folder)
        if done.returncode:
            raise Wrong(f"does not compile: {done.stderr[:800]}", flags)

    def run(self, name, hang=HANG, **setting):
        return subprocess.run([self.folder / name], capture_output=True, timeout=hang,
                              env={**os.environ, "TSAN_OPTIONS": TSAN_OPTIONS, **setting})

    def plain(self, *flags, hang=HANG):
        self.compile(flags, *self.sources, "-o", "plain")
        try:
            self.right = self.run("plain", hang)
        except subprocess.TimeoutExpired:
            raise Unfit from None
        return self.right

    def same(self, flags, name, setting):
        try:
            got = self.run(name, **setting)
        except subprocess.TimeoutExpired:
            raise Wrong(f"{name} {setting}: hangs", flags) from None
        if got.stdout != self.right.stdout or got.returncode != self.right.returncode:
            raise Wrong(f"{name} {setting}: another answer (status {got.returncode}, plain {self.right.returncode}) "
                        f"{got.stderr.decode(errors='replace')[:300]}", flags)
        if name == "mock" and got.stderr and b"leaked 0" not in got.stderr:
            raise Wrong(f"mock {setting}: {got.stderr.decode(errors='replace')}", flags)

    def lazy(self, flags, choose):
        """Lazily, with these flags."""
        sanitized = next((s for s in RUNTIMES if any(f"sanitize={s}" in flag for flag in flags)), None)
        self.compile([self.plugin, *flags], "-c", *self.sources)
        objects = [f"{pathlib.Path(s).stem}.o" for s in self.sources]
        library = [self.build / RUNTIMES[sanitized], "-lomp", "-llmdb", "-lpthread"] if sanitized else \
            [f"-L{self.build}", "-llazy", f"-Wl,-rpath,{self.build}"]
        self.compile([f for f in flags if "sanitize" in f], *objects, *library, "-o", "lazy")
        if not sanitized:
            self.compile([], *objects, ROOT / "tests/ir/Inputs/mock.c", "-o", "mock")
            for setting in {}, {"MOCK_BATCHES": "1"}:
                self.same(flags, "mock", setting)
        kept = str(pathlib.Path(self.folder) / "kept")  # from run to run, and from one level to the other
        for mode, cache in ("defer", "off"), ("auto", "off"), ("auto", "memory"), ("auto", kept), ("auto", kept):
            self.same(flags, "lazy", {"LAZY": mode, "LAZY_CACHE": cache, "OMP_NUM_THREADS": choose.choice("1248")})

    def all(self, choose):
        first = choose.choice(LEVELS)
        second = choose.choice([level for level in LEVELS if level != first])
        small = [] if choose.random() < 0.5 else ["-fplugin-arg-lazypass-defer-small", "-fplugin-arg-lazypass-cache-short"]
        self.lazy([*first, *small], choose)
        self.lazy([*second, *small, *(choose.choice(SANITIZERS) if choose.random() < 0.1 else [])], choose)


def parser(what):
    p = argparse.ArgumentParser(description=what)
    p.add_argument("--clang", required=True)
    p.add_argument("--build", required=True)
    return p


def parse_many(p, count):
    p.add_argument("--first", type=int, default=1)
    p.add_argument("--count", type=int, default=count)
    p.add_argument("--jobs", type=int, default=os.cpu_count())
    p.add_argument("--scratch")
    return p.parse_args()


def many(options, one):
    """one(seed, folder) for all seeds; it returns a number to add up.  Prints failures; (numbers, failures)."""
    scratch = pathlib.Path(options.scratch or tempfile.mkdtemp(prefix="lazy-fuzz."))

    def guarded(seed):
        folder = scratch / str(seed)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            number = one(seed, folder)
        except Wrong as wrong:
            print(f"seed {seed}: {' '.join(wrong.flags)}: {wrong}; see {folder}", flush=True)
            return 0, 1
        except Unfit:
            number = 0
        shutil.rmtree(folder)
        return number, 0

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(guarded, range(options.first, options.first + options.count)))
    failures = sum(failed for _, failed in results)
    if not failures:
        shutil.rmtree(scratch, ignore_errors=True)
    return sum(number for number, _ in results), failures


def random_of(seed):
    return random.Random(f"check {seed}")
