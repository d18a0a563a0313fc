/* wavefront SIDE ROUNDS, with an OpenMP task a cell, which depends on its neighbours. */
#include "measure.h"

#include <stdlib.h>

int main(int argc, char **argv) {
  long side = measure_argument(argc, argv, 1, "SIDE"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  long width = side + 1;
  uint64_t *cells = calloc((size_t)(width * width), sizeof *cells);
  if (!cells)
    return 1;
  for (long k = 0; k < width; k++)
    cells[k] = cells[k * width] = (uint64_t)k;
  measure_start();
#pragma omp parallel
#pragma omp single
  for (long y = 1; y < width; y++)
    for (long x = 1; x < width; x++) {
      uint64_t *to = &cells[y * width + x], *above = to - width, *left = to - 1;
#pragma omp task firstprivate(to, above, left, rounds) depend(in : *above, *left) depend(out : *to)
      *to = measure_mix(*above, *left, rounds);
    }
  measure_stop(measure_sum(cells + side * width + 1, side));
  free(cells);
  return 0;
}
