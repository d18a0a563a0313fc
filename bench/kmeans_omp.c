/* kmeans POINTS ROUNDS, by an OpenMP expert: a parallel loop over the chunks. */
#include "measure.h"

#include <stdlib.h>

enum { GROUPS = 25, CHUNK = 4096 };

struct point {
  double x, y;
};

struct sums {
  struct point sum[GROUPS];
  long count[GROUPS];
};

static int nearest(struct point p, const struct point centres[GROUPS]) {
  int best = 0;
  double least = 1e300;
  for (int g = 0; g < GROUPS; g++) {
    double x = p.x - centres[g].x, y = p.y - centres[g].y, square = x * x + y * y;
    if (square < least)
      least = square, best = g;
  }
  return best;
}

static struct sums assign(int *groups, const struct point *points, long n, const struct point centres[GROUPS]) {
  struct sums s = {0};
  for (long i = 0; i < n; i++) {
    int g = groups[i] = nearest(points[i], centres);
    s.sum[g].x += points[i].x;
    s.sum[g].y += points[i].y;
    s.count[g]++;
  }
  return s;
}

static void add(struct sums *to, const struct sums *s) {
  for (int g = 0; g < GROUPS; g++) {
    to->sum[g].x += s->sum[g].x;
    to->sum[g].y += s->sum[g].y;
    to->count[g] += s->count[g];
  }
}

static void cluster(int *groups, const struct point *points, long n, struct point *centres, struct sums *parts,
                    long rounds) {
  for (long round = 0; round < rounds; round++) {
    struct sums all = {0};
#pragma omp parallel for schedule(dynamic)
    for (long i = 0; i < n; i += CHUNK)
      parts[i / CHUNK] = assign(groups + i, points + i, n - i < CHUNK ? n - i : CHUNK, centres);
    for (long i = 0; i < n; i += CHUNK)
      add(&all, &parts[i / CHUNK]);
    for (int g = 0; g < GROUPS; g++)
      if (all.count[g])
        centres[g] = (struct point){all.sum[g].x / (double)all.count[g], all.sum[g].y / (double)all.count[g]};
  }
}

int main(int argc, char **argv) {
  long n = measure_argument(argc, argv, 1, "POINTS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  struct point *points = malloc((size_t)n * sizeof *points), centres[GROUPS];
  struct sums *parts = malloc(((size_t)n / CHUNK + 1) * sizeof *parts);
  int *groups = malloc((size_t)n * sizeof *groups);
  if (!points || !parts || !groups)
    return 1;
  uint32_t seed = 1;
  measure_random(&points->x, 2 * n, &seed);
  for (int g = 0; g < GROUPS; g++)
    centres[g] = points[g * n / GROUPS];
  measure_start();
  cluster(groups, points, n, centres, parts, rounds);
  uint64_t sum = measure_bits(&centres->x, 2L * GROUPS);
  for (long i = 0; i < n; i++)
    sum = sum * 31 + (uint64_t)groups[i];
  measure_stop(sum);
  free(points);
  free(parts);
  free(groups);
  return 0;
}
