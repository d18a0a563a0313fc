// Computed goto, cleanup attributes, statement expressions, Duff's device, goto into a loop, infinite loops with a way
// out.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int f(int x) { return x * 7 + 3; }
LAZY static long g(int a, long b) { return a ^ b << 1; }

static int computed(int n) {
  static void *labels[] = {&&a, &&b, &&c, &&end};
  int x = f(n), i = 0, y = f(n + 1);
  goto *labels[n & 3];
a:
  x = f(x) & 1023;
  goto *labels[(++i + x) & 3];
b:
  y = x;
  if (i++ < 5)
    goto *labels[y & 1];
c:
  x = i > 20 ? y : f(i);
  if (i++ < 30)
    goto *labels[x & 3];
end:
  return x + y;
}

static void tell(int *p) { printf("cleanup %d\n", *p); }
static int cleaned(int n) {
  __attribute__((cleanup(tell))) int x = f(n);
  int y = f(n + 1);
  if (n > 2) {
    __attribute__((cleanup(tell))) int z = f(x);
    return y + z;
  }
  x++;
  return y;
}

static int expression(int n) {
  int x = ({
    int t = f(n);
    for (int i = 0; i < n; i++)
      t += f(i) & 3;
    t;
  });
  return x + ({ f(x); }) + (f(1), f(2));
}

static long duff(int n) {
  long s = 1;
  int i = (n + 3) / 4;
  switch (n & 3) {
    do {
    case 0: s = g(n, s); /* fall through */
    case 3: s = g(3, s); /* fall through */
    case 2: s = g(2, s); /* fall through */
    case 1: s = g(1, s);
    } while (--i > 0);
  }
  return s;
}

static int into_loop(int n) {
  int x = f(n), i = 0;
  if (n & 1)
    goto inside;
  for (i = 0; i < n; i++) {
    x = f(x) & 255;
  inside:
    if (x == 77)
      break;
    x += f(i);
  }
  return x;
}

static int forever(int n) {
  int x = f(n), y = f(n + 2);
  for (;;) {
    x = f(x) & 0xffff;
    if (x % 11 == 3)
      return y;
    if (x % 13 == 4)
      break;
    if (n++ > 1000)
      return -1;
  }
  return x;
}

static int logical(int a, int b) {
  int x = f(a), y = f(b);
  if ((x & 1 && y & 2) || (x & 4 && !(y & 8)))
    return x || y;
  return (x && (y = f(x))) ? y : -y;
}

int main(void) {
  for (int n = 0; n < 10; n++)
    printf("%d %d %d %ld %d %d %d\n", computed(n), cleaned(n), expression(n), duff(n + 1), into_loop(n), forever(n),
           logical(n, n * 3));
  return 0;
}
