/* nodes_wavefront SIDE ROUNDS: wavefront.c, with values instead of memory: each node has two inputs. */
#include "nodes.h"

#include <stdlib.h>

int main(int argc, char **argv) {
  long side = measure_argument(argc, argv, 1, "SIDE"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  struct value *row = calloc((size_t)side + 1, sizeof *row);
  if (!row)
    return 1;
  for (long x = 0; x <= side; x++)
    row[x] = there((uint64_t)x);
  __lazy_attach(&nodes_module);
  measure_start();
  for (long y = 1; y <= side; y++) {
    row[0] = there((uint64_t)y);
    for (long x = 1; x <= side; x++) {
      struct value above = row[x];
      row[x] = nodes_call(above, row[x - 1], rounds);
      nodes_drop(&above);
    }
  }
  uint64_t sum = 0;
  for (long x = 1; x <= side; x++)
    sum = sum * 31 + nodes_take(&row[x]);
  measure_stop(sum);
  free(row);
  return 0;
}
