/* visit.h - what objects with pointers inside consist of, as their visitors tell. */
#ifndef LZ_VISIT_H
#define LZ_VISIT_H

#include "types.h"

#include <bsd/sys/tree.h>

/* Memory that visitors have told of, in no order but always the same. */
struct lz_told {
  struct lazy_region region; /* one row, plain */
  struct lz_told *next;
  uint32_t size_class;
  bool holds_objects; /* which are visited, too */
};

/* An object that has been visited. */
struct lz_object {
  RB_ENTRY(lz_object) link;
  struct lz_object *next; /* in the order in which they were found */
  const void *p;
  size_t size;
  void (*visit)(const void *object, struct lazy_visit *to);
  uint32_t access; /* enum lazy_access: what happens to it, */
  uint32_t told;   /* and to what its visitor tells */
  uint32_t size_class;
};

/* What a call touches through objects. */
struct lz_visited {
  struct lz_object *objects;
  struct lz_told *told;
};

/* Visits the objects that a call at `site` (NULL: not known) touches, waits on the way for what writes to them, and
 * adds what their visitors tell.  False: these are too many parts, or there is no memory. */
bool lz_visit(struct lazy_scope *scope, const struct lazy_region *regions, uint32_t count, const struct lazy_site *site,
              struct lz_told **told);

/* Frees them all. */
void lz_told_give(struct lz_told *told);

/* The same with the objects, those of the regions first. */
bool lz_visit_whole(struct lazy_scope *scope, const struct lazy_region *regions, uint32_t count,
                    const struct lazy_site *site, struct lz_visited *visited);
void lz_visited_give(struct lz_visited *visited);

#endif /* LZ_VISIT_H */
