/* measure.c - the clock of measure.h.  Compiled plainly, also for lazy programs. */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double started;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void measure_start(void) {
  started = now();
}

void measure_stop(uint64_t result) {
  printf("%.9f %016llx\n", now() - started, (unsigned long long)result);
}

long measure_argument(int argc, char **argv, int k, const char *name) {
  char *end = NULL;
  long value = argc > k ? strtol(argv[k], &end, 10) : 0;
  if (value < 1 || *end) {
    fprintf(stderr, "%s: argument %d, %s, is a number from 1\n", argv[0], k, name);
    exit(2);
  }
  return value;
}

int measure_threads(void) {
  const char *text = getenv("OMP_NUM_THREADS");
  int threads = text ? atoi(text) : 1;
  return threads < 1 ? 1 : threads;
}
