"""programs.py - builds the benchmarks, and runs them: what bench.py and costs.py share.

1. A program is built in several kinds, all by the same compiler with -O2: plain, by lazypass, by hand with OpenMP
   (NAME_omp.c) and with oneTBB (NAME_tbb.cpp).
2. It runs with nothing in its environment that a user may have set for such programs.
3. A program measures itself, start of its threads included, and says so: "SECONDS RESULT" (measure.h).  Examples print
   what they compute and know no clock: they are measured from outside.
"""
import hashlib
import os
import pathlib
import re
import subprocess
import time

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
EXAMPLES = ROOT / "examples"
TRACER = EXAMPLES / "pathtracer"

EXAMPLE_SOURCES = {
    "pathtracer": TRACER / "pathtracer.c",
    "wordcount": EXAMPLES / "wordcount.c",
    "climate": EXAMPLES / "ancestors" / "climate.c",
    "compress": EXAMPLES / "compress.c",
}

# What else programs need: a header, without which their rows are left out, and how to link.
LIBRARIES = {"compress": ("zlib.h", "-lz")}

# Programs whose experts' versions are those of another one.
TWINS = {"nodes_wavefront": "wavefront"}


class Failure(Exception):
    """A program that does not compile, does not run or computes something else; the text says which."""


class Variant:
    """A column: how a program is built (kind), on how many threads it runs, and under which LAZY=."""

    def __init__(self, key, kind, title, threads, mode=None):
        self.key, self.kind, self.title, self.threads, self.mode = key, kind, title, threads, mode


def runnable(program):
    """Is the header there that the program needs?"""
    header = LIBRARIES.get(program, ("",))[0]
    return (pathlib.Path("/usr/include") / header).exists()


class Builder:
    def __init__(self, build):
        self.build, self.folder = build, build / "bench"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.cc = self.configured_clang()
        self.cxx = self.cc.with_name(self.cc.name.replace("clang", "clang++"))
        self.flags = ["-O2", f"-I{ROOT / 'include'}"]
        self.plugin = [f"-fplugin={build / 'lazypass.so'}"]
        self.library = [f"-L{build}", "-llazy", f"-Wl,-rpath,{build}"]
        self.measure = self.folder / "measure.o"
        self.run([str(self.cc), *self.flags, "-c", str(BENCH / "measure.c"), "-o", str(self.measure)])

    def configured_clang(self):
        """The clang that the build tree is for: the plugin loads into no other."""
        cache = self.build / "CMakeCache.txt"
        found = re.search(r"^LAZY_CLANG:\w+=(.+)$", cache.read_text(), re.M) if cache.exists() else None
        return pathlib.Path(found.group(1) if found else "/usr/bin/clang-22")

    def run(self, command):
        process = subprocess.run(command, capture_output=True, text=True)
        if process.returncode:
            raise Failure(f"does not compile: {' '.join(command)}\n{process.stderr}")

    def source(self, name, kind):
        if kind in ("omp", "tbb"):
            return BENCH / f"{TWINS.get(name, name)}_{kind}.{'c' if kind == 'omp' else 'cpp'}"
        return EXAMPLE_SOURCES.get(name, BENCH / f"{name}.c")

    def program(self, name, kind):
        """Builds a program as `kind`: serial, lazy, omp, tbb.  None if nobody has written it.  Programs whose calls are
        lowered by hand (nodes.h) need the library and no plugin, and are serial by LAZY=serial."""
        if name.startswith("nodes_") and kind in ("serial", "lazy"):
            kind = "lowered"
        output = self.folder / f"{name}-{kind}"
        source = self.source(name, kind)
        if not source.exists():
            return None
        command = [str(self.cxx if kind == "tbb" else self.cc), *self.flags]
        command += {"omp": ["-fopenmp"], "lazy": self.plugin}.get(kind, [])
        command += [str(source)] + ([] if name in EXAMPLE_SOURCES else [str(self.measure)])
        command += ["-o", str(output), "-lm", *LIBRARIES.get(name, ())[1:]]
        command += {"tbb": ["-ltbb"], "lazy": self.library, "lowered": self.library}.get(kind, [])
        self.run(command)
        return output


def clean_environment(threads, **more):
    environment = {k: v for k, v in os.environ.items() if k != "LAZY" and not k.startswith(("LAZY_", "OMP_", "KMP_"))}
    return {**environment, "OMP_NUM_THREADS": str(threads), **more}


def run_once(program, arguments, environment, has_clock=True):
    """Seconds (or what the program says instead), and a text that stands for all that it computed."""
    output = program.with_suffix(".out")
    command = [str(program), *(argument.format(output=output) for argument in arguments)]
    start = time.perf_counter()
    process = subprocess.run(command, capture_output=True, text=True, env=environment)
    elapsed = time.perf_counter() - start
    if process.returncode:
        raise Failure(f"status {process.returncode}: {' '.join(command)}\n{process.stderr}")
    if has_clock:
        seconds, result = process.stdout.split()
        return float(seconds), result
    computed = hashlib.sha256(process.stdout.encode())
    if output.exists():
        computed.update(output.read_bytes())
        output.unlink()
    return elapsed, computed.hexdigest()


def measure_row(row, builder, variants, runs, complain):
    """Seconds of each round, by key of variant.  Without the first, which is the serial one, there is no row."""
    name, program, arguments = row[:3]
    programs, result, times = {}, None, {}
    for variant in variants:
        try:
            built = builder.program(program, variant.kind)
            if built:
                programs[variant] = built
        except Failure as failure:
            complain(f"{name}, {variant.title}: {failure}")
            if variant is variants[0]:
                return {}
    for turn in range(runs):
        order = list(programs.items())
        first = turn % max(len(order), 1)
        for variant, built in order[first:] + order[:first]:
            environment = clean_environment(variant.threads, **({"LAZY": variant.mode} if variant.mode else {}))
            try:
                seconds, computed = run_once(built, arguments, environment, program not in EXAMPLE_SOURCES)
                times.setdefault(variant.key, []).append(seconds)
                result = result or computed
                if computed != result:
                    raise Failure(f"COMPUTES SOMETHING ELSE: {computed}, the serial program {result}")
            except Failure as failure:
                complain(f"{name}, {variant.title}: {failure}")
                times.pop(variant.key, None)
                del programs[variant]
                if variant is variants[0]:
                    return {}
    return times
