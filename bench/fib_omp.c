/* fib N, by an OpenMP expert: a task a call above the cut-off, plain calls below it. */
#include "measure.h"

enum { CUT_OFF = 22 }; /* tuned: some 100 us of work a task */

static uint64_t fib(long n) {
  if (n < 2)
    return (uint64_t)n;
  return fib(n - 1) + fib(n - 2);
}

static uint64_t fib_tasks(long n) {
  uint64_t a, b;
  if (n <= CUT_OFF)
    return fib(n);
#pragma omp task shared(a)
  a = fib_tasks(n - 1);
  b = fib_tasks(n - 2);
#pragma omp taskwait
  return a + b;
}

int main(int argc, char **argv) {
  long n = measure_argument(argc, argv, 1, "N");
  uint64_t result = 0;
  measure_start();
#pragma omp parallel
#pragma omp single
  result = fib_tasks(n);
  measure_stop(result);
  return 0;
}
