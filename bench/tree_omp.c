/* tree LEVELS ROUNDS, by an OpenMP expert: a task a subtree of at least GRAIN rounds. */
#include "measure.h"

static const long GRAIN = 100000; /* tuned: some 100 us of work a task */

static uint64_t tree(long levels, uint64_t seed, long rounds) {
  if (levels == 0)
    return measure_load(seed, rounds);
  return tree(levels - 1, 2 * seed, rounds) + tree(levels - 1, 2 * seed + 1, rounds);
}

static uint64_t tree_tasks(long levels, uint64_t seed, long rounds) {
  uint64_t a, b;
  if (levels == 0 || rounds << levels < GRAIN)
    return tree(levels, seed, rounds);
#pragma omp task shared(a)
  a = tree_tasks(levels - 1, 2 * seed, rounds);
  b = tree_tasks(levels - 1, 2 * seed + 1, rounds);
#pragma omp taskwait
  return a + b;
}

int main(int argc, char **argv) {
  long levels = measure_argument(argc, argv, 1, "LEVELS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  uint64_t result = 0;
  measure_start();
#pragma omp parallel
#pragma omp single
  result = tree_tasks(levels, 1, rounds);
  measure_stop(result);
  return 0;
}
