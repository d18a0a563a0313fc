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

// Each level is a loop that gathers, and has a row of what it gathers in its frame, unless it runs plain.
struct state {
  unsigned seed;
  int steps;
};
__attribute__((noinline)) static void step(struct state *s) {
  s->seed = s->seed * 1664525u + 1013904223u;
  s->steps++;
}
LAZY static unsigned search(struct state s, int depth) {
  unsigned best = ~0u;
  if (depth == 0)
    return s.seed;
  for (int i = 0; i < 1 + (s.seed == 77); i++) {
    step(&s);
    unsigned found = search(s, depth - 1);
    best = found < best ? found : best;
  }
  return best ^ s.seed;
}

int main(void) { printf("%u %u %u\n", list(3000000), side(1, 1000000), search((struct state){1, 0}, 20000)); }
