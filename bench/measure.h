/* measure.h - how a benchmark measures itself, and the loads they share.
 *
 *     measure_start();
 *     unsigned long result = work(n);
 *     measure_stop(result);
 *
 * prints "SECONDS RESULT".  Both functions live in an object of their own that is always compiled plainly: since the
 * compiler cannot see into measure_stop(), the value it is given is there before the clock is read.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

void measure_start(void);
void measure_stop(uint64_t result);

/* The k-th argument (from 1) as a number, 1 or more; else ends the program with a message that names it. */
long measure_argument(int argc, char **argv, int k, const char *name);

/* How many threads the expert's program may use: OMP_NUM_THREADS, or 1. */
int measure_threads(void);

/* A load of about 2 ns a round on the machine this was written on, that no compiler can shorten or vectorise. */
static inline uint64_t measure_load(uint64_t x, long rounds) {
  for (long i = 0; i < rounds; i++)
    x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9u;
  return x;
}

/* The same of two values, for graphs. */
static inline uint64_t measure_mix(uint64_t a, uint64_t b, long rounds) {
  return measure_load(a * 31 + b, rounds);
}

static inline uint64_t measure_sum(const uint64_t *values, long count) {
  uint64_t sum = 0;
  for (long i = 0; i < count; i++)
    sum = sum * 31 + values[i];
  return sum;
}

/* The same of floating-point numbers, to the bit. */
static inline uint64_t measure_bits(const double *values, long count) {
  uint64_t sum = 0;
  for (long i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, &values[i], sizeof bits);
    sum = sum * 31 + bits;
  }
  return sum;
}

/* Numbers below 16.8, the same every time for the same seed, which goes on. */
static inline void measure_random(double *values, long count, uint32_t *seed) {
  for (long i = 0; i < count; i++)
    values[i] = (double)((*seed = *seed * 1664525u + 1013904223u) >> 8) / 1e6;
}

#ifdef __cplusplus
}
#endif

#endif
