/* range.h - ranges of addresses. */
#ifndef LZ_RANGE_H
#define LZ_RANGE_H

#include "types.h"

/* The bytes [lo, hi). */
struct lz_range {
  uintptr_t lo, hi;
};
#define LZ_NOWHERE ((struct lz_range){UINTPTR_MAX, 0})
#define LZ_ALL_MEMORY ((struct lz_range){0, UINTPTR_MAX})

/* What would reach beyond the end of memory ends there. */
static inline struct lz_range lz_range(const void *p, size_t size) {
  uintptr_t lo = (uintptr_t)p;
  return (struct lz_range){lo, size > UINTPTR_MAX - lo ? UINTPTR_MAX : lo + size};
}

/* The least range that encloses both.  LZ_NOWHERE adds nothing. */
static inline struct lz_range lz_range_join(struct lz_range a, struct lz_range b) {
  return (struct lz_range){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

static inline bool lz_range_overlaps(struct lz_range a, struct lz_range b) {
  return a.lo < b.hi && b.lo < a.hi;
}

#endif /* LZ_RANGE_H */
