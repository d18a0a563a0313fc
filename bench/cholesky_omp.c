/* cholesky TILES, by an OpenMP expert: tasks with dependences on tiles. */
#include "measure.h"

#include <math.h>
#include <stdlib.h>

enum { SIDE = 64 };

struct tile {
  double v[SIDE][SIDE];
};

/* a = its own lower factor. */
static void factor(struct tile *a) {
  for (int j = 0; j < SIDE; j++) {
    for (int k = 0; k < j; k++)
      for (int i = j; i < SIDE; i++)
        a->v[i][j] -= a->v[i][k] * a->v[j][k];
    double root = sqrt(a->v[j][j]);
    for (int i = 0; i < SIDE; i++)
      a->v[i][j] = i < j ? 0 : a->v[i][j] / root;
  }
}
/* a = a / lᵀ */
static void solve(struct tile *a, const struct tile *l) {
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) {
      double x = a->v[i][j];
      for (int k = 0; k < j; k++)
        x -= a->v[i][k] * l->v[j][k];
      a->v[i][j] = x / l->v[j][j];
    }
}
/* a = a - l * mᵀ, where m may be l. */
static void update(struct tile *restrict a, const struct tile *l, const struct tile *m) {
  double across[SIDE][SIDE];
  for (int j = 0; j < SIDE; j++)
    for (int k = 0; k < SIDE; k++)
      across[k][j] = m->v[j][k];
  for (int i = 0; i < SIDE; i++)
    for (int k = 0; k < SIDE; k++)
      for (int j = 0; j < SIDE; j++)
        a->v[i][j] -= l->v[i][k] * across[k][j];
}

static void decompose(int n, struct tile a[n][n]) {
  for (int k = 0; k < n; k++) {
#pragma omp task depend(inout : a[k][k])
    factor(&a[k][k]);
    for (int i = k + 1; i < n; i++)
#pragma omp task depend(in : a[k][k]) depend(inout : a[i][k])
      solve(&a[i][k], &a[k][k]);
    for (int i = k + 1; i < n; i++)
      for (int j = k + 1; j <= i; j++)
#pragma omp task depend(in : a[i][k], a[j][k]) depend(inout : a[i][j])
        update(&a[i][j], &a[i][k], &a[j][k]);
  }
}

int main(int argc, char **argv) {
  int n = (int)measure_argument(argc, argv, 1, "TILES");
  long count = (long)n * n * SIDE * SIDE;
  struct tile *a = malloc((size_t)count * sizeof(double));
  if (!a)
    return 1;
  uint32_t seed = 1;
  measure_random(&a->v[0][0], count, &seed);
  for (int t = 0; t < n; t++)
    for (int i = 0; i < SIDE; i++)
      a[t * n + t].v[i][i] += 1e6;
  measure_start();
#pragma omp parallel
#pragma omp single
  decompose(n, (void *)a);
  measure_stop(measure_bits(&a->v[0][0], count));
  free(a);
  return 0;
}
