/* overlap ITEMS READING ROUNDS, by an OpenMP expert: a task an item. */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t work(uint64_t item, long rounds) {
  return measure_load(item, rounds);
}

int main(int argc, char **argv) {
  long items = measure_argument(argc, argv, 1, "ITEMS"), reading = measure_argument(argc, argv, 2, "READING");
  long rounds = measure_argument(argc, argv, 3, "ROUNDS");
  FILE *file = tmpfile();
  uint64_t *out = calloc((size_t)items, sizeof *out);
  if (!file || !out)
    return 1;
  for (long i = 0; i < items; i++)
    fprintf(file, "%ld\n", i * 7919 % items);
  rewind(file);
  measure_start();
  char line[64];
  uint64_t before = 1;
  long count = 0;
#pragma omp parallel
#pragma omp single
  while (count < items && fgets(line, sizeof line, file)) {
    before = measure_load(before + strtoul(line, NULL, 10), reading);
#pragma omp task firstprivate(out, count, before, rounds)
    out[count] = work(before, rounds);
    count++;
  }
  measure_stop(measure_sum(out, count));
  fclose(file);
  free(out);
  return 0;
}
