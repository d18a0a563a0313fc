// Lazy functions that read and write memory through their parameters.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

LAZY static void fill(LAZY_OUT(n) unsigned *to, long n, unsigned seed) {
  for (long i = 0; i < n; i++)
    to[i] = seed = seed * 1664525u + 1013904223u;
}
LAZY static void add(LAZY_OUT(n) unsigned *to, LAZY_IN(n) const unsigned *a, LAZY_IN(n) const unsigned *b, long n) {
  for (long i = 0; i < n; i++)
    to[i] = a[i] + 3 * b[i];
}
LAZY static void mix(unsigned n, unsigned a[n], unsigned by) {
  for (unsigned i = 1; i < n; i++)
    a[i] = a[i] * by + a[i - 1];
}
LAZY static unsigned digest(LAZY_IN(n) const unsigned *a, long n) {
  unsigned h = 2166136261u;
  for (long i = 0; i < n; i++)
    h = (h ^ a[i]) * 16777619u;
  return h;
}
static unsigned key[16];
LAZY static void encode(LAZY_INOUT(n) unsigned *a, long n) {
  for (long i = 0; i < n; i++)
    a[i] ^= key[i % 16] + (unsigned)i;
}
LAZY static unsigned pick(unsigned x) {
  for (int i = 0; i < 50; i++)
    x = x * 31 + 7;
  return x;
}

static void show(const char *what, const unsigned *a, long n) {
  unsigned h = 0;
  for (long i = 0; i < n; i++)
    h = h * 31 + a[i];
  printf("%s %u\n", what, h);
}

enum { N = 500, ROWS = 12 };
static unsigned grid[ROWS][N];

static void rows(void) {
  for (int r = 0; r < ROWS; r++)
    fill(grid[r], N, (unsigned)r);
  for (int r = 1; r < ROWS; r++)
    add(grid[r], grid[r - 1], grid[r], N);
  show("rows", &grid[0][0], (long)ROWS * N);
}

// The program writes what a pending call reads, and reads what one writes.
static void hazards(void) {
  static unsigned a[N], b[N], c[N];
  fill(a, N, 1);
  fill(b, N, 2);
  add(c, a, b, N);
  a[7] = 5;
  b[N - 1]++;
  unsigned middle = c[N / 2];
  add(c, a, b, N);
  memset(a, 1, sizeof a / 2);
  memcpy(b, c, sizeof b);
  show("a", a, N), show("b", b, N), show("c", c, N);
  printf("middle %u\n", middle);
}

// Overlap in part, and the same pointer more than once.
static void overlaps(void) {
  unsigned a[2 * N];
  fill(a, 2 * N, 3);
  for (int i = 0; i < 8; i++) {
    mix(N, a + i * (N / 8), 5);
    add(a + i, a + i, a + i, N);
  }
  show("overlaps", a, 2 * N);
  add(a, a + 1, a + 2, 0);
  fill(NULL, 0, 4);
  fill(a + 5, 1, 9);
  show("little", a, 2 * N);
}

// Locals whose lives end, and a loop left early.
static unsigned locals(unsigned seed) {
  unsigned sum = 0;
  for (int round = 0; round < 5; round++) {
    unsigned block[64];
    fill(block, 64, seed + (unsigned)round);
    mix(64, block, 7);
    if (round == 3)
      return sum;
    sum += block[63] + digest(block, 64);
  }
  return sum;
}

// A variable that a lazy function reads changes between calls.
static void keys(void) {
  unsigned a[100];
  fill(a, 100, 6);
  for (unsigned k = 0; k < 6; k++) {
    key[k * 2] = k * 77;
    encode(a, 100);
  }
  fill(key, 16, 5);
  encode(a, 50);
  show("keys", a, 100);
}

// Values that wait to be stored, in memory that lazy calls touch.
static void stores(void) {
  static unsigned a[N];
  for (unsigned i = 0; i < N; i++)
    a[i] = pick(i);
  mix(N, a, 3);
  for (unsigned i = 0; i < N; i += 3)
    a[i] = pick(a[(i + 1) % N]);
  unsigned h = digest(a, N);
  a[0] = pick(h);
  printf("stores %u %u\n", h, digest(a, N));
}

static int compare(const void *a, const void *b) {
  unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
  return (x > y) - (x < y);
}
LAZY static void merge(unsigned *restrict to, const unsigned *a, long n, const unsigned *b, long m);
static void merge(LAZY_OUT(n + m) unsigned *restrict to, LAZY_IN(n) const unsigned *a, long n,
                  LAZY_IN(m) const unsigned *b, long m) {
  for (long i = 0, j = 0, k = 0; k < n + m; k++)
    to[k] = j == m || (i < n && a[i] <= b[j]) ? a[i++] : b[j++];
}
LAZY static void sort(LAZY_INOUT(n) unsigned *a, LAZY_OUT(n) unsigned *buffer, long n) {
  if (n < 20) {
    for (long i = 1; i < n; i++)
      for (long j = i; j > 0 && a[j - 1] > a[j]; j--) {
        unsigned t = a[j];
        a[j] = a[j - 1];
        a[j - 1] = t;
      }
    return;
  }
  long half = n / 2;
  sort(a, buffer, half);
  sort(a + half, buffer + half, n - half);
  merge(buffer, a, half, a + half, n - half);
  memcpy(a, buffer, (size_t)n * sizeof *a);
}
static void sorting(void) {
  static unsigned a[3000], b[3000], buffer[3000];
  fill(a, 3000, 8);
  memcpy(b, a, sizeof b);
  sort(a, buffer, 3000);
  qsort(b, 3000, sizeof *b, compare);
  printf("sorted %d\n", memcmp(a, b, sizeof a) == 0);
}

// Calls that write, and return what nobody looks at: in the last block of a function, in a loop, on one path.
LAZY static unsigned advance(LAZY_INOUT(n) unsigned *a, unsigned n) {
  for (unsigned i = 0; i < n; i++)
    a[i] = a[i] * 31 + i;
  return a[0];
}
__attribute__((noinline)) static unsigned unwanted(unsigned *a, unsigned *b, int which) {
  advance(a, 40);
  for (int i = 0; i < 3; i++)
    advance(b, 40);
  unsigned last = advance(a, 20);
  if (which)
    return last;
  digest(a, 40);
  advance(b, 20);
  return 0;
}

// A value that may come from many calls, among calls that return nothing.
static unsigned flows(int which, unsigned *a) {
  unsigned x = 0;
  switch (which) {
  case 0: x = pick(1); break;
  case 1: x = pick(2); break;
  case 2: x = pick(3); break;
  case 3: x = pick(4); break;
  case 4: x = pick(5); break;
  default: x = pick(6);
  }
  fill(a, 10, 3);
  mix(10, a, 2);
  return x + a[2];
}

// Two buffers that change places, as in a simulation.
LAZY static void relax(LAZY_OUT(n) double *to, LAZY_IN(n + 2) const double *from, long n) {
  for (long i = 0; i < n; i++)
    to[i] = 0.25 * from[i] + 0.5 * from[i + 1] + 0.25 * from[i + 2];
}
static void heat(void) {
  enum { CELLS = 400, BLOCK = 50 };
  double *now = calloc(CELLS + 2, sizeof *now), *next = calloc(CELLS + 2, sizeof *next);
  now[CELLS / 2] = 1000;
  for (int step = 0; step < 20; step++) {
    for (int i = 0; i < CELLS; i += BLOCK)
      relax(next + 1 + i, now + i, BLOCK);
    double *t = now;
    now = next;
    next = t;
  }
  for (int i = 0; i < CELLS; i += 37)
    printf("%a ", now[i]);
  puts("");
  free(now);
  free(next);
}

int main(void) {
  rows();
  hazards();
  overlaps();
  printf("locals %u %u\n", locals(1), locals(2));
  keys();
  stores();
  sorting();
  printf("unwanted %u %u\n", unwanted(grid[0], grid[1], 0), unwanted(grid[1], grid[2], 1));
  for (int which = 0; which < 6; which++)
    printf("flows %u\n", flows(which, grid[which]));
  show("rows", &grid[0][0], (long)ROWS * N);
  heat();
  return (int)(digest(grid[3], N) % 50);
}
