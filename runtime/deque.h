/* deque.h - the queue of ready nodes of one hand.  The owner pushes and pops at the bottom, thieves take at the top. */
#ifndef LZ_DEQUE_H
#define LZ_DEQUE_H

#include "types.h"

/* False: out of memory. */
bool lz_deque_init(struct lz_deque *deque);

/* Owner only.  False: full, and no memory to grow. */
bool lz_deque_push(struct lz_deque *deque, struct lazy_node *node);

/* Owner only.  The newest entry; NULL: none. */
struct lazy_node *lz_deque_pop(struct lz_deque *deque);

/* Anybody.  The oldest entry; NULL: none, or another thief was quicker. */
struct lazy_node *lz_deque_steal(struct lz_deque *deque);

/* Owner only.  Takes out the oldest entry if it is `node`. */
bool lz_deque_take_oldest(struct lz_deque *deque, const struct lazy_node *node);

/* Owner only.  Is `node` the newest entry?  Compares addresses, looks into no node. */
static inline bool lz_deque_newest_is(struct lz_deque *deque, const struct lazy_node *node) {
  int64_t bottom = LZ_LOAD(&deque->bottom, relaxed);
  struct lz_buffer *buffer = LZ_LOAD(&deque->buffer, relaxed);
  return bottom > deque->seen && LZ_LOAD(&buffer->slot[(bottom - 1) & buffer->mask], relaxed) == node;
}

/* Owner only.  Does it hold `n` entries or more?  Looks at the thieves' line only when it has to. */
static inline bool lz_deque_holds(struct lz_deque *deque, int64_t n) {
  int64_t bottom = LZ_LOAD(&deque->bottom, relaxed);
  if (bottom - deque->seen < n)
    return false;
  deque->seen = LZ_LOAD(&deque->top, acquire);
  return bottom - deque->seen >= n;
}

/* Anybody.  Is there something to steal?  A hint. */
static inline int64_t lz_deque_size(struct lz_deque *deque) {
  int64_t top = atomic_load_explicit(&deque->top, LZ_FENCED);
  return atomic_load_explicit(&deque->bottom, LZ_FENCED) - top;
}

#endif /* LZ_DEQUE_H */
