/* fib N: two recursive calls of a few nanoseconds each, no cut-off. */
#include "measure.h"

#include <lazy/lazy.h>

LAZY static uint64_t fib(long n) {
  if (n < 2)
    return (uint64_t)n;
  return fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv) {
  long n = measure_argument(argc, argv, 1, "N");
  measure_start();
  measure_stop(fib(n));
  return 0;
}
