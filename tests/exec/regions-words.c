// What the source says of memory behind parameters, beyond a number of elements.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(const char *what, const unsigned *a, long n) {
  unsigned h = 0;
  for (long i = 0; i < n; i++)
    h = h * 31 + a[i];
  printf("%s %u\n", what, h);
}

// Rows: of tiles of a matrix, from the last to the first, at the same place, and none.
LAZY static void stir(LAZY_INOUT(rows, columns, stride) unsigned *tile, int rows, int columns, int stride,
                      unsigned seed) {
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) {
      unsigned *cell = tile + (long)r * stride + c;
      *cell = seed = (seed ^ *cell) * 1664525u + 1013904223u;
    }
}
LAZY static void blend(LAZY_INOUT(rows, columns, stride) unsigned *to, LAZY_IN(rows, columns, stride) const unsigned *a,
                       LAZY_IN(rows, columns, stride) const unsigned *b, int rows, int columns, int stride) {
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++)
      to[r * stride + c] += 3 * a[r * stride + c] + 7 * b[r * stride + c];
}
LAZY static void stripes(int columns, LAZY_OUT(4, 1, 3) unsigned (*rows)[columns], unsigned seed) {
  for (int r = 0; r < 4; r++)
    for (int c = 0; c < columns; c++)
      rows[3 * r][c] = seed += (unsigned)(r * c);
}

static void tiles(void) {
  enum { SIDE = 80, TILE = 20 };
  static unsigned m[SIDE][SIDE];
  for (int k = 0; k < SIDE; k += TILE) {
    for (int r = 0; r < SIDE; r += TILE)
      for (int c = 0; c < SIDE; c += TILE)
        stir(&m[r][c], TILE, TILE, SIDE, (unsigned)(r + c));
    for (int r = 0; r < SIDE; r += TILE)
      for (int c = 0; c < SIDE; c += TILE)
        blend(&m[r][c], &m[r][k], &m[k][c], TILE, TILE, SIDE);
    m[k][k] += 5;
    printf("%u\n", m[k + 1][TILE]);
  }
  stir(&m[SIDE - 1][3], SIDE, 17, -SIDE, 1);
  stir(&m[0][40], 9, 30, 0, 2);
  stir(NULL, 0, 30, SIDE, 3);
  stir(NULL, 30, 0, SIDE, 4);
  stir(&m[5][5], 40, 40, 7, 5); // rows that overlap
  stripes(SIDE, &m[1], 6);
  stripes(SIDE, &m[2], 7);
  m[5][5]++;
  show("tiles", &m[0][0], (long)SIDE * SIDE);
}

// Members, which pending calls and pending stores write, and null pointers on the way to them.
struct size {
  short rows;
  unsigned char columns;
};
struct matrix {
  unsigned *cells;
  struct {
    struct size size;
  };
  const struct matrix *below;
  char far[10000];
  int shift;
};
LAZY static void shape(LAZY_OUT(1) struct matrix *m, LAZY_OPAQUE unsigned *cells, int rows, int columns) {
  m->cells = cells;
  m->size.rows = (short)rows;
  m->size.columns = (unsigned char)columns;
}
LAZY static void sow(LAZY_IN(1) const struct matrix *m, LAZY_OUT(m->size.rows * m->size.columns) unsigned *cells,
                     unsigned seed) {
  for (long i = 0, n = m ? m->size.rows * m->size.columns : 0; i < n; i++)
    cells[i] = seed = seed * 1664525u + 1013904223u;
}
LAZY static unsigned reap(LAZY_IN(1) const struct matrix *m,
                          LAZY_IN(m->size.rows * m->size.columns) const unsigned *cells) {
  unsigned h = 1;
  for (long i = 0, n = m ? m->size.rows * m->size.columns : 0; i < n; i++)
    h = h * 31 + cells[i];
  return h;
}
LAZY static void drop(LAZY_IN(1) const struct matrix *m, LAZY_IN(1) const struct size *below,
                      LAZY_INOUT(m->below->size.rows + m->below->shift) unsigned *cells) {
  for (long i = 0, n = m && m->below ? below->rows + m->below->shift : 0; i < n; i++)
    cells[i] += (unsigned)i;
}
LAZY static short rows_for(unsigned seed) {
  for (int i = 0; i < 100; i++)
    seed = seed * 31 + 7;
  return (short)(seed % 20 + 10);
}

static void members(void) {
  static unsigned cells[3][30 * 30];
  static struct matrix m[3];
  for (int round = 0; round < 6; round++) {
    for (int k = 0; k < 3; k++) {
      shape(&m[k], cells[k], 4 * k + round, 20 + k);
      sow(&m[k], cells[k], (unsigned)(k + round));
      m[k].size.rows = rows_for((unsigned)(round * 3 + k));
      sow(&m[k], cells[k] + 5, (unsigned)k);
      m[k].below = k ? &m[k - 1] : NULL;
      m[k].shift = round - 3;
      drop(&m[k], k ? &m[k - 1].size : NULL, cells[k]);
    }
    unsigned first = reap(&m[0], cells[0]), last = reap(&m[2], cells[2]);
    sow(NULL, NULL, 3);
    drop(NULL, NULL, cells[0]);
    printf("members %u %u %u\n", first, last, reap(NULL, NULL));
  }
  show("cells", &cells[0][0], 3 * 30 * 30);
}

// The first call after one that changes the extent, or the way to it; two calls that meet as far as it reaches now.
LAZY static void bury(LAZY_OUT(1) struct matrix *m, LAZY_OPAQUE const struct matrix *below) { m->below = below; }
static void changing(void) {
  unsigned cells[40 * 10] = {0};
  struct matrix deep = {.size = {0, 10}}, m = {.size = {0, 10}};
  for (unsigned round = 1; round < 6; round++) {
    shape(&m, cells, 7 * (int)round, 10);
    sow(&m, cells, round);
    sow(&m, cells, round + 10);
    shape(&deep, NULL, (int)round, 1);
    bury(&m, round % 2 ? &deep : NULL);
    drop(&m, &deep.size, cells);
    sow(&deep, cells + 1, round);
    m.size.rows = rows_for(round);
    sow(&m, cells, round + 20);
    sow(&m, cells, round + 30);
    m = (struct matrix){.size = {0, 10}};
    deep.size.rows = 0;
    show("changing", cells, 40 * 10);
  }
}

// An extent that the very call changes: what counts is what it was when the call was made.
LAZY static void halve(LAZY_INOUT(1) struct matrix *m, LAZY_INOUT(m->size.rows) unsigned *cells) {
  for (int i = 0; i < m->size.rows; i++)
    cells[i] = cells[i] / 2 + (unsigned)m->size.rows;
  m->size.rows /= 2;
}
static void shrinking(void) {
  unsigned cells[64];
  struct matrix m = {.cells = cells, .size = {64, 1}};
  for (unsigned i = 0; i < 64; i++)
    cells[i] = i * 1000;
  while (m.size.rows) {
    halve(&m, cells);
    halve(&m, cells + m.size.rows);
  }
  show("shrinking", cells, 64);
}

// The same, as elements of arrays, and by the program's own names.
enum { ROWS = 5, LAST = 2 };
struct box {
  int shape[3];
  long *count;
};
LAZY static void measure(LAZY_OUT(1) struct box *b, LAZY_OUT(ROWS) int *counts, int seed) {
  b->shape[LAST] = 4 + seed % 7;
  for (int i = 0; i < ROWS; i++)
    counts[i] = i * seed % 9;
}
LAZY static void mark(LAZY_IN(1) const struct box *b, LAZY_IN(ROWS) const int *counts, LAZY_IN(1) const long *n,
                      LAZY_INOUT(b->shape[LAST] + counts[3] * ROWS + *b->count) unsigned *cells) {
  long all = b->shape[LAST] + counts[3] * ROWS + *n;
  for (long i = 0; i < all; i++)
    cells[i] = cells[i] * 31 + (unsigned)(all - i);
}
static void elements(void) {
  unsigned cells[100] = {0};
  long n = 2;
  struct box b = {{1, 2, 3}, &n};
  int counts[ROWS];
  for (int round = 1; round < 9; round++) {
    measure(&b, counts, round);
    mark(&b, counts, &n, cells);
    n = (long)rows_for((unsigned)round);
    mark(&b, counts, &n, cells);
    counts[3]++;
    mark(&b, counts, &n, cells + 1);
    b.shape[LAST] = 0;
  }
  show("elements", cells, 100);
}

// Strings, which pending calls and pending stores write piece by piece, put an end to, and lengthen.
LAZY static void put(LAZY_OUT(n) char *to, long n, char letter) {
  for (long i = 0; i < n; i++)
    to[i] = letter;
}
LAZY static char letter_for(int i) {
  for (int k = 0; k < 50; k++)
    i = (i * 31 + 7) % 1000;
  return (char)('a' + i % 26);
}
LAZY static unsigned hash(LAZY_STR const char *s) {
  unsigned h = 5381;
  while (s && *s)
    h = h * 33 + (unsigned char)*s++;
  return h;
}
LAZY static void upper(LAZY_STR LAZY_INOUT(n) char *s, long n) {
  for (long i = 0; s && s[i] && i < n; i++)
    if (s[i] >= 'a' && s[i] <= 'z')
      s[i] = (char)(s[i] - 'a' + 'A');
}
LAZY static void append(LAZY_OUT(room) char *to, long room, LAZY_STR const char *a, LAZY_STR const char *b) {
  snprintf(to, (size_t)room, "%s/%s", a, b);
}

static void strings(void) {
  char s[200], path[3][60] = {"", "x", "yy"};
  memset(s, '.', sizeof s);
  s[199] = 0;
  for (int round = 0; round < 5; round++) {
    for (int i = 0; i < 100; i += 10)
      put(s + i, 7, (char)('a' + round + i / 10));
    put(s + 90 + round, 1, 0);
    unsigned one = hash(s), two = hash(s + 91 + round);
    put(s + 90 + round, 1, 'x');
    for (int i = 5; i < 60; i += 3)
      s[i] = letter_for(i + round);
    put(s + 150 - 20 * round, 1, 0);
    unsigned three = hash(s);
    upper(s, 20);
    upper(s + 40, 200 - 40);
    upper(NULL, 0);
    s[10 * round] = 0;
    printf("%u %u %u %u %s\n", one, two, three, hash(NULL), s);
    s[10 * round] = '!';
    append(path[round % 3], 60, path[(round + 1) % 3], path[(round + 2) % 3]);
    append(path[(round + 1) % 3], 60, path[round % 3], s + 120);
  }
  printf("%s %s %s %u\n", path[0], path[1], path[2], hash(path[1]) + hash(path[2]));
}

// GCC's words for it.
#if defined(__has_attribute)
#if __has_attribute(access)
#define ACCESS(...) __attribute__((access(__VA_ARGS__)))
#endif
#endif
#ifndef ACCESS
#define ACCESS(...)
#endif
ACCESS(read_write, 1, 2) ACCESS(read_only, 3, 2) LAZY static void scale(double *to, size_t n, const double *by) {
  for (size_t i = 0; i < n; i++)
    to[i] = to[i] * by[i] + 0.25;
}
double dot(const double *a, const double *b, int n, double bias) ACCESS(read_only, 1, 3) ACCESS(read_only, 2, 3);
LAZY double dot(const double *a, const double *b, int n, double bias) {
  while (n-- > 0)
    bias += a[n] * b[n];
  return bias;
}
static void attributes(void) {
  double a[60], b[60];
  for (int i = 0; i < 60; i++)
    a[i] = b[i] = i / 30.;
  for (size_t i = 0; i < 60; i += 10) {
    scale(a + i, 10, b + (i + 30) % 60);
    scale(b + i, 10, a + i);
    double one = dot(a, b, 60, 1), two = dot(b + 30, a, 30, one);
    a[i] = two;
    scale(NULL, 0, NULL);
    printf("%a %a %a\n", one, two, dot(NULL, a, 0, 3));
  }
}

int main(void) {
  tiles();
  members();
  changing();
  shrinking();
  elements();
  strings();
  attributes();
  return 0;
}
