// Jumps that begin and end in one call of a lazy function: in place, or, if vouched for, deferred.
// RUN: %lazy_equiv --fast %s
#include <lazy/lazy.h>
#include <setjmp.h>
#include <stdio.h>

static unsigned work(unsigned k) {
  for (unsigned r = 0; r < 400; r++)
    k = k * 31 + r;
  return k;
}
static void check(jmp_buf out, unsigned k) {
  if (work(k) % 3 == 0)
    longjmp(out, (int)(k & 7) + 1);
}
static unsigned tries(unsigned k) {
  jmp_buf out;
  int code = setjmp(out);
  if (code)
    return (unsigned)code;
  check(out, k);
  check(out, k + 1);
  return work(k);
}
LAZY static unsigned in_place(unsigned k) { return tries(k); }
LAZY LAZY_TRUSTED static unsigned vouched_for(unsigned k) { return tries(k) * 3; }

int main(void) {
  unsigned s = 0, out[40];
  for (unsigned i = 0; i < 40; i++)
    out[i] = vouched_for(i);
  for (unsigned i = 0; i < 40; i++)
    s = s * 7 + (in_place(i) ^ vouched_for(i + 1)) + out[i];
  printf("%u\n", s);
}
