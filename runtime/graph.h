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

/* Makes the node and everything it needs run some time.  Constant stack.  True: the node is ready at once and left to
 * the caller, claimed, with the scheduler's reference (LZ_OWNED). */
bool lz_demand(struct lz_hand *hand, struct lazy_node *node);

static inline bool lz_claim(struct lazy_node *node) {
  uint32_t ready = LZ_READY;
  /* acquire: pairs with the release of whoever made it ready, lz_offer() in schedule.c or __lazy_start() */
  return LZ_LOAD(&node->state, relaxed) == LZ_READY &&
         atomic_compare_exchange_strong_explicit(&node->state, &ready, LZ_CLAIMED, memory_order_acquire,
                                                 memory_order_relaxed);
}

/* Runs a claimed node, then one of those its completion made ready, and so on.  Stops early once `until` (may be NULL)
 * is done, and offers what is left. */
void lz_run(struct lz_hand *hand, struct lazy_node *node, enum lz_owns owns, const struct lazy_node *until);

/* Publishes the result of a claimed node.  Returns a consumer that became ready by it, claimed and owned by the
 * caller, or NULL; others are offered. */
struct lazy_node *lz_complete(struct lz_hand *hand, struct lazy_node *node);

static inline struct lazy_node *lz_hold(struct lazy_node *node) {
  atomic_fetch_add_explicit(&node->refs, 1, memory_order_relaxed);
  return node;
}

/* One reference less; frees the node with the last one, and what hung on it.  Constant stack. */
void lz_let_go(struct lz_hand *hand, struct lazy_node *node);

#endif /* LZ_GRAPH_H */
