// Which inputs may be copied at the call (an access of 5), and which are only read where they are (1).
// RUN: %clang_lazy -O1 -S -emit-llvm -o - %s | %FileCheck %s
#include <lazy/lazy.h>
#include <stdlib.h>

struct point {
  double x, y;
};
LAZY static double length(const struct point *p) {
  double s = 0;
  for (int i = 0; i < 1000; i++)
    s = s / 2 + p->x * p->x + p->y * p->y;
  return s;
}
LAZY static double total(const double *x, int n) {
  double s = 0;
  for (int i = 0; i < n; i++)
    s = s / 2 + x[i];
  return s;
}
LAZY static const double *least(const double *x) { return x[1] / x[2] < x[0] / x[3] / x[4] ? x + 1 : x; }

// CHECK-DAG: @lazy.copies.length =
// CHECK-DAG: @lazy.copies.total =
// CHECK-NOT: @lazy.copies.least

// CHECK-LABEL: define {{.*}}void @local(
// CHECK:         store i32 5, ptr
// CHECK:         call i32 @__lazy_regions(
void local(double *out, double x) {
  struct point p = {x, 1};
  out[0] = length(&p);
  out[1] = length(&p);
}
// The rest of what memory there is may not be there.
// CHECK-LABEL: define {{.*}}void @unknown(
// CHECK-NOT:     store i32 5, ptr
// CHECK:         call i32 @__lazy_regions(
void unknown(double *out, const struct point *p) {
  out[0] = length(p);
  out[1] = length(p);
}

// CHECK-LABEL: define {{.*}}void @array(
// CHECK:         store i32 5, ptr
void array(double *out, double a) {
  double x[3] = {a, 2, 3};
  out[0] = total(x, 3);
  out[1] = total(x, 3);
}
// CHECK-LABEL: define {{.*}}void @larger(
// CHECK-NOT:     store i32 5, ptr
// CHECK:         call i32 @__lazy_regions(
void larger(double *out, double a) {
  double x[100] = {a, 2, 3};
  out[0] = total(x, 100);
  out[1] = total(x, 100);
}
// CHECK-LABEL: define {{.*}}void @returned(
// CHECK-NOT:     store i32 5, ptr
// CHECK:         call i32 @__lazy_regions(
void returned(const double **out, double a) {
  double x[5] = {a, 2, 3, 4, 5};
  out[0] = least(x);
  out[1] = least(x);
}
