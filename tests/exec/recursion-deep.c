// Where clang makes a loop of one of the calls, the serial program needs no stack however deep the tree is on that side;
// nor may the lazy one.
// RUN: %lazy_equiv --level=-O2 %s
// Code that can be checked keeps each frame (docs/man/lazycc.1).
// UNSUPPORTED: sanitized, checked
// mock: no
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static unsigned list(unsigned n) {
  if (n < 2)
    return n;
  unsigned first = list(n & 1), rest = list(n - 1);
  return first + rest;
}

LAZY static unsigned side(unsigned n, unsigned depth) {
  unsigned h = n * 2654435761u;
  for (int i = 0; i < 20; i++)
    h = (h ^ h >> 15) * 2246822519u;
  if (depth == 0)
    return h;
  return side(h, depth & 7 ? 0 : depth / 1000 % 4) + side(h + 1, depth - 1);
}

int main(void) { printf("%u %u\n", list(3000000), side(1, 1000000)); }
