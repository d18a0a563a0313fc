// A pending pointer to memory that nobody knows becomes an edge; one that could be known otherwise is forced.
// RUN: %clang_lazy -O1 -mllvm -opt-bisect-limit=0 -S -emit-llvm -o - %s | %FileCheck %s
#include <lazy/lazy.h>
#include <stdlib.h>

LAZY static double *make(int n) {
  double *a = malloc((size_t)n * sizeof *a);
  for (int i = 0; i < n; i++)
    a[i] = i / (double)n;
  return a;
}
LAZY static double *given(double *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = i / (double)n;
  return a;
}
LAZY static void scale(double *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] *= 3;
}

// CHECK-LABEL: define {{.*}}void @passed_on(
// CHECK:         call ptr @__lazy_open(ptr @lazy.site.make
// CHECK-NOT:     call ptr @__lazy_force
// CHECK:         call ptr @__lazy_open(ptr @lazy.site.scale
// CHECK:         call void @__lazy_input(
// CHECK:         select i1 {{.*}}, i64 1, i64
// CHECK:         call i32 @__lazy_regions(
// What has it is waited for before it is forced.
// CHECK:         call void @__lazy_touch(ptr {{.*}}, ptr [[NODE:%.*]], i64 1, i32 2)
// CHECK:         call ptr @__lazy_force_at(ptr [[NODE]], ptr {{.*}})
void passed_on(int n) {
  double *a = make(n);
  scale(a, n);
  scale(a, n);
  free(a);
}

// CHECK-LABEL: define {{.*}}void @known(
// CHECK-NOT:     call void @__lazy_input(
// CHECK:         ret void
void known(double *b, int n) {
  double *a = given(b, n);
  scale(a, n);
  scale(b, n);
}

// CHECK-LABEL: define {{.*}}void @stored(
// CHECK-NOT:     call void @__lazy_input(
// CHECK:         ret void
void stored(double **to, int n) {
  double *a = make(n);
  *to = a;
  scale(a, n);
  scale(a, n);
}
