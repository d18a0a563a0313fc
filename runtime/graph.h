/* graph.h - what happens to a node: created, demanded, run, freed. */
#ifndef LZ_GRAPH_H
#define LZ_GRAPH_H

#include "types.h"

/* Whose node is it that the caller claimed? */
enum lz_owns {
  LZ_BORROWED, /* the caller keeps its reference */
  LZ_OWNED     /* lz_run() consumes one reference: the entry's or the scheduler's */
};

/* A node of `size` bytes, header included, one reference, nothing filled in but the header; NULL: out of memory. */
struct lazy_node *lz_node_new(struct lz_hand *hand, struct lazy_site *site, size_t size);

/* `node`, not started yet, will run after `producer`: by an edge if its site has left room for one, else `producer` is
 * waited for here. */
void lz_order(struct lz_hand *hand, struct lazy_node *node, struct lazy_node *producer);

/* Makes the node and everything it needs run some time.  Constant stack.  True: the node is ready at once and left to
 * the caller, claimed, with the scheduler's reference (LZ_OWNED). */
bool lz_demand(struct lz_hand *hand, struct lazy_node *node);

static inline bool lz_claim(struct lazy_node *node) {
  uint32_t ready = LZ_READY;
  /* acquire: pairs with the release of whoever made it ready, lz_offer() in schedule.c or __lazy_start() */
  if (LZ_LOAD(&node->state, relaxed) != LZ_READY ||
      !atomic_compare_exchange_strong_explicit(&node->state, &ready, LZ_CLAIMED, memory_order_acquire,
                                               memory_order_relaxed))
    return false;
  lz_observe(node);
  return true;
}

/* Runs a claimed node, then one of those its completion made ready, and so on.  Stops early once `until` (may be NULL)
 * is done, and offers what is left. */
void lz_run(struct lz_hand *hand, struct lazy_node *node, enum lz_owns owns, const struct lazy_node *until);

/* The same for one without inputs or consumers, to which nobody but the caller has references: two, of which it
 * consumes one. */
void lz_run_alone(struct lz_hand *hand, struct lazy_node *node);

/* Publishes the result of a claimed node.  Returns a consumer that became ready by it, claimed and owned by the
 * caller, or NULL; others are offered. */
struct lazy_node *lz_complete(struct lz_hand *hand, struct lazy_node *node);

static inline struct lazy_node *lz_hold(struct lazy_node *node) {
  atomic_fetch_add_explicit(&node->refs, 1, memory_order_relaxed);
  return node;
}

/* One reference less.  True: it was the last, and the node is the caller's alone. */
static inline bool lz_let_go_last(struct lazy_node *node) {
  /* acquire: pairs with the release of the other holders; who alone holds it needs no locked operation */
  bool last = LZ_LOAD(&node->refs, acquire) == 1;
  if (!last) {
    lz_publish(node);
    last = atomic_fetch_sub_explicit(&node->refs, 1, memory_order_acq_rel) == 1;
  }
  if (last)
    lz_observe(node);
  return last;
}

/* So many inputs less to wait for, their results being there.  True: those were the last, and the node is ready. */
static inline bool lz_inputs_arrived(struct lazy_node *node, uint32_t inputs) {
  lz_publish(node);
  /* release: the result, for the thread that makes it ready; acquire: all other inputs, if that is us */
  if (atomic_fetch_sub_explicit(&node->waiting, inputs, memory_order_acq_rel) != inputs)
    return false;
  lz_observe(node);
  return true;
}

/* One reference less; frees the node with the last one, and what hung on it.  Constant stack. */
void lz_let_go(struct lz_hand *hand, struct lazy_node *node);

#endif /* LZ_GRAPH_H */
