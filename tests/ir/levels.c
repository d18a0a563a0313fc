// A recursive lazy function is had in several bodies (Recursion.cpp): the plain one calls itself and asks nothing; the
// shared one makes nodes, which keep their level, or goes one level down.
// RUN: %clang -fplugin=%lazypass -I%include -O1 -S -emit-llvm -mllvm -opt-bisect-limit=0 %s -o - | %FileCheck %s
// RUN: %clang -fplugin=%lazypass -I%include -O0 -S -emit-llvm %s -o - | %FileCheck %s --check-prefix=O0
// Nothing is split without optimisation: a debugger finds one body.
// O0-NOT: .plain(
#include <lazy/lazy.h>

// CHECK: @lazy.levels.fib = internal global [64 x i32] zeroinitializer
// CHECK-NOT: @lazy.levels.maybe
// CHECK-LABEL: define {{.*}}@fib(
// CHECK:         call {{.*}}@fib.at({{.*}}, i32 0)
LAZY unsigned long fib(unsigned n) {
  if (n < 2)
    return n;
  return fib(n - 1) + fib(n - 2);
}

// What might be done without is not in a plain body, which runs all that it comes by.
LAZY int maybe(const int *p, int n) {
  if (n < 1)
    return *p;
  int a = maybe(p, n - 1), b = maybe(p + 1, n - 1);
  for (int i = 0; i < a; i++)
    if (p[i])
      a += b;
  return a;
}

// CHECK-LABEL: define {{.*}}@fib.plain(
// CHECK-NOT:     lazy
// CHECK:         call {{.*}}@fib.plain(
// CHECK-NOT:     lazy
// CHECK:         call {{.*}}@fib.plain(
// CHECK-NOT:     lazy
// CHECK:       }

// CHECK-LABEL: define internal {{.*}}@fib.shared(i32{{.*}}, i32 {{.*}})
// CHECK:         getelementptr inbounds i32, ptr @lazy.levels.fib, i32
// CHECK:         load atomic i32
// CHECK:         call ptr @__lazy_open(
// CHECK:         call void @__lazy_start(
// CHECK:         call {{.*}}@fib.at(
// CHECK:         call {{.*}}@fib.at(
// CHECK:       }

// CHECK-LABEL: define internal {{.*}}@fib.at(i32{{.*}}, i32 {{.*}})
// CHECK-DAG:     call {{.*}}@fib.timed(
// CHECK-DAG:     call {{.*}}@fib.plain(
// CHECK-DAG:     call {{.*}}@fib.shared(
// CHECK:       }

// CHECK-LABEL: define internal {{.*}}@fib.timed(
// CHECK:         call i64 @__lazy_level_begin()
// CHECK:         call void @__lazy_level_end(
// CHECK:       }
