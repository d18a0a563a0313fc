/* quicksort COUNT, by an OpenMP expert: tasks down to a size found by trying. */
#include "measure.h"

#include <stdlib.h>

enum { SMALL = 24, CUT_OFF = 10000 };

static void swap(uint32_t *a, uint32_t *b) {
  uint32_t t = *a;
  *a = *b;
  *b = t;
}

static void insert(uint32_t *a, long n) {
  for (long i = 1; i < n; i++) {
    uint32_t x = a[i];
    long j = i;
    for (; j > 0 && a[j - 1] > x; j--)
      a[j] = a[j - 1];
    a[j] = x;
  }
}

/* Puts the median of first, middle and last in the middle. */
static uint32_t pivot(uint32_t *a, long n) {
  uint32_t *middle = a + n / 2, *last = a + n - 1;
  if (*middle < *a)
    swap(middle, a);
  if (*last < *middle)
    swap(last, middle);
  if (*middle < *a)
    swap(middle, a);
  return *middle;
}

/* Hoare's: nothing before the place returned is larger than anything from there on. */
static long partition(uint32_t *a, long n) {
  uint32_t p = pivot(a, n);
  long i = 0, j = n - 1;
  for (;; i++, j--) {
    while (a[i] < p)
      i++;
    while (a[j] > p)
      j--;
    if (i >= j)
      return i;
    swap(&a[i], &a[j]);
  }
}

static void sort(uint32_t *a, long n) {
  if (n <= SMALL) {
    insert(a, n);
    return;
  }
  long left = partition(a, n);
#pragma omp task if (left > CUT_OFF)
  sort(a, left);
  sort(a + left, n - left);
}

int main(int argc, char **argv) {
  long n = measure_argument(argc, argv, 1, "COUNT");
  uint32_t *a = malloc((size_t)n * sizeof *a);
  if (!a)
    return 1;
  uint32_t seed = 1;
  for (long i = 0; i < n; i++)
    a[i] = seed = seed * 1664525u + 1013904223u;
  measure_start();
#pragma omp parallel
#pragma omp single
  sort(a, n);
  uint64_t sum = 0;
  for (long i = 0; i < n; i++)
    sum = sum * 31 + a[i];
  measure_stop(sum);
  free(a);
  return 0;
}
