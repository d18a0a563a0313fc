// Ways to declare, define and call: K&R definitions, no prototype, arguments of variadic calls, variadic callers, tail
// calls that must be, setjmp, calls through pointers, aliases, redeclarations, recursion through all of them.
// RUN: %lazy_equiv %s -Wno-deprecated-non-prototype -std=gnu17
// mock: no
#include <lazy/lazy.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

LAZY static int f(int x) { return x * 5 + 1; }

/* Old style: the arguments are promoted, then converted back. */
LAZY static int old(a, c, d)
int a;
char c;
float d;
{
  return a + c * 2 + (int)(d * 8);
}
LAZY static int unprototyped();
static int unprototyped(n)
int n;
{
  return n * 3;
}
LAZY int nothing_said();

/* Said on the prototype only, on the definition only, on a later redeclaration, twice. */
LAZY int said_first(int);
int said_first(int x) { return x + 11; }
static int said_last(int);
static int calls_early(int x) { return said_last(x) + said_last(x + 1); }
LAZY static int said_last(int x) { return x + 12; }
LAZY LAZY static int said_twice(int x);
LAZY static int said_twice(int x) { return x + 13; }
int nothing_said(int x) { return x + 14; }

/* Other names. */
int original(int x) { return x + 15; }
LAZY int alias(int) __attribute__((alias("original")));
LAZY int renamed(int) __asm__("original");
LAZY extern inline __attribute__((gnu_inline, always_inline)) int inlined(int x) { return x + 16; }
LAZY __attribute__((always_inline)) static inline int always(int x) { return x + 17; }
LAZY __attribute__((noinline, cold)) static int attributes(int x) { return x + 18; }
LAZY __attribute__((flatten, optnone, noinline)) static int unoptimised(int x) { return f(x) + f(x + 1); }

static int sum(int n, ...) {
  va_list list;
  va_start(list, n);
  int a = f(n), s = 0;
  while (n--) {
    int b = f(va_arg(list, int));
    s += b + va_arg(list, int);
  }
  int c = f(s);
  va_end(list);
  return a + s * c;
}

static int count(int n, int acc) {
  int a = f(n), b = f(acc);
  if (n == 0)
    return a - b;
  __attribute__((musttail)) return count(n - 1, (acc + a) & 1023);
}
LAZY static int counted(int n, int acc) {
  if (n == 0)
    return acc;
  __attribute__((musttail)) return counted(n - 1, acc + n);
}
static int must(int n, int acc) {
  int unused = f(n);
  (void)unused;
  __attribute__((musttail)) return counted(n, acc);
}

static jmp_buf out;
static void jump(int x) {
  if (x % 3 == 0)
    longjmp(out, x + 1);
}
static int jumps(int n) {
  int a = f(n);
  int volatile k = 0;
  int code = setjmp(out);
  if (code)
    return code * 100 + a + k;
  for (k = 0; k < 5; k++) {
    int b = f(k), c = f(b);
    jump(c);
  }
  return a;
}

static int (*chosen)(int);

int main(void) {
  for (int n = 0; n < 5; n++) {
    int a = old(n, 'c', 1.5f), b = unprototyped(n), c = nothing_said(n), d = said_first(n), e = said_last(n);
    int g = said_twice(n), h = alias(n), i = renamed(n), j = inlined(n), k = always(n), l = attributes(n);
    int m = unoptimised(n);
    printf("%d %d %d %d %d %d %d\n", f(n), f(f(n)), a, b, c, d, e);
    printf("%d %d %d %d %d %d %d\n", g, h, i, j, k, l, m);
    chosen = n & 1 ? f : said_twice;
    int o = chosen(n), p = (*(n & 2 ? f : said_last))(n), q = (f)(n), r = (&f)(n), s = (*f)(n);
    printf("%d %d %d %d %d %d\n", o, p, q, r, s, calls_early(n));
    printf("%d %d %d %d\n", sum(n, f(1), f(2), f(3), f(4), f(5), f(6), f(7), f(8), 9, 10), count(n * 10, n), must(n, 3),
           jumps(n));
  }
  return 0;
}
