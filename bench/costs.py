"""costs.py - what lazypass costs where it does nothing for a program: the table `costs` of bench.py.

Each row is a figure with lazypass, the same without it, and the quotient of the two:

  compile-...   CPU seconds of clang with and without the plugin: a large C file in which nothing is annotated, and all
                programs of bench/ and examples/ one after the other
  start         a program with annotations that makes no call of them, from outside; beside it the plain one
  start-threads how many threads it has at its end
  first-node    the first two nodes of a program, threads and all; beside them the same two later
  memory-...    a pending node with one and two inputs, bytes
  overlap       a program that works on what it reads; beside it the larger of reading alone and all work shared out

1. What is compared runs alternately, and figures are medians.
2. Compile time is CPU time, since it is one thread's and so tells more on a shared machine.
3. The large file is generated, always the same for the same size: functions of some twenty lines each, of the kinds that
   programs consist of.
"""
import os
import statistics
import time

from programs import BENCH, EXAMPLES, Failure, clean_environment, run_once, runnable

LINES, NODES, STARTS = 200000, 10000000, 30  # starts in each round

FUNCTION = """
struct record_{n} {{ int key; double weight; char name[{size}]; struct record_{n} *next; }};
static int find_{n}(const struct record_{n} *from, int key) {{
  int steps = {n};
  for (; from && from->key != key; from = from->next)
    steps += from->name[key & {mask}] == 'a' + {n} % 26;
  return from ? steps : -steps;
}}
double sum_{n}(const double *a, int n, int kind) {{
  double sum = {n};
  for (int i = 0; i < n; i++)
    switch ((i + kind) % 4) {{
    case 0: sum += a[i]; break;
    case 1: sum -= a[i] * {n}; break;
    case 2: sum = sum > a[i] ? sum : a[i]; break;
    default: if (a[i] < 0) return sum;
    }}
  return sum / (n + 1);
}}
int update_{n}(struct record_{n} *list, const double *a, int n) {{
  int found = find_{n}(list, n ^ {n});
  if (found > 0 && list->weight < sum_{n}(a, n, found))
    list->weight += sum_{n}(a, n / 2, found + 1);
  return found;
}}
"""


def plain_lines(count):
    """A C file of about so many lines, with no annotation."""
    each = FUNCTION.count("\n")
    return "".join(FUNCTION.format(n=n, size=16 << n % 3, mask=(16 << n % 3) - 1) for n in range(count // each))


def cpu_seconds(command):
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise Failure(f"status {status}: {' '.join(command)}")
    return usage.ru_utime + usage.ru_stime


class Costs:
    """What the rows need: the builder, how often to measure, how much of it."""

    def __init__(self, builder, options):
        self.builder, self.threads, self.runs = builder, options.threads, options.runs
        self.part = 100 if options.small else 1

    def alternately(self, *measures):
        """The medians of what these functions return."""
        rounds = [[measure() for measure in measures] for _ in range(self.runs)]
        return [statistics.median(figures) for figures in zip(*rounds)]

    # ---- the rows; each returns the figure with lazypass and the one beside it, or None ----

    def compile(self, sources, level):
        def compiler(flags):
            def measure():
                output = str(self.builder.folder / "compiled.o")
                return sum(cpu_seconds([str(self.builder.cc), *self.builder.flags, level, *flags, "-c", str(source), "-o",
                                        output]) for source in sources)
            return measure
        return self.alternately(compiler(self.builder.plugin), compiler([]))

    def compile_plain(self, level):
        source = self.builder.folder / "plain-lines.c"
        source.write_text(plain_lines(LINES // self.part))
        return self.compile([source], level)

    def compile_annotated(self, level):
        sources = sorted(path for folder in (BENCH, EXAMPLES) for path in folder.rglob("*.c")
                         if "lazy.h" in path.read_text() and runnable(path.stem))
        return self.compile(sources, level)

    def start(self):
        environment = clean_environment(self.threads)

        def starter(kind):
            program = str(self.builder.program("start", kind))

            def measure():
                begin = time.perf_counter()
                os.waitpid(os.posix_spawn(program, [program], environment, file_actions=[
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]), 0)
                return time.perf_counter() - begin
            return measure
        lazy, plain = starter("lazy"), starter("serial")
        rounds = [self.alternately(lazy, plain) for _ in range(max(1, STARTS // self.part))]
        return [statistics.median(figures) * 1e3 for figures in zip(*rounds)]

    def start_threads(self):
        environment = clean_environment(self.threads)
        return [int(run_once(self.builder.program("start", kind), [], environment)[1], 16) for kind in ("lazy", "serial")]

    def first_node(self):
        program, environment = self.builder.program("start", "lazy"), clean_environment(self.threads, LAZY="defer")
        return [figure * 1e6 for figure in self.alternately(lambda: run_once(program, ["1"], environment)[0],
                                                            lambda: run_once(program, ["100"], environment)[0])]

    def memory(self, inputs):
        program, nodes = self.builder.program("nodes_memory", "lazy"), NODES // self.part
        environment = clean_environment(1, LAZY="defer", LAZY_MAX_PENDING=str(2 * nodes))
        return [run_once(program, [str(nodes), str(inputs)], environment)[0], None]

    def overlap(self):
        items, rounds, none = "4000", "20000", "1"
        environment = clean_environment(self.threads)
        serial, lazy = self.builder.program("overlap", "serial"), self.builder.program("overlap", "lazy")
        together, reading, everything = self.alternately(
            lambda: run_once(lazy, [items, rounds, rounds], environment)[0],
            lambda: run_once(serial, [items, rounds, none], environment)[0],
            lambda: run_once(serial, [items, rounds, rounds], environment)[0])
        return [together * 1e3, max(reading, everything / self.threads) * 1e3]


# Name of the row, unit, how it is measured.
ROWS = [
    ("compile-plain-O0", "s", lambda costs: costs.compile_plain("-O0")),
    ("compile-plain-O2", "s", lambda costs: costs.compile_plain("-O2")),
    ("compile-annotated-O0", "s", lambda costs: costs.compile_annotated("-O0")),
    ("compile-annotated-O2", "s", lambda costs: costs.compile_annotated("-O2")),
    ("start", "ms", Costs.start),
    ("start-threads", "threads", Costs.start_threads),
    ("first-node", "us", Costs.first_node),
    ("memory-1-input", "bytes", lambda costs: costs.memory(1)),
    ("memory-2-inputs", "bytes", lambda costs: costs.memory(2)),
    ("overlap", "ms", Costs.overlap),
]


def measure_table(rows, options, builder, complain, tell):
    costs, measured = Costs(builder, options), []
    tell("\n## costs\n\n|  | unit | lazypass | beside it | quotient |\n|---|---|---:|---:|---:|")
    for name, unit, measure in rows:
        try:
            lazy, beside = measure(costs)
        except Failure as failure:
            complain(f"{name}: {failure}")
            continue
        quotient = lazy / beside if beside else None
        measured.append({"table": "costs", "name": name, "unit": unit, "lazy": lazy, "beside": beside,
                         "quotient": quotient})
        cells = [format(figure, digits) if figure is not None else "-"
                 for figure, digits in ((lazy, ".4g"), (beside, ".4g"), (quotient, ".2f"))]
        tell(f"| {name} | {unit} | {' | '.join(cells)} |")
    return measured
