/* align LENGTH, by an OpenMP expert: tasks that depend on the tile above and the tile to the left. */
#include "measure.h"

#include <stdlib.h>

enum { TILE = 256, MATCH = 5, MISMATCH = -4, GAP = -7 };

static int max(int a, int b) {
  return a > b ? a : b;
}
static long min(long a, long b) {
  return a < b ? a : b;
}

/* column[0] is the corner: left of the tile, and above. */
static void fill(const char *a, const char *b, long height, long width, int *restrict column, int *restrict row,
                 int *best) {
  int top = *best, above = column[0];
  column[0] = row[width - 1];
  for (long i = 0; i < height; i++) {
    int diagonal = above, left = above = column[i + 1];
    for (long j = 0; j < width; j++) {
      int score = max(max(left, row[j]) + GAP, diagonal + (a[i] == b[j] ? MATCH : MISMATCH));
      diagonal = row[j];
      row[j] = left = max(score, 0);
      top = max(top, left);
    }
    column[i + 1] = left;
  }
  *best = top;
}

static int align(const char *a, const char *b, long length, int *row, int *columns, int *best) {
#pragma omp parallel
#pragma omp single
  for (long i = 0; i < length; i += TILE)
    for (long j = 0; j < length; j += TILE)
#pragma omp task depend(inout : best[i / TILE], row[j])
      fill(a + i, b + j, min(length - i, TILE), min(length - j, TILE), columns + i / TILE * (TILE + 1), row + j,
           best + i / TILE);
  int all = 0;
  for (long i = 0; i < length; i += TILE)
    all = max(all, best[i / TILE]);
  return all;
}

/* The letters of b are those of a, with mistakes. */
static void invent(char *a, char *b, long length) {
  uint32_t seed = 1;
  for (long i = 0; i < length; i++) {
    seed = seed * 1664525u + 1013904223u;
    a[i] = "ACGT"[seed >> 30];
    b[i] = seed >> 8 & 7 ? a[i] : "ACGT"[seed >> 12 & 3];
  }
}

int main(int argc, char **argv) {
  long length = measure_argument(argc, argv, 1, "LENGTH");
  size_t tiles = (size_t)length / TILE + 1;
  char *a = malloc((size_t)length), *b = malloc((size_t)length);
  int *row = calloc((size_t)length, sizeof *row), *columns = calloc(tiles * (TILE + 1), sizeof *columns);
  int *best = calloc(tiles, sizeof *best);
  if (!a || !b || !row || !columns || !best)
    return 1;
  invent(a, b, length);
  measure_start();
  measure_stop((uint64_t)align(a, b, length, row, columns, best));
  free(a);
  free(b);
  free(row);
  free(columns);
  free(best);
  return 0;
}
