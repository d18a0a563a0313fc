/* nodes_memory CALLS INPUTS: the memory of that many pending nodes of f(x) or f(x, y), each of which waits for the one
 * before or, with two inputs, the two before.  Prints bytes a node, instead of seconds, and what the last one
 * computes. */
#include "nodes.h"

#include <stdio.h>

struct one {
  uint64_t a, result;
};
static void one_run(void *payload) {
  struct one *to = payload;
  to->result = measure_mix(to->a, 1, 1);
}
static const struct lazy_function one = {"one", one_run, nodes_slots, 1,   sizeof(struct one), {8, 8}, {0, 0},
                                         NULL,  NULL,    0,           NULL};

struct two {
  uint64_t a, b, result;
};
static void two_run(void *payload) {
  struct two *to = payload;
  to->result = measure_mix(to->a, to->b, 1);
}
static const struct lazy_function two = {"two", two_run, nodes_slots, 2,   sizeof(struct two), {16, 8}, {0, 0},
                                         NULL,  NULL,    0,           NULL};

/* Not certain to be needed, so that none runs before it is asked for. */
static struct lazy_site sites[] = {{&one, __FILE__, __LINE__, 1, 0, 1, 0, 0, 0, 0},
                                   {&two, __FILE__, __LINE__, 1, 0, 2, 0, 0, 0, 0}};

static long peak(void) {
  FILE *status = fopen("/proc/self/status", "r");
  char line[128];
  long kilobytes = 0;
  while (status && fgets(line, sizeof line, status))
    if (sscanf(line, "VmHWM: %ld", &kilobytes) == 1)
      break;
  if (status)
    fclose(status);
  return kilobytes * 1024;
}

int main(int argc, char **argv) {
  long calls = measure_argument(argc, argv, 1, "CALLS"), inputs = measure_argument(argc, argv, 2, "INPUTS");
  struct lazy_node *last[2] = {NULL, NULL}; /* the latest is 0 */
  if (inputs > 2)
    return 2;
  __lazy_attach(&nodes_module);
  long before = peak();
  for (long i = 0; i < calls; i++) {
    struct lazy_node *node = __lazy_open(&sites[inputs - 1]);
    if (!node)
      return 1;
    uint64_t *arguments = (uint64_t *)((char *)node + LAZY_NODE_PAYLOAD);
    for (long k = 0; k < inputs; k++)
      if (last[k])
        __lazy_input(node, (uint32_t)k, last[k], 0);
      else
        arguments[k] = 1;
    __lazy_start(node);
    __lazy_release(last[1]);
    last[1] = last[0];
    last[0] = node;
  }
  __lazy_release(last[1]);
  long after = peak();
  uint64_t value = *(uint64_t *)__lazy_force(last[0]);
  __lazy_release(last[0]);
  printf("%.1f %016llx\n", (double)(after - before) / (double)calls, (unsigned long long)value);
  return 0;
}
