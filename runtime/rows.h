/* rows.h - what memory a region is. */
#ifndef LZ_ROWS_H
#define LZ_ROWS_H

#include "range.h"

/* The ranges first + i * stride for 0 <= i < count. */
struct lz_rows {
  struct lz_range first;
  uintptr_t stride; /* modulo the size of memory */
  uint64_t count;
};

/* No size and no number of rows is negative. */
struct lz_rows lz_rows_of(const struct lazy_region *region);

static inline struct lz_range lz_row(const struct lz_rows *rows, uint64_t i) {
  return (struct lz_range){rows->first.lo + i * rows->stride, rows->first.hi + i * rows->stride};
}

static inline bool lz_rows_meet(const struct lz_rows *rows, struct lz_range range) {
  for (uint64_t i = 0; i < rows->count; i++)
    if (lz_range_overlaps(lz_row(rows, i), range))
      return true;
  return false;
}

#endif /* LZ_ROWS_H */
