/* fib.c - Fibonacci numbers by the recursion of their definition.
 *
 *     fib [N]
 *
 * What to notice: two calls a function, a few nanoseconds each, hundreds of thousands of them, and no cut-off in the
 * source.  Near the root the two calls run at once; further down, where a call is not worth handing over, it is an
 * ordinary call.
 */
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

LAZY static long fib(int n) {
  if (n < 2)
    return n;
  return fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 38;
  printf("fib(%d) = %ld\n", n, fib(n));
  return 0;
}
