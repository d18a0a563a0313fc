// -finstrument-functions: the program's own functions hear of entries and exits, in the order of the plain program.
// RUN: %lazy_equiv --fast --level="-O2 -finstrument-functions" --level="-O2 -finstrument-functions-after-inlining" %s
#include <lazy/lazy.h>
#include <stdio.h>

#define SILENT __attribute__((no_instrument_function))
static int depth, calls;
static unsigned order;
SILENT void __cyg_profile_func_enter(void *function, void *from) {
  (void)function, (void)from;
  calls++;
  order = order * 31 + (unsigned)++depth;
}
SILENT void __cyg_profile_func_exit(void *function, void *from) {
  (void)function, (void)from;
  depth--;
}

LAZY static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
LAZY static int twice(int x) { return 2 * x; }

int main(void) {
  int out[200], s = 0;
  for (int i = 0; i < 200; i++)
    out[i] = twice(i);
  int a = fib(18), b = fib(17), unused = twice(a);
  (void)unused;
  for (int i = 0; i < 200; i++)
    s ^= out[i];
  printf("%d\n", s + a + b);
  printf("%d %d %u\n", depth, calls, order);
  return 0;
}
