// A node that crashes is named; the process ends as it would have.
// RUN: %lazy_equiv --fast %s
// RUN: %lazy_equiv --fast %s -- deep
// RUN: %clang_lazy -O1 %s -L%liblazy_dir -llazy -Wl,-rpath,%liblazy_dir -o %t
// RUN: env LAZY=defer OMP_NUM_THREADS=1 %not --crash %t 2>&1 | %FileCheck %s
// RUN: env LAZY=defer OMP_NUM_THREADS=2 %not --crash %t 2>&1 | %FileCheck %s
// CHECK: lazy: crash (SIGILL) in 'traps', called at {{.*}}process-crash.c:[[# @LINE + 30]]:{{[0-9]+}}
// UNSUPPORTED: sanitized
// mock: no
#include <lazy/lazy.h>
#include <stdio.h>
#include <sys/resource.h>

LAZY static __attribute__((noinline)) unsigned traps(unsigned k) {
  if (k == 3)
    __builtin_trap();
  return k * 31 + 7;
}

LAZY LAZY_TRUSTED static __attribute__((noinline)) unsigned deep(unsigned k) {
  volatile char a[5000];
  a[k % 5000] = (char)k;
  return k == 1 ? 0 : deep(k + 2) + (unsigned)a[7];
}

int main(int count, char **words) {
  unsigned o[10], s = 0;
  (void)words;
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  puts("begin");
  fflush(stdout);
  if (count > 1) {
    for (unsigned i = 0; i < 10; i++)
      o[i] = deep(2 * i);
  } else {
    for (unsigned i = 0; i < 10; i++)
      o[i] = traps(i);
  }
  for (unsigned i = 0; i < 10; i++)
    s += o[i];
  printf("%u\n", s);
  return 0;
}
