// Recursive functions are compiled twice, shared and plain (Recursion.cpp): all shapes of arguments and results, trees
// that do not look alike at a level, and very deep ones.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct big {
  long v[6];
};
struct pair {
  double a;
  int b;
};

LAZY static unsigned fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

// In memory both ways, and more arguments than registers.
LAZY struct big spread(struct big x, int n, char c, short s, float f, double d, long l, long m, _Bool odd) {
  if (n == 0) {
    x.v[0] += c + s + (long)f + (long)d + l + m + odd;
    return x;
  }
  struct big left = spread(x, n - 1, c + 1, s + 2, f + 1, d / 2, l, m + 1, !odd);
  x.v[n % 6] += n;
  struct big right = spread(x, n - 1, c, s, f, d, l + n, m, odd);
  for (int i = 0; i < 6; i++)
    left.v[i] = left.v[i] * 31 + right.v[5 - i];
  return left;
}

LAZY static struct pair two(int n, float scale) {
  if (n < 2)
    return (struct pair){scale, n};
  struct pair l = two(n - 1, scale * 0.5f), r = two(n - 2, scale + 1);
  return (struct pair){l.a * 1.25 + r.a, l.b ^ (r.b << 1)};
}

// Nothing is alike: most subtrees are leaves, some are chains, some are full.
LAZY static unsigned tree(unsigned seed, int depth) {
  unsigned h = (seed * 2654435761u) ^ (seed >> 15);
  if (depth == 0 || h % 5 == 0)
    return h;
  unsigned a = tree(h + 1, depth - 1), b = h % 3 ? tree(h + 2, depth - 1) : 0;
  return a * 33 + b;
}

// As deep as it is long.
LAZY static long chain(long n) { return n == 0 ? 0 : chain(n - 1) + n % 7; }

// What is not certain to be needed may not run because it stands in a plain body.
LAZY static int choose(int n, int which) {
  if (n <= 0)
    return which;
  int a = choose(n - 1, which + 1), b = choose(n - 2, which - 1);
  return a & 1 ? a : b;
}

LAZY static void sort(LAZY_INOUT(n) int *a, LAZY_OUT(n) int *to, long n) {
  if (n < 2)
    return;
  long h = n / 2, i = 0, j = h, k = 0;
  sort(a, to, h);
  sort(a + h, to + h, n - h);
  while (i < h && j < n)
    to[k++] = a[i] <= a[j] ? a[i++] : a[j++];
  while (i < h)
    to[k++] = a[i++];
  while (j < n)
    to[k++] = a[j++];
  memcpy(a, to, n * sizeof *a);
}

// Stores and a call of another lazy function on the way.
LAZY static int weigh(const int *a, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s = s * 3 + a[i];
  return s;
}
LAZY static int halves(LAZY_IN(n) const int *a, int n, LAZY_INOUT(n) int *sums) {
  if (n < 4)
    return weigh(a, n);
  int mine[2];
  mine[0] = halves(a, n / 2, sums);
  mine[1] = halves(a + n / 2, n - n / 2, sums + n / 2);
  sums[0] = weigh(a, n) + mine[0];
  return mine[0] * 5 + mine[1] + sums[0];
}

// Called through a pointer, and tells it on.
LAZY LAZY_TRUSTED static int through(int n, LAZY_OPAQUE int (*back)(int)) {
  return n < 2 ? back(n) : through(n - 1, back) + through(n - 2, back);
}
static int twice(int n) { return 2 * n + 1; }

// Values in a deferred store and in a loop.
LAZY static unsigned fan(unsigned n, unsigned seed) {
  unsigned part[4], all = seed;
  if (n == 0)
    return seed * 7;
  for (unsigned i = 0; i < 4; i++)
    part[i] = fan(n - 1, seed * 4 + i);
  for (unsigned i = 0; i < 4; i++)
    all = all * 31 + part[i];
  return all;
}

int main(void) {
  enum { N = 3000 };
  static int a[N], to[N], sums[N];
  printf("%u %u\n", fib(1), fib(24));
  for (unsigned i = 0, s = 0; i < 30; i++)
    printf(i == 29 ? "%u\n" : "%u ", s += fib(i % 18));
  struct big x = spread((struct big){{1, 2, 3}}, 9, 'a', -3, 1.5f, 2.5, 1L << 40, -7, 1);
  for (int i = 0; i < 6; i++)
    printf("%ld ", x.v[i]);
  struct pair p = two(17, 0.1f);
  printf("%.17g %d\n", p.a, p.b);
  unsigned sum = 0;
  for (unsigned i = 0; i < 60; i++)
    sum = sum * 5 + tree(i, i % 17);
  printf("%u %ld %d\n", sum, chain(20000), choose(15, 3));
  for (int i = 0; i < N; i++)
    a[i] = i * 7919 % 1013;
  sort(a, to, N);
  sort(a + 5, to, 0);
  for (int i = 0; i < N; i += 500)
    printf("%d ", a[i]);
  printf("%d\n", halves(a, N, sums));
  for (int i = 0; i < N; i += 300)
    printf("%d ", sums[i]);
  int (*f)(int, int (*)(int)) = through;
  printf("%d %u\n", f(16, twice), fan(6, 1));
}
