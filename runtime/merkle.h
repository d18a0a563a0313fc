/* merkle.h - nodes with keys: their results may be found before anything below them runs. */
#ifndef LZ_MERKLE_H
#define LZ_MERKLE_H

#include "cache.h"
#include "tail.h"

#define LZ_KEYED_NS 2000 /* calls that cost less are not worth it, unless the source says so */

/* Have nodes of the site keys? */
static inline bool lz_has_keys(const struct lazy_site *site) {
  const struct lazy_cached *cached = site->function->cached;
  if (LZ_LIKELY(!cached || !lz_cached_is_on(cached)) || !lz_is_value(cached) || (site->flags & LAZY_SITE_KEPT))
    return false;
  uint64_t cost = __atomic_load_n(&site->cost, __ATOMIC_RELAXED);
  return cost == 0 || cost >= LZ_KEYED_NS || (cached->flags & LAZY_CACHED_MARKED);
}

/* The node is complete but for what its inputs have: makes its key.  True: it is withheld. */
bool lz_merkle_start(struct lz_hand *hand, struct lazy_node *node);

/* Is the result of a node that has a key kept?  Then it is in its place.  The node is the caller's alone. */
bool lz_merkle_find(struct lz_hand *hand, struct lazy_node *node);

/* It has run. */
void lz_merkle_keep(struct lazy_node *node);

/* Somebody needs the node, or asks if it can be found.  Afterwards it is done; or it will be, and nothing is withheld.
 */
void lz_merkle_force(struct lz_hand *hand, struct lazy_node *node);

/* All that is withheld begins; or, at a thread's end, waits for whoever needs it. */
void lz_merkle_release(struct lz_hand *hand);
void lz_merkle_abandon(struct lz_hand *hand);

#endif /* LZ_MERKLE_H */
