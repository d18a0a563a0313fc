/* key.h - what the result of a call follows from, in 128 bits. */
#ifndef LZ_KEY_H
#define LZ_KEY_H

#include "hash.h"

struct lz_key {
  uint64_t lo, hi;
};

struct lz_shape;

/* A call of a function whose results can be kept. */
struct lz_call {
  const struct lazy_cached *cached;
  char *payload;
  const struct lazy_region *regions; /* cached->region_count of them */
  struct lz_hash files;              /* LAZY_CACHED_FILES: of what it reads in them (files.h) */
  struct lz_shape *shape;            /* of the objects that it touches (shape.h), if cached->layout_count */
};

static inline bool lz_call_has(const struct lz_call *call, uint32_t flag) { /* enum lazy_cached_flags */
  return (call->cached->flags & flag) != 0;
}

/* Makes the key of the call, for the function's code `code`.  False: a region is none that can be kept, or too large;
 * the call is to be made. */
bool lz_key_make(const struct lz_call *call, const uint64_t code[2], struct lz_key *key);

/* Is the result all that calls have to give, and whole where it is? */
static inline bool lz_is_value(const struct lazy_cached *cached) {
  return cached->region_count == 0 && !(cached->flags & LAZY_CACHED_FRESH);
}

/* Bytes that a call writes: its result, and the regions that it may write. */
size_t lz_written_size(const struct lz_call *call);

/* Exactly the bytes of a region, in rows; one row, of all bytes, where they follow one another. */
struct lz_block {
  char *p;
  size_t size, count;
  ptrdiff_t stride;
};
struct lz_block lz_block_of(const struct lazy_region *region);

/* The same, if it may be written; or none. */
struct lz_block lz_written_block(const struct lazy_region *region);

#endif /* LZ_KEY_H */
