// The end of a block-local array that a pending call reads: its place is used again.
// RUN: %lazy_equiv --fast %s
// mock: no
/* the end of a local's lifetime is no Clobber for a pending call that reads it: its stack slot is reused (-O1 and up) */
#include <lazy/lazy.h>
#include <stdio.h>
static const unsigned *tab;
LAZY static __attribute__((noinline)) unsigned rd(unsigned k) {
  unsigned s = 0;
  for (int i = 0; i < 16; i++)
    s = s * 31 + tab[(i + k) & 15];
  return s;
}
int main(int c, char **v) {
  unsigned x, s = 0;
  {
    unsigned a[16];
    for (int i = 0; i < 16; i++)
      a[i] = i * c;
    tab = a;
    x = rd(c);
  }
  {
    unsigned b[16];
    for (int i = 0; i < 16; i++)
      b[i] = i * 77 + c;
    for (int i = 0; i < 16; i++)
      s = s * 17 + b[(i * 5 + c) & 15];
  }
  printf("%u %u\n", x, s);
}
