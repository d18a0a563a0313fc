/* images SIDE COUNT, by an OpenMP expert: a parallel loop for each filter, within one parallel region. */
#include "measure.h"

#include <stdlib.h>

enum { BAND = 64, BORDER = 2 };

/* With BORDER rows of black above and below; the width is even. */
struct image {
  long width, height;
  uint8_t *pixels;
};

static struct image new_image(long width, long height) {
  struct image m = {width, height, calloc((size_t)(width * (height + 2 * BORDER)), 1)};
  if (!m.pixels)
    abort();
  return m;
}

static uint8_t *row(struct image m, long y) {
  return m.pixels + (y + BORDER) * m.width;
}

/* Weights 1 4 6 4 1, down and across.  `from` begins two rows above. */
static void blur(uint8_t *restrict to, const uint8_t *restrict from, long width, long rows) {
  int column[width];
  for (long y = 0; y < rows; y++) {
    const uint8_t *f = from + y * width;
    for (long x = 0; x < width; x++)
      column[x] = f[x] + 4 * f[x + width] + 6 * f[x + 2 * width] + 4 * f[x + 3 * width] + f[x + 4 * width];
    for (long x = 2; x < width - 2; x++)
      to[y * width + x] =
          (uint8_t)((column[x - 2] + 4 * column[x - 1] + 6 * column[x] + 4 * column[x + 1] + column[x + 2] + 128) /
                    256);
  }
}

/* Sobel's.  `from` begins one row above. */
static void find_edges(uint8_t *restrict to, const uint8_t *restrict from, long width, long rows) {
  for (long y = 0; y < rows; y++) {
    const uint8_t *a = from + y * width, *b = a + width, *c = b + width;
    for (long x = 1; x < width - 1; x++) {
      int across = a[x + 1] - a[x - 1] + 2 * (b[x + 1] - b[x - 1]) + c[x + 1] - c[x - 1];
      int down = c[x - 1] - a[x - 1] + 2 * (c[x] - a[x]) + c[x + 1] - a[x + 1];
      int sum = abs(across) + abs(down);
      to[y * width + x] = (uint8_t)(sum > 255 ? 255 : sum);
    }
  }
}

/* `rows` rows of half the width, from twice as many. */
static void halve(uint8_t *restrict to, const uint8_t *restrict from, long width, long rows) {
  for (long y = 0; y < rows; y++)
    for (long x = 0; x < width / 2; x++) {
      const uint8_t *f = from + 2 * (y * width + x);
      to[y * (width / 2) + x] = (uint8_t)((f[0] + f[1] + f[width] + f[width + 1] + 2) / 4);
    }
}

static long rows_of_band(struct image m, long y) {
  return m.height - y < BAND ? m.height - y : BAND;
}

static void process(struct image in, struct image blurred, struct image edges, struct image out) {
#pragma omp parallel
  {
#pragma omp for schedule(static)
    for (long y = 0; y < in.height; y += BAND)
      blur(row(blurred, y), row(in, y - 2), in.width, rows_of_band(in, y));
#pragma omp for schedule(static)
    for (long y = 0; y < edges.height; y += BAND)
      find_edges(row(edges, y), row(blurred, y - 1), edges.width, rows_of_band(edges, y));
#pragma omp for schedule(static)
    for (long y = 0; y < out.height; y += BAND)
      halve(row(out, y), row(edges, 2 * y), edges.width, rows_of_band(out, y));
  }
}

int main(int argc, char **argv) {
  long side = measure_argument(argc, argv, 1, "SIDE") / 2 * 2, count = measure_argument(argc, argv, 2, "COUNT");
  struct image in = new_image(side, side), blurred = new_image(side, side), edges = new_image(side, side);
  struct image out = new_image(side / 2, side / 2);
  uint32_t seed = 1;
  uint64_t sum = 0;
  for (long y = 0; y < side; y++)
    for (long x = 0; x < side; x++)
      row(in, y)[x] = (uint8_t)((x / 32 ^ y / 32) * 16 + ((seed = seed * 1664525u + 1013904223u) >> 28));
  measure_start();
  for (long i = 0; i < count; i++) {
    process(in, blurred, edges, out);
    for (long y = 0; y < out.height; y++)
      for (long x = 0; x < out.width; x++)
        sum = sum * 31 + row(out, y)[x];
    row(in, side / 2)[side / 2] ^= (uint8_t)(i + 1);
  }
  measure_stop(sum);
  free(in.pixels);
  free(blurred.pixels);
  free(edges.pixels);
  free(out.pixels);
  return 0;
}
