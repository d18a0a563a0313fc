/* ranges.h - many things of a kind, done in ranges that are split as long as somebody takes a part. */
#ifndef LZ_RANGES_H
#define LZ_RANGES_H

#include "types.h"

/* Things to do, by their numbers.  Lives until all are done. */
struct lz_row {
  void (*run)(void *data, uint64_t first, uint64_t end);
  void *data;
  struct lazy_site *site; /* what they are called; its cost is that of one */
  bool uneven;            /* what one costs says nothing of the others, and is not measured */
};

/* Work that is worth a node, in ns. */
#define LZ_SHARE_NS 4000

/* Does the first `count`, in any order, on any threads; returns when all are done. */
void lz_run_row(struct lz_hand *hand, const struct lz_row *row, uint64_t count);

/* Is there work that others may take?  A range, or nodes. */
bool lz_offers_work(struct lz_hand *hand);

#endif /* LZ_RANGES_H */
