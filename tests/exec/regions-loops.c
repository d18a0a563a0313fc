// Loops of the program over memory that pending calls touch.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

LAZY static void fill(LAZY_OUT(n) unsigned *to, long n, unsigned seed) {
  for (long i = 0; i < n; i++)
    to[i] = seed = seed * 1664525u + 1013904223u;
}
LAZY static unsigned digest(LAZY_IN(n) const unsigned *a, long n) {
  unsigned h = 2166136261u;
  for (long i = 0; i < n; i++)
    h = (h ^ a[i]) * 16777619u;
  return h;
}

enum { N = 600, ROWS = 10 };

static unsigned total(const unsigned *a, long n) {
  unsigned h = 0;
  for (long i = 0; i < n; i++)
    h = h * 31 + a[i];
  return h;
}

// Forwards, backwards, with steps, with an exit, over what is pending only in part.
static void shapes(void) {
  static unsigned a[ROWS][N];
  unsigned h = 0;
  for (int r = 0; r < ROWS; r++) {
    fill(a[r], N, (unsigned)r);
    for (int i = 1; i < N; i++)
      h += a[r / 2][i] ^ a[r / 2][i - 1];
    for (int i = N - 1; i >= 0; i -= 3)
      a[r / 3][i]++;
    for (size_t i = N; i-- > 0;)
      if (a[r][i] % 17 == 3) {
        h ^= (unsigned)i;
        break;
      }
    unsigned *p = a[r], *end = a[r] + N / 2;
    while (p < end)
      h += *p++;
    for (int i = 0; i < N; i += r + 1)
      a[r][i] += digest(a[r], i) & 1;
    memset(a[r] + 5, r, 100);
    for (int i = 0; i < r; i++)
      memcpy(a[i] + i, a[r], sizeof(unsigned) * (size_t)(r - i));
  }
  printf("shapes %u %u\n", h, total(a[0], (long)ROWS * N));
}

// Nested loops, and loops around them that make calls.
static void matrices(void) {
  static unsigned a[60][60], b[60][60];
  for (int step = 0; step < 6; step++) {
    for (int r = 0; r < 60; r += 10)
      fill(a[r], 60 * 5, (unsigned)(r + step));
    for (int i = step; i < 60 - step; i++)
      for (int j = 0; j <= i; j++)
        b[j][i] += a[i][j];
    for (int i = 0; i < 60; i++)
      for (int j = i; j < 60; j += 2)
        a[i][j] = b[59 - i][59 - j] * 3;
  }
  printf("matrices %u %u\n", total(a[0], 3600), total(b[0], 3600));
}

// Accesses that never happen, at places that nobody has computed.
static void never(int n, long wild, int sure) {
  static unsigned a[N];
  unsigned h = 0;
  long unset;
  if (sure)
    unset = 3;
  fill(a, N, 9);
  for (long i = 0; i < n; i++) {
    if (i < 3)
      h += a[i * 7];
    if (i > 1000000)
      h += a[i * wild * wild];
    if (sure)
      h += a[unset + i % 5];
  }
  for (uint64_t i = 0; i < UINT64_MAX; i++)
    if ((h += a[i]) % 5 == 0 || i == N - 1)
      break;
  unsigned *nowhere = NULL;
  for (int i = 0; i < 10; i++)
    if (n < -100)
      nowhere[i * wild]++;
  for (int i = 10; i < n - 100; i++)
    a[i]++;
  printf("never %u %u\n", h, total(a, N));
}

// Values that are pending themselves say where and how far.
LAZY static long draw(unsigned long x) {
  for (int i = 0; i < 50; i++)
    x = x * 1103515245 + 12345;
  return (long)(x >> 33) % 100 + 1;
}
static void pending(void) {
  static unsigned a[N];
  static long far[40];
  unsigned h = 0;
  for (int i = 0; i < 40; i++)
    far[i] = draw((unsigned long)i);
  for (int k = 0; k < 10; k++) {
    long from = draw((unsigned long)k), n = draw((unsigned long)k + 100);
    fill(a + from, n, (unsigned)k);
    for (long i = 0; i < n; i++)
      h = h * 3 + a[i + from / 2];
    for (int i = 0; i < 40; i++)
      a[far[i]] += (unsigned)far[39 - i];
  }
  printf("pending %u %u\n", h, total(a, N));
}

// To ask in front of a loop takes a value that is else looked at in the loop, or never: its call need not wait then.
static void early(int most) {
  static unsigned a[N];
  unsigned h = 0;
  fill(a, N, 3);
  long n = draw(9);
  for (int i = 0; i < most; i++)
    if (i % 3)
      h += a[i + n];
  printf("early %u %u\n", h, total(a, N));
}

// The transform of a half, and of the other, and both together.
LAZY static void halves(LAZY_INOUT(n) double *to, long n) {
  if (n < 8)
    return;
  halves(to, n / 2);
  halves(to + n / 2, n - n / 2);
  for (long k = 0; k < n / 2; k++) {
    double even = to[k], odd = to[n / 2 + k];
    to[k] = even + odd, to[n / 2 + k] = even - odd;
  }
}

int main(void) {
  double x[300], sum = 0;
  for (int i = 0; i < 300; i++)
    x[i] = i % 7;
  shapes(), matrices(), pending(), early(100), early(0);
  never(10, LONG_MAX / 3, 1), never(0, 1, 0), never(-5, LONG_MIN, 0), never(N, 1L << 40, 1);
  halves(x, 300);
  for (int i = 0; i < 300; i++)
    sum = sum * 0.5 + x[i];
  printf("halves %g\n", sum);
}
