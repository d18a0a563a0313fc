/* span.c - what a region names, as LAZY=check sees it.
 *
 * Rows are looked at one by one, not as what encloses them: which bytes the scheduler takes together does not make an
 * annotation right.  A region that goes round the end of memory is all of it, as it is there.
 */
#include "span.h"

static void take_all(struct lz_span *span) {
  span->all = LZ_ALL_MEMORY;
  span->size = UINTPTR_MAX;
  span->rows = 1;
  span->first = 0;
}

bool lz_span_init(struct lz_span *span, const struct lazy_region *region, const struct lazy_name *name) {
  int64_t rows = region->stride ? region->rows : 1, reach = 0, first;
  *span = (struct lz_span){.name = name, .visited = region->objects != NULL};
  /* what may be written may be read back: a write waits for all that a read does */
  span->access = region->access & LAZY_WRITES ? LAZY_READS | LAZY_WRITES : region->access;
  if (region->size < 0 || rows < 0)
    return false;
  span->size = rows && region->access ? (uint64_t)region->size : 0;
  span->rows = rows ? (uint64_t)rows : 1;
  span->stride = region->stride < 0 ? -(uint64_t)region->stride : (uint64_t)region->stride;
  if (region->size == LAZY_EVERYWHERE || (rows && __builtin_mul_overflow(rows - 1, (int64_t)span->stride, &reach))) {
    take_all(span);
    return true;
  }
  first = region->stride < 0 ? -reach : 0;
  span->first = first;
  if (__builtin_add_overflow((uintptr_t)region->p, first, &span->all.lo) ||
      __builtin_add_overflow(span->all.lo, (uint64_t)reach + span->size, &span->all.hi))
    take_all(span);
  return true;
}

/* Of the rows that begin at `at` or before it, the last; it overlaps `at` if any of them does. */
static struct lz_range row_at(const struct lz_span *span, uintptr_t at) {
  uint64_t i = span->rows > 1 ? (at - span->all.lo) / span->stride : 0;
  if (i >= span->rows)
    i = span->rows - 1;
  uintptr_t lo = span->all.lo + i * span->stride;
  return (struct lz_range){lo, lo + span->size};
}

uintptr_t lz_span_reach(const struct lz_span *span, uintptr_t at) {
  if (at < span->all.lo || at >= span->all.hi)
    return at;
  struct lz_range row = row_at(span, at);
  return at < row.hi ? row.hi : at;
}

bool lz_span_meets(const struct lz_span *span, struct lz_range range, bool beside) {
  uintptr_t last = range.hi - !beside;
  if (span->size == 0 || last < span->all.lo)
    return false;
  /* the last row that does not begin behind the range decides: rows before it end before it does */
  uintptr_t end = row_at(span, last).hi;
  return beside ? end >= range.lo : end > range.lo;
}

uint64_t lz_span_distance(const struct lz_span *span, uintptr_t at) {
  if (lz_span_reach(span, at) > at)
    return 0;
  if (at < span->all.lo)
    return span->all.lo - at + 1;
  return at < span->all.hi ? 1 : at - span->all.hi + 2;
}
