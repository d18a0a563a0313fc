/* fan CALLS ROUNDS: that many independent calls in a loop, out[i] = f(i), each with a load of ROUNDS. */
#include "measure.h"

#include <lazy/lazy.h>
#include <stdlib.h>

LAZY static uint64_t f(long i, long rounds) {
  return measure_load((uint64_t)i + 1, rounds);
}

int main(int argc, char **argv) {
  long calls = measure_argument(argc, argv, 1, "CALLS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  uint64_t *out = calloc((size_t)calls, sizeof *out);
  if (!out)
    return 1;
  measure_start();
  for (long i = 0; i < calls; i++)
    out[i] = f(i, rounds);
  measure_stop(measure_sum(out, calls));
  free(out);
  return 0;
}
