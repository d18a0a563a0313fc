/* fib N, by a oneTBB expert: a task group a call above the cut-off, plain calls below it. */
#include "measure.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_group.h>

static const long cut_off = 22; /* tuned: some 100 us of work a task */

static uint64_t fib(long n) {
  if (n < 2)
    return (uint64_t)n;
  return fib(n - 1) + fib(n - 2);
}

static uint64_t fib_tasks(long n) {
  if (n <= cut_off)
    return fib(n);
  uint64_t a, b;
  tbb::task_group group;
  group.run([&a, n] { a = fib_tasks(n - 1); });
  b = fib_tasks(n - 2);
  group.wait();
  return a + b;
}

int main(int argc, char **argv) {
  long n = measure_argument(argc, argv, 1, "N");
  tbb::global_control threads(tbb::global_control::max_allowed_parallelism, (size_t)measure_threads());
  measure_start();
  measure_stop(fib_tasks(n));
  return 0;
}
