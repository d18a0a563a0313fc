// Nests whose rows depend on the rows above, but only on the columns up to about their own: they run one behind the other
// (follows_).  And nests that look much alike, but must not (kept_): rows that reach too far ahead, that meet rows two
// above, that overlap, that go the other way, or that are not all equally long.
// RUN: %lazy_equiv %s
#include <alloca.h>
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint32_t u32;

/* Takes long for some, so that rows run at different speed. */
static u32 busy(u32 h) {
  int rounds = (h >> 7) % 64 == 0 ? 3000 : 30;
  for (int k = 0; k < rounds; k++)
    h = (h ^ (h >> 13)) * 2654435761u + 12345;
  return h;
}
LAZY static u32 f(u32 a, u32 b, u32 c) { return busy(a * 3 + b * 5 + c * 7 + 1); }
LAZY static void cell(LAZY_OUT(1) u32 *to, LAZY_IN(1) const u32 *above, LAZY_IN(1) const u32 *left) {
  *to = busy(*above * 31 + *left);
}
LAZY static void smooth(LAZY_INOUT(1) u32 *to, LAZY_IN(3) const u32 *above, LAZY_IN(3) const u32 *below) {
  *to = busy(*to + above[0] + above[2] * 3 + below[1] * 5);
}
struct score {
  short best;
  unsigned char way;
  u32 sum;
};
LAZY static struct score score(struct score up, struct score left, struct score corner, u32 here) {
  u32 h = busy(up.sum + left.sum * 3 + corner.sum * 5 + here);
  return (struct score){(short)(h % 1000 + (u32)left.best % 7), (unsigned char)(h % 3), h};
}

static u32 *fresh(long size) {
  u32 *p = malloc((size_t)(size + 1) * sizeof *p);
  for (long k = 0; k <= size; k++)
    p[k] = (u32)k * 2654435761u;
  return p;
}
static u32 sum_of(u32 *p, long size) {
  u32 sum = 0;
  for (long k = 0; k < size; k++)
    sum = sum * 31 + p[k];
  free(p);
  return sum;
}

static u32 follows_cells(long rows, long columns) {
  long w = columns + 1;
  u32 *a = fresh((rows + 1) * w);
  for (long y = 1; y <= rows; y++)
    for (long x = 1; x <= columns; x++)
      cell(&a[y * w + x], &a[(y - 1) * w + x], &a[y * w + x - 1]);
  return sum_of(a, (rows + 1) * w);
}

/* Needs one column more of the row above. */
static u32 follows_right(int rows, int columns) {
  int w = columns + 2;
  u32 *a = fresh((long)(rows + 1) * w);
  for (int y = 1; y <= rows; y++)
    for (int x = 1; x <= columns; x++)
      a[y * w + x] = f(a[(y - 1) * w + x + 1], a[(y - 1) * w + x - 1], a[y * w + x - 1]);
  return sum_of(a, (long)(rows + 1) * w);
}

/* Five columns more, and row below as it was. */
static u32 follows_far(long rows, long columns) {
  long w = columns + 6;
  u32 *a = fresh((rows + 2) * w);
  for (long y = 1; y <= rows; y++)
    for (long x = 0; x < columns; x++)
      a[y * w + x] = f(a[(y - 1) * w + x + 5], a[(y + 1) * w + x], a[y * w + x + 1]);
  return sum_of(a, (rows + 2) * w);
}

static u32 follows_seidel(long rows, long columns) {
  long w = columns + 2;
  u32 *a = fresh((rows + 2) * w);
  for (int sweep = 0; sweep < 3; sweep++)
    for (long y = 1; y <= rows; y++)
      for (long x = 1; x <= columns; x++)
        smooth(&a[y * w + x], &a[(y - 1) * w + x - 1], &a[(y + 1) * w + x - 1]);
  return sum_of(a, (rows + 2) * w);
}

enum { SIDE = 40 };
static struct score table[SIDE + 1][SIDE + 1];
static u32 follows_table(int rows, int columns) {
  u32 sum = 0;
  memset(table, 0, sizeof table);
  rows = rows < SIDE ? rows : SIDE;
  columns = columns < SIDE ? columns : SIDE;
  for (int y = 1; y <= rows; y++)
    for (int x = 1; x <= columns; x++)
      table[y][x] = score(table[y - 1][x], table[y][x - 1], table[y - 1][x - 1], (u32)(x * y));
  for (int y = 0; y <= SIDE; y++)
    for (int x = 0; x <= SIDE; x++)
      sum = sum * 31 + table[y][x].sum + (u32)table[y][x].best + table[y][x].way;
  return sum;
}

/* From left to right within the row by a variable; local memory; a sum; steps of 2. */
static u32 follows_mixed(long rows, long columns, u32 *also) {
  long w = 2 * columns;
  u32 *a = fresh((rows + 1) * w), *b = fresh((rows + 1) * w), all = 0;
  for (long y = 1; y < rows; y++) {
    u32 last[3], left = 17;
    memset(last, 1, sizeof last);
    last[2] = (u32)y;
    for (long x = 0; x < columns; x++) {
      left = f(left, a[(y - 1) * w + 2 * x], last[x % 3]);
      last[x % 3] = left;
      a[y * w + 2 * x] = left + b[y * w + x];
      all += left;
    }
  }
  *also = sum_of(b, (rows + 1) * w) + all;
  return sum_of(a, (rows + 1) * w);
}

/* Whether a row goes on is decided by memory; behind its last column there may be none. */
static u32 kept_ending(long rows, long columns) {
  u32 *a = fresh((rows + 1) * columns);
  unsigned char *more = malloc((size_t)columns);
  memset(more, 1, (size_t)columns);
  for (long y = 1; y <= rows; y++)
    for (long x = 0; x < columns && more[x]; x++)
      a[y * columns + x] = f(a[(y - 1) * columns + x], (u32)x, 2);
  free(more);
  return sum_of(a, (rows + 1) * columns);
}
static u32 kept_counting(long rows, long columns) {
  u32 *a = fresh((rows + 1) * columns), *tests = calloc(2, sizeof *tests);
  for (long y = 1; y <= rows; y++)
    for (long x = 0; (*tests)++, x < columns; x++)
      a[y * columns + x] = f(a[(y - 1) * columns + x], (u32)x, 2);
  u32 sum = *tests;
  free(tests);
  return sum_of(a, (rows + 1) * columns) ^ sum;
}

/* The column that there is not is the first one of the next row. */
static u32 kept_peeking(long rows, long columns) {
  u32 *a = fresh((rows + 2) * columns), sum = 0;
  for (long y = 1; y <= rows; y++)
    for (long x = 0; sum += a[y * columns + x], x < columns; x++)
      a[y * columns + x] = f(a[(y - 1) * columns + x], (u32)x, 2);
  return sum_of(a, (rows + 1) * columns) ^ sum;
}

/* What depends on the thread, and what lives as long as the function. */
static u32 kept_thread(long rows, long columns, pthread_t own) {
  u32 *a = fresh((rows + 1) * columns);
  for (long y = 1; y <= rows; y++) {
    u32 same = pthread_self() == own;
    for (long x = 0; x < columns; x++)
      a[y * columns + x] = f(a[(y - 1) * columns + x], (u32)x, same);
  }
  return sum_of(a, (rows + 1) * columns);
}
static __thread int mine;
static u32 kept_variable(long rows, long columns, const int *own) {
  u32 *a = fresh((rows + 1) * columns);
  for (long y = 1; y <= rows; y++) {
    u32 same = &mine == own;
    for (long x = 0; x < columns; x++)
      a[y * columns + x] = f(a[(y - 1) * columns + x], (u32)x, same);
  }
  return sum_of(a, (rows + 1) * columns);
}
LAZY static u32 *either(u32 *above, u32 x, u32 *own) { return busy(x) == 12345 ? above : own; }
static u32 kept_stack(long rows, long columns) {
  u32 **a = calloc((size_t)((rows + 1) * (columns + 1)), sizeof *a), sum = 0;
  for (long y = 1; y <= rows; y++) {
    u32 *own = alloca(sizeof *own);
    for (long x = 0; x < columns; x++)
      a[y * columns + x] = either(a[(y - 1) * columns + x], (u32)x, own);
  }
  for (long y = 1; columns > 0 && y <= rows; y++)
    *a[y * columns] = (u32)y;
  for (long k = columns; columns > 0 && k < (rows + 1) * columns; k++)
    sum = sum * 31 + ++*a[k];
  free(a);
  return sum;
}

static u32 kept_two_above(long rows, long columns) {
  u32 *a = fresh((rows + 2) * columns);
  for (long y = 2; y < rows; y++)
    for (long x = 0; x < columns; x++)
      a[y * columns + x] = f(a[(y - 2) * columns + x], a[(y - 1) * columns + x], 1);
  return sum_of(a, rows * columns);
}

/* Each column needs all of the row above. */
LAZY static u32 folded(LAZY_IN(count) const u32 *row, int count) {
  u32 h = 1;
  for (int k = 0; k < count; k++)
    h = h * 31 + row[k];
  return busy(h);
}
static u32 kept_whole_row(int rows, int columns) {
  u32 *a = fresh((long)rows * columns);
  for (int y = 1; y < rows; y++)
    for (int x = 0; x < columns; x++)
      a[y * columns + x] = folded(&a[(y - 1) * columns], columns);
  return sum_of(a, (long)rows * columns);
}

/* Rows begin before the ones above them end. */
static u32 kept_overlapping(long rows, long columns, long w) {
  u32 *a = fresh((rows + 1) * columns);
  for (long y = 1; y < rows; y++)
    for (long x = 1; x < columns; x++)
      a[y * w + x] = f(a[(y - 1) * w + x], a[y * w + x - 1], (u32)y);
  return sum_of(a, (rows + 1) * columns);
}

static u32 kept_backwards(long rows, long columns) {
  long w = columns + 1;
  u32 *a = fresh((rows + 1) * w), *b = fresh((rows + 1) * w);
  for (long y = rows - 1; y >= 0; y--)
    for (long x = columns - 1; x >= 0; x--)
      a[y * w + x] = f(a[(y + 1) * w + x], a[y * w + x + 1], 3);
  for (long y = 1; y < rows; y++)
    for (long x = columns - 1; x >= 1; x--)
      b[y * w + x] = f(b[(y - 1) * w + x], b[(y - 1) * w + x - 1], 3);
  return sum_of(a, (rows + 1) * w) ^ sum_of(b, (rows + 1) * w);
}

static u32 kept_triangle(long rows, long columns) {
  u32 *a = fresh((rows + 1) * columns);
  for (long y = 1; y < rows; y++)
    for (long x = 0; x < y && x < columns; x++)
      a[y * columns + x] = f(a[(y - 1) * columns + x], 2, 3);
  return sum_of(a, rows * columns);
}

/* Rows without columns would let others pass. */
static u32 kept_sometimes(long rows, long columns) {
  u32 *a = fresh((rows + 1) * columns);
  for (long y = 1; y < rows; y++)
    if (y % 3)
      for (long x = 0; x < columns; x++)
        a[y * columns + x] = f(a[(y - 1) * columns + x], 2, 3);
  return sum_of(a, rows * columns);
}

/* One more access, outside of the inner loop. */
static u32 kept_corner(long rows, long columns) {
  u32 *a = fresh((rows + 1) * columns);
  for (long y = 1; y < rows; y++) {
    a[y * columns] = a[y * columns - 1];
    for (long x = 1; x < columns; x++)
      a[y * columns + x] = f(a[(y - 1) * columns + x], a[y * columns + x - 1], 3);
  }
  return sum_of(a, rows * columns);
}

/* A pipeline in each call of another one. */
LAZY static void block(LAZY_INOUT(8, 8, stride) u32 *at, LAZY_IN(8, 1, stride) const u32 *left,
                       LAZY_IN(8) const u32 *above, long stride) {
  for (long y = 0; y < 8; y++)
    for (long x = 0; x < 8; x++) {
      u32 up = y ? at[(y - 1) * stride + x] : above[x], before = x ? at[y * stride + x - 1] : left[y * stride];
      at[y * stride + x] = busy(up + before * 3);
    }
}
static u32 follows_blocks(long rows, long columns) {
  long w = columns * 8 + 1;
  u32 *a = fresh((rows * 8 + 1) * w);
  for (long y = 0; y < rows; y++)
    for (long x = 0; x < columns; x++)
      block(&a[(y * 8 + 1) * w + x * 8 + 1], &a[(y * 8 + 1) * w + x * 8], &a[y * 8 * w + x * 8 + 1], w);
  return sum_of(a, (rows * 8 + 1) * w);
}
LAZY static u32 whole(int n) { return follows_cells(n, n + 30) + follows_right(n + 3, n); }
static u32 follows_nested(int rows, int columns) {
  u32 a[12][12] = {{0}};
  for (int y = 1; y < rows && y < 12; y++)
    for (int x = 1; x < columns && x < 12; x++)
      a[y][x] = whole((x * y + (int)(a[y - 1][x] % 2)) % 20) + a[y][x - 1] + a[y - 1][x];
  u32 sum = 0;
  for (int y = 0; y < 12; y++)
    for (int x = 0; x < 12; x++)
      sum = sum * 31 + a[y][x];
  return sum;
}

int main(void) {
  static const int sizes[][2] = {{0, 0}, {1, 50}, {50, 1}, {2, 2}, {3, 40}, {40, 3}, {17, 17}, {30, 100}, {100, 33}};
  for (int round = 0; round < 2; round++)
    for (unsigned k = 0; k < sizeof sizes / sizeof *sizes; k++) {
      int rows = sizes[k][0], columns = sizes[k][1];
      u32 also;
      printf("%d x %d: %x %x %x %x %x\n", rows, columns, follows_cells(rows, columns), follows_right(rows, columns),
             follows_far(rows, columns), follows_seidel(rows, columns), follows_table(rows, columns));
      printf("%x ", follows_mixed(rows, columns, &also));
      printf("%x %x %x\n", also, follows_blocks(rows / 4, columns / 4), follows_nested(rows / 5, columns / 5));
      printf("%x %x %x %x ", kept_two_above(rows, columns), kept_whole_row(rows, columns),
             kept_overlapping(rows, columns, columns / 2 + 1), kept_overlapping(rows, columns, 1));
      printf("%x %x %x %x ", kept_peeking(rows, columns), kept_thread(rows, columns, pthread_self()),
             kept_variable(rows, columns, &mine), kept_stack(rows, columns));
      printf("%x %x ", kept_ending(rows, columns), kept_counting(rows, columns));
      printf("%x %x %x %x\n", kept_backwards(rows, columns), kept_triangle(rows, columns),
             kept_sometimes(rows, columns), kept_corner(rows, columns));
    }
  return 0;
}
