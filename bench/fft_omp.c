/* fft COUNT, by an OpenMP expert: tasks down to a size found by trying. */
#include "measure.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

enum { SMALL = 16, CUT_OFF = 4096 };

static void transform_small(double complex *to, const double complex *from, const double complex *roots, long n,
                            long stride) {
  for (long k = 0; k < n; k++) {
    double complex sum = 0;
    for (long i = 0; i < n; i++)
      sum += from[i * stride] * roots[i * k % n * stride];
    to[k] = sum;
  }
}

/* `to` = the transform of n numbers from `from`, `stride` apart; roots[i] = exp(-2 pi i / (n * stride)) to the i. */
static void transform(double complex *to, const double complex *from, const double complex *roots, long n,
                      long stride) {
  if (n <= SMALL) {
    transform_small(to, from, roots, n, stride);
    return;
  }
  long half = n / 2;
#pragma omp task if (n > CUT_OFF)
  transform(to, from, roots, half, 2 * stride);
  transform(to + half, from + stride, roots, half, 2 * stride);
#pragma omp taskwait
  for (long k = 0; k < half; k++) {
    double complex even = to[k], odd = to[half + k] * roots[k * stride];
    to[k] = even + odd;
    to[half + k] = even - odd;
  }
}

int main(int argc, char **argv) {
  long n = 1, count = measure_argument(argc, argv, 1, "COUNT");
  while (n < count)
    n *= 2;
  size_t size = (size_t)n * sizeof(double complex);
  double complex *from = malloc(size), *to = malloc(size), *roots = malloc(size);
  if (!from || !to || !roots)
    return 1;
  uint32_t seed = 1;
  measure_random((double *)from, 2 * n, &seed);
  for (long i = 0; i < n; i++)
    roots[i] = cexp(-6.28318530717958648 * I * (double)i / (double)n);
  measure_start();
#pragma omp parallel
#pragma omp single
  transform(to, from, roots, n, 1);
  measure_stop(measure_bits((double *)to, 2 * n));
  free(from);
  free(to);
  free(roots);
  return 0;
}
