// A call that a batch leaves alone is made as it would be without the batch: in place, where its value is needed at
// once.  A node for it would only cost.
// RUN: %clang_lazy -O1 -S -emit-llvm -o - %s | %FileCheck %s
#include <lazy/lazy.h>

LAZY static double part(int i, int rounds) {
  double s = i;
  for (int j = 0; j < rounds; j++)
    s = s * 0.5 + j;
  return s;
}

// CHECK-LABEL: @in_order(
// CHECK: call {{.*}} @__lazy_batch_open(
// CHECK-NOT: call {{.*}} @__lazy_open(
// CHECK: ret double
double in_order(int n, int rounds) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += part(i, rounds);
  return sum;
}
