/* sum3 TIMES ROUNDS: f(a) + g(b) + h(c), again and again, each sum needed for the next. */
#include "measure.h"

#include <lazy/lazy.h>

LAZY static uint64_t f(uint64_t x, long rounds) {
  return measure_load(x + 1, rounds);
}
LAZY static uint64_t g(uint64_t x, long rounds) {
  return measure_load(x + 2, rounds / 2);
}
LAZY static uint64_t h(uint64_t x, long rounds) {
  return measure_load(x + 3, rounds / 2);
}

int main(int argc, char **argv) {
  long times = measure_argument(argc, argv, 1, "TIMES"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  uint64_t sum = 0;
  measure_start();
  for (long i = 0; i < times; i++)
    sum = f(sum, rounds) + g(sum, rounds) + h(sum, rounds);
  measure_stop(sum);
  return 0;
}
