// A fork within the first moments of the workers' life: neither the child nor the parent may wait for a lock that a
// thread of the other holds.
// (In a child LeakSanitizer misses what only threads of the parent hold.)
// UNSUPPORTED: sanitized
// RUN: %lazy_equiv --fast %s
// RUN: %lazy_equiv --fast %s
// mock: no
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
LAZY static __attribute__((noinline)) unsigned f(unsigned k) {
  for (int r = 0; r < 4000; r++)
    k = k * 31 + r;
  return k;
}
int main(void) {
  unsigned a = f(1), b = f(2), s = 0;
  for (int i = 0; i < 50; i++)
    s += f(i);
  for (int k = 0; k < 3; k++) {
    unsigned o[100];
    for (int i = 0; i < 100; i++)
      o[i] = f(i);
    for (int i = 0; i < 100; i++)
      s ^= o[i];
    pid_t p = fork();
    if (!p) {
      unsigned c = f(a), d = f(b);
      exit((c ^ d) & 15);
    }
    int st;
    waitpid(p, &st, 0);
    printf("%d %u\n", st, s);
  }
}
