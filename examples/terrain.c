/* terrain SIZE STEPS: rain washes a hilly ground down.  Prints the height that is left.
 *
 * The serial program is all here; docs/tutorial.md goes through the words that make it parallel. */
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* One row of hills. */
LAZY static void raise_hills(double *row, int y, int size) {
  for (int x = 0; x < size; x++)
    row[x] = 50 + 30 * sin(x * 0.05) * cos(y * 0.07) + 10 * sin(x * y * 0.001);
}

/* A row after one rain: the row above it, it, and the row below it tell. */
LAZY static void wash(double *to, LAZY_IN(3 * size) const double *above, int size) {
  const double *from = above + size, *below = from + size;
  for (int x = 1; x < size - 1; x++) {
    double around = from[x - 1] + from[x + 1] + above[x] + below[x];
    to[x] = from[x] + 0.2 * (around - 4 * from[x]) - 0.001 * sqrt(from[x]);
  }
}

LAZY static double sum(const double *row, int size) {
  double s = 0;
  for (int x = 0; x < size; x++)
    s += row[x];
  return s;
}

int main(int argc, char **argv) {
  int size = argc > 1 ? atoi(argv[1]) : 1000, steps = argc > 2 ? atoi(argv[2]) : 100;
  if (size < 3 || size > 20000 || steps < 0) {
    fprintf(stderr, "terrain: SIZE is 3 to 20000, STEPS 0 or more\n");
    return 2;
  }
  double *now = malloc(sizeof *now * size * size), *next = malloc(sizeof *next * size * size), left = 0;
  if (!now || !next)
    return 1;
  for (int y = 0; y < size; y++)
    raise_hills(&now[y * size], y, size);
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      next[y * size + x] = now[y * size + x];
  for (int step = 0; step < steps; step++) {
    for (int y = 1; y < size - 1; y++)
      wash(&next[y * size], &now[(y - 1) * size], size);
    double *swap = now;
    now = next;
    next = swap;
  }
  for (int y = 0; y < size; y++)
    left += sum(&now[y * size], size);
  printf("%.17g\n", left);
  free(now);
  free(next);
  return 0;
}
