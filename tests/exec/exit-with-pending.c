// exit() with values and stores pending.  (mock: no; what is pending then is never released)
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

LAZY static int f(int x) { return x * 7 + 3; }

static int ends_early(int n) {
  int x = f(n), r[20];
  for (int i = 0; i < 20; i++)
    r[i] = f(i + x);
  if (n == 9) {
    printf("leaving %d\n", r[3]);
    exit(r[5] & 63);
  }
  return r[7];
}

int main(void) {
  for (int n = 0; n < 20; n++)
    printf("%d\n", ends_early(n));
  return 0;
}
