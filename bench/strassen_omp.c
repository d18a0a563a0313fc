/* strassen SIDE, by an OpenMP expert: a task for each product, which forms its own operands, and for each quadrant of
 * the result, down to a size found by trying. */
#include "measure.h"

#include <stdlib.h>

enum { LEAF = 64, CUT_OFF = 128 };

static void add(double *restrict c, const double *a, const double *b, long n) {
  for (long i = 0; i < n; i++)
    c[i] = a[i] + b[i];
}
static void subtract(double *restrict c, const double *a, const double *b, long n) {
  for (long i = 0; i < n; i++)
    c[i] = a[i] - b[i];
}
/* c = a + b - d + e */
static void combine(double *restrict c, const double *a, const double *b, const double *d, const double *e, long n) {
  for (long i = 0; i < n; i++)
    c[i] = a[i] + b[i] - d[i] + e[i];
}

static void multiply_leaf(double *restrict c, const double *a, const double *b) {
  for (long i = 0; i < LEAF * LEAF; i++)
    c[i] = 0;
  for (long i = 0; i < LEAF; i++)
    for (long k = 0; k < LEAF; k++)
      for (long j = 0; j < LEAF; j++)
        c[i * LEAF + j] += a[i * LEAF + k] * b[k * LEAF + j];
}

static void multiply(double *c, const double *a, const double *b, long n) {
  if (n == LEAF) {
    multiply_leaf(c, a, b);
    return;
  }
  long h = n / 2, q = h * h;
  const double *a11 = a, *a12 = a + q, *a21 = a + 2 * q, *a22 = a + 3 * q;
  const double *b11 = b, *b12 = b + q, *b21 = b + 2 * q, *b22 = b + 3 * q;
  double *t = malloc(17 * (size_t)q * sizeof *t), *m = t + 10 * q;
  if (!t)
    abort();

#pragma omp task if (n > CUT_OFF)
  {
    add(t, a11, a22, q);
    add(t + q, b11, b22, q);
    multiply(m, t, t + q, h);
  }
#pragma omp task if (n > CUT_OFF)
  {
    add(t + 2 * q, a21, a22, q);
    multiply(m + q, t + 2 * q, b11, h);
  }
#pragma omp task if (n > CUT_OFF)
  {
    subtract(t + 3 * q, b12, b22, q);
    multiply(m + 2 * q, a11, t + 3 * q, h);
  }
#pragma omp task if (n > CUT_OFF)
  {
    subtract(t + 4 * q, b21, b11, q);
    multiply(m + 3 * q, a22, t + 4 * q, h);
  }
#pragma omp task if (n > CUT_OFF)
  {
    add(t + 5 * q, a11, a12, q);
    multiply(m + 4 * q, t + 5 * q, b22, h);
  }
#pragma omp task if (n > CUT_OFF)
  {
    subtract(t + 6 * q, a21, a11, q);
    add(t + 7 * q, b11, b12, q);
    multiply(m + 5 * q, t + 6 * q, t + 7 * q, h);
  }
#pragma omp task if (n > CUT_OFF)
  {
    subtract(t + 8 * q, a12, a22, q);
    add(t + 9 * q, b21, b22, q);
    multiply(m + 6 * q, t + 8 * q, t + 9 * q, h);
  }
#pragma omp taskwait

#pragma omp task if (n > CUT_OFF)
  combine(c, m, m + 3 * q, m + 4 * q, m + 6 * q, q);
#pragma omp task if (n > CUT_OFF)
  add(c + q, m + 2 * q, m + 4 * q, q);
#pragma omp task if (n > CUT_OFF)
  add(c + 2 * q, m + q, m + 3 * q, q);
#pragma omp task if (n > CUT_OFF)
  combine(c + 3 * q, m, m + 2 * q, m + q, m + 5 * q, q);
#pragma omp taskwait
  free(t);
}

int main(int argc, char **argv) {
  long n = LEAF, side = measure_argument(argc, argv, 1, "SIDE");
  while (n < side)
    n *= 2;
  size_t size = (size_t)(n * n) * sizeof(double);
  double *a = malloc(size), *b = malloc(size), *c = malloc(size);
  if (!a || !b || !c)
    return 1;
  uint32_t seed = 1;
  measure_random(a, n * n, &seed);
  measure_random(b, n * n, &seed);
  measure_start();
#pragma omp parallel
#pragma omp single
  multiply(c, a, b, n);
  measure_stop(measure_bits(c, n * n));
  free(a);
  free(b);
  free(c);
  return 0;
}
