/* run.h - pending stores at equal distances: `out[i] = f(i)`, `a[i].y = f(i)`, the column of a matrix, one variable.
 *
 * All that is asked about a run is arithmetic, however long it is.
 */
#ifndef LZ_RUN_H
#define LZ_RUN_H

#include "range.h"

/* `size` bytes from `offset` of a result of `site` go to `next`, those of the result after it `stride` bytes on, ...
 *   the pending ones are `count`; `retired` counts those before them, modulo 2^32 */
struct lz_run {
  const struct lazy_site *site;
  uintptr_t next;
  intptr_t stride;
  uint32_t offset, size;
  uint32_t count, retired;
};

/* Where number `i` goes; number `count` would be the next to join. */
static inline uintptr_t lz_run_at(const struct lz_run *run, uint32_t i) {
  return run->next + (uintptr_t)run->stride * i;
}

/* In order of their addresses, whichever way the run goes. */
static inline uintptr_t lz_run_lowest(const struct lz_run *run) {
  return run->stride < 0 ? lz_run_at(run, run->count - 1) : run->next;
}

static inline uintptr_t lz_run_step(const struct lz_run *run) {
  return (uintptr_t)(run->stride < 0 ? -run->stride : run->stride);
}

static inline struct lz_range lz_run_bounds(const struct lz_run *run) {
  if (run->count == 0)
    return LZ_NOWHERE;
  uintptr_t lowest = lz_run_lowest(run);
  return (struct lz_range){lowest, lowest + lz_run_step(run) * (run->count - 1) + run->size};
}

/* How many, from the oldest on, there are up to the newest that overlaps; 0: none does.  Going forwards, the newest
 * that begins before the range ends is also the one that ends last; going backwards, the newest that ends behind its
 * start is also the one that begins first. */
static inline uint32_t lz_run_overlap(const struct lz_run *run, struct lz_range range) {
  if (!lz_range_overlaps(lz_run_bounds(run), range))
    return 0;
  uintptr_t step = lz_run_step(run), newest = run->count - 1;
  if (step > 0) {
    uintptr_t reach = run->stride > 0 ? range.hi - 1 - run->next : run->next + run->size - 1 - range.lo;
    newest = reach / step < newest ? reach / step : newest;
  }
  uintptr_t lo = lz_run_at(run, (uint32_t)newest);
  return lz_range_overlaps((struct lz_range){lo, lo + run->size}, range) ? (uint32_t)newest + 1 : 0;
}

/* Where the next bytes lie, from `from` on, that one of them writes; UINTPTR_MAX: nowhere. */
static inline uintptr_t lz_run_next_byte(const struct lz_run *run, uintptr_t from) {
  struct lz_range all = lz_run_bounds(run);
  if (from >= all.hi || from <= all.lo)
    return from >= all.hi ? UINTPTR_MAX : all.lo;
  uintptr_t step = lz_run_step(run), past = from - all.lo;
  if (past < run->size)
    return from;
  uintptr_t start = all.lo + ((past - run->size) / step + 1) * step; /* of the first that ends behind `from` */
  return start > from ? start : from;
}

#endif /* LZ_RUN_H */
