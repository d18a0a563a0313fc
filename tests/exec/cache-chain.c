// A node whose inputs are pending has a key made of theirs: what hangs below a result that is kept does not run.
// RUN: %lazy_equiv %s
// RUN: %clang_lazy -O2 -fplugin-arg-lazypass-defer-small %s -o %t -L%liblazy_dir -llazy -Wl,-rpath,%liblazy_dir
// RUN: rm -rf %t.kept
// RUN: env LAZY_CACHE=%t.kept LAZY_STATS=1 OMP_NUM_THREADS=2 %t 1 2>&1 | %FileCheck --check-prefix=FIRST %s
// RUN: env LAZY_CACHE=%t.kept LAZY_STATS=1 OMP_NUM_THREADS=2 %t 1 2>&1 | %FileCheck --check-prefix=AGAIN %s
// RUN: env LAZY_CACHE=%t.kept LAZY_STATS=1 OMP_NUM_THREADS=1 %t 1 2>&1 | %FileCheck --check-prefix=AGAIN %s
// One leaf is another: only what follows from it runs; and where that is the same all the same, nothing further.
// RUN: env LAZY_CACHE=%t.kept LAZY_STATS=1 OMP_NUM_THREADS=2 %t 2 2>&1 | %FileCheck --check-prefix=CHANGED %s
// RUN: env LAZY_CACHE=%t.kept LAZY_STATS=1 OMP_NUM_THREADS=2 %t 3 2>&1 | %FileCheck --check-prefix=CUT %s
// FIRST-DAG: lazy: leaf: {{[0-9]+}} calls, {{[0-9]+}} found, 8 computed
// FIRST-DAG: lazy: step: {{[0-9]+}} calls, {{[0-9]+}} found, 7 computed
// FIRST-DAG: lazy: link: {{[0-9]+}} calls, {{[0-9]+}} found, 500 computed
// AGAIN-NOT: {{[1-9][0-9]*}} computed
// AGAIN: lazy: step: {{[1-5]}} calls
// AGAIN-NOT: lazy: leaf
// CHANGED-DAG: lazy: leaf: {{[0-9]+}} calls, {{[0-9]+}} found, 1 computed
// CHANGED-DAG: lazy: step: {{[0-9]+}} calls, {{[0-9]+}} found, 3 computed
// CHANGED-DAG: lazy: link: {{[0-9]+}} calls, {{[0-9]+}} found, 0 computed
// CUT-DAG: lazy: leaf: {{[0-9]+}} calls, {{[0-9]+}} found, 1 computed
// CUT-DAG: lazy: step: {{[0-9]+}} calls, {{[0-9]+}} found, 0 computed
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct pair {
  uint64_t a, b;
};

static uint64_t mix(uint64_t x, uint64_t y) {
  for (int i = 0; i < 100; i++)
    x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9u + y;
  return x;
}

/* The same for 1 and 3. */
LAZY LAZY_CACHED static uint64_t leaf(int i, int version) { return mix((uint64_t)i, version == 2); }

LAZY LAZY_CACHED static struct pair step(uint64_t a, uint64_t b) { return (struct pair){mix(a, b), a + b}; }

LAZY LAZY_CACHED static uint64_t link(uint64_t x, int i) { return mix(x, (uint64_t)i); }

/* A tree whose inner nodes take one member each of what the ones below give. */
static struct pair tree(int version) {
  uint64_t a = leaf(0, 1), b = leaf(1, 1), c = leaf(2, version), d = leaf(3, 1);
  uint64_t e = leaf(4, 1), f = leaf(5, 1), g = leaf(6, 1), h = leaf(7, 1);
  struct pair ab = step(a, b), cd = step(c, d), ef = step(e, f), gh = step(g, h);
  struct pair abcd = step(ab.a, cd.b), efgh = step(ef.a, gh.b);
  return step(abcd.a, efgh.b);
}

int main(int argc, char **argv) {
  int version = argc > 1 ? atoi(argv[1]) : 1;
  uint64_t x = 1;
  struct pair top = tree(version);
  for (int i = 0; i < 500; i++)
    x = link(x, i);
  printf("%llx %llx %llx\n", (unsigned long long)top.a, (unsigned long long)top.b, (unsigned long long)x);
  return 0;
}
