// How far a plain function reaches may depend on a pending value, which is forced before anybody asks about that memory.
// RUN: %clang_lazy -O0 -S -emit-llvm -o - %s | %FileCheck %s
#include <lazy/lazy.h>

LAZY LAZY_TRUSTED void fill(LAZY_OUT(n) int *a, int n);
LAZY static int reach(int seed) {
  for (int i = 0; i < 100; i++)
    seed = (seed * 31 + 7) % 1000003;
  return seed % 20;
}
void triple(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] *= 3;
}

// CHECK-LABEL: define {{.*}}void @caller
void caller(int *a, int seed) {
  int n = reach(seed);
  fill(a, 64);
  triple(a, n);
}
// CHECK: call i32 @reach(
// CHECK: call void @fill(
// CHECK-NOT: call void @__lazy_touch_regions
// CHECK: call ptr @__lazy_force_at
// CHECK: call void @__lazy_touch_regions
// CHECK: call void @triple(
