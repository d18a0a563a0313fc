// What a loop touches is asked about in front of it, once.
// RUN: %clang_lazy -O1 -fno-unroll-loops -S -emit-llvm -o - %s | %FileCheck %s
#include <lazy/lazy.h>

LAZY void fill(LAZY_OUT(n) unsigned *to, long n);
LAZY int anything(int x);

// CHECK-LABEL: @total(
// CHECK: call void @__lazy_touch(
// CHECK-NOT: call void @__lazy_touch(
// CHECK: call void @__lazy_settle
unsigned total(unsigned *a, const unsigned *b, long n) {
  unsigned h = 0;
  fill(a, n);
  for (long i = 1; i < n; i++)
    h = h * 31 + a[i] + a[i - 1];
  return h;
}

// A loop that makes calls asks each time.
// CHECK-LABEL: @both(
// CHECK: call void @__lazy_touch(
// CHECK: call {{.*}}@__lazy_regions
// CHECK: call void @__lazy_settle
unsigned both(unsigned *a, long n) {
  unsigned h = 0;
  for (long i = 1; i < n; i++) {
    h += a[i * 2];
    fill(a + i, n - i);
  }
  return h;
}

// To ask about a local does not make it known to others: its stores still wait.
// CHECK-LABEL: @stored(
// CHECK: call void @__lazy_defer_store(
// CHECK: call void @__lazy_touch(
int stored(int n) {
  int values[] = {anything(1), anything(2), anything(n)}, sum = 0;
  for (int k = 0; k < 3; k++)
    sum = sum * 3 + values[k];
  return sum;
}

// How far this one gets is not known, but it goes through what a call writes: all is waited for in front.
// CHECK-LABEL: @merged(
// CHECK: call void @__lazy_touch(ptr {{.*}}, ptr null, i64 -1, i32 1)
// CHECK-NOT: call void @__lazy_touch(
// CHECK: call void @__lazy_settle
unsigned merged(unsigned *a, long n) {
  unsigned h = 0;
  long i = 0, k = n / 2;
  fill(a, n);
  while (i < n / 2 && k < n)
    h = h * 31 + (a[i] < a[k] ? a[i++] : a[k++]);
  return h;
}

// This one goes through something else, so the call may go on meanwhile, unless they turn out to be the same.
// CHECK-LABEL: @elsewhere(
// CHECK-NOT: ptr null, i64 -1
// CHECK: call void @__lazy_settle
unsigned elsewhere(unsigned *a, const unsigned *b, long n) {
  unsigned h = 0;
  fill(a, n);
  while (*b)
    h = h * 31 + *b++;
  return h;
}

// CHECK-NOT: lazy.touch
