/* tail.h - what only some runs want of a node: its key, and its number. */
#ifndef LZ_TAIL_H
#define LZ_TAIL_H

#include "key.h"

/* Bytes at the end of a node. */
struct lz_tail {
  uint64_t number;   /* record.h; 0: it is not recorded */
  struct lz_key key; /* merkle.c */
  bool keyed;        /* it has one; */
  bool pending;      /* some of its inputs were, so it is made of their keys */
};

/* Of a node that has one. */
static inline struct lz_tail *lz_tail(struct lazy_node *node) {
  return (struct lz_tail *)((char *)node + (size_t)8 * node->tail);
}

static inline bool lz_is_keyed(struct lazy_node *node) {
  return node->tail && lz_tail(node)->keyed;
}

static inline bool lz_is_recorded(struct lazy_node *node) {
  return node->tail && lz_tail(node)->number;
}

#endif /* LZ_TAIL_H */
