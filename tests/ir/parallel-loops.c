// A loop of independent iterations in three versions: handed out in ranges, with all calls in place, and with nodes; and
// loops that have but one.
// RUN: %clang_lazy -O0 -Xclang -disable-O0-optnone -fno-discard-value-names -S -emit-llvm -o - %s | %FileCheck %s
// RUN: %clang_lazy -O1 -fsanitize=address -S -emit-llvm -o - %s | %FileCheck --check-prefix=ADDRESS %s
// ADDRESS: define internal void @stored.lazy.loop({{.*}}) [[SANITIZED:#[0-9]+]]
// ADDRESS: attributes [[SANITIZED]] = {{.*}}sanitize_address
#include <lazy/lazy.h>
#include <string.h>

LAZY unsigned f(unsigned x) { return x * 3 + 1; }
LAZY double g(double x) { return x / 3 + 1; }
LAZY void row(LAZY_INOUT(n) unsigned *x, long n) {
  for (long i = 0; i < n; i++)
    x[i] += 3;
}
unsigned plain(unsigned x) { return x + 1; }
volatile int flag;
_Thread_local unsigned own;

// CHECK-DAG: [[ROWS:@lazy\.loop\.row[.0-9]*]] = internal constant {{.*}} @rows.lazy.loop, i32 0
// CHECK-DAG: [[MATRIX:@lazy\.loop\.f[.0-9]*]] = internal constant {{.*}} @matrix.lazy.loop, i32 1

// Threads, cost, several iterations whose windows are apart: the runtime says how.
// CHECK-LABEL: define {{.*}} @stored(
// CHECK: br i1 {{.*}}, label %lazy.loop.ask, label %lazy.loop.in.place
// CHECK: lazy.loop.ask:
// CHECK: br i1 {{.*}}, label %lazy.loop.in.place, label %lazy.loop.compare
// CHECK: lazy.loop.compare:
// CHECK: br i1 {{.*}}, label %lazy.loop.choose, label %lazy.loop.lazy
// CHECK: lazy.loop.choose:
// CHECK: call i32 @__lazy_loop_choose(
// CHECK: switch i32 {{.*}}, label %lazy.loop.lazy [
// CHECK-DAG: i32 0, label %lazy.loop.in.place
// CHECK-DAG: i32 1, label %lazy.loop.run
// CHECK: lazy.loop.run:
// CHECK-NOT: call i32 @f(
// CHECK: call void @__lazy_loop_run(
// CHECK: lazy.loop.in.place:
// CHECK: lazy.loop.lazy:
// CHECK: call ptr @__lazy_open(
// CHECK: for.body.in.place:
// CHECK-NOT: @__lazy_
// CHECK: call i32 @f(
// CHECK-NOT: @__lazy_
// CHECK: store i32
// CHECK-LABEL: define {{.*}} @rows(
void stored(unsigned *out, int n) {
  for (int i = 0; i < n; i++)
    out[i] = f(i);
}

// CHECK: call i32 @__lazy_loop_choose(ptr [[ROWS]]
// CHECK: call void @__lazy_loop_run(ptr [[ROWS]]
void rows(unsigned *x, long n, long columns) {
  for (long i = 0; i < n; i++)
    row(x + i * columns, columns);
}

// The loop around, and the one inside where that is not handed out.
// CHECK-LABEL: define {{.*}} @matrix(
// CHECK-COUNT-2: call void @__lazy_loop_run(
// CHECK-NOT: call void @__lazy_loop_run(
// CHECK-LABEL: define {{.*}} @behind(
unsigned matrix(unsigned *x, int n, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      x[i * m + j] = f(i + j);
  return 0;
}

// In front of two of the versions is asked about what waits, and all iterations touch.
// CHECK: call i32 @__lazy_regions(
// CHECK: lazy.loop.run:
// CHECK: call void @__lazy_touch(
// CHECK: call void @__lazy_loop_run(
// CHECK: lazy.loop.in.place:
// CHECK: call void @__lazy_touch(
// CHECK: lazy.loop.lazy:
void behind(unsigned *x, unsigned *y, int n) {
  row(x, n);
  for (int i = 0; i < n; i++)
    y[i] = f(i);
}

// Its code is compiled like the rest of the function that it is from.
__attribute__((target("avx2"))) void featured(unsigned *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] = f(i);
}

// What ranges add up goes to where it started from.
// CHECK-LABEL: define {{.*}} @sums(
// CHECK: [[SUM:%lazy\.sum[0-9]*]] = alloca i32
// CHECK: store i32 5, ptr [[SUM]]
// CHECK: call void @__lazy_loop_run(
// CHECK: load i32, ptr [[SUM]]
unsigned sums(int n) {
  unsigned s = 5;
  for (int i = 0; i < n; i++)
    s += f(i);
  return s;
}

// No line of its own, and nothing but a range, from its frame.
// CHECK-LABEL: define internal void @stored.lazy.loop(ptr %0, i64 %1, i64 %2)
// CHECK: ret void
// CHECK-NOT: !dbg
// CHECK: icmp eq i64 {{.*}}, %2
// CHECK-NOT: !dbg
// CHECK: call i32 @f(i32 noundef %{{[a-z0-9.]*}}){{$}}

// CHECK: define internal void @featured.lazy.loop({{.*}}) [[FEATURED:#[0-9]+]]

// CHECK-LABEL: define internal void @sums.lazy.loop(
// CHECK: leave:
// CHECK: atomicrmw add ptr {{.*}}, i32 [[HERE:%.*]] monotonic
// CHECK: [[HERE]] = phi i32 [ 0, %{{.*}} ], [ [[NEXT:%.*]], %{{.*}} ]
// CHECK: [[NEXT]] = add i32 [[HERE]], %{{.*}}

// None of the others.
// CHECK-NOT: .lazy.loop(

// CHECK: attributes [[FEATURED]] = {{.*}}+avx2

// Each iteration reads what another one writes.
void overlapping(unsigned *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] = f(x[i + 1]);
}
void wide(unsigned char *x, int n) {
  for (int i = 0; i < n; i++) {
    unsigned value = f(i);
    memcpy(x + 2 * i, &value, sizeof value);
  }
}
// Rounds otherwise in another order.
double floating(int n) {
  double s = 0;
  for (int i = 0; i < n; i++)
    s += g(i);
  return s;
}
unsigned recurrence(int n) {
  unsigned x = 1;
  for (int i = 0; i < n; i++)
    x = f(x);
  return x;
}
void ends_early(unsigned *x, int n) {
  for (int i = 0; i < n; i++)
    if ((x[i] = f(i)) == 7)
      break;
}
void volatile_access(unsigned *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] = f(i) + flag;
}
void atomic_access(_Atomic unsigned *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] = f(i);
}
void thread_local_access(int n) {
  unsigned x[64];
  for (int i = 0; i < n; i++)
    x[i & 63] = f(i) + own;
}
unsigned out_of_sight(int);
void unknown(unsigned *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] = f(i) + out_of_sight(i);
}
// Not worth it.
void few(unsigned *x) {
  for (int i = 0; i < 15; i++)
    x[i] = f(i);
}
void none_lazy(unsigned *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] = plain(i);
}
