/* span.h - what a region names, as LAZY=check sees it. */
#ifndef LZ_SPAN_H
#define LZ_SPAN_H

#include "range.h"

/* `rows` rows of `size` bytes, one every `stride` bytes, upwards.
 *   rows == 1 or stride > 0; all.lo is where the first row begins, all.hi where the last one ends */
struct lz_span {
  struct lz_range all;
  uint64_t size, rows, stride;
  int64_t first; /* byte of what the name means where the first row begins */
  uint32_t access;
  bool enclosed; /* whoever else is checked here may touch it, too */
  bool visited;  /* objects that hold pointers */
  bool told;     /* by the visitor of what the name means */
  const struct lazy_name *name;
};

/* False: the region's size is negative. */
bool lz_span_init(struct lz_span *span, const struct lazy_region *region, const struct lazy_name *name);

/* The end of the row that `at` lies in; `at`: none. */
uintptr_t lz_span_reach(const struct lz_span *span, uintptr_t at);

/* Does `range` overlap a row, or, if that is asked, lie right beside one? */
bool lz_span_meets(const struct lz_span *span, struct lz_range range, bool beside);

/* How far `at` is from what it names: 0 in a row, less between rows than beside all of them. */
uint64_t lz_span_distance(const struct lz_span *span, uintptr_t at);

#endif /* LZ_SPAN_H */
