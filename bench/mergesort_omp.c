/* mergesort COUNT, by an OpenMP expert: tasks down to a size found by trying. */
#include "measure.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL = 32, CUT_OFF = 10000 };

static void insert(uint32_t *a, long n) {
  for (long i = 1; i < n; i++) {
    uint32_t x = a[i];
    long j = i;
    for (; j > 0 && a[j - 1] > x; j--)
      a[j] = a[j - 1];
    a[j] = x;
  }
}

static void merge(uint32_t *a, uint32_t *buffer, long half, long n) {
  memcpy(buffer, a, (size_t)n * sizeof *a);
  for (long i = 0, j = half, k = 0; k < n; k++)
    a[k] = j == n || (i < half && buffer[i] <= buffer[j]) ? buffer[i++] : buffer[j++];
}

static void sort(uint32_t *a, uint32_t *buffer, long n) {
  if (n <= SMALL) {
    insert(a, n);
    return;
  }
#pragma omp task if (n > CUT_OFF)
  sort(a, buffer, n / 2);
  sort(a + n / 2, buffer + n / 2, n - n / 2);
#pragma omp taskwait
  merge(a, buffer, n / 2, n);
}

int main(int argc, char **argv) {
  long n = measure_argument(argc, argv, 1, "COUNT");
  uint32_t *a = malloc((size_t)n * sizeof *a), *buffer = calloc((size_t)n, sizeof *a);
  if (!a || !buffer)
    return 1;
  uint32_t seed = 1;
  for (long i = 0; i < n; i++)
    a[i] = seed = seed * 1664525u + 1013904223u;
  measure_start();
#pragma omp parallel
#pragma omp single
  sort(a, buffer, n);
  uint64_t sum = 0;
  for (long i = 0; i < n; i++)
    sum = sum * 31 + a[i];
  measure_stop(sum);
  free(a);
  free(buffer);
  return 0;
}
