/* rows.c - what memory a region is.
 *
 * 1. A region of several rows with gaps between them, as a tile of a matrix has, is that many ranges.
 * 2. Rows without gaps are one range, and so are those too short or too many to be worth the look-ups.
 *
 * Sound: what is taken for the region encloses it.
 */
#include "rows.h"

#define MOST_ROWS 1024
#define SHORTEST_ROW 64

/* What lies between the first and the last byte. */
static struct lz_range enclosing(const struct lazy_region *region) {
  bool up = region->stride > 0;
  int64_t reach, size;
  if (__builtin_mul_overflow(region->rows - 1, region->stride, &reach) ||
      __builtin_add_overflow(region->size, up ? reach : -reach, &size) ||
      (!up && (uintptr_t)region->p < (uintptr_t)-reach))
    return LZ_ALL_MEMORY;
  return lz_range((const char *)region->p + (up ? 0 : reach), (size_t)size);
}

struct lz_rows lz_rows_of(const struct lazy_region *region) {
  bool several = region->stride != 0 && region->rows != 1;
  if (region->access && region->size == LAZY_EVERYWHERE)
    return (struct lz_rows){LZ_ALL_MEMORY, 0, 1};
  if (!region->access || !region->size || (several && !region->rows))
    return (struct lz_rows){.count = 0};
  if (!several)
    return (struct lz_rows){lz_range(region->p, (size_t)region->size), 0, 1};
  struct lz_range all = enclosing(region);
  bool gaps = region->stride > region->size || region->stride < -region->size;
  if (!gaps || region->rows > MOST_ROWS || region->size < SHORTEST_ROW || all.hi == UINTPTR_MAX)
    return (struct lz_rows){all, 0, 1};
  return (struct lz_rows){lz_range(region->p, (size_t)region->size), (uintptr_t)region->stride, (uint64_t)region->rows};
}
