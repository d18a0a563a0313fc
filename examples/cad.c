/* cad CELLS DESIGNS: solids out of numbers.  A bolt, its nut and a plate are drawn into cubes of CELLS^3 cells, cut out
 * of each other, rounded and measured; and again for each of DESIGNS lengths of the bolt.
 *
 * A cell of a solid holds how far it is to the surface; less than 0 is inside.  Each step is a function from solids to
 * a solid, so from one design to the next only those steps have anything new to compute that depend on the length. With
 * LAZY_CACHE=memory only those run; without it all do, on all threads. */
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Where a cell lies: the cube goes from -1 to 1. */
static float at(int i, int n) {
  return 2.0f * ((float)i + 0.5f) / (float)n - 1;
}

/* A pin along z, from `low` to `high`. */
LAZY LAZY_CACHED static void pin(LAZY_OUT(n * n * n) float *to, int n, float radius, float low, float high) {
  for (int z = 0; z < n; z++)
    for (int y = 0; y < n; y++)
      for (int x = 0; x < n; x++) {
        float side = hypotf(at(x, n), at(y, n)) - radius, ends = fmaxf(low - at(z, n), at(z, n) - high);
        *to++ = fmaxf(side, ends);
      }
}

/* The same with a screw thread of `turns` turns a unit of length around it. */
LAZY LAZY_CACHED static void screw(LAZY_OUT(n * n * n) float *to, int n, float radius, float turns, float low,
                                   float high) {
  for (int z = 0; z < n; z++)
    for (int y = 0; y < n; y++)
      for (int x = 0; x < n; x++) {
        float angle = atan2f(at(y, n), at(x, n)) / 6.2831853f, turn = at(z, n) * turns - angle;
        float depth = fabsf(turn - floorf(turn) - 0.5f) * 0.6f / turns;
        float side = hypotf(at(x, n), at(y, n)) - radius + depth, ends = fmaxf(low - at(z, n), at(z, n) - high);
        *to++ = fmaxf(side, ends);
      }
}

/* A block around the origin, or a prism of six sides. */
LAZY LAZY_CACHED static void block(LAZY_OUT(n * n * n) float *to, int n, float wide, float low, float high, int sides) {
  for (int z = 0; z < n; z++)
    for (int y = 0; y < n; y++)
      for (int x = 0; x < n; x++) {
        float far = -1;
        for (int k = 0; k < sides; k++) {
          float angle = 6.2831853f * (float)k / (float)sides;
          far = fmaxf(far, at(x, n) * cosf(angle) + at(y, n) * sinf(angle));
        }
        *to++ = fmaxf(far - wide, fmaxf(low - at(z, n), at(z, n) - high));
      }
}

LAZY LAZY_CACHED static void unite(LAZY_OUT(cells) float *to, LAZY_IN(cells) const float *a,
                                   LAZY_IN(cells) const float *b, long cells) {
  for (long i = 0; i < cells; i++)
    to[i] = fminf(a[i], b[i]);
}

LAZY LAZY_CACHED static void cut(LAZY_OUT(cells) float *to, LAZY_IN(cells) const float *from,
                                 LAZY_IN(cells) const float *what, long cells) {
  for (long i = 0; i < cells; i++)
    to[i] = fmaxf(from[i], -what[i]);
}

/* Edges within `reach` cells become round. */
LAZY LAZY_CACHED static void round_edges(LAZY_OUT(n * n * n) float *to, LAZY_IN(n * n * n) const float *from, int n,
                                         int reach) {
  for (int z = 0; z < n; z++)
    for (int y = 0; y < n; y++)
      for (int x = 0; x < n; x++) {
        float sum = 0;
        int count = 0;
        for (int dz = -reach; dz <= reach; dz++)
          for (int dy = -reach; dy <= reach; dy++)
            for (int dx = -reach; dx <= reach; dx++) {
              int a = x + dx, b = y + dy, c = z + dz;
              if (a < 0 || b < 0 || c < 0 || a >= n || b >= n || c >= n)
                continue;
              sum += from[(c * n + b) * n + a];
              count++;
            }
        to[(z * n + y) * n + x] = sum / (float)count;
      }
}

/* How much of the cube it fills, in thousandths. */
LAZY LAZY_CACHED static double volume(LAZY_IN(cells) const float *solid, long cells) {
  long inside = 0;
  for (long i = 0; i < cells; i++)
    inside += solid[i] < 0;
  return 1000.0 * (double)inside / (double)cells;
}

enum { HEAD, SHAFT, BOLT, SMOOTH_BOLT, HEX, HOLE, NUT, PLATE, DRILLED, SMOOTH_PLATE, ALL, SOLIDS };

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 48, designs = argc > 2 ? atoi(argv[2]) : 4;
  if (n < 4 || n > 400 || designs < 0) {
    fprintf(stderr, "cad: CELLS is 4 to 400, DESIGNS 0 or more\n");
    return 2;
  }
  long cells = (long)n * n * n;
  float *s[SOLIDS];
  for (int k = 0; k < SOLIDS; k++)
    if (!(s[k] = malloc(sizeof(float) * (size_t)cells)))
      return 1;
  for (int design = 0; design < designs; design++) {
    float length = 0.5f + 0.1f * (float)design;
    block(s[HEAD], n, 0.5f, -0.9f, -0.6f, 6);
    screw(s[SHAFT], n, 0.3f, 6, -0.65f, length);
    unite(s[BOLT], s[HEAD], s[SHAFT], cells);
    round_edges(s[SMOOTH_BOLT], s[BOLT], n, 1);
    block(s[HEX], n, 0.5f, 0.2f, 0.5f, 6);
    screw(s[HOLE], n, 0.31f, 6, -1, 1);
    cut(s[NUT], s[HEX], s[HOLE], cells);
    block(s[PLATE], n, 0.8f, -0.6f, 0.1f, 4);
    pin(s[HOLE], n, 0.35f, -1, 1);
    cut(s[DRILLED], s[PLATE], s[HOLE], cells);
    round_edges(s[SMOOTH_PLATE], s[DRILLED], n, 2);
    double nut = volume(s[NUT], cells), bolt = volume(s[SMOOTH_BOLT], cells), plate = volume(s[SMOOTH_PLATE], cells);
    unite(s[ALL], s[SMOOTH_BOLT], s[NUT], cells);
    unite(s[ALL], s[ALL], s[SMOOTH_PLATE], cells);
    printf("%.2f: bolt %.3f, nut %.3f, plate %.3f, together %.3f\n", (double)length, bolt, nut, plate,
           volume(s[ALL], cells));
  }
  for (int k = 0; k < SOLIDS; k++)
    free(s[k]);
  return 0;
}
