/* value.h - the bytes of a result, shared by all who keep it. */
#ifndef LZ_VALUE_H
#define LZ_VALUE_H

#include "sync.h"

#include <stdlib.h>

/* Constant once anybody else has it.  Freed by whoever lets go of it last. */
struct lz_value {
  _Atomic uint32_t refs;
  size_t size;
  char bytes[];
};

/* One reference; NULL: out of memory. */
static inline struct lz_value *lz_value_new(size_t size) {
  struct lz_value *value = malloc(sizeof *value + size);
  if (value) {
    LZ_STORE(&value->refs, 1, relaxed);
    value->size = size;
  }
  return value;
}

static inline struct lz_value *lz_value_retain(struct lz_value *value) {
  atomic_fetch_add_explicit(&value->refs, 1, memory_order_relaxed);
  return value;
}

static inline void lz_value_release(struct lz_value *value) {
  if (!value)
    return;
  lz_publish(value);
  if (atomic_fetch_sub_explicit(&value->refs, 1, memory_order_acq_rel) == 1) {
    lz_observe(value);
    free(value);
  }
}

/* What a store does with a value that it has: true, if it is what was looked for. */
typedef bool lz_take(void *context, const void *value, size_t size);

#endif /* LZ_VALUE_H */
