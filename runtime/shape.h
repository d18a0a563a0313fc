/* shape.h - what objects with pointers inside hold, wherever they lie. */
#ifndef LZ_SHAPE_H
#define LZ_SHAPE_H

#include "hash.h"
#include "visit.h"

/* The objects that one call touches, and all that their visitors tell of, before the call is made.
 *   visited is what visitors have told */
struct lz_shape {
  struct lz_hash hash;     /* equal for calls that cannot tell their objects apart */
  size_t written;          /* bytes of them that the call may write */
  struct lz_hash pointers; /* of addresses in objects that it may write */
  struct lz_visited visited;
  const struct lazy_cached *cached;
};

/* Visits those of the regions.  False: something is there of which nobody knows what it is; or out of memory. */
bool lz_shape_make(struct lz_shape *shape, const struct lazy_cached *cached, const struct lazy_region *regions);

/* The call has been made.  Are the pointers in its objects what they were?  Else its outcome cannot be kept. */
bool lz_shape_is_intact(const struct lz_shape *shape);

/* Copies what has been written to `to`, `shape->written` bytes; and from there to where it belongs. */
void lz_shape_gather(const struct lz_shape *shape, char *to);
void lz_shape_scatter(const struct lz_shape *shape, const char *from);

void lz_shape_give(struct lz_shape *shape);

#endif /* LZ_SHAPE_H */
