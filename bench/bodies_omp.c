/* bodies COUNT STEPS, by an OpenMP expert: two parallel loops a step, within one parallel region. */
#include "measure.h"

#include <math.h>
#include <stdlib.h>

enum { BLOCK = 50 };

struct vec {
  double x, y, z;
};

struct body {
  struct vec place, speed;
  double mass;
};

/* pulls[i] = what n bodies do to the i-th of the `count` bodies at `some`. */
static void attract(struct vec *pulls, const struct body *some, int count, const struct body *bodies, int n) {
  for (int i = 0; i < count; i++) {
    struct vec at = some[i].place, pull = {0, 0, 0};
    for (int j = 0; j < n; j++) {
      double x = bodies[j].place.x - at.x, y = bodies[j].place.y - at.y, z = bodies[j].place.z - at.z;
      double square = x * x + y * y + z * z + 1e-3;
      double force = bodies[j].mass / (square * sqrt(square));
      pull.x += force * x, pull.y += force * y, pull.z += force * z;
    }
    pulls[i] = pull;
  }
}

static void move(struct body *bodies, const struct vec *pulls, int n, double dt) {
  for (int i = 0; i < n; i++) {
    struct body *b = &bodies[i];
    b->speed.x += dt * pulls[i].x, b->speed.y += dt * pulls[i].y, b->speed.z += dt * pulls[i].z;
    b->place.x += dt * b->speed.x, b->place.y += dt * b->speed.y, b->place.z += dt * b->speed.z;
  }
}

static int size_of_block(int n, int i) {
  return n - i < BLOCK ? n - i : BLOCK;
}

static void simulate(struct body *bodies, struct vec *pulls, int n, long steps) {
#pragma omp parallel
  for (long step = 0; step < steps; step++) {
#pragma omp for schedule(static)
    for (int i = 0; i < n; i += BLOCK)
      attract(pulls + i, bodies + i, size_of_block(n, i), bodies, n);
#pragma omp for schedule(static)
    for (int i = 0; i < n; i += BLOCK)
      move(bodies + i, pulls + i, size_of_block(n, i), 1e-3);
  }
}

int main(int argc, char **argv) {
  int n = (int)measure_argument(argc, argv, 1, "COUNT");
  long steps = measure_argument(argc, argv, 2, "STEPS");
  struct body *bodies = malloc((size_t)n * sizeof *bodies);
  struct vec *pulls = malloc((size_t)n * sizeof *pulls);
  if (!bodies || !pulls)
    return 1;
  uint32_t seed = 1;
  measure_random(&bodies->place.x, n * 7L, &seed);
  measure_start();
  simulate(bodies, pulls, n, steps);
  measure_stop(measure_bits(&bodies->place.x, n * 7L));
  free(bodies);
  free(pulls);
  return 0;
}
