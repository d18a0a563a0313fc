/* uts ROOTS ROUNDS, by an OpenMP expert: a task a root, and for the children of every so-manieth level: of few trees
 * that many levels are left, but those are most of the work. */
#include "measure.h"

enum { CHILDREN = 4, CHANCE = 65405, TASK_LEVELS = 16 /* tuned */ };

static uint64_t search(uint64_t seed, long rounds, long level) {
  uint64_t hash = measure_load(seed, rounds), count = 1, counts[CHILDREN];
  if ((hash >> 32) % (65536 * CHILDREN) >= CHANCE)
    return 1;
  if (level % TASK_LEVELS) {
    for (uint64_t k = 1; k <= CHILDREN; k++)
      count += search(hash + k, rounds, level + 1);
    return count;
  }
  for (uint64_t k = 0; k < CHILDREN; k++) {
#pragma omp task shared(counts) firstprivate(hash, k, rounds, level)
    counts[k] = search(hash + k + 1, rounds, level + 1);
  }
#pragma omp taskwait
  for (int k = 0; k < CHILDREN; k++)
    count += counts[k];
  return count;
}

int main(int argc, char **argv) {
  long roots = measure_argument(argc, argv, 1, "ROOTS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  uint64_t count = 0;
  measure_start();
#pragma omp parallel
#pragma omp single
#pragma omp taskloop grainsize(1) reduction(+ : count)
  for (long i = 1; i <= roots; i++)
    count += search((uint64_t)i, rounds, 1);
  measure_stop(count);
  return 0;
}
