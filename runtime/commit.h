/* commit.h - the reorder buffer of a scope. */
#ifndef LZ_COMMIT_H
#define LZ_COMMIT_H

#include "range.h"

/* `size` bytes from `offset` of the result of `node` are to be stored at `to`.  Consumes a reference to the node.  The
 * ring may be NULL.  Returns the one that takes its place; NULL: there is no memory for one, and the store has
 * happened. */
struct lazy_ring *lz_ring_enter(struct lazy_ring *ring, struct lazy_node *node, void *to, uint32_t offset,
                                uint32_t size);

/* Performs all stores up to the last one that overlaps. */
void lz_ring_commit(struct lazy_ring *ring, struct lz_range range);
void lz_ring_commit_all(struct lazy_ring *ring);

/* Where the next bytes lie, from `from` on, that a pending store writes; UINTPTR_MAX: nowhere. */
uintptr_t lz_ring_next_store(struct lazy_ring *ring, uintptr_t from);

/* What encloses all pending stores.  An empty ring is given back and set to NULL, and so the answer is, as for NULL
 * itself, LZ_NOWHERE. */
struct lz_range lz_ring_trim(struct lazy_ring **ring);

#endif /* LZ_COMMIT_H */
