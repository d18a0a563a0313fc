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

int main(void) {
  tiles();
  return 0;
}
