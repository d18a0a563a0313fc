// An argument modified after the call; a local out of scope before the node runs.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>

struct s {
  int a[20];
};
LAZY static int f(struct s s, int x) { return s.a[x % 20] + s.a[0] + x; }
LAZY static struct s g(struct s s, int x) {
  s.a[x % 20] += x;
  return s;
}

int main(void) {
  struct s s = {{1, 2, 3}};
  int x = 1, r[10];
  for (int i = 0; i < 10; i++) {
    struct s inner = s;
    inner.a[0] = i;
    r[i] = f(inner, x);
    inner.a[0] = 99;
    x += r[i] & 1 ? 3 : 5;
    s.a[1]++;
    s = g(s, x);
    s.a[2] = i;
  }
  for (int i = 0; i < 10; i++)
    printf("%d ", r[i]);
  printf("%d %d\n", s.a[1], s.a[7]);
  int a = f(s, 3);
  s.a[3] = 1000;
  s.a[0] = 2000;
  int b = f(s, 3);
  printf("%d %d\n", a, b);
  return 0;
}
