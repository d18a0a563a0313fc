// Values flow through ?:, if, switch, goto and loops, and are needed on some paths only.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int f(int x) { return x * 3 + 1; }
LAZY static int g(int x) { return x * x - 7; }
LAZY static long h(long a, int b) { return a * 31 + b; }

static int pick(int c, int a, int b) {
  int x = f(a), y = g(b);
  int z = c ? x : y;
  return z;
}

static int pick_unlike(int c, int a) {
  int x = f(a);
  int z = c > 3 ? x : c > 1 ? 17 : a;
  return z + c;
}

static int by_switch(int c, int a) {
  int x = f(a), y = g(a + 1), z = f(a + 2);
  switch (c) {
  case 0: return x;
  case 1: x = y; /* fall through */
  case 2: return x + z;
  case 3: y = g(z); break;
  default: z = 0;
  }
  return y - z;
}

static int by_goto(int n) {
  int x = f(n), i = 0;
again:
  if (i++ > n)
    goto out;
  x = g(x);
  x %= 1000;
  if (x > 500)
    goto again;
  x = f(x);
  goto again;
out:
  return x;
}

static int swapping(int n) {
  int a = f(n), b = g(n);
  for (int i = 0; i < n; i++) {
    int t = a;
    a = b;
    b = t;
    if (i % 3 == 0)
      a = f(i);
  }
  return n & 1 ? a : b;
}

static int rotating(int n) {
  int a = f(1), b = f(2), c = f(3);
  while (n--) {
    int t = a;
    a = b, b = c, c = t;
  }
  return a * 100 + b * 10 + c;
}

static long chain(int n) {
  long x = 1;
  for (int i = 0; i < n; i++)
    x = h(x, i);
  return x;
}

static long fibonacci(int n) {
  long a = 0, b = 1;
  for (int i = 0; i < n; i++) {
    long c = h(a, (int)(b & 15));
    a = b;
    b = c;
  }
  return a;
}

static int nested(int n) {
  int best = 0;
  for (int i = 0; i < n; i++) {
    int v = f(i), w = 0;
    for (int j = 0; j < i; j++) {
      if (j == 3)
        continue;
      w += g(j) + v;
      if (w > 1000)
        break;
    }
    if (w > best)
      best = w;
  }
  return best;
}

static int late(int n) {
  int x = f(n), y;
  do {
    y = f(n);
    if (n == 7)
      y = x;
  } while (n-- > 5 && y < 1000);
  return y + x;
}

static int irreducible(int n) {
  int x = f(n), i = 0;
  if (n & 1)
    goto middle;
top:
  x = g(i);
middle:
  i++;
  if (i < n)
    goto top;
  return x + i;
}

int main(void) {
  for (int c = 0; c < 6; c++)
    printf("%d %d %d\n", pick(c & 1, c, c + 1), pick_unlike(c, c * 5), by_switch(c, c + 10));
  for (int n = 0; n < 12; n++)
    printf("%d %d %d %ld %ld %d %d %d\n", by_goto(n), swapping(n), rotating(n), chain(n * 100), fibonacci(n), nested(n),
           late(n), irreducible(n));
  return 0;
}
