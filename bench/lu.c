/* lu TILES SIDE: LU decomposition of a matrix of TILES * TILES tiles of SIDE * SIDE numbers. */
#include "measure.h"

#include <lazy/lazy.h>
#include <stdlib.h>

LAZY static void factor(int n, double a[n][n]) {
  for (int k = 0; k < n; k++)
    for (int i = k + 1; i < n; i++) {
      a[i][k] /= a[k][k];
      for (int j = k + 1; j < n; j++)
        a[i][j] -= a[i][k] * a[k][j];
    }
}
LAZY static void solve_right(int n, const double diagonal[n][n], double a[n][n]) {
  for (int k = 0; k < n; k++)
    for (int i = k + 1; i < n; i++)
      for (int j = 0; j < n; j++)
        a[i][j] -= diagonal[i][k] * a[k][j];
}
LAZY static void solve_down(int n, const double diagonal[n][n], double a[n][n]) {
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++) {
      a[i][k] /= diagonal[k][k];
      for (int j = k + 1; j < n; j++)
        a[i][j] -= a[i][k] * diagonal[k][j];
    }
}
LAZY static void update(int n, double a[n][n], const double left[n][n], const double up[n][n]) {
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      for (int j = 0; j < n; j++)
        a[i][j] -= left[i][k] * up[k][j];
}

static void decompose(int tiles, int n, double a[tiles][tiles][n][n]) {
  for (int k = 0; k < tiles; k++) {
    factor(n, a[k][k]);
    for (int j = k + 1; j < tiles; j++)
      solve_right(n, a[k][k], a[k][j]);
    for (int i = k + 1; i < tiles; i++)
      solve_down(n, a[k][k], a[i][k]);
    for (int i = k + 1; i < tiles; i++)
      for (int j = k + 1; j < tiles; j++)
        update(n, a[i][j], a[i][k], a[k][j]);
  }
}

int main(int argc, char **argv) {
  long tiles = measure_argument(argc, argv, 1, "TILES"), n = measure_argument(argc, argv, 2, "SIDE");
  long count = tiles * tiles * n * n;
  double *a = malloc((size_t)count * sizeof *a);
  if (!a)
    return 1;
  uint32_t seed = 1;
  measure_random(a, count, &seed);
  for (long t = 0; t < tiles; t++)
    for (long i = 0; i < n; i++)
      a[(t * tiles + t) * n * n + i * n + i] += 1e6;
  measure_start();
  decompose((int)tiles, (int)n, (void *)a);
  measure_stop(measure_bits(a, count));
  free(a);
  return 0;
}
