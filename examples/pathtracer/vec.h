/* vec.h - vectors, and the path tracer's own random numbers. */
#ifndef PATHTRACER_VEC_H
#define PATHTRACER_VEC_H

#include <math.h>
#include <stdint.h>

static const double PI = 3.14159265358979323846;

struct vec {
  double x, y, z;
};

static inline struct vec vec(double x, double y, double z) {
  return (struct vec){x, y, z};
}
static inline struct vec add(struct vec a, struct vec b) {
  return vec(a.x + b.x, a.y + b.y, a.z + b.z);
}
static inline struct vec sub(struct vec a, struct vec b) {
  return vec(a.x - b.x, a.y - b.y, a.z - b.z);
}
static inline struct vec mul(struct vec a, struct vec b) {
  return vec(a.x * b.x, a.y * b.y, a.z * b.z);
}
static inline struct vec scale(struct vec a, double s) {
  return vec(a.x * s, a.y * s, a.z * s);
}
static inline double dot(struct vec a, struct vec b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
static inline struct vec unit(struct vec a) {
  return scale(a, 1 / sqrt(dot(a, a)));
}
static inline struct vec mix(struct vec a, struct vec b, double t) {
  return add(scale(a, 1 - t), scale(b, t));
}
static inline struct vec cross(struct vec a, struct vec b) {
  return vec(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}

/* Random numbers.  The k-th number of a path is, for every path of a pixel, the same hash of pixel and k, moved on by
 * an irrational step from one path to the next: so the paths of a pixel spread evenly over what they sample, and the
 * picture is less noisy than pure chance would have it.  Late in a path, chance is as good. */
struct rng {
  uint64_t state;
  int path, k;
};

static inline uint64_t scramble(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* For one path of the pixel at (x, y). */
static inline struct rng rng(int x, int y, int path) {
  return (struct rng){scramble((uint64_t)y << 32 | (uint32_t)x), path, 0};
}

/* Evenly spread from 0 to below 1. */
static inline double uniform(struct rng *rng) {
  /* fractional parts of the square roots of the first primes, in units of 2^-64: sums wrap around at 1 */
  static const uint64_t step[] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
                                  0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939};
  uint64_t path = (uint64_t)rng->path;
  rng->state += 0x9e3779b97f4a7c15u;
  if (rng->k == (int)(sizeof step / sizeof *step))
    return (double)(scramble(rng->state ^ path << 32) >> 11) * 0x1p-53;
  return (double)((scramble(rng->state) + path * step[rng->k++]) >> 11) * 0x1p-53;
}

/* Two directions that stand upright on `n` and on each other. */
static inline void frame(struct vec n, struct vec *u, struct vec *v) {
  *u = unit(cross(fabs(n.x) > 0.5 ? vec(0, 1, 0) : vec(1, 0, 0), n));
  *v = cross(n, *u);
}

/* A direction at an angle of that cosine to `n`, turned about it at random. */
static inline struct vec around(struct vec n, double cosine, struct rng *rng) {
  struct vec u, v;
  double sine = sqrt(fmax(0, 1 - cosine * cosine)), turn = 2 * PI * uniform(rng);
  frame(n, &u, &v);
  return unit(add(scale(n, cosine), add(scale(u, sine * cos(turn)), scale(v, sine * sin(turn)))));
}

#endif
