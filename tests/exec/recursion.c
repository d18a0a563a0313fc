// fib, n queens by bit masks, mutual recursion, Ackermann, a binary tree of structs.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

LAZY static int queens(unsigned all, unsigned cols, unsigned left, unsigned right) {
  if (cols == all)
    return 1;
  int count = 0;
  for (unsigned free = all & ~(cols | left | right); free; free &= free - 1) {
    unsigned bit = free & -free;
    count += queens(all, cols | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return count;
}

LAZY static int male(int n);
LAZY static int female(int n) { return n == 0 ? 1 : n - male(female(n - 1)); }
LAZY static int male(int n) { return n == 0 ? 0 : n - female(male(n - 1)); }

LAZY static int ackermann(int m, int n) {
  if (m == 0)
    return n + 1;
  if (n == 0)
    return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

struct stat {
  long n, sum;
  int lo, hi;
};
LAZY static struct stat tree(int depth, int seed) {
  if (depth == 0)
    return (struct stat){1, seed, seed, seed};
  struct stat a = tree(depth - 1, (seed * 7 + 1) % 1009), b = tree(depth - 1, (seed * 5 + 3) % 1009);
  return (struct stat){a.n + b.n, a.sum + b.sum, a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

LAZY static double integrate(double a, double b, double fa, double fb, int depth) {
  double m = (a + b) / 2, fm = 1 / (1 + m * m);
  double whole = (fa + fb) * (b - a) / 2, halves = (fa + 2 * fm + fb) * (b - a) / 4;
  if (depth == 0 || (whole - halves < 1e-9 && halves - whole < 1e-9))
    return halves;
  return integrate(a, m, fa, fm, depth - 1) + integrate(m, b, fm, fb, depth - 1);
}

int main(void) {
  printf("%d\n", fib(20));
  for (int n = 1; n <= 8; n++)
    printf("%d %d %d\n", queens((1u << n) - 1, 0, 0, 0), female(n + 8), male(n + 8));
  printf("%d\n", ackermann(2, 6));
  struct stat s = tree(10, 42);
  printf("%ld %ld %d %d\n", s.n, s.sum, s.lo, s.hi);
  printf("%.17g\n", integrate(0, 1, 1, 0.5, 16));
  return 0;
}
