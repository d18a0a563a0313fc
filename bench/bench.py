#!/usr/bin/env python3
"""bench.py - how fast lazypass makes serial programs, beside what experts get by hand; and what it costs.

Usage: bench.py --build=DIR [--json] [--save] [--runs=N] [--threads=N] [--small] [--list] [NAME]...

  --build=DIR  the build tree with lazypass.so and liblazy.so; programs are built in DIR/bench
  --json       print JSON instead of the tables
  --save       keep the tables, too, as bench/history/YYYY-MM-DD.md
  --runs=N     rounds a row (default 7)
  --threads=N  threads of the parallel programs (default: the number of cores)
  --small      costs of a hundredth of the lines, nodes and starts: to see that everything works
  --list       print the names of the tables and their rows
  NAME         only this table, or rows whose name starts so

Tables:

  programs  times, and how many times as fast as the serial program
  nodes     graphs of nodes that do nothing, or 1 us: ns a node.  Every call is a node (LAZY=defer); beside it the same
            graph of OpenMP's and oneTBB's tasks.  What the serial program takes for a call is in all of them
  threads   the same as programs, by lazypass on more threads than there are cores
  costs     compile time, start, memory (costs.py)
  cache     results that are kept (caches.py)

1. Build each program anew in all variants (programs.py).
2. A round runs every variant of a row once, one after the other, so that what disturbs the machine disturbs them all.
   Each round begins with another one: processors are faster after a rest.
3. Times are medians over the rounds; a factor is the median of the factors of the rounds, serial time by its own: above
   1 is faster than the serial program.
4. All variants must compute the same.  One that does not is named, and makes the exit status 1.

Given up: precision.  On a shared machine, differences below 1.3 mean little.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys

import caches
import costs
from programs import BENCH, ROOT, TRACER, Builder, Failure, Variant, measure_row, runnable

# Name of the row, program, arguments.  A round of load (measure.h) takes about 2 ns: see the serial times.
PROGRAMS = [
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
    ("uts", "uts", ["20000", "48"]),
    ("floorplan10", "floorplan", ["10"]),
    ("overlap40us", "overlap", ["4000", "20000", "20000"]),
    ("wavefront1us", "wavefront", ["512", "480"]),
    ("mergesort2e6", "mergesort", ["2000000"]),
    ("mergesort1e7", "mergesort", ["10000000"]),
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

# The same, and how many nodes that are.
NODES = [
    ("node-fan", "nodes_fan", ["1000000", "1"], 1000000),
    ("node-fan-stored", "fan", ["1000000", "1"], 1000000),
    ("node-chain", "nodes_chain", ["200000", "1"], 200000),
    ("node-wavefront", "nodes_wavefront", ["512", "1"], 512 * 512),
    ("node-wavefront1us", "nodes_wavefront", ["512", "480"], 512 * 512),
    ("region-wavefront", "wavefront", ["512", "1"], 512 * 512),
    ("region-wavefront1us", "wavefront", ["512", "480"], 512 * 512),
    ("node-minimal", "nodes_minimal", ["50000", "20"], 1000000),
]

CROWDED = [4, 8, 64]
THREADS = [(f"{name}-crowded", program, arguments) for name, program, arguments in PROGRAMS
           if name in ("fan1us", "fan100us", "tree1us")]

TABLES = {"programs": PROGRAMS, "nodes": NODES, "threads": THREADS, "costs": costs.ROWS, "cache": caches.ROWS}


def parse_arguments():
    parser = argparse.ArgumentParser(usage=__doc__.split("Usage: ")[1].splitlines()[0], add_help=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--build", type=pathlib.Path)
    for flag in ("--json", "--save", "--small", "--list"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        sys.exit(0)
    if options.list:
        for table, rows in TABLES.items():
            print("\n  ".join([table, *(row[0] for row in rows)]))
        sys.exit(0)
    for name in options.names:
        if name not in TABLES and not any(row[0].startswith(name) for rows in TABLES.values() for row in rows):
            parser.error(f"no table is called '{name}', and no row starts so; --list prints their names")
    if not options.build or options.runs < 1 or options.threads < 1:
        parser.error("--build is needed; --runs and --threads are 1 or more")
    options.build = options.build.resolve()
    return options


def selected(table, names):
    """The rows of a table that the command line asks for."""
    if not names or table in names:
        return TABLES[table]
    return [row for row in TABLES[table] if any(row[0].startswith(name) for name in names)]


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


# ---- tables of programs ----


def columns(table, threads, about):
    """The variants of a table of programs; the first is the serial one."""
    mode = "defer" if table == "nodes" else None
    serial = Variant("serial", "serial", "serial", 1, "serial" if table == "nodes" else None)
    if table == "threads":
        return [serial, *(Variant(f"lazy{n}", "lazy", f"lazy on {n}", n) for n in [threads, *CROWDED])]
    found = [serial, Variant("lazy1", "lazy", "lazy on 1", 1, mode),
             Variant("lazyN", "lazy", f"lazy on {threads}", threads, mode),
             Variant("omp", "omp", "OpenMP by hand", threads), Variant("tbb", "tbb", "oneTBB by hand", threads)]
    return [variant for variant in found if variant.kind != "tbb" or about["oneTBB"] != "none"]


def summarise(table, row, times, variants):
    """Medians and factors of one row, as plain data."""
    result = {"table": table, "name": row[0]}
    for variant in variants:
        own = times.get(variant.key)
        if own:
            factor = statistics.median(serial / seconds for serial, seconds in zip(times["serial"], own))
            result[variant.key] = {"seconds": statistics.median(own), "factor": factor, "rounds": own}
            if table == "nodes":
                result[variant.key]["ns a node"] = statistics.median(own) * 1e9 / row[3]
    return result


def table_head(table, variants):
    unit = "ns a node" if table == "nodes" else "ms"
    titles = [""] + [f"{v.title}, {unit}" for v in variants]
    if table != "nodes":
        titles += [f"{v.title}, factor" for v in variants[1:]]
    return f"| {' | '.join(titles)} |\n|---|{'---:|' * (len(titles) - 1)}"


def table_row(table, row, variants):
    def cells(text, of):
        return [text(row[v.key]) if v.key in row else "-" for v in of]

    if table == "nodes":
        return f"| {' | '.join([row['name'], *cells(lambda cell: format(cell['ns a node'], '.0f'), variants)])} |"
    times = cells(lambda cell: format(cell["seconds"] * 1e3, ".1f"), variants)
    factors = cells(lambda cell: format(cell["factor"], ".2f"), variants[1:])
    return f"| {' | '.join([row['name'], *times, *factors])} |"


def measure_table(table, rows, options, about, builder, complain, tell):
    """The rows of a table of programs, each told as soon as it is there."""
    variants = columns(table, options.threads, about)
    tell(f"\n## {table}\n\n" + table_head(table, variants))
    measured = []
    for row in rows:
        if not runnable(row[1]):
            print(f"bench: {row[0]} is left out: a header is missing", file=sys.stderr)
            continue
        measured.append(summarise(table, row, measure_row(row, builder, variants, options.runs, complain), variants))
        tell(table_row(table, measured[-1], variants))
    return measured


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

    for needed in ("lazypass.so", "liblazy.so"):
        if not (options.build / needed).exists():
            sys.exit(f"bench: no {needed} in {options.build}")
    try:
        builder = Builder(options.build)
    except Failure as failure:
        sys.exit(f"bench: measure.c {failure}")
    about = describe(options, builder)
    tell("\n".join(f"- {key}: {value}" for key, value in about.items()))
    for table in TABLES:
        chosen = selected(table, options.names)
        if chosen and table == "costs":
            rows += costs.measure_table(chosen, options, builder, complain, tell)
        elif chosen and table == "cache":
            rows += caches.measure_table(chosen, options, builder, complain, tell)
        elif chosen:
            rows += measure_table(table, chosen, options, about, builder, complain, tell)

    if options.json:
        print(json.dumps({"about": about, "rows": rows, "complaints": complaints}, indent=2))
    if options.save:
        history = BENCH / "history" / f"{about['date'][:10]}.md"
        history.parent.mkdir(exist_ok=True)
        history.write_text(f"# Measured on {about['date'][:10]}\n\n" + "\n".join(lines) + "\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
