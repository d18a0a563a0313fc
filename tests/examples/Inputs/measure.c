/* measure.c - bench/measure.h without a clock: what a benchmark computed, and not how long it took. */
#include "../../../bench/measure.h"

#include <stdio.h>
#include <stdlib.h>

void measure_start(void) {}

void measure_stop(uint64_t result) { printf("%016llx\n", (unsigned long long)result); }

long measure_argument(int argc, char **argv, int k, const char *name) {
  if (argc <= k) {
    fprintf(stderr, "argument %d, %s, is missing\n", k, name);
    exit(2);
  }
  return atol(argv[k]);
}
