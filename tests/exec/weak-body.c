// A body that may be replaced (weak) is looked at all the same.
// RUN: %lazy_equiv --fast %s -fplugin-arg-lazypass-check=warn
// mock: no
/* a weak (or C99 inline) definition is in plain sight, writes a global, and is deferred without a word */
#include <lazy/lazy.h>
#include <stdio.h>
int counter;
LAZY __attribute__((weak)) int f(int k) {
  counter++;
  return k * counter;
}
int main(void) {
  int a = f(1), b = f(2);
  printf("%d\n", counter);
  printf("%d %d\n", a, b);
} /* 2 / 1 4; lazy: 0 / ... */
