/* reads.c - what memory kept nodes are computed from.
 *
 * 1. A kept node that reads memory notes where, and stands in a list with all others that do.
 * 2. A change looks through the list and leaves its epoch where it meets what is noted.  What follows from that is
 *    keep.c's affair: nothing, until somebody wants a value.
 *
 * Sound: what is noted encloses what the node's function reads (rows.c).  Given up: a change costs a look at every node
 * in the list; rows that lie close, or in great numbers, count as all that lies between them.
 */
#include "reads.h"

#include "rows.h"

#include <stdlib.h>

/* Invariants
 *   stands in the list: the next one's `link` is &next, and *link is this */
struct lz_reads {
  struct lz_reads *next, **link;
  uint64_t changed_at;
  uint32_t count;
  struct lz_rows rows[];
};

static struct lz_reads *list;

/* For those that could not be noted; changes with every change. */
static struct lz_reads everything;

struct lz_reads *lz_reads_new(const struct lazy_region *regions, uint32_t count) {
  struct lz_reads *reads = malloc(sizeof *reads + count * sizeof reads->rows[0]);
  if (!reads)
    return &everything;
  *reads = (struct lz_reads){.next = list, .link = &list, .count = count};
  for (uint32_t i = 0; i < count; i++)
    reads->rows[i] = lz_rows_of(&regions[i]);
  if (list)
    list->link = &reads->next;
  list = reads;
  return reads;
}

void lz_reads_free(struct lz_reads *reads) {
  if (reads == &everything)
    return;
  *reads->link = reads->next;
  if (reads->next)
    reads->next->link = reads->link;
  free(reads);
}

static bool meets(const struct lz_reads *reads, struct lz_range range) {
  for (uint32_t k = 0; k < reads->count; k++)
    if (lz_rows_meet(&reads->rows[k], range))
      return true;
  return false;
}

void lz_reads_change(struct lz_range range, uint64_t epoch) {
  everything.changed_at = epoch;
  for (struct lz_reads *reads = list; reads; reads = reads->next)
    if (meets(reads, range))
      reads->changed_at = epoch;
}

uint64_t lz_reads_changed_at(const struct lz_reads *reads) {
  return reads ? reads->changed_at : 0;
}
