// Loops over blocks of which the last is smaller, rows of a width that is known at run time, and helpers that say where
// they are: taken_.  Blocks that overlap, for a number that was thought natural is not, are compared and kept in order.
// RUN: %lazy_equiv %s
// RUN: %clang_lazy -O1 -S -emit-llvm -o %t.ll %s
// RUN: %FileCheck %s < %t.ll
#include <lazy/lazy.h>
#include <stdio.h>

typedef unsigned u32;
struct grid {
  u32 *cells;
  long height, width, pitch;
};
struct sums {
  u32 all, odd, last[3];
};

static u32 memory[9000];
static struct sums parts[600];

LAZY static void block(LAZY_INOUT(n) u32 *x, long n, u32 k) {
  for (long i = 0; i < n; i++)
    x[i] = x[i] * 5 + k + (i ? x[i - 1] : 0);
}
LAZY static void rows(LAZY_OUT(n *width) u32 *to, LAZY_IN((n + 1) * width) const u32 *from, long n, long width) {
  for (long y = 0; y < n; y++)
    for (long x = 0; x < width; x++)
      to[y * width + x] = from[y * width + x] * 3 + from[(y + 1) * width + x];
}
LAZY static struct sums add(LAZY_IN(n) const u32 *x, int n) {
  struct sums s = {0, 0, {0, 0, 0}};
  for (int i = 0; i < n; i++)
    s.all += x[i], s.odd += x[i] & 1, s.last[i % 3] = x[i];
  return s;
}

// CHECK-DAG: @taken_long.lazy.loop(
static void taken_long(u32 *x, long n, u32 k) {
  for (long i = 0; i < n; i += 16)
    block(x + i, n - i < 16 ? n - i : 16, k);
}
// CHECK-DAG: @taken_int.lazy.loop(
static void taken_int(u32 *x, int n, u32 k) {
  for (int i = 0; i < n; i += 16)
    block(x + i, n - i < 16 ? n - i : 16, k);
}
/* The block is wider than the step: compared in vain. */
static void wider(u32 *x, long n, long wide) {
  for (long i = 0; i < n; i += 16)
    block(x + i, n - i < wide ? n - i : wide, 7);
}
// CHECK-DAG: @taken_rows.lazy.loop(
static void taken_rows(u32 *to, const u32 *from, long height, long width) {
  for (long y = 0; y < height; y += 4)
    rows(to + y * width, from + y * width, height - y < 4 ? height - y : 4, width);
}

static u32 *row_of(struct grid g, long y) { return g.cells + y * g.pitch; }
static long rows_at(struct grid g, long y) { return g.height - y < 2 ? g.height - y : 2; }
// CHECK-DAG: @taken_helpers.lazy.loop(
static void taken_helpers(struct grid g, u32 k) {
  for (long y = 0; y < g.height; y += 2)
    block(row_of(g, y), g.width * rows_at(g, y), k);
}
// CHECK-DAG: @taken_parts.lazy.loop(
static void taken_parts(struct sums *to, const u32 *x, int n) {
  for (int i = 0; i < n; i += 8)
    to[i / 8] = add(x + i, n - i < 8 ? n - i : 8);
}
// CHECK-DAG: @taken_back.lazy.loop(
static void taken_back(u32 *x, long n) {
  for (long i = n - 16; i >= 0; i -= 16)
    block(x + i, 16, (u32)i);
}

static void show(const char *name) {
  u32 sum = 1;
  for (int i = 0; i < 9000; i++)
    sum = sum * 31 + memory[i];
  for (int i = 0; i < 600; i++)
    sum = sum * 31 + parts[i].all + parts[i].odd * 3 + parts[i].last[i % 3];
  printf("%s %u\n", name, sum);
}

int main(int argc, char **argv) {
  (void)argv;
  for (int round = 0; round < 4; round++) {
    for (u32 i = 0; i < 9000; i++)
      memory[i] = i * (u32)(argc + round) * 2654435761u;
    for (int n = 0; n < 700; n = 2 * n + 5) {
      taken_long(memory, n, 3), taken_int(memory + 1, n, 5), show("blocks");
      wider(memory, n, 16), wider(memory, n, 17), wider(memory, n, 40), wider(memory, n, -3 + round), show("wider");
      taken_back(memory, n), show("back");
      taken_parts(parts, memory + 100, n), show("parts");
      /* the last block ends where the next array begins, and beyond */
      taken_long(memory, n, 3), taken_long(memory + n, n, 4), taken_parts((struct sums *)(memory + n), memory, n / 2);
      show("near");
    }
    for (long width = -2; width < 40; width += 7)
      for (long apart = 0; apart < 4000; apart += 490) {
        taken_rows(memory + apart, memory + 4000 - apart, width < 0 ? 0 : 30, width), show("rows");
        taken_rows(memory, memory + apart, 27, width < 0 ? 1 : width), show("rows");
      }
    for (long pitch = -20; pitch < 60; pitch += 11) {
      struct grid g = {memory + 2000, 33, 20, pitch};
      taken_helpers(g, (u32)round), show("helpers");
    }
  }
  return 0;
}
