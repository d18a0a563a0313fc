/* seidel SIDE SWEEPS: Gauss and Seidel's relaxation of a square, in place, by bands of rows.
 *
 * What is to be seen: within a sweep every band waits for the one above, so nothing is parallel there; but the next
 * sweep follows two bands behind, and the one after that behind it.  The program is two loops.
 */
#include "measure.h"

#include <lazy/lazy.h>
#include <stdlib.h>

enum { BAND = 32 };

/* Rows 1 to n of n + 2. */
LAZY static void relax(LAZY_INOUT((n + 2) * width) double *rows, long n, long width) {
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
  if (!grid)
    return 1;
  uint32_t seed = 1;
  measure_random(grid, width * width, &seed);
  measure_start();
  for (long sweep = 0; sweep < sweeps; sweep++)
    for (long y = 0; y < side; y += BAND)
      relax(grid + y * width, side - y < BAND ? side - y : BAND, width);
  measure_stop(measure_bits(grid, width * width));
  free(grid);
  return 0;
}
