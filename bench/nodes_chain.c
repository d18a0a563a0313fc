/* nodes_chain CALLS ROUNDS: x = f(x, i), again and again; the last one is asked for. */
#include "nodes.h"

int main(int argc, char **argv) {
  long calls = measure_argument(argc, argv, 1, "CALLS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  struct value x = there(1);
  __lazy_attach(&nodes_module);
  measure_start();
  for (long i = 0; i < calls; i++) {
    struct value last = x;
    x = nodes_call(last, there((uint64_t)i), rounds);
    nodes_drop(&last);
  }
  measure_stop(nodes_take(&x));
  return 0;
}
