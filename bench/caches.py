"""caches.py - what it takes to find results that are kept: the table `cache` of bench.py.

Each row is a figure with a cache, another one beside it, and the quotient of the two:

  hit           a call that is found in memory, key and all, ns; beside it, what the call takes to compute
  hit-1e6       the same among a million
  hit-file-...  a call that is found in the file, of so many bytes, ns; beside it the same from LMDB alone, copied
  hash-...      a call that reads so many bytes of memory and is found, GB/s; beside it XXH3 alone
  chain         a value at the end of a chain of a million calls, all kept in the file, ns a call; beside it, the same when
                nothing is kept yet, and is being kept
  evalcache-... a chain of a thousand calls, the first time and when all are kept, ns a call; beside it, the best that was
                measured of evalcache (Python) on any machine: 36 us a call, and to find them 8 us a call and 117 us more
  cold-...      calls of so many us, all different, that are computed, and kept in a new file if that is worth it, s;
                beside it, without cache

What is compared runs alternately, and figures are medians.
"""
import shutil
import statistics

from programs import BENCH, Failure, clean_environment, run_once


class Caches:
    """What the rows need: the builder, how often to measure, how much of it."""

    def __init__(self, builder, options):
        self.builder, self.runs, self.part = builder, options.runs, 100 if options.small else 1
        self.program = builder.program("cache", "lazy")
        self.raw = builder.folder / "cache_raw"
        builder.run([str(builder.cc), *builder.flags, str(BENCH / "cache_raw.c"), str(builder.measure), "-o", str(self.raw),
                     "-llmdb"])
        self.file = builder.folder / "kept"

    def alternately(self, *measures):
        """The medians of what these functions return."""
        rounds = [[measure() for measure in measures] for _ in range(self.runs)]
        return [statistics.median(figures) for figures in zip(*rounds)]

    def seconds(self, what, count, size, threads=1, **environment):
        return run_once(self.program, [what, str(count), str(size)], clean_environment(threads, **environment))[0]

    def beside(self, what, count, size):
        return run_once(self.raw, [what, str(count), str(size)], clean_environment(1))[0]

    def cold(self):
        shutil.rmtree(self.file, ignore_errors=True)
        return str(self.file)

    # ---- the rows; each returns the figure with a cache and the one beside it ----

    def hit(self, different):
        count = max(10000000 // self.part, 1)
        different = max(different // self.part, 1)
        found = {"LAZY_CACHE": "memory", "LAZY_CACHE_OPTIONS": "memory=4G"}
        return [figure / count * 1e9 for figure in self.alternately(lambda: self.seconds("hit", count, different, **found),
                                                                    lambda: self.seconds("hit", count, different))]

    def hit_file(self, size):
        count = max(min(200000, (1 << 30) // size) // self.part, 1)
        self.seconds("block", count, size, LAZY_CACHE=self.cold())
        found = {"LAZY_CACHE": str(self.file), "LAZY_CACHE_OPTIONS": "memory=1"}
        return [figure / count * 1e9 for figure in self.alternately(lambda: self.seconds("block", count, size, **found),
                                                                    lambda: self.beside("lmdb", count, size))]

    def hashing(self, size):
        count = max((1 << 34) // size // self.part, 1)
        return [size * count / figure / 1e9 for figure in self.alternately(
            lambda: self.seconds("region", count, size, LAZY_CACHE="memory"), lambda: self.beside("xxh3", count, size))]

    def chain(self):
        count = 1000000 // self.part
        new = statistics.median(self.seconds("chain", count, 1, LAZY_CACHE=self.cold()) for _ in range(min(self.runs, 3)))
        found = statistics.median(self.seconds("chain", count, 1, LAZY_CACHE=str(self.file)) for _ in range(self.runs))
        return [found / count * 1e9, new / count * 1e9]

    def thousand(self, kept, theirs):
        count = 1000
        if kept:
            self.seconds("chain", count, 1, LAZY_CACHE=self.cold())
        return [statistics.median(self.seconds("chain", count, 1, LAZY_CACHE=str(self.file) if kept else self.cold())
                                  for _ in range(3 * self.runs)) / count * 1e9, theirs]

    def work(self, microseconds, threads=2):
        rounds = int(microseconds * 480)
        count = max(int(2e6 / microseconds) // self.part, 1)
        return self.alternately(lambda: self.seconds("work", count, rounds, threads, LAZY_CACHE=self.cold()),
                                lambda: self.seconds("work", count, rounds, threads))


# Name of the row, unit, how it is measured.
ROWS = [
    ("hit", "ns", lambda caches: caches.hit(1)),
    ("hit-1e6", "ns", lambda caches: caches.hit(1000000)),
    ("hit-file-64", "ns", lambda caches: caches.hit_file(64)),
    ("hit-file-64K", "ns", lambda caches: caches.hit_file(65536)),
    ("hash-64K", "GB/s", lambda caches: caches.hashing(65536)),
    ("hash-16M", "GB/s", lambda caches: caches.hashing(16 << 20)),
    ("chain", "ns", Caches.chain),
    ("evalcache-new", "ns", lambda caches: caches.thousand(False, 36000)),
    ("evalcache-kept", "ns", lambda caches: caches.thousand(True, 8117)),
    ("cold-1us", "s", lambda caches: caches.work(1)),
    ("cold-10us", "s", lambda caches: caches.work(10)),
    ("cold-100us", "s", lambda caches: caches.work(100)),
    ("cold-1ms", "s", lambda caches: caches.work(1000)),
]


def measure_table(rows, options, builder, complain, tell):
    measured = []
    tell("\n## cache\n\n|  | unit | found | beside it | quotient |\n|---|---|---:|---:|---:|")
    try:
        caches = Caches(builder, options)
    except Failure as failure:
        complain(f"cache: {failure}")
        return measured
    for name, unit, measure in rows:
        try:
            found, beside = measure(caches)
        except Failure as failure:
            complain(f"{name}: {failure}")
            continue
        measured.append({"table": "cache", "name": name, "unit": unit, "found": found, "beside": beside,
                         "quotient": found / beside})
        tell(f"| {name} | {unit} | {found:.4g} | {beside:.4g} | {found / beside:.2f} |")
    caches.cold()
    return measured
