/* wavefront SIDE ROUNDS: each cell of a square from the one above and the one to the left; a load of ROUNDS a cell.
 *
 * What is to be seen: calls so small that finding which of them wait for which is most of what they cost.
 */
#include "measure.h"

#include <lazy/lazy.h>
#include <stdlib.h>

LAZY static void cell(LAZY_OUT(1) uint64_t *to, LAZY_IN(1) const uint64_t *above, LAZY_IN(1) const uint64_t *left,
                      long rounds) {
  *to = measure_mix(*above, *left, rounds);
}

int main(int argc, char **argv) {
  long side = measure_argument(argc, argv, 1, "SIDE"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  long width = side + 1;
  uint64_t *cells = calloc((size_t)(width * width), sizeof *cells);
  if (!cells)
    return 1;
  for (long k = 0; k < width; k++)
    cells[k] = cells[k * width] = (uint64_t)k;
  measure_start();
  for (long y = 1; y < width; y++)
    for (long x = 1; x < width; x++)
      cell(&cells[y * width + x], &cells[(y - 1) * width + x], &cells[y * width + x - 1], rounds);
  measure_stop(measure_sum(cells + side * width + 1, side));
  free(cells);
  return 0;
}
