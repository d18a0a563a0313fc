/* overlap ITEMS READING ROUNDS: reads a line of a file after the other, and works on each.  Reading is serial, and
 * takes READING rounds a line; each line's work takes ROUNDS.
 *
 * What is to be seen: work goes on while the program reads; at best, the slower of the two is all that takes time.
 */
#include "measure.h"

#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

LAZY static uint64_t work(uint64_t item, long rounds) {
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
  while (count < items && fgets(line, sizeof line, file)) {
    before = measure_load(before + strtoul(line, NULL, 10), reading);
    out[count++] = work(before, rounds);
  }
  measure_stop(measure_sum(out, count));
  fclose(file);
  free(out);
  return 0;
}
