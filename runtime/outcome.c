/* outcome.c - all that a call gives, in one value.
 *
 * 1. One part behind the other: the result; for fresh memory in its place how much there is, and what is in it; files
 *    (files.c); regions that are written, in rows; objects that are written (shape.c).
 * 2. To put a value where the call would have put it, first all that may fail is done: memory is taken, files are
 *    written.  So a call that has to be made after all finds what it reads as it was.
 *
 * Sound: where a region only encloses what is written, what was there before is part of the key, and bytes that are the
 * same are left alone, for they may be constant.
 */
#include "outcome.h"

#include "files.h"
#include "shape.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes are there?  0: that cannot be told.  The program may have brought a malloc() of its own, of which the
 * C library's function would not know. */
#pragma weak dladdr
#pragma weak malloc_usable_size /* a static program with a malloc() of its own is to have no other */
static bool is_measurable(void) {
  Dl_info its, sizes;
  return malloc_usable_size &&
         (!dladdr || (dladdr((void *)(uintptr_t)malloc, &its) &&
                      dladdr((void *)(uintptr_t)malloc_usable_size, &sizes) && its.dli_fbase == sizes.dli_fbase));
}

static size_t block_size(void *p) {
  static _Atomic int known; /* 0: not yet; 1: it is; 2: it is not */
  if (!LZ_LOAD(&known, relaxed))
    LZ_STORE(&known, is_measurable() ? 1 : 2, relaxed);
  return malloc_usable_size && LZ_LOAD(&known, relaxed) == 1 ? malloc_usable_size(p) : 0;
}

/* Of the memory that the result points to, if it does; 0: it is NULL.  False: that cannot be told. */
static bool fresh_size(const struct lz_call *call, void **p, uint64_t *size) {
  *size = 0;
  if (!lz_call_has(call, LAZY_CACHED_FRESH))
    return true;
  memcpy(p, call->payload + call->cached->function->result.offset, sizeof *p);
  if (*p)
    *size = block_size(*p);
  return !*p || *size > 0;
}

struct lz_value *lz_outcome_gather(const struct lz_call *call, const struct lz_file_state *states) {
  const struct lazy_slot *result = &call->cached->function->result;
  void *fresh = NULL;
  uint64_t size;
  size_t files = 0;
  if (!fresh_size(call, &fresh, &size) ||
      (lz_call_has(call, LAZY_CACHED_FILES) && !lz_files_measure(call, states, &files)))
    return NULL;
  struct lz_value *value = lz_value_new(lz_written_size(call) + size + files);
  if (!value)
    return NULL;
  char *to = value->bytes;
  memcpy(to, lz_call_has(call, LAZY_CACHED_FRESH) ? (char *)&size : call->payload + result->offset, result->size);
  to += result->size;
  if (size > 0)
    memcpy(to, fresh, size);
  to += size;
  if (files > 0 && !lz_files_gather(call, states, to, files)) {
    lz_value_release(value);
    return NULL;
  }
  to += files;
  for (uint32_t i = 0; i < call->cached->region_count; i++) {
    struct lz_block rows = lz_written_block(&call->regions[i]);
    for (size_t k = 0; k < rows.count; k++, to += rows.size)
      memcpy(to, rows.p + (ptrdiff_t)k * rows.stride, rows.size);
  }
  if (call->shape)
    lz_shape_gather(call->shape, to);
  return value;
}

static void copy(char *to, const char *from, size_t size) {
  memcpy(to, from, size);
}

/* Writes what the function has written, for what was there before is part of the key: the rest may be constant. */
static void change(char *to, const char *from, size_t size) {
  for (size_t at = 0, step; at < size; at += step) {
    step = size - at < LZ_LINE ? size - at : LZ_LINE;
    for (size_t i = at; memcmp(to + at, from + at, step) != 0 && i < at + step; i++)
      if (to[i] != from[i])
        to[i] = from[i];
  }
}

/* The parts of a value, as lz_outcome_gather() has put them. */
struct parts {
  const char *result, *fresh, *files, *regions;
  uint64_t fresh_size;
};

/* False: they are not those of such a call. */
static bool part(const struct lz_call *call, const char *value, size_t size, struct parts *parts) {
  size_t result = call->cached->function->result.size, written = lz_written_size(call), files = 0;
  if (size < written)
    return false;
  size -= written;
  *parts = (struct parts){.result = value, .fresh = value + result};
  if (lz_call_has(call, LAZY_CACHED_FRESH))
    memcpy(&parts->fresh_size, value, sizeof parts->fresh_size);
  if (parts->fresh_size > size)
    return false;
  size -= parts->fresh_size;
  parts->files = parts->fresh + parts->fresh_size;
  if (lz_call_has(call, LAZY_CACHED_FILES))
    files = lz_files_length(call, parts->files, size);
  parts->regions = parts->files + (files == size ? files : 0);
  return files == size;
}

bool lz_outcome_scatter(void *context, const void *value, size_t size) {
  const struct lz_call *call = context;
  const struct lazy_slot *result = &call->cached->function->result;
  struct parts parts;
  void *fresh = NULL;
  if (!part(call, value, size, &parts) || (parts.fresh_size > 0 && !(fresh = malloc(parts.fresh_size))))
    return false;
  if (lz_call_has(call, LAZY_CACHED_FILES) && !lz_files_scatter(call, parts.files)) {
    free(fresh);
    return false;
  }
  if (fresh)
    memcpy(fresh, parts.fresh, parts.fresh_size);
  memcpy(call->payload + result->offset, lz_call_has(call, LAZY_CACHED_FRESH) ? (char *)&fresh : parts.result,
         result->size);
  const char *from = parts.regions;
  for (uint32_t i = 0; i < call->cached->region_count; i++) {
    struct lz_block rows = lz_written_block(&call->regions[i]);
    bool encloses = (call->regions[i].access & LAZY_ENCLOSES) != 0;
    for (size_t k = 0; k < rows.count; k++, from += rows.size)
      (encloses ? change : copy)(rows.p + (ptrdiff_t)k * rows.stride, from, rows.size);
  }
  if (call->shape)
    lz_shape_scatter(call->shape, from);
  return true;
}
