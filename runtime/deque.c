/* deque.c - the work-stealing deque of Chase and Lev, with the memory orders of Le, Pop, Cohen and Zappa Nardelli.
 *
 * 1. push: write the slot, then release `bottom`.  A thief that acquires `bottom` sees the slot and the node.
 * 2. pop: lower `bottom`, fence, read `top`.  steal: read `top`, fence, read `bottom`.  Of an owner and a thief after
 *    the same last entry at least one sees the other; both then settle it by compare-and-swap on `top`.
 * 3. A full buffer is copied to one twice as large.  The old one stays: a thief may be reading it.  All old buffers
 *    together are smaller than the current one.
 *
 * Sound: an entry comes out exactly once.  Given up: buffers never shrink.
 */
#include "deque.h"

#include <stdlib.h>

#define FIRST_SIZE 256

static struct lz_buffer *new_buffer(int64_t size, struct lz_buffer *older) {
  struct lz_buffer *buffer = malloc(sizeof *buffer + (size_t)size * sizeof buffer->slot[0]);
  if (buffer) {
    buffer->mask = size - 1;
    buffer->older = older;
  }
  return buffer;
}

bool lz_deque_init(struct lz_deque *deque) {
  LZ_STORE(&deque->buffer, new_buffer(FIRST_SIZE, NULL), relaxed);
  return LZ_LOAD(&deque->buffer, relaxed) != NULL;
}

static struct lz_buffer *grow(struct lz_deque *deque, int64_t top, int64_t bottom) {
  struct lz_buffer *old = LZ_LOAD(&deque->buffer, relaxed);
  struct lz_buffer *larger = new_buffer(2 * (old->mask + 1), old);
  if (!larger)
    return NULL;
  for (int64_t i = top; i < bottom; i++)
    LZ_STORE(&larger->slot[i & larger->mask], LZ_LOAD(&old->slot[i & old->mask], relaxed), relaxed);
  LZ_STORE(&deque->buffer, larger, release); /* pairs with the acquire of `buffer` in steal */
  return larger;
}

bool lz_deque_push(struct lz_deque *deque, struct lazy_node *node) {
  int64_t bottom = LZ_LOAD(&deque->bottom, relaxed);
  struct lz_buffer *buffer = LZ_LOAD(&deque->buffer, relaxed);
  if (LZ_UNLIKELY(bottom - deque->seen > buffer->mask)) {
    deque->seen = LZ_LOAD(&deque->top, acquire);
    if (bottom - deque->seen > buffer->mask && !(buffer = grow(deque, deque->seen, bottom)))
      return false;
  }
  LZ_STORE(&buffer->slot[bottom & buffer->mask], node, relaxed);
  LZ_STORE(&deque->bottom, bottom + 1, release); /* pairs with the acquire of `bottom` in steal */
  return true;
}

struct lazy_node *lz_deque_pop(struct lz_deque *deque) {
  int64_t bottom = LZ_LOAD(&deque->bottom, relaxed) - 1;
  if (bottom < deque->seen)
    return NULL; /* certainly empty: `top` only grows */
  struct lz_buffer *buffer = LZ_LOAD(&deque->buffer, relaxed);
  atomic_store_explicit(&deque->bottom, bottom, LZ_FENCED);
  lz_fence();
  int64_t top = atomic_load_explicit(&deque->top, LZ_FENCED);
  deque->seen = top;
  LZ_STORE(&deque->hungry, 1, relaxed);
  if (top < bottom)
    return LZ_LOAD(&buffer->slot[bottom & buffer->mask], relaxed);
  struct lazy_node *node = NULL;
  if (top == bottom) { /* the last one: race the thieves for it */
    node = LZ_LOAD(&buffer->slot[bottom & buffer->mask], relaxed);
    if (!atomic_compare_exchange_strong(&deque->top, &top, top + 1))
      node = NULL;
    deque->seen = bottom + 1;
  }
  LZ_STORE(&deque->bottom, bottom + 1, release);
  return node;
}

struct lazy_node *lz_deque_steal(struct lz_deque *deque) {
#ifdef LZ_TSAN
  int64_t top = atomic_load(&deque->top);
  int64_t bottom = atomic_load(&deque->bottom);
#else
  int64_t top = LZ_LOAD(&deque->top, acquire);
  lz_fence();
  int64_t bottom = LZ_LOAD(&deque->bottom, acquire);
#endif
  if (top >= bottom)
    return NULL;
  struct lz_buffer *buffer = LZ_LOAD(&deque->buffer, acquire);
  struct lazy_node *node = LZ_LOAD(&buffer->slot[top & buffer->mask], relaxed);
  if (!atomic_compare_exchange_strong(&deque->top, &top, top + 1))
    return NULL;
  if (!LZ_LOAD(&deque->hungry, relaxed))
    LZ_STORE(&deque->hungry, 1, relaxed);
  return node;
}

bool lz_deque_take_oldest(struct lz_deque *deque, const struct lazy_node *node) {
  int64_t top = LZ_LOAD(&deque->top, acquire);
  struct lz_buffer *buffer = LZ_LOAD(&deque->buffer, relaxed);
  return LZ_LOAD(&deque->bottom, relaxed) > top && LZ_LOAD(&buffer->slot[top & buffer->mask], relaxed) == node &&
         atomic_compare_exchange_strong(&deque->top, &top, top + 1);
}
