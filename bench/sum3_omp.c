/* sum3 TIMES ROUNDS, by an OpenMP expert: two tasks and a call within one long region, so that no region is entered
 * and left for each sum. */
#include "measure.h"

static uint64_t f(uint64_t x, long rounds) {
  return measure_load(x + 1, rounds);
}
static uint64_t g(uint64_t x, long rounds) {
  return measure_load(x + 2, rounds / 2);
}
static uint64_t h(uint64_t x, long rounds) {
  return measure_load(x + 3, rounds / 2);
}

static uint64_t sums(long times, long rounds) {
  uint64_t sum = 0, a, b, c;
  for (long i = 0; i < times; i++) {
#pragma omp task shared(b) firstprivate(sum)
    b = g(sum, rounds);
#pragma omp task shared(c) firstprivate(sum)
    c = h(sum, rounds);
    a = f(sum, rounds);
#pragma omp taskwait
    sum = a + b + c;
  }
  return sum;
}

int main(int argc, char **argv) {
  long times = measure_argument(argc, argv, 1, "TIMES"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  uint64_t result = 0;
  measure_start();
#pragma omp parallel
#pragma omp single
  result = sums(times, rounds);
  measure_stop(result);
  return 0;
}
