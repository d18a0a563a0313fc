// What iterations of loops touch, behind pointers that may lead anywhere: compared in front of the loop (taken_), or
// known to overlap (kept_).
// RUN: %lazy_equiv %s
// RUN: %clang_lazy -O1 -S -emit-llvm -o %t.ll %s
// RUN: %FileCheck %s < %t.ll
// RUN: %FileCheck --check-prefix=KEPT %s < %t.ll
// KEPT-NOT: @kept_{{[a-z_]*}}.lazy.loop(
#include <lazy/lazy.h>
#include <stdio.h>
#include <string.h>

typedef unsigned u32;
struct item {
  u32 a, b;
  unsigned char c;
};

static u32 memory[6000];
static struct item items[900];

LAZY static u32 f(u32 x) {
  for (int i = 0; i < 50; i++)
    x = x * 1664525u + 1013904223u;
  return x >> 3;
}
LAZY static void row(LAZY_INOUT(n) u32 *x, int n, u32 k) {
  for (int r = 0; r < 5; r++)
    for (int i = 0; i < n; i++)
      x[i] = x[i] * 5 + k + (i ? x[i - 1] : 0);
}
LAZY static void blend(u32 *to, const u32 *from, int n) {
  for (int r = 0; r < 5; r++)
    for (int i = 0; i < n; i++)
      to[i] = to[i] * 7 + from[i];
}
LAZY static void tile(LAZY_INOUT(rows, columns, stride) u32 *x, int rows, int columns, int stride) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      x[i * stride + j] = f(x[i * stride + j] + i);
}

/* --- elements --- */

// CHECK-DAG: @taken_shift.lazy.loop(
static void taken_shift(u32 *to, const u32 *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] = f(from[i]);
}
// CHECK-DAG: @taken_three.lazy.loop(
static void taken_three(u32 *to, const u32 *from, unsigned char *marks, int n) {
  for (int i = 0; i < n; i++) {
    to[2 * i] = f(from[i]);
    to[2 * i + 1] ^= 3; /* one window of eight bytes */
    marks[n - i] = (unsigned char)f(i);
  }
}
// CHECK-DAG: @taken_members.lazy.loop(
static void taken_members(struct item *p, const struct item *q, int n) {
  for (int i = 0; i < n; i++) {
    p[i].a = f(q[i].b);
    p[i].c += p[i].a;
  }
}
// CHECK-DAG: @taken_stride.lazy.loop(
static void taken_stride(u32 *to, int n, long stride) {
  for (int i = 0; i < n; i++)
    to[i * stride] += f(i); /* a stride of 0 is found out in front */
}
// CHECK-DAG: @taken_far.lazy.loop(
static void taken_far(u32 *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] = f(x[i + 100]); /* parallel as long as n <= 100 */
}
/* Each reads what the next one writes. */
static void kept_near(u32 *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] = f(x[i + 1]);
}
static void kept_stencil(u32 *x, int n) {
  for (int i = 1; i < n; i++)
    x[i] = f(x[i - 1] + x[i] + x[i + 1]);
}
static void kept_overlap(unsigned char *x, int n) {
  for (int i = 0; i < n; i++) {
    u32 value = f(i);
    memcpy(x + 3 * i, &value, 4); /* one byte too many */
  }
}
static void kept_mirrored(u32 *x, int n) {
  for (int i = 0; i < n; i++)
    x[i % 16] += f(i);
}
/* Where to, memory says. */
static void kept_scattered(u32 *to, const u32 *where, int n) {
  for (int i = 0; i < n; i++)
    to[where[i] % 300] = f(i);
}
/* Addresses that leave the address space where nothing is accessed: they must not come round to be apart. */
// CHECK-DAG: @taken_beyond.lazy.loop(
static u32 taken_beyond(u32 *to, const u32 *from, int n, long stride) {
  u32 s = 0;
  for (int i = 0; i < n; i++)
    if (i < 1)
      to[i * stride] = f(i);
    else
      s += f(from[0]);
  return s;
}

/* --- rows --- */

// CHECK-DAG: @taken_rows.lazy.loop(
static void taken_rows(u32 *x, int n, int columns, int ld) {
  for (int i = 0; i < n; i++)
    row(x + i * ld, columns, i); /* columns may be less than none, or more than ld */
}
// CHECK-DAG: @taken_two_rows.lazy.loop(
static void taken_two_rows(u32 *to, const u32 *from, int n, int columns) {
  for (int i = 0; i < n; i++)
    blend(to + i * columns, from + i * columns, columns);
}
// CHECK-DAG: @taken_fixed.lazy.loop(
static void taken_fixed(u32 *to, const u32 *from, int n) {
  for (int i = 0; i < n; i++)
    blend(to + i * 8, from, 8); /* the same row is read by all */
}
// CHECK-DAG: @taken_tiles.lazy.loop(
static void taken_tiles(u32 *x, int n, int ld) {
  for (int i = 0; i < n; i++)
    tile(x + 4 * i * ld, 4, 4, ld); /* what encloses the four rows */
}
// CHECK-DAG: @taken_matrix.lazy.loop(
static void taken_matrix(u32 *x, int n, int columns, int ld) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < columns; j++)
      x[i * ld + j] = f(i + j);
}
/* The rows are one longer from each to the next: the inner loop is parallel, the outer one is not. */
// CHECK-DAG: @taken_triangle.lazy.loop(
static void taken_triangle(u32 *x, int n, int ld) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < i; j++)
      x[i * ld + j] = f(i + j);
}
/* Tiles side by side: what encloses them overlaps. */
static void kept_side_by_side(u32 *x, int n) {
  for (int i = 0; i < n; i++)
    tile(x + 4 * i, 4, 4, 512);
}
static void kept_rows(u32 *x, int n) {
  for (int i = 0; i < n; i++)
    row(x + i * 7, 8, i);
}

static u32 hash(void) {
  u32 h = 0;
  for (int i = 0; i < 6000; i++)
    h = h * 31 + memory[i];
  for (int i = 0; i < 900; i++)
    h = h * 31 + items[i].a + items[i].b * 3 + items[i].c;
  return h;
}

int main(void) {
  static const int counts[] = {1, 2, 3, 15, 16, 17, 60, 250};
  for (int i = 0; i < 6000; i++)
    memory[i] = (u32)i * 77;
  for (int i = 0; i < 900; i++)
    items[i] = (struct item){f(i), f(i + 9), 1};
  for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
    int n = counts[k];
#define SHOW(call) (call, printf("%s %d: %u\n", #call, n, hash()))
    for (int far = -n - 1; far <= n + 1; far += n > 20 ? n / 7 : 1) {
      SHOW(taken_shift(memory + 600, memory + 600 + far, n));
      SHOW(taken_two_rows(memory + 2000, memory + 2000 + 4 * far, n < 60 ? n : 60, 8));
      SHOW(taken_fixed(memory + 2000, memory + 2000 + 7 * far, n));
      SHOW(taken_three(memory + 600, memory + 600 + far, (unsigned char *)(memory + 600 + 2 * far), n));
      SHOW(taken_members(items + 300, items + 300 + far, n));
      SHOW(taken_stride(memory + 3000, n, far % 10));
    }
    SHOW(taken_far(memory, n));
    SHOW(kept_near(memory, n));
    SHOW(kept_stencil(memory, n));
    SHOW(kept_overlap((unsigned char *)memory, n));
    SHOW(kept_mirrored(memory, n));
    SHOW(kept_scattered(memory, memory + 400, n));
    for (int bits = 40; bits < 62; bits++) {
      SHOW(memory[7] = taken_beyond(memory, memory, n, 1L << bits));
      SHOW(memory[7] = taken_beyond(memory, memory, n, -(1L << bits)));
    }
    SHOW(taken_rows(memory, n, 20, 20));
    SHOW(taken_rows(memory, n, 20, 19));
    SHOW(taken_rows(memory, n, 0, 20));
    SHOW(taken_rows(memory, n, 4, 0));
    SHOW(taken_rows(memory + 5900, n, 20, -20));
    SHOW(taken_rows(memory + 5900, n, 20, -19));
    SHOW(taken_tiles(memory, n < 40 ? n : 40, 30));
    SHOW(taken_tiles(memory, n < 40 ? n : 40, 3));
    SHOW(taken_matrix(memory, n, 20, 20));
    SHOW(taken_matrix(memory, n, 21, 20));
    SHOW(taken_matrix(memory + 5900, n, 3, -3));
    SHOW(taken_matrix(memory + 5900, n, 3, -2));
    SHOW(taken_triangle(memory, n < 60 ? n : 60, 60));
    SHOW(taken_triangle(memory, n < 60 ? n : 60, 20));
    SHOW(kept_side_by_side(memory, n));
    SHOW(kept_rows(memory, n));
  }
}
