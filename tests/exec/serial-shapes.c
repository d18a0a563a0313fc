// What cannot be lazy yet is left alone: pointers, void, variadic functions, side effects, setjmp, calls without a
// prototype and through pointers.
// RUN: %lazy_equiv %s -Wno-deprecated-non-prototype -fplugin-arg-lazypass-check=warn
#include <lazy/lazy.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int counter;
LAZY static int count(int x) { return x + counter++; }
LAZY static int say(int x) { return printf("%d\n", x); }
LAZY static int by_pointer(const int *p) { return *p + 1; }
LAZY static void nothing(int *p) { *p = 3; }
LAZY static int *address(int *p) { return p + 1; }
LAZY static int add(int n, ...) {
  va_list v;
  va_start(v, n);
  int s = 0;
  while (n--)
    s += va_arg(v, int);
  va_end(v);
  return s;
}
LAZY static int noisy(int x) { return rand() % 2 ? x : x + 1; }
LAZY static int pure(int x) { return x * 2; }
LAZY int old();
int old(int a, int b) { return a - b; }

static jmp_buf env;
static int jumps(int n) {
  int x = pure(n);
  if (setjmp(env) == 0) {
    int y = pure(x);
    longjmp(env, y);
  }
  return x;
}

int main(void) {
  int a = count(1), b = count(2), c = say(a), d = say(b);
  int v[2] = {5, 6};
  int e = by_pointer(v), f = add(3, a, b, c);
  v[0] = 7;
  nothing(v + 1);
  int *p = address(v);
  int (*q)(int) = pure;
  int g = q(4), h = noisy(1), i = old(5, 3), j = jumps(4);
  printf("%d %d %d %d %d %d %d %d %d %d %d %d\n", a, b, c, d, e, f, g, h, i, j, *p, v[0]);
  return counter;
}
