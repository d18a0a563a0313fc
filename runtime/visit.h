/* visit.h - what objects with pointers inside consist of, as their visitors tell. */
#ifndef LZ_VISIT_H
#define LZ_VISIT_H

#include "types.h"

/* Memory that visitors have told of, in no order. */
struct lz_told {
  struct lazy_region region; /* one row, plain */
  struct lz_told *next;
  uint32_t size_class;
};

/* Visits the objects that a call at `site` (NULL: not known) touches, waits on the way for what writes to them, and
 * adds what their visitors tell.  False: these are too many parts, or there is no memory. */
bool lz_visit(struct lazy_scope *scope, const struct lazy_region *regions, uint32_t count, const struct lazy_site *site,
              struct lz_told **told);

/* Frees them all. */
void lz_told_give(struct lz_told *told);

#endif /* LZ_VISIT_H */
