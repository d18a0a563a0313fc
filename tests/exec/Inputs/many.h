// What the tests of processes and threads have in common: a lazy function with some work to do, and many calls of it
// whose results are stored.  ROUNDS, if defined, says how much work.
#ifndef MANY_H
#define MANY_H

#include <lazy/lazy.h>

#ifndef ROUNDS
#define ROUNDS 4000
#endif

LAZY static __attribute__((noinline)) unsigned f(unsigned k) {
  for (unsigned r = 0; r < ROUNDS; r++)
    k = k * 31 + r;
  return k;
}

static unsigned many(unsigned n) {
  unsigned s = 0, o[100];
  for (unsigned i = 0; i < 100; i++)
    o[i] = f(i + n);
  for (unsigned i = 0; i < 100; i++)
    s ^= o[i];
  return s;
}

#endif
