/* key.c - what the result of a call follows from, in 128 bits.
 *
 * 1. A key is the hash of a text: the code, the floating-point environment, the arguments but for addresses, and, for
 *    each region, its shape and, if it is read, the hash of what is in it.
 * 2. Regions that overlap, of which one is written, also tell how far they are apart: for f(a, a) need not do what
 *    f(a, b) does, though a and b hold the same.
 * 3. What only encloses what is read may reach beyond what is there, so the kernel is asked to copy it.
 * 4. A text that outgrows its buffer is replaced by its hash, and goes on.
 *
 * Sound as far as the hash's 128 bits are (hash.h): two calls with the same text have the same outcome, and different
 * texts the same key only by a chance of 2^-128.  Given up: calls that touch more than MOST bytes.
 */
#include "key.h"

#include "fpenv.h"
#include "shape.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#define MOST ((size_t)1 << 32) /* bytes of one call: what could be kept of it would fill any cache */

#define CHUNK ((size_t)64 << 10) /* bytes that the kernel copies at a time */

struct text {
  size_t used;
  _Alignas(64) unsigned char bytes[512];
};

static void fold(struct text *text) {
  struct lz_hash hash = lz_hash_of(text->bytes, text->used);
  memcpy(text->bytes, &hash, sizeof hash);
  text->used = sizeof hash;
}

static void add(struct text *text, const void *p, size_t size) {
  struct lz_hash hash;
  if (size > sizeof text->bytes / 4) {
    hash = lz_hash_of(p, size);
    p = &hash;
    size = sizeof hash;
  }
  if (LZ_UNLIKELY(text->used + size > sizeof text->bytes))
    fold(text);
  memcpy(text->bytes + text->used, p, size);
  text->used += size;
}

static void add_number(struct text *text, uint64_t number) {
  add(text, &number, sizeof number);
}

struct lz_block lz_block_of(const struct lazy_region *region) {
  struct lz_block rows = {(char *)(uintptr_t)region->p, (size_t)region->size, 1, 0};
  if (region->stride == 0 || region->rows == 1)
    return rows;
  rows.count = (size_t)region->rows;
  rows.stride = (ptrdiff_t)region->stride;
  if (region->stride == region->size) {
    rows.size *= rows.count;
    rows.count = 1;
  }
  return rows;
}

static void add_rows(struct text *text, struct lz_block rows) {
  if (rows.count == 1) {
    add(text, rows.p, rows.size);
    return;
  }
  struct lz_hasher hasher;
  lz_hasher_begin(&hasher);
  for (size_t i = 0; i < rows.count; i++)
    lz_hasher_add(&hasher, rows.p + (ptrdiff_t)i * rows.stride, rows.size);
  struct lz_hash hash = lz_hasher_end(&hasher);
  add(text, &hash, sizeof hash);
}

/* Step 3.  False: it is not all there. */
static bool add_enclosing(struct text *text, struct lz_block rows) {
  size_t room = rows.size < CHUNK ? rows.size : CHUNK;
  char *copy = malloc(room);
  bool there = copy != NULL;
  struct lz_hasher hasher;
  lz_hasher_begin(&hasher);
  for (size_t i = 0; i < rows.count && there; i++)
    for (size_t at = 0, size; at < rows.size && there; at += size) {
      size = rows.size - at < room ? rows.size - at : room;
      struct iovec to = {copy, size}, from = {rows.p + (ptrdiff_t)i * rows.stride + at, size};
      there = process_vm_readv(getpid(), &to, 1, &from, 1, 0) == (ssize_t)size;
      if (there)
        lz_hasher_add(&hasher, copy, size);
    }
  free(copy);
  struct lz_hash hash = lz_hasher_end(&hasher);
  add(text, &hash, sizeof hash);
  return there;
}

/* The bytes from the first to the last. */
static void bounds(const struct lazy_region *region, uintptr_t *lo, uintptr_t *hi) {
  struct lz_block rows = lz_block_of(region);
  uintptr_t first = (uintptr_t)rows.p, last = first + (uintptr_t)((ptrdiff_t)(rows.count - 1) * rows.stride);
  *lo = first < last ? first : last;
  *hi = (first < last ? last : first) + rows.size;
}

/* ... or made of objects, of which the shape tells all. */
static bool is_empty(const struct lazy_region *region) {
  return region->size == 0 || !region->access || (region->stride && region->rows == 0) || region->objects;
}

/* Step 2. */
static void add_overlaps(struct text *text, const struct lazy_region *regions, uint32_t count) {
  for (uint32_t i = 1; i < count; i++)
    for (uint32_t k = 0; k < i; k++) {
      uintptr_t lo, hi, other_lo, other_hi;
      if (!((regions[i].access | regions[k].access) & LAZY_WRITES) || is_empty(&regions[i]) || is_empty(&regions[k]))
        continue;
      bounds(&regions[i], &lo, &hi);
      bounds(&regions[k], &other_lo, &other_hi);
      if (lo < other_hi && other_lo < hi) {
        add_number(text, (uint64_t)i << 32 | k);
        add_number(text, (uint64_t)((uintptr_t)regions[i].p - (uintptr_t)regions[k].p));
      }
    }
}

static bool is_keepable(const struct lazy_region *region, size_t *total) {
  uint64_t rows = region->stride ? (uint64_t)region->rows : 1, bytes;
  if (region->size < 0 || region->size == LAZY_EVERYWHERE || (region->stride && region->rows < 0))
    return false;
  if (is_empty(region))
    return true;
  if (!region->p || __builtin_mul_overflow((uint64_t)region->size, rows, &bytes) || bytes > MOST - *total)
    return false;
  *total += bytes;
  return true;
}

bool lz_key_make(const struct lz_call *call, const uint64_t code[2], struct lz_key *key) {
  const struct lazy_cached *cached = call->cached;
  struct text text;
  size_t total = 0;
  memcpy(text.bytes, code, 16);
  uint64_t fpenv = lz_fpenv_now(); /* 8 bytes: what is stored at one time is best loaded at one time */
  memcpy(text.bytes + 16, &fpenv, sizeof fpenv);
  text.used = 16 + sizeof fpenv;
  for (uint32_t i = 0; i < cached->keyed_count; i++) {
    const struct lazy_slot *slot = &cached->keyed[i];
    if (LZ_LIKELY(slot->size <= 8 && text.used + 8 <= sizeof text.bytes)) {
      lz_copy((char *)text.bytes + text.used, call->payload + slot->offset, slot->size);
      text.used += slot->size;
    } else {
      add(&text, call->payload + slot->offset, slot->size);
    }
  }
  for (uint32_t i = 0; i < cached->region_count; i++) {
    const struct lazy_region *region = &call->regions[i];
    if (!is_keepable(region, &total) || (region->objects && !call->shape))
      return false;
    if (is_empty(region)) {
      add_number(&text, region->p != NULL); /* which the function may ask */
      continue;
    }
    struct lz_block rows = lz_block_of(region);
    add_number(&text, (uint64_t)region->access << 48 | rows.size);
    add_number(&text, rows.count);
    if (region->access & LAZY_ENCLOSES) {
      if (!add_enclosing(&text, rows))
        return false;
    } else if (region->access & LAZY_READS) {
      add_rows(&text, rows);
    }
  }
  if (cached->flags & LAZY_CACHED_FILES)
    add(&text, &call->files, sizeof call->files);
  if (call->shape)
    add(&text, &call->shape->hash, sizeof call->shape->hash);
  if (cached->region_count > 1)
    add_overlaps(&text, call->regions, cached->region_count);
  struct lz_hash hash = lz_hash_of(text.bytes, text.used);
  *key = (struct lz_key){hash.lo, hash.hi};
  return true;
}

struct lz_block lz_written_block(const struct lazy_region *region) {
  return region->access & LAZY_WRITES && !is_empty(region) ? lz_block_of(region) : (struct lz_block){0};
}

size_t lz_written_size(const struct lz_call *call) {
  size_t size = call->cached->function->result.size + (call->shape ? call->shape->written : 0);
  for (uint32_t i = 0; i < call->cached->region_count; i++) {
    struct lz_block rows = lz_written_block(&call->regions[i]);
    size += rows.size * rows.count;
  }
  return size;
}
