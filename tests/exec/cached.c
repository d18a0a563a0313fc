// Results that are kept: everything that two calls may differ in although their arguments look alike, and everything
// that a call leaves behind.
// RUN: %lazy_equiv %s
// RUN: %clang_lazy -O1 %s -o %t -L%liblazy_dir -llazy -Wl,-rpath,%liblazy_dir -lm
// RUN: env LAZY_CACHE=memory LAZY_STATS=1 %t 2>&1 | %FileCheck --check-prefix=FOUND %s
// FOUND-DAG: lazy: steps: 6 calls, 4 found, 2 computed
// FOUND-DAG: lazy: ways: {{[0-9]+}} calls, {{[0-9]+}} found, 28 computed
// Rounding modes do not travel on the counting runtime.
// mock: no
#include <fenv.h>
#include <lazy/lazy.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static unsigned hash(const void *p, size_t size) {
  const unsigned char *c = p;
  unsigned h = 1;
  for (size_t i = 0; i < size; i++)
    h = (h ^ c[i]) * 16777619u;
  return h;
}

LAZY LAZY_CACHED static double steps(double x, int n) {
  for (int i = 0; i < n; i++)
    x = x * 0.75 + 1 / (x + i);
  return x;
}

/* Only some of it, so what was there before stays; inferred, and said. */
LAZY static void odd(int *to, int n, int by) {
  for (int i = 1; i < n; i += 2)
    to[i] = i * by;
}
LAZY static void some(LAZY_OUT(n) int *to, int n, int by) {
  for (int i = 0; i < n; i++)
    if (i % 3 == by % 3)
      to[i] = i * by;
}
LAZY LAZY_CACHED static void all(LAZY_OUT(n) int *to, int n, int by) {
  for (int i = 0; i < n; i++)
    to[i] = i * by;
}

/* The same bytes in other places. */
LAZY static void add(int *to, const int *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] += from[n - 1 - i];
}
LAZY LAZY_CACHED static int sum(LAZY_IN(n) const int *p, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s += p[i];
  return s;
}
LAZY LAZY_CACHED static unsigned tile(LAZY_INOUT(rows, columns, stride) unsigned char *p, int rows, int columns,
                                      int stride) {
  unsigned h = 7;
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++)
      h = p[y * stride + x] = (unsigned char)((h ^ p[y * stride + x]) * 31);
  return h;
}

/* Bits that compare equal and are not. */
LAZY LAZY_CACHED static double sign(double x) { return copysign(1, x); }
LAZY LAZY_CACHED static uint64_t payload(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
struct padded {
  char c;
  double d;
  short s;
};
LAZY LAZY_CACHED static struct padded turn(struct padded p, long double x, _Bool b) {
  return (struct padded){(char)(p.c + b), p.d * (double)x, (short)(p.s ^ 5)};
}
LAZY LAZY_CACHED static double third(double x) { return x / 3; }

/* Variables that are read by name. */
static int table[16] = {1, 2, 3};
LAZY static int look(int i) {
  int s = 0;
  for (int k = 0; k < 16; k++)
    s += table[(i + k) & 15] * k;
  return s;
}
LAZY LAZY_CACHED static size_t letters(LAZY_STR const char *s) { return s ? strlen(s) * 10 + (unsigned char)*s : 1; }

/* Counted in the test of the statistics: each of its calls of itself looks for its result. */
LAZY LAZY_CACHED static uint64_t ways(int n) { return n < 2 ? 1 : ways(n - 1) + ways(n - 2); }

/* Reaches, as far as anybody can tell, beyond what there is. */
LAZY static int until(const int *p, int n, int stop) {
  int s = 0;
  for (int i = 0; i < n && p[i] != stop; i++)
    s = s * 3 + p[i];
  return s;
}

static void partly(void) {
  int a[40], b[40];
  for (int round = 0; round < 3; round++) {
    memset(a, round, sizeof a);
    memset(b, 9, sizeof b);
    odd(a, 40, 3);
    odd(b, 40, 3);
    some(a, 20, 4);
    some(b + 3, 20, 4);
    printf("%x %x ", hash(a, sizeof a), hash(b, sizeof b));
    all(a, 30, 5);
    all(b, 30, 5);
    printf("%x %x\n", hash(a, sizeof a), hash(b, sizeof b));
  }
}

static void overlaps(void) {
  for (int round = 0; round < 2; round++) {
    int a[30], b[30];
    for (int i = 0; i < 30; i++)
      a[i] = b[i] = i % 5;
    add(a, b, 30);
    add(b, b, 30);
    printf("%x %x ", hash(a, sizeof a), hash(b, sizeof b));
    add(a, a + 5, 20);
    add(b + 5, b, 20);
    printf("%x %x %d %d %d\n", hash(a, sizeof a), hash(b, sizeof b), sum(a, 30), sum(b, 30), sum(a, 0));
  }
  unsigned char m[20 * 20] = {0};
  for (int k = 0; k < 4; k++)
    printf("%u %u ", tile(m + k % 2 * 7, 5, 6, 20), tile(m + 200, 5, 20, 20));
  printf("%x\n", hash(m, sizeof m));
}

static void bits(void) {
  for (int round = 0; round < 2; round++) {
    printf("%g %g %d\n", sign(0.0), sign(-0.0), payload(nan("1")) == payload(nan("2")));
    struct padded p, q;
    memset(&p, 1, sizeof p);
    memset(&q, 2, sizeof q);
    p.c = q.c = 4, p.d = q.d = 0.5, p.s = q.s = 6;
    struct padded r = turn(p, 3, 1), s = turn(q, 3, 1);
    printf("%d %g %d %d %g %d\n", r.c, r.d, r.s, s.c, s.d, s.s);
    volatile double one = 1;
    double nearest = third(one);
    fesetround(FE_UPWARD);
    double up = third(one);
    fesetround(FE_TONEAREST);
    printf("%a %a %a\n", nearest, up, third(one));
  }
}

static void variables(void) {
  char name[8] = "abc";
  for (int round = 0; round < 4; round++) {
    printf("%d %zu %zu ", look(3), letters(name), letters(NULL));
    table[5] = round;
    name[round] = 'x';
  }
  printf("%d\n", look(3));
}

static void edges(void) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED)
    return;
  munmap(p + page, page);
  int *last = (int *)(void *)(p + page) - 4;
  memcpy(last, (int[]){4, 5, 6, 0}, 16);
  for (int round = 0; round < 2; round++)
    printf("%d %d\n", until(last, 1000, 0), until(last, 3, 9));
  munmap(p, page);
}

int main(void) {
  for (int i = 0; i < 6; i++)
    printf("%.17g ", steps(1 + i % 2, 500));
  printf("%llu\n", (unsigned long long)ways(27));
  partly();
  overlaps();
  bits();
  variables();
  edges();
  return 0;
}
