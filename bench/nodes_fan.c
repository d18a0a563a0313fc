/* nodes_fan CALLS ROUNDS: that many independent nodes, all made before the first is asked for; each with a load of
 * ROUNDS. */
#include "nodes.h"

#include <stdlib.h>

int main(int argc, char **argv) {
  long calls = measure_argument(argc, argv, 1, "CALLS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  struct value *out = calloc((size_t)calls, sizeof *out);
  if (!out)
    return 1;
  __lazy_attach(&nodes_module);
  measure_start();
  for (long i = 0; i < calls; i++)
    out[i] = nodes_call(there((uint64_t)i), there(1), rounds);
  uint64_t sum = 0;
  for (long i = 0; i < calls; i++)
    sum = sum * 31 + nodes_take(&out[i]);
  measure_stop(sum);
  free(out);
  return 0;
}
