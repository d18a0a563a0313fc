// What loops in parallel add up (taken_): integers, by one operation that may be done in any order; and what must be
// added up in the program's order, or is asked for in between (kept_).
// RUN: %lazy_equiv %s
// RUN: %clang_lazy -O1 -S -emit-llvm -o %t.ll %s
// RUN: %FileCheck %s < %t.ll
// RUN: %FileCheck --check-prefix=KEPT %s < %t.ll
// KEPT-NOT: @kept_{{[a-z_]*}}.lazy.loop(
#include <lazy/lazy.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

typedef unsigned u32;
typedef unsigned long u64;

LAZY static u32 f(u32 x) {
  for (int i = 0; i < 50; i++)
    x = x * 1664525u + 1013904223u;
  return x >> 3;
}
LAZY static double g(u32 x) {
  double s = 0;
  for (int i = 1; i < 50; i++)
    s += 1.0 / (x + i);
  return s;
}
static u32 history[300];

// CHECK-DAG: @taken_sum.lazy.loop(
static u64 taken_sum(int n) {
  u64 s = 5;
  for (int i = 0; i < n; i++)
    s += f(i);
  return s;
}
/* Minus is plus, and both may be under conditions. */
// CHECK-DAG: @taken_difference.lazy.loop(
static u64 taken_difference(int n) {
  int s = 1 << 30;
  for (int i = 0; i < n; i++)
    if (f(i) & 1)
      s -= (int)(f(i + 1) & 0xfff);
    else if (i % 5)
      s += (int)(f(i) & 0xff) - i;
  return (u64)s;
}
// CHECK-DAG: @taken_bits.lazy.loop(
static u64 taken_bits(int n) {
  u32 all = ~0u, some = 0, odd = 5;
  for (int i = 0; i < n; i++) {
    all &= f(i) | 0xff00ff;
    some |= f(i) & 0xf;
    if (i % 3 == 0)
      odd ^= f(i);
  }
  return (u64)all * 31 + some * 7 + odd;
}
/* The program's sum stays within an int; what the first half of the iterations adds up alone does not. */
// CHECK-DAG: @taken_within_int.lazy.loop(
static u64 taken_within_int(int n) {
  int s = INT_MIN;
  for (int i = 0; i < n; i++)
    s += (int)(f(i) & 0x7fffff);
  return (u64)s;
}
// CHECK-DAG: @taken_nested.lazy.loop(
static u64 taken_nested(int n) {
  int s = 3;
  u64 t = 1;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < i % 4; j++) {
      s += (int)(f(i + j) & 7);
      t -= f(i * j);
    }
    t -= (u64)i;
  }
  return t + (u64)s;
}
/* What it leaves behind comes straight out of the loop inside. */
// CHECK-DAG: @taken_do_of_for.lazy.loop(
static u64 taken_do_of_for(int n) {
  int s = INT_MIN, i = 0;
  do
    for (int j = 0; j < 2; j++) {
      u32 t[8] = {0};
      memset(t, 0, sizeof t);
      s += (int)(f(i + j) & 0x3fff);
    }
  while (++i < n);
  return (u64)s;
}
/* What it starts from, and the step, are values of calls. */
// CHECK-DAG: @taken_start.lazy.loop(
static u64 taken_start(int n) {
  u32 s = f(n), step = f(n + 1) % 7, k = f(n + 2) % 5;
  for (int i = 0; i < n; i++, k += step)
    s += f(k);
  return s * 31 + k;
}
/* What a counter becomes when there is nothing else to it. */
// CHECK-DAG: @taken_beside.lazy.loop(
static u64 taken_beside(int n) {
  u32 s = 0, count = 0;
  for (int i = 0; i < n; i++) {
    s += f(i);
    count += 3;
  }
  return (u64)s * count;
}

/* Rounds otherwise in another order. */
static u64 kept_floating(int n) {
  double s = 0;
  u64 bits;
  for (int i = 0; i < n; i++)
    s += g(i);
  memcpy(&bits, &s, sizeof bits);
  return bits;
}
static u64 kept_product(int n) {
  u32 s = 1;
  for (int i = 0; i < n; i++)
    s *= f(i) | 1;
  return s;
}
static u64 kept_mixed(int n) {
  u32 s = 1;
  for (int i = 0; i < n; i++) {
    s += f(i);
    s ^= i;
  }
  return s;
}
/* From the wrong side. */
static u64 kept_alternating(int n) {
  u32 s = 1;
  for (int i = 0; i < n; i++)
    s = f(i) - s;
  return s;
}
static u64 kept_twice(int n) {
  u32 s = 1;
  for (int i = 0; i < n; i++)
    s += s + f(i);
  return s;
}
static u64 kept_greatest(int n) {
  u32 s = 0, at = 0;
  for (int i = 0; i < n; i++) {
    u32 x = f(i);
    if (x > s)
      s = x, at = i;
  }
  return (u64)s << 9 | at;
}
/* Seen in between: stored, asked about, an argument. */
static u64 kept_stored(int n) {
  u32 s = 0;
  for (int i = 0; i < n; i++)
    history[i] = s += f(i);
  return s + history[n / 2];
}
static u64 kept_asked(int n) {
  u32 s = 0;
  for (int i = 0; i < n; i++)
    if (s < 1u << 31)
      s += f(i);
  return s;
}
static u64 kept_last(int n) {
  u32 last = 0, before = 0;
  for (int i = 0; i < n; i++) {
    before = last;
    last = f(i);
  }
  return (u64)last * 31 + before;
}
/* In an int on the way: what is above eight bits is cut off each time. */
static u64 kept_narrow(int n) {
  unsigned char s = 200;
  short t = 7;
  for (int i = 0; i < n; i++) {
    s += f(i);
    t -= f(i);
  }
  return s * 31 + (u64)t;
}

int main(void) {
  static const int counts[] = {1, 2, 3, 15, 16, 17, 60, 299};
  for (int round = 0; round < 2; round++)
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
      int n = counts[k];
#define SHOW(call) printf("%s %d: %lu\n", #call, n, call)
      SHOW(taken_sum(n));
      SHOW(taken_difference(n));
      SHOW(taken_bits(n));
      SHOW(taken_within_int(n));
      SHOW(taken_nested(n));
      SHOW(taken_do_of_for(n));
      SHOW(taken_start(n));
      SHOW(taken_beside(n));
      SHOW(kept_floating(n));
      SHOW(kept_product(n));
      SHOW(kept_mixed(n));
      SHOW(kept_alternating(n));
      SHOW(kept_twice(n));
      SHOW(kept_greatest(n));
      SHOW(kept_stored(n));
      SHOW(kept_asked(n));
      SHOW(kept_last(n));
      SHOW(kept_narrow(n));
    }
}
