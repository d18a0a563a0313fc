/* strassen SIDE: multiplication of matrices by seven products of halves instead of eight, as far as that pays.
 *
 * Matrices are kept in quadrants, upper left, upper right, lower left, lower right, each kept in the same way, down to
 * LEAF rows and columns: so a quadrant is one piece of memory.  Sums and products wait for each other as the formulas
 * say.
 *
 * What is to be seen: every step of the recursion allocates its temporaries, fills and reads them by lazy calls, and
 * frees them; no line of it speaks of an order.
 */
#include "measure.h"

#include <lazy/lazy.h>
#include <stdlib.h>

enum { LEAF = 64 };

LAZY static void add(LAZY_OUT(n) double *restrict c, LAZY_IN(n) const double *a, LAZY_IN(n) const double *b, long n) {
  for (long i = 0; i < n; i++)
    c[i] = a[i] + b[i];
}
LAZY static void subtract(LAZY_OUT(n) double *restrict c, LAZY_IN(n) const double *a, LAZY_IN(n) const double *b,
                          long n) {
  for (long i = 0; i < n; i++)
    c[i] = a[i] - b[i];
}
/* c = a + b - d + e */
LAZY static void combine(LAZY_OUT(n) double *restrict c, LAZY_IN(n) const double *a, LAZY_IN(n) const double *b,
                         LAZY_IN(n) const double *d, LAZY_IN(n) const double *e, long n) {
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

LAZY static void multiply(LAZY_OUT(n *n) double *c, LAZY_IN(n *n) const double *a, LAZY_IN(n *n) const double *b,
                          long n) {
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

  add(t, a11, a22, q);
  add(t + q, b11, b22, q);
  add(t + 2 * q, a21, a22, q);
  subtract(t + 3 * q, b12, b22, q);
  subtract(t + 4 * q, b21, b11, q);
  add(t + 5 * q, a11, a12, q);
  subtract(t + 6 * q, a21, a11, q);
  add(t + 7 * q, b11, b12, q);
  subtract(t + 8 * q, a12, a22, q);
  add(t + 9 * q, b21, b22, q);

  multiply(m, t, t + q, h);
  multiply(m + q, t + 2 * q, b11, h);
  multiply(m + 2 * q, a11, t + 3 * q, h);
  multiply(m + 3 * q, a22, t + 4 * q, h);
  multiply(m + 4 * q, t + 5 * q, b22, h);
  multiply(m + 5 * q, t + 6 * q, t + 7 * q, h);
  multiply(m + 6 * q, t + 8 * q, t + 9 * q, h);

  combine(c, m, m + 3 * q, m + 4 * q, m + 6 * q, q);
  add(c + q, m + 2 * q, m + 4 * q, q);
  add(c + 2 * q, m + q, m + 3 * q, q);
  combine(c + 3 * q, m, m + 2 * q, m + q, m + 5 * q, q);
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
  multiply(c, a, b, n);
  measure_stop(measure_bits(c, n * n));
  free(a);
  free(b);
  free(c);
  return 0;
}
