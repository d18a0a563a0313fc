/* piece.h - nodes that the runtime makes itself, to have a part of some work done by another thread. */
#ifndef LZ_PIECE_H
#define LZ_PIECE_H

#include "graph.h"

/* Begins the payload of such a node.  It brings its own site, so that it is known by the name and place of a call. */
struct lz_piece {
  struct lazy_site site;
  struct lazy_function function;
};

/* A node with room for `size` bytes, a struct lz_piece first, that will `run` on them; named like `like`, of `cost` ns
 * (0: unknown).  Not started: the rest of the payload is for the caller to fill in.  NULL: out of memory. */
static inline struct lazy_node *lz_piece_new(struct lz_hand *hand, const struct lazy_site *like,
                                             void (*run)(void *payload), size_t size, uint64_t cost) {
  struct lazy_node *node = lz_node_new(hand, (struct lazy_site *)like, LAZY_NODE_PAYLOAD + size);
  if (!node)
    return NULL;
  struct lz_piece *piece = (struct lz_piece *)lz_payload(node);
  piece->function = *like->function;
  piece->function.run = run;
  piece->site = (struct lazy_site){
      .function = &piece->function,
      .file = like->file,
      .line = like->line,
      .column = like->column,
      .flags = LAZY_SITE_CERTAIN,
      .cost = cost,
  };
  node->site = &piece->site;
  return node;
}

#endif /* LZ_PIECE_H */
