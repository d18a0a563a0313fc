/* sparselu BLOCKS SIDE, by an OpenMP expert: tasks with dependences on blocks. */
#include "measure.h"

#include <stdlib.h>

static void factor(int n, double a[n][n]) {
  for (int k = 0; k < n; k++)
    for (int i = k + 1; i < n; i++) {
      a[i][k] /= a[k][k];
      for (int j = k + 1; j < n; j++)
        a[i][j] -= a[i][k] * a[k][j];
    }
}
static void solve_right(int n, const double diagonal[n][n], double a[n][n]) {
  for (int k = 0; k < n; k++)
    for (int i = k + 1; i < n; i++)
      for (int j = 0; j < n; j++)
        a[i][j] -= diagonal[i][k] * a[k][j];
}
static void solve_down(int n, const double diagonal[n][n], double a[n][n]) {
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++) {
      a[i][k] /= diagonal[k][k];
      for (int j = k + 1; j < n; j++)
        a[i][j] -= a[i][k] * diagonal[k][j];
    }
}
static void update(int n, double a[n][n], const double left[n][n], const double up[n][n]) {
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      for (int j = 0; j < n; j++)
        a[i][j] -= left[i][k] * up[k][j];
}

static void *new_block(int n) {
  void *block = calloc((size_t)n * (size_t)n, sizeof(double));
  if (!block)
    abort();
  return block;
}

static void decompose(int blocks, int n, void *a[blocks][blocks]) {
  for (int k = 0; k < blocks; k++) {
#pragma omp task depend(inout : a[k][k])
    factor(n, a[k][k]);
    for (int j = k + 1; j < blocks; j++)
      if (a[k][j])
#pragma omp task depend(in : a[k][k]) depend(inout : a[k][j])
        solve_right(n, a[k][k], a[k][j]);
    for (int i = k + 1; i < blocks; i++)
      if (a[i][k])
#pragma omp task depend(in : a[k][k]) depend(inout : a[i][k])
        solve_down(n, a[k][k], a[i][k]);
    for (int i = k + 1; i < blocks; i++)
      for (int j = k + 1; j < blocks; j++)
        if (a[i][k] && a[k][j]) {
          if (!a[i][j])
            a[i][j] = new_block(n);
#pragma omp task depend(in : a[i][k], a[k][j]) depend(inout : a[i][j])
          update(n, a[i][j], a[i][k], a[k][j]);
        }
  }
}

/* A band along the diagonal, and a third of the others here and there. */
static void *make_block(int i, int j, int n, uint32_t *seed) {
  if (abs(i - j) > 1 && (i * 7 + j * 5) % 6 > 1)
    return NULL;
  double *block = new_block(n);
  measure_random(block, (long)n * n, seed);
  for (int d = 0; i == j && d < n; d++)
    block[d * n + d] += 1e6;
  return block;
}

int main(int argc, char **argv) {
  int blocks = (int)measure_argument(argc, argv, 1, "BLOCKS"), n = (int)measure_argument(argc, argv, 2, "SIDE");
  void **a = malloc((size_t)blocks * (size_t)blocks * sizeof *a);
  if (!a)
    return 1;
  uint32_t seed = 1;
  for (int i = 0; i < blocks; i++)
    for (int j = 0; j < blocks; j++)
      a[i * blocks + j] = make_block(i, j, n, &seed);
  measure_start();
#pragma omp parallel
#pragma omp single
  decompose(blocks, n, (void *)a);
  uint64_t sum = 0;
  for (int i = 0; i < blocks * blocks; i++)
    sum = sum * 31 + (a[i] ? measure_bits(a[i], (long)n * n) : 1);
  measure_stop(sum);
  for (int i = 0; i < blocks * blocks; i++)
    free(a[i]);
  free(a);
  return 0;
}
