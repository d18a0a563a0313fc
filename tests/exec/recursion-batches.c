// A recursive function that calls itself in batches, and that the program calls once, with constants: the batches are
// not of that call.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
LAZY static unsigned heavy(unsigned n, unsigned seed) {
  unsigned part[4], all = seed * 7;
  for (unsigned i = 0; n == 0 && i < 20000; i++)
    all = all * 31 + i;
  if (n == 0)
    return all;
  for (unsigned i = 0; i < 4; i++)
    part[i] = heavy(n - 1, seed * 4 + i);
  for (unsigned i = 0; i < 4; i++)
    all = all * 31 + part[i];
  return all;
}
int main(int c, char **v) {
  (void)v;
  printf("%u\n", heavy(4, 1));
}
