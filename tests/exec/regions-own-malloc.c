// Memory that the program's own malloc() manages, and has filled in again when it is given back.
// RUN: %lazy_equiv %s %S/Inputs/regions-own-malloc.c
// RUN: %lazy_equiv --fast --level="-O2 -static" %s %S/Inputs/regions-own-malloc.c
// UNSUPPORTED: sanitized
// mock: no
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

LAZY static void fill(LAZY_OUT(n) unsigned *to, int n, unsigned seed) {
  for (int round = 0; round < 50; round++)
    for (int i = 0; i < n; i++)
      to[i] = seed = seed * 1664525u + 1013904223u;
}
LAZY static unsigned digest(LAZY_IN(n) const unsigned *a, int n) {
  unsigned h = 0;
  for (int i = 0; i < n; i++)
    h = h * 31 + a[i];
  return h;
}

int main(void) {
  enum { ROWS = 30, N = 50 };
  unsigned *row[ROWS], kept = 0;
  for (int i = 0; i < ROWS; i++) {
    row[i] = malloc(N * sizeof *row[i]);
    fill(row[i], N, (unsigned)i);
  }
  for (int i = 0; i < ROWS; i++) {
    unsigned before = digest(row[i], N);
    fill(row[i] + N / 2, N / 2, before);
    row[i] = realloc(row[i], 2 * N * sizeof *row[i]);
    fill(row[i] + N, N, 3);
    kept = kept * 31 + digest(row[i], 2 * N);
  }
  for (int i = 0; i < ROWS; i++) {
    unsigned last = digest(row[i], N / 2), *old = row[i];
    fill(row[i] + N, N, 5);
    free(row[i]);
    kept = kept * 31 + last + old[N]; // nobody has taken it since: filled in by free()
  }
  printf("%u\n", kept);
  return 0;
}
