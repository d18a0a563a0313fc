// Coverage and profiles count what the plain program does, whatever would run elsewhere, or not at all.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: %clang -O2 -I%include -fprofile-instr-generate -fcoverage-mapping %s -o plain
// RUN: env LLVM_PROFILE_FILE=plain.raw ./plain > plain.txt && llvm-profdata merge plain.raw -o plain.prof
// RUN: %clang_lazy -O2 -fprofile-instr-generate -fcoverage-mapping %s -o lazy -L%liblazy_dir -llazy -Rpass-missed=lazy 2>&1 | %FileCheck %s
// RUN: env LLVM_PROFILE_FILE=lazy.raw LAZY=defer LD_LIBRARY_PATH=%liblazy_dir ./lazy > lazy.txt && llvm-profdata merge lazy.raw -o lazy.prof
// RUN: diff plain.txt lazy.txt
// RUN: llvm-cov show -instr-profile plain.prof plain > plain.cov && llvm-cov show -instr-profile lazy.prof lazy > lazy.cov
// RUN: diff plain.cov lazy.cov
//
// RUN: %clang -O2 -I%include --coverage %s -o plain && ./plain && llvm-cov gcov -t plain-counted.gcda > plain.gcov
// RUN: %clang_lazy -O2 --coverage %s -o lazy -L%liblazy_dir -llazy
// RUN: env LAZY=defer LD_LIBRARY_PATH=%liblazy_dir ./lazy && llvm-cov gcov -t lazy-counted.gcda > lazy.gcov
// RUN: grep -v -e '-:' plain.gcov > plain.counts && grep -v -e '-:' lazy.gcov > lazy.counts
// RUN: diff plain.counts lazy.counts && %FileCheck %s --check-prefix=COUNTS < lazy.counts
// CHECK: counted.c:{{.*}}: remark: call of 'f' runs in place: calls are counted here, for coverage or a profile
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int f(int x) {
  int s = x; // COUNTS: 601:{{.*}}int s = x;
  for (int i = 0; i < 50; i++)
    s = i % 3 ? s * 1103 + 12345 : s ^ i;
  return s & 1023;
}
LAZY static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static int pick(int a) {
  int x = f(a), y = f(a + 1);
  return a % 2 ? x : y;
}

int main(void) {
  int out[200], s = 0;
  for (int i = 0; i < 200; i++)
    out[i] = f(i);
  for (int i = 0; i < 200; i++)
    s ^= out[i] + pick(i);
  int unused = f(3);
  (void)unused;
  int a = fib(18), b = fib(17);
  printf("%d\n", s + a + b);
  return 0;
}
