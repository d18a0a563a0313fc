// What a body reads besides its regions is told to callers that do not see it.
// RUN: %clang_lazy -O1 -S -emit-llvm -o %t.ll %s
// RUN: %FileCheck %s < %t.ll
// RUN: %FileCheck --check-prefix=NONE %s < %t.ll
#include <lazy/lazy.h>

// CHECK-DAG: @__lazy_reads_blind ={{.*}} constant i8 0
LAZY void blind(LAZY_OUT(n) int *to, long n) {
  for (long i = 0; i < n; i++)
    to[i] = (int)i;
}
// CHECK-DAG: @__lazy_reads_sees ={{.*}} constant i8 1
int seen;
LAZY void sees(LAZY_OUT(n) int *to, long n) {
  for (long i = 0; i < n; i++)
    to[i] = seen;
}
// One that may write more, for all that can be seen, callers run in place.
// CHECK-DAG: @__lazy_reads_far ={{.*}} constant i8 3
LAZY void far(LAZY_OUT(1) int **to, int by) { **to += by; }
// CHECK-DAG: @__lazy_reads_weak = weak{{.*}} constant i8 1
LAZY __attribute__((weak)) void weak(LAZY_OUT(n) int *to, long n) { blind(to, n); }
// NONE-NOT: __lazy_reads_own
LAZY static void own(LAZY_OUT(n) int *to, long n) { blind(to, n); }
// CHECK-DAG: @__lazy_reads_elsewhere = extern_weak{{.*}} constant i8
LAZY void elsewhere(LAZY_OUT(n) int *to, long n);
// Who is vouched for reads no more than is said.
// NONE-NOT: __lazy_reads_vouched
LAZY LAZY_TRUSTED void vouched(LAZY_OUT(n) int *to, long n);

void caller(int *a, long n) {
  for (long i = 0; i < n; i++) {
    own(a + i * 10, 10);
    elsewhere(a + i * 10, 5);
    vouched(a + i * 10, 5);
  }
}
