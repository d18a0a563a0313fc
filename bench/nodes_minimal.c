/* nodes_minimal COLUMNS ROWS: a graph of that many columns, one node of which is asked for.
 *
 * Each node has two inputs, the one above and the one to the left, so that everything depends on the first column,
 * whose last node it is that is asked for: the functions of that column run, and nothing else does.  Ends with status
 * 1 if that is not so.
 */
#include "nodes.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_long runs;

static void counted_run(void *payload) {
  runs++;
  nodes_run(payload);
}
static const struct lazy_function counted = {
    "counted", counted_run, nodes_slots, 3, sizeof(struct nodes_arguments), {24, 8}, {0, 0}, NULL, NULL, 0, NULL};

int main(int argc, char **argv) {
  long columns = measure_argument(argc, argv, 1, "COLUMNS"), rows = measure_argument(argc, argv, 2, "ROWS");
  struct value *column = calloc((size_t)rows + 1, sizeof *column);
  if (!column)
    return 1;
  for (long y = 0; y <= rows; y++)
    column[y] = there((uint64_t)y + 1);
  nodes_site.function = &counted;
  nodes_site.flags = 0; /* not certain to be needed */
  __lazy_attach(&nodes_module);
  measure_start();
  struct value last = there(0);
  for (long x = 0; x < columns; x++) {
    for (long y = 1; y <= rows; y++) {
      struct value left = column[y];
      column[y] = nodes_call(column[y - 1], left, 1);
      nodes_drop(&left);
    }
    if (x == 0)
      last = (struct value){__lazy_retain(column[rows].node), column[rows].value};
  }
  uint64_t result = nodes_take(&last);
  long ran = runs;
  for (long y = 1; y <= rows; y++)
    nodes_drop(&column[y]);
  measure_stop(result);
  free(column);
  if (nodes_module.mode != LAZY_MODE_SERIAL && ran != rows) {
    fprintf(stderr, "%ld functions ran, and not %ld\n", ran, rows);
    return 1;
  }
  return 0;
}
