// Accesses that do not happen, at places that are no memory: what encloses them and those that do may go round the ends of
// memory, and round the ends of 64 bits.
// RUN: %lazy_equiv %s
// RUN: %lazy_equiv --fast --level="-O1 -no-pie" %s
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>

enum { N = 200 };
static unsigned a[N];

LAZY static void fill(LAZY_OUT(n) unsigned *to, long n, unsigned seed) {
  for (long round = 0; round < 100; round++)
    for (long i = 0; i < n; i++)
      to[i] = seed = seed * 1664525u + 1013904223u;
}
static unsigned total(void) {
  unsigned h = 0;
  for (long i = 0; i < N; i++)
    h = h * 31 + a[i];
  return h;
}

LAZY static void steps(unsigned *p, int64_t step, int64_t n) {
  for (int64_t i = 0; i < 4; i++)
    if (i * step >= 0 && i * step < n)
      p[i * step] = p[i * step] * 5 + 1;
}
static void far(int64_t step) {
  unsigned h = 0;
  fill(a, N, 1);
  for (int64_t i = 0; i < 4; i++)
    if (i * step >= 0 && i * step < N)
      h += a[i * step];
  fill(a, N, h);
  for (int64_t i = 0; i < 4; i++)
    if (i * step >= 0 && i * step < N)
      a[i * step] = 7;
  printf("far %ld %u %u\n", (long)step, h, total());
  fill(a, N, 2);
  steps(a, step, N);
  printf("%u\n", total());
}

// Four times this is 4.
#define QUARTER ((UINT64_C(1) << 62) + 1)

LAZY static void quarters(unsigned char *p, uint64_t n) {
  for (uint64_t i = 0; i < 7; i++)
    if (i * QUARTER < n)
      p[i * QUARTER] = (unsigned char)(p[i * QUARTER] * 5 + 1);
}
LAZY static unsigned blocks(const unsigned char *p, uint64_t n) {
  unsigned h = 0;
  for (uint64_t i = 0; i < UINT64_MAX && i <= n; i++)
    h = h * 31 + p[i * 65536];
  return h;
}
static void around(unsigned seed) {
  static union {
    unsigned word[1 << 18];
    unsigned char byte[1 << 20];
  } b;
  unsigned h = 0;
  fill(b.word, 50, seed);
  quarters(b.byte, 100);
  for (uint64_t i = 0; i < 7; i++)
    if (i * QUARTER < 100)
      h = h * 31 + b.byte[i * QUARTER];
  fill(b.word, 50, h);
  for (uint64_t i = 0; i < 7; i++)
    if (i * QUARTER < 100)
      b.byte[i * QUARTER]++;
  for (int i = 0; i < 50; i++)
    h = h * 31 + b.word[i];
  fill(b.word + 5 * 16384, 50, seed);
  unsigned sum = blocks(b.byte, 9);
  fill(b.word + 5 * 16384, 50, seed + 1);
  for (uint64_t i = 0; i < UINT64_MAX; i++) {
    if (i > 9)
      break;
    h = h * 31 + b.byte[i * 65536];
  }
  printf("around %u %u\n", h, sum);
}

int main(void) {
  for (int k = 10; k < 61; k++)
    far(INT64_C(1) << k), far(-(INT64_C(1) << k)), far(-(INT64_C(3) << (k - 3)));
  for (unsigned seed = 0; seed < 4; seed++)
    around(seed);
}
