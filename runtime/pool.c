/* pool.c - memory of nodes: size classes, a free list per hand and class, slabs behind.
 *
 * 1. Sizes round up to a class: multiples of 16 to 512 bytes, then powers of two to 4 KiB.  Larger nodes are the C
 *    library's.  Neighbours may share a cache line: fresh memory costs more than that, for the system clears it, and
 *    thieves take runs of nodes.
 * 2. Taking pops the hand's own list; else adopts a batch from the shared list; else cuts from the hand's slab, in
 *    address order, so that fresh nodes of one loop lie one behind the other.
 * 3. Giving pushes on the list of the hand that frees, whoever allocated: in a program whose main thread creates and
 *    whose workers free, lists would grow without end, so a list of two batches hands one to the shared list.
 * 4. Slabs double from 64 KiB to 4 MiB; large ones ask for huge pages.
 *
 * Given up: slabs never go back to the system; memory stays what the largest number of nodes alive at once needed.
 * Under AddressSanitizer every node is the C library's, so that it sees uses after free and leaks.
 */
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#define BATCH 128
#define SLAB_FIRST ((size_t)64 << 10)
#define SLAB_LAST ((size_t)4 << 20)
#define HUGE_PAGE ((size_t)2 << 20)
#define GRAIN ((size_t)LAZY_PAYLOAD_ALIGN)
#define FINE_CLASSES 32 /* 16, 32, ... 512 */
#define LARGE UINT16_MAX

/* A free node. */
struct spare {
  struct spare *next;
  struct spare *next_batch; /* in the first of a batch on the shared list */
};

static struct {
  pthread_mutex_t mutex;
  _Atomic(struct spare *) batches[LZ_POOL_CLASSES];
} shared = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static uint32_t class_of(size_t size) {
#ifdef LZ_ASAN
  (void)size;
  return LARGE;
#else
  size_t grains = (size + GRAIN - 1) / GRAIN;
  if (grains <= FINE_CLASSES)
    return (uint32_t)grains - 1;
  uint32_t c = FINE_CLASSES;
  for (size_t room = 2 * (size_t)FINE_CLASSES; room < grains; room *= 2)
    c++;
  return c < LZ_POOL_CLASSES ? c : LARGE;
#endif
}

/* Not of LARGE. */
static size_t class_size(uint32_t c) {
  uint32_t doubled = c < FINE_CLASSES ? 0 : c % LZ_POOL_CLASSES - FINE_CLASSES + 1;
  return doubled == 0 ? (size_t)(c + 1) * GRAIN : ((size_t)FINE_CLASSES * GRAIN) << doubled % 64;
}

static void *from_slab(struct lz_pool *pool, size_t size) {
  pool->fresh += -(uintptr_t)pool->fresh & ((size % LZ_LINE ? GRAIN : LZ_LINE) - 1);
  if (pool->fresh_end - pool->fresh < (ptrdiff_t)size) {
    size_t bytes = pool->slab ? pool->slab : SLAB_FIRST;
    char *slab = aligned_alloc(bytes >= HUGE_PAGE ? HUGE_PAGE : LZ_LINE, bytes);
    if (!slab)
      return NULL;
    if (bytes >= HUGE_PAGE)
      madvise(slab, bytes, MADV_HUGEPAGE);
    pool->fresh = slab;
    pool->fresh_end = slab + bytes;
    pool->slab = bytes < SLAB_LAST ? 2 * bytes : bytes;
  }
  void *memory = pool->fresh;
  pool->fresh += size;
  return memory;
}

static void *refill(struct lz_pool *pool, uint32_t c) {
  if (LZ_LOAD(&shared.batches[c], relaxed)) {
    pthread_mutex_lock(&shared.mutex);
    struct spare *batch = LZ_LOAD(&shared.batches[c], relaxed);
    if (batch)
      LZ_STORE(&shared.batches[c], batch->next_batch, relaxed);
    pthread_mutex_unlock(&shared.mutex);
    if (batch) {
      pool->free[c] = (struct lz_free){batch->next, BATCH - 1};
      return batch;
    }
  }
  return from_slab(pool, class_size(c));
}

static void share(uint32_t c, struct spare *batch) {
  pthread_mutex_lock(&shared.mutex);
  batch->next_batch = LZ_LOAD(&shared.batches[c], relaxed);
  LZ_STORE(&shared.batches[c], batch, relaxed);
  pthread_mutex_unlock(&shared.mutex);
}

void *lz_pool_take(struct lz_hand *hand, size_t size, uint32_t *size_class) {
  uint32_t c = *size_class = class_of(size);
  if (LZ_UNLIKELY(c == LARGE))
    return aligned_alloc(LZ_LINE, (size + LZ_LINE - 1) & ~(size_t)(LZ_LINE - 1));
  struct lz_free *list = &hand->pool.free[c];
  struct spare *spare = list->head;
  if (LZ_LIKELY(spare != NULL)) {
    list->head = spare->next;
    list->count--;
    return spare;
  }
  return refill(&hand->pool, c);
}

/* A thread that is no hand collects its batches here. */
static void give_without_hand(struct spare *spare, uint32_t c) {
  static struct lz_free collected[LZ_POOL_CLASSES];
  struct spare *batch = NULL;
  pthread_mutex_lock(&shared.mutex);
  spare->next = collected[c].head;
  collected[c].head = spare;
  if (++collected[c].count == BATCH) {
    batch = spare;
    collected[c] = (struct lz_free){NULL, 0};
  }
  pthread_mutex_unlock(&shared.mutex);
  if (batch)
    share(c, batch);
}

/* The list is twice a batch: the newer half, warm in this processor's cache, stays. */
static void split(struct lz_free *list, uint32_t c) {
  struct spare *last = list->head;
  for (int i = 1; i < BATCH; i++)
    last = last->next;
  share(c, last->next);
  last->next = NULL;
  list->count = BATCH;
}

void lz_pool_give(struct lz_hand *hand, void *memory, uint32_t size_class) {
  if (LZ_UNLIKELY(size_class == LARGE)) {
    free(memory);
    return;
  }
  if (LZ_UNLIKELY(!hand)) {
    give_without_hand(memory, size_class);
    return;
  }
  struct lz_free *list = &hand->pool.free[size_class];
  struct spare *spare = memory;
  spare->next = list->head;
  list->head = spare;
  if (LZ_UNLIKELY(++list->count == 2 * BATCH))
    split(list, size_class);
}

void lz_pool_lock(void) {
  pthread_mutex_lock(&shared.mutex);
}

void lz_pool_unlock(void) {
  pthread_mutex_unlock(&shared.mutex);
}
