// Where memory lies that a call is still to allocate: not where the program frees some after the call.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 20 };

LAZY static unsigned *make(unsigned seed) {
  unsigned *a = malloc(N * sizeof *a);
  for (int i = 0; i < N; i++)
    a[i] = seed = seed * 1664525u + 1013904223u;
  return a;
}
LAZY static unsigned total(const unsigned *a) {
  unsigned h = 0;
  for (const unsigned *p = a; p != a + N; p++)
    h = h * 31 + *p;
  return h;
}
LAZY static unsigned same(const unsigned *a, LAZY_OPAQUE const void *b) { return 3 + (a == b); }
LAZY static unsigned first(const unsigned *a, const unsigned *b) { return a == b ? a[0] : a[0] ^ b[0]; }

int main(void) {
  for (unsigned i = 0; i < 8; i++) {
    unsigned *before = malloc(N * sizeof *before);
    before[0] = i;
    unsigned *a = make(i), different = 0, there = 0;
    switch (i) {
    case 0: different = a != before; break;
    case 1: different = (uintptr_t)a - (uintptr_t)before != 0; break;
    case 2: different = same(a, before); break;
    case 3: different = first(a, before); break;
    default: there = a != NULL;
    }
    free(before);
    printf("%u %u %u %u\n", different, there, same(a, a), total(a));
    free(a);
  }
  return 0;
}
