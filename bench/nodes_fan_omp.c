/* nodes_fan CALLS ROUNDS, with an OpenMP task a call: no expert would, but it is what a task costs. */
#include "measure.h"

#include <stdlib.h>

int main(int argc, char **argv) {
  long calls = measure_argument(argc, argv, 1, "CALLS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  uint64_t *out = calloc((size_t)calls, sizeof *out);
  if (!out)
    return 1;
  measure_start();
#pragma omp parallel
#pragma omp single
  for (long i = 0; i < calls; i++) {
#pragma omp task firstprivate(i, rounds, out)
    out[i] = measure_mix((uint64_t)i, 1, rounds);
  }
  measure_stop(measure_sum(out, calls));
  free(out);
  return 0;
}
