/* nodes.h - calls of one lazy function, lowered by hand as compiled code makes them.
 *
 *     struct value x = nodes_call(there(1), there(2), rounds), y = nodes_call(x, x, rounds);
 *     nodes_drop(&x);
 *     uint64_t sum = nodes_take(&y);
 *
 * The compiler keeps values that are not there yet in local variables; here a program may have arrays of them, and so
 * graphs of any shape.  LAZY=defer makes every call a node, LAZY=serial none.
 */
#ifndef BENCH_NODES_H
#define BENCH_NODES_H

#define LAZY_BUILDING_RUNTIME /* the library, not the stubs of a serial program */
#include "measure.h"

#include <lazy/abi.h>

/* What compiled code has of each value. */
struct value {
  struct lazy_node *node; /* NULL: the value is there */
  uint64_t value;
};

struct nodes_arguments {
  uint64_t a, b;
  long rounds;
  uint64_t result;
};

static void nodes_run(void *payload) {
  struct nodes_arguments *to = payload;
  to->result = measure_mix(to->a, to->b, to->rounds);
}

static const struct lazy_slot nodes_slots[] = {{0, 8}, {8, 8}, {16, 8}};
static const struct lazy_function nodes_function = {
    "measure_mix", nodes_run, nodes_slots, 3, sizeof(struct nodes_arguments), {24, 8}, {0, 0}, NULL, NULL, 0, NULL};
static struct lazy_site nodes_site = {&nodes_function, __FILE__, __LINE__, 1, LAZY_SITE_CERTAIN, 2, 0, 0, 0, 0};
static struct lazy_module nodes_module = {LAZY_ABI_VERSION, 0, __FILE__, "by hand", NULL, NULL, 0};

static inline struct value there(uint64_t value) {
  return (struct value){NULL, value};
}

static inline void nodes_argument(struct lazy_node *node, uint32_t k, uint64_t *slot, struct value value) {
  if (value.node)
    __lazy_input(node, k, value.node, 0);
  else
    *slot = value.value;
}

/* What a value is made of remains the caller's. */
static inline struct value nodes_call(struct value a, struct value b, long rounds) {
  struct lazy_node *node = NULL;
  if (nodes_module.mode >= LAZY_MODE_PARALLEL && *__lazy_hungry)
    node = __lazy_open(&nodes_site);
  if (!node) {
    if (a.node)
      a.value = *(uint64_t *)__lazy_force(a.node);
    if (b.node)
      b.value = *(uint64_t *)__lazy_force(b.node);
    return there(measure_mix(a.value, b.value, rounds));
  }
  struct nodes_arguments *to = (struct nodes_arguments *)((char *)node + LAZY_NODE_PAYLOAD);
  nodes_argument(node, 0, &to->a, a);
  nodes_argument(node, 1, &to->b, b);
  to->rounds = rounds;
  __lazy_start(node);
  return (struct value){node, 0};
}

static inline void nodes_drop(struct value *value) {
  __lazy_release(value->node);
  value->node = NULL;
}

static inline uint64_t nodes_take(struct value *value) {
  if (value->node) {
    value->value = *(uint64_t *)__lazy_force(value->node);
    nodes_drop(value);
  }
  return value->value;
}

#endif
