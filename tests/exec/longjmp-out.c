// A call that leaves the frame by longjmp: stores that wait are there before it.
// RUN: %lazy_equiv --fast %s
// mock: no
/* stores through a restrict pointer wait when the frame is left by longjmp (or pthread_exit): they are lost */
#include <lazy/lazy.h>
#include <setjmp.h>
#include <stdio.h>
LAZY static __attribute__((noinline)) unsigned f(unsigned k) { return k * 31 + 7; }
static jmp_buf env;
static __attribute__((noinline)) void check(int n) {
  if (n == 3)
    longjmp(env, 1);
}
static __attribute__((noinline)) void run(unsigned *restrict out, int n) {
  for (int i = 0; i < n; i++)
    out[i] = f(i);
  check(n);
}
int main(void) {
  static unsigned o[8];
  if (!setjmp(env))
    run(o, 3);
  printf("%u %u %u\n", o[0], o[1], o[2]); /* 7 38 69; lazy: 0 0 0 */
}
