#!/usr/bin/env python3
"""bench.py - one table: how fast lazypass makes serial programs, beside what experts get by hand.

Usage: bench.py --build=DIR [--json] [--save] [--runs=N] [--threads=N] [--list] [NAME]...

  --build=DIR  the build tree with lazypass.so and liblazy.so; programs are built in DIR/bench
  --json       print JSON instead of the table
  --save       keep the table, too, as bench/history/YYYY-MM-DD.md
  --runs=N     rounds a row (default 7)
  --threads=N  threads of the parallel programs (default: the number of cores)
  --list       print the names of the rows
  NAME         only rows whose name starts so

1. Build each program anew, all by the same compiler with -O2: plain, by lazypass, by hand with OpenMP (NAME_omp.c) and,
   for some, with oneTBB (NAME_tbb.cpp).
2. A round runs every variant of a row once, one after the other, so that what disturbs the machine disturbs them all.
   A program measures itself (measure.h), start of its threads included; examples are measured from outside.
3. Times are medians over the rounds; a factor is the median of the factors of the rounds, serial time by its own: above
   1 is faster than the serial program.
4. All variants must compute the same.  One that does not is named, and makes the exit status 1.

Given up: precision.  On a shared machine, differences below 1.3 mean little.
"""
import argparse
import datetime
import hashlib
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
EXAMPLES = ROOT / "examples"
TRACER = EXAMPLES / "pathtracer"

# Programs that are examples: they print what they compute, and know no clock.
EXAMPLE_SOURCES = {
    "pathtracer": TRACER / "pathtracer.c",
    "wordcount": EXAMPLES / "wordcount.c",
    "climate": EXAMPLES / "ancestors" / "climate.c",
    "compress": EXAMPLES / "compress.c",
}

# What else programs need: a header, without which their rows are left out, and how to link.
LIBRARIES = {"compress": ("zlib.h", "-lz")}

# Name of the row, program, arguments.  A round of load (measure.h) takes about 2 ns: see the serial times.
ROWS = [
    ("fib32", "fib", ["32"]),
    ("fib40", "fib", ["40"]),
    ("nqueens12", "nqueens", ["12"]),
    ("nqueens14", "nqueens", ["14"]),
    ("tree1us", "tree", ["19", "480"]),
    ("fan20ns", "fan", ["3000000", "16"]),
    ("fan100ns", "fan", ["1000000", "64"]),
    ("fan1us", "fan", ["200000", "480"]),
    ("fan10us", "fan", ["20000", "4800"]),
    ("fan100us", "fan", ["2000", "48000"]),
    ("sum10us", "sum3", ["10000", "4800"]),
    ("sum100us", "sum3", ["1000", "48000"]),
    ("mandelbrot", "mandelbrot", ["600", "1000"]),
    ("mergesort2e6", "mergesort", ["2000000"]),
    ("quicksort5e6", "quicksort", ["5000000"]),
    ("heat1000", "heat", ["1000", "100"]),
    ("seidel1500", "seidel", ["1500", "25"]),
    ("bodies1500", "bodies", ["1500", "20"]),
    ("images3000", "images", ["3000", "6"]),
    ("wordcount16", "wordcount", ["16"]),
    ("climate5000", "climate", ["5000"]),
    ("compress2", "compress", ["2", "{output}"]),
    ("kmeans5e5", "kmeans", ["500000", "10"]),
    ("lu16x64", "lu", ["16", "64"]),
    ("cholesky28", "cholesky", ["28"]),
    ("sparselu24x64", "sparselu", ["24", "64"]),
    ("strassen1024", "strassen", ["1024"]),
    ("fft1e6", "fft", ["1000000"]),
    ("align12000", "align", ["12000"]),
    ("pathtracer", "pathtracer", [str(TRACER / "cornell.scene"), "{output}", "320", "180"]),
]


class Failure(Exception):
    """A program that does not compile, does not run or computes something else; the text says which."""


class Variant:
    """A column: how a program is built (kind), and on how many threads it runs."""

    def __init__(self, key, kind, title, threads):
        self.key, self.kind, self.title, self.threads = key, kind, title, threads


def parse_arguments():
    parser = argparse.ArgumentParser(usage=__doc__.split("Usage: ")[1].splitlines()[0], add_help=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        sys.exit(0)
    if options.list:
        print("\n".join(name for name, _, _ in ROWS))
        sys.exit(0)
    for name in options.names:
        if not any(row[0].startswith(name) for row in ROWS):
            parser.error(f"no row starts with '{name}'; --list prints their names")
    if not options.build or options.runs < 1 or options.threads < 1:
        parser.error("--build is needed; --runs and --threads are 1 or more")
    options.build = options.build.resolve()
    return options


# ---- building ----


class Builder:
    def __init__(self, build):
        self.build, self.folder = build, build / "bench"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.cc = self.configured_clang()
        self.cxx = self.cc.with_name(self.cc.name.replace("clang", "clang++"))
        self.flags = ["-O2", f"-I{ROOT / 'include'}"]
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

    def program(self, name, kind):
        """Builds variant `kind` of a program; None if nobody has written it."""
        output = self.folder / f"{name}-{kind}"
        source = BENCH / {"omp": f"{name}_omp.c", "tbb": f"{name}_tbb.cpp"}.get(kind, f"{name}.c")
        if kind in ("serial", "lazy"):
            source = EXAMPLE_SOURCES.get(name, source)
        if not source.exists():
            return None
        command = [str(self.cxx if kind == "tbb" else self.cc), *self.flags]
        if kind == "omp":
            command += ["-fopenmp"]
        if kind == "lazy":
            command += [f"-fplugin={self.build / 'lazypass.so'}"]
        command += [str(source)] + ([] if name in EXAMPLE_SOURCES else [str(self.measure)])
        command += ["-o", str(output), "-lm", *LIBRARIES.get(name, ())[1:]]
        if kind == "lazy":
            command += [f"-L{self.build}", "-llazy", f"-Wl,-rpath,{self.build}"]
        if kind == "tbb":
            command += ["-ltbb"]
        self.run(command)
        return output


# ---- running ----


def run_once(program, arguments, threads, has_clock):
    """Seconds, and a text that stands for all that the program computed."""
    environment = {k: v for k, v in os.environ.items() if k != "LAZY" and not k.startswith(("LAZY_", "OMP_", "KMP_"))}
    environment["OMP_NUM_THREADS"] = str(threads)
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
    """Seconds of each round, by key of variant."""
    name, program, arguments = row
    programs, results, times = {}, {}, {}
    for variant in variants:
        try:
            built = builder.program(program, variant.kind)
            if built:
                programs[variant] = built
        except Failure as failure:
            complain(f"{name}, {variant.title}: {failure}")
            if variant.kind == "serial":
                return {}
    for _ in range(runs):
        for variant, built in list(programs.items()):
            try:
                seconds, result = run_once(built, arguments, variant.threads, program not in EXAMPLE_SOURCES)
                times.setdefault(variant.key, []).append(seconds)
                if results.setdefault("serial", result) != result:
                    raise Failure(f"COMPUTES SOMETHING ELSE: {result}, the serial program {results['serial']}")
            except Failure as failure:
                complain(f"{name}, {variant.title}: {failure}")
                times.pop(variant.key, None)
                del programs[variant]
                if variant.kind == "serial":
                    return {}
    return times


# ---- the report ----


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0].strip()
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "unknown"


def tbb_version():
    header = pathlib.Path("/usr/include/oneapi/tbb/version.h")
    text = header.read_text() if header.exists() else ""
    found = [re.search(rf"#define TBB_VERSION_{part} (\d+)", text) for part in ("MAJOR", "MINOR")]
    return ".".join(match.group(1) for match in found) if all(found) else "none"


def describe(options, builder):
    model = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    version = re.search(r'LAZY_VERSION "(.+)"', (ROOT / "include" / "lazy" / "lazy.h").read_text())
    commit = first_line(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"])
    return {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": f"{model.group(1) if model else platform.machine()}, {len(os.sched_getaffinity(0))} cores",
        "load": f"{os.getloadavg()[0]:.2f} at the start",
        "system": f"{platform.system()} {platform.release()}",
        "compiler": f"{first_line([str(builder.cc), '--version'])}, -O2",
        "lazypass": f"{version.group(1) if version else 'unknown'}, commit {commit}",
        "oneTBB": tbb_version(),
        "rounds": options.runs,
        "threads": options.threads,
    }


def summarise(name, times, variants):
    """Medians and factors of one row, as plain data."""
    row = {"name": name}
    for variant in variants:
        own = times.get(variant.key)
        if own:
            factor = statistics.median(serial / seconds for serial, seconds in zip(times["serial"], own))
            row[variant.key] = {"seconds": statistics.median(own), "factor": factor, "rounds": own}
    return row


def table_head(variants):
    titles = [""] + [f"{v.title}, ms" for v in variants] + [f"{v.title}, factor" for v in variants[1:]]
    return f"| {' | '.join(titles)} |\n|---|{'---:|' * (len(titles) - 1)}"


def table_row(row, variants):
    times = [f"{row[v.key]['seconds'] * 1e3:.1f}" if v.key in row else "-" for v in variants]
    factors = [f"{row[v.key]['factor']:.2f}" if v.key in row else "-" for v in variants[1:]]
    return f"| {' | '.join([row['name'], *times, *factors])} |"


def main():
    options = parse_arguments()
    complaints, lines, rows = [], [], []

    def complain(text):
        complaints.append(text)
        print(f"\nbench: {text}\n", file=sys.stderr)

    def tell(text):
        lines.append(text)
        if not options.json:
            print(text, flush=True)

    threads = options.threads
    variants = [Variant("serial", "serial", "serial", 1), Variant("lazy1", "lazy", "lazy on 1", 1),
                Variant("lazyN", "lazy", f"lazy on {threads}", threads),
                Variant("omp", "omp", "OpenMP by hand", threads), Variant("tbb", "tbb", "oneTBB by hand", threads)]
    try:
        builder = Builder(options.build)
    except Failure as failure:
        sys.exit(f"bench: measure.c {failure}")
    if not (options.build / "lazypass.so").exists() or not (options.build / "liblazy.so").exists():
        complain(f"no lazypass.so or liblazy.so in {options.build}: the lazy columns are left out")
        variants = [variant for variant in variants if variant.kind != "lazy"]

    about = describe(options, builder)
    if about["oneTBB"] == "none":
        variants = [variant for variant in variants if variant.kind != "tbb"]
    tell("\n".join(f"- {key}: {value}" for key, value in about.items()) + "\n\n" + table_head(variants))
    for row in ROWS:
        if options.names and not any(row[0].startswith(name) for name in options.names):
            continue
        header = LIBRARIES.get(row[1], ("",))[0]
        if not (pathlib.Path("/usr/include") / header).exists():
            print(f"bench: no {header}: {row[0]} is left out", file=sys.stderr)
            continue
        rows.append(summarise(row[0], measure_row(row, builder, variants, options.runs, complain), variants))
        tell(table_row(rows[-1], variants))

    if options.json:
        print(json.dumps({"about": about, "rows": rows, "complaints": complaints}, indent=2))
    if options.save:
        history = BENCH / "history" / f"{about['date'][:10]}.md"
        history.parent.mkdir(exist_ok=True)
        history.write_text(f"# Measured on {about['date'][:10]}\n\n" + "\n".join(lines) + "\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
