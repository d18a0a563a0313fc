/* cache WHAT COUNT SIZE: what it takes to find results that are kept.
 *
 *   hit     COUNT calls, of SIZE different ones in turn, after each has been made once
 *   region  COUNT calls that read SIZE bytes, the same each time
 *   chain   one value at the end of COUNT calls, each of the last one's result
 *   work    COUNT calls that take about SIZE rounds of measure_load() each, all different
 *   block   COUNT calls, all different, that write SIZE bytes each; made once before if they are not in the file
 *
 * The time is that of all calls; what is made before is not in it.
 */
#include "measure.h"

#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

LAZY LAZY_CACHED static uint64_t one(uint64_t x) {
  return measure_load(x, 50);
}

LAZY LAZY_CACHED static uint64_t next(uint64_t x, uint64_t i) {
  return measure_mix(x, i, 500);
}

LAZY LAZY_CACHED static uint64_t sum(LAZY_IN(count) const uint64_t *values, long count) {
  return measure_sum(values, count);
}

LAZY static uint64_t work(uint64_t x, long rounds) {
  return measure_load(x, rounds);
}

LAZY LAZY_CACHED static void block(LAZY_OUT(count) uint64_t *to, long count, uint64_t x) {
  for (long i = 0; i < count; i++)
    to[i] = x = measure_load(x, 4);
}

static uint64_t hits(long count, long different) {
  uint64_t total = 0, at = 0;
  for (long i = 0; i < different; i++)
    total += one((uint64_t)i);
  measure_start();
  for (long i = 0; i < count; i++, at = (at + 1000003) % (uint64_t)different)
    total += one(at);
  return total;
}

static uint64_t regions(long count, long size) {
  uint64_t total = 0, *values = malloc((size_t)size);
  if (!values)
    exit(1);
  for (long i = 0; i < size / 8; i++)
    values[i] = (uint64_t)i;
  total += sum(values, size / 8);
  measure_start();
  for (long i = 0; i < count; i++)
    total += sum(values, size / 8);
  return total;
}

static uint64_t chain(long count) {
  uint64_t x = 1;
  measure_start();
  for (long i = 0; i < count; i++)
    x = next(x, (uint64_t)i);
  return x;
}

static uint64_t works(long count, long rounds) {
  uint64_t total = 0;
  measure_start();
  for (long i = 0; i < count; i++)
    total += work((uint64_t)i, rounds);
  return total;
}

static uint64_t blocks(long count, long size) {
  uint64_t total = 0, *to = malloc((size_t)size);
  if (!to)
    exit(1);
  measure_start();
  for (long i = 0; i < count; i++) {
    block(to, size / 8, (uint64_t)i);
    total += to[i % (size / 8)];
  }
  return total;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  long count = measure_argument(argc, argv, 2, "COUNT"), size = measure_argument(argc, argv, 3, "SIZE");
  uint64_t result = 0;
  if (strcmp(what, "hit") == 0)
    result = hits(count, size);
  else if (strcmp(what, "region") == 0)
    result = regions(count, size);
  else if (strcmp(what, "chain") == 0)
    result = chain(count);
  else if (strcmp(what, "work") == 0)
    result = works(count, size);
  else if (strcmp(what, "block") == 0)
    result = blocks(count, size);
  else
    return 2;
  measure_stop(result);
  return 0;
}
