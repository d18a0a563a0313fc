/* heat SIDE STEPS, by an OpenMP expert: one parallel loop a step. */
#include "measure.h"

#include <stdlib.h>

enum { BLOCK = 32 };

/* Rows 1 to n of `to`, from rows 0 to n + 1 of `from`. */
static void relax(double *to, const double *from, long n, long width) {
  for (long y = 0; y < n; y++) {
    const double *up = from + y * width, *here = up + width, *down = here + width;
    for (long x = 1; x < width - 1; x++)
      to[y * width + x] = 0.25 * (up[x] + down[x] + here[x - 1] + here[x + 1]);
  }
}

int main(int argc, char **argv) {
  long side = measure_argument(argc, argv, 1, "SIDE"), steps = measure_argument(argc, argv, 2, "STEPS");
  long width = side + 2;
  double *now = calloc((size_t)(width * width), sizeof *now), *next = calloc((size_t)(width * width), sizeof *next);
  if (!now || !next)
    return 1;
  for (long x = 0; x < width; x++)
    now[x] = next[x] = (double)x;
  measure_start();
  for (long step = 0; step < steps; step++) {
#pragma omp parallel for schedule(static)
    for (long y = 0; y < side; y += BLOCK)
      relax(next + (y + 1) * width, now + y * width, side - y < BLOCK ? side - y : BLOCK, width);
    double *t = now;
    now = next;
    next = t;
  }
  measure_stop(measure_bits(now, width * width));
  free(now);
  free(next);
  return 0;
}
