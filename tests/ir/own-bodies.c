// A static function that the program calls in one place is inlined there as ever; its thunk has a copy, which knows
// what the program's call does.
// RUN: %clang_lazy -O1 -mllvm -opt-bisect-limit=0 -S -emit-llvm -o - %s | %FileCheck %s
// RUN: %clang_lazy -O2 -S -emit-llvm -o - %s | %FileCheck %s --check-prefix=INLINED
#include <lazy/lazy.h>

LAZY static unsigned once(unsigned x, int rounds) {
  for (int i = 0; i < rounds; i++)
    x = x * 31 + (x >> 7);
  return x;
}
LAZY static unsigned twice(unsigned x, int rounds) {
  for (int i = 0; i < rounds; i++)
    x = x * 33 + (x >> 5);
  return x;
}

// CHECK-LABEL: define {{.*}}@all(
// CHECK:         call i32 @once(i32 noundef {{.*}}, i32 noundef 1000)
// INLINED-LABEL: define {{.*}}@all(
// INLINED-NOT:     call {{.*}}@once(
// INLINED:       ret i32
unsigned all(unsigned a, unsigned b) {
  unsigned x = once(a, 1000), y = twice(b, 1000), z = twice(a, 1000);
  return x ^ y ^ z;
}

// CHECK-LABEL: define internal void @once.lazy(
// CHECK:         call i32 @once.apart(
// CHECK-LABEL: define internal void @twice.lazy(
// CHECK:         call i32 @twice(
// CHECK-LABEL: define internal i32 @once.apart(
// CHECK:         store i32 1000,
