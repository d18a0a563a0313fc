/* seidel SIDE SWEEPS, by an OpenMP expert: tasks that depend on their bands and the ones above and below. */
#include "measure.h"

#include <stdlib.h>

enum { BAND = 32 };

/* Rows 1 to n of n + 2. */
static void relax(double *rows, long n, long width) {
  for (long y = 1; y <= n; y++) {
    double *up = rows + (y - 1) * width, *here = up + width, *down = here + width;
    for (long x = 1; x < width - 1; x++)
      here[x] = 0.25 * (up[x] + down[x] + here[x - 1] + here[x + 1]);
  }
}

int main(int argc, char **argv) {
  long side = measure_argument(argc, argv, 1, "SIDE"), sweeps = measure_argument(argc, argv, 2, "SWEEPS");
  long width = side + 2;
  double *grid = malloc((size_t)(width * width) * sizeof *grid);
  char *done = malloc((size_t)side / BAND + 3);
  if (!grid || !done)
    return 1;
  uint32_t seed = 1;
  measure_random(grid, width * width, &seed);
  measure_start();
#pragma omp parallel
#pragma omp single
  for (long sweep = 0; sweep < sweeps; sweep++)
    for (long y = 0; y < side; y += BAND)
#pragma omp task depend(inout : done[y / BAND + 1]) depend(in : done[y / BAND], done[y / BAND + 2])
      relax(grid + y * width, side - y < BAND ? side - y : BAND, width);
  measure_stop(measure_bits(grid, width * width));
  free(grid);
  free(done);
  return 0;
}
