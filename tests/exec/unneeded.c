// A call whose value is never needed never runs; one needed on some paths runs there only; LAZY=serial runs them all,
// so only what cannot be seen differs.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int deep(int n) { return n <= 0 ? 1 : deep(n - 1) + deep(n - 1); }

static int maybe(int c, int n) {
  int dear = deep(n);
  if (c == 3)
    return dear;
  return c;
}

static int ignored(int n) {
  deep(n);
  int unused = deep(n + 1);
  (void)unused;
  return n;
}

static int overwritten(int n) {
  int x = deep(n);
  x = deep(3);
  return x;
}

static int early(int n) {
  int x = deep(n), y = deep(n + 1);
  if (n > 4)
    return x;
  if (n > 2)
    return y;
  return 0;
}

int main(void) {
  for (int c = 0; c < 6; c++)
    printf("%d %d %d %d\n", maybe(c, 12), ignored(8), overwritten(9), early(c));
  return 0;
}
