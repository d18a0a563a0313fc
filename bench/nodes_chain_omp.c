/* nodes_chain CALLS ROUNDS, with an OpenMP task a call, which depends on the last. */
#include "measure.h"

int main(int argc, char **argv) {
  long calls = measure_argument(argc, argv, 1, "CALLS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  uint64_t x = 1;
  measure_start();
#pragma omp parallel
#pragma omp single
  for (long i = 0; i < calls; i++) {
#pragma omp task shared(x) firstprivate(i, rounds) depend(inout : x)
    x = measure_mix(x, (uint64_t)i, rounds);
  }
  measure_stop(x);
  return 0;
}
