/* commit.c - the reorder buffer: values are computed in any order, stores are performed in program order.
 *
 * 1. A scope's ring holds its pending stores, oldest first.  Only the oldest is ever retired: its node forced, its
 *    bytes stored, its reference given back.
 * 2. Entering retires at most two of the oldest that are done already, so that a loop that keeps up with its workers
 *    holds few nodes; and forces the oldest if the ring is full.
 * 3. A commit looks for the newest entry that overlaps and retires all up to it.  Entries stand in blocks that have
 *    bounds, so that a touch between pending stores, `a[i].x` beside a pending `a[i].y`, skips most of them.
 * 4. Rings start small, double, and the hand keeps one for the next scope.
 *
 * Sound: stores happen on the thread that entered them, in the order they were entered.  No memory for a ring or a
 * larger one: what is pending is retired and the store happens at once.
 */
#include "commit.h"

#include "graph.h"
#include "hands.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64
#define LAST_CAPACITY 1024
#define BLOCK 32
#define RETIRE_MOST 2

struct entry {
  struct lazy_node *node;
  char *to;
  uint32_t offset, size;
};

/* Invariants
 *   the pending entries are entry[i & (capacity - 1)] for first <= i < last;  last - first <= capacity
 *   bounds encloses all pending entries; it is LZ_NOWHERE if there are none
 *   block[b] encloses all pending entries i with (i & (capacity - 1)) / BLOCK == b */
struct lazy_ring {
  uint64_t first, last;
  uint32_t capacity;
  struct lz_range bounds;
  struct lz_range block[LAST_CAPACITY / BLOCK];
  struct entry entry[];
};

static struct lz_range range_of(const struct entry *entry) {
  return lz_range(entry->to, entry->size);
}

/* --- rings --- */

static struct lazy_ring *new_ring(uint32_t capacity) {
  struct lazy_ring *ring = malloc(sizeof *ring + capacity * sizeof ring->entry[0]);
  if (ring) {
    ring->first = ring->last = 0;
    ring->capacity = capacity;
    ring->bounds = LZ_NOWHERE;
    for (uint32_t b = 0; b < capacity / BLOCK; b++)
      ring->block[b] = LZ_NOWHERE;
  }
  return ring;
}

static struct lazy_ring *take_ring(void) {
  struct lz_hand *hand = lz_hand();
  struct lazy_ring *ring = hand ? hand->spare : NULL;
  if (!ring)
    return new_ring(FIRST_CAPACITY);
  hand->spare = NULL;
  ring->first = ring->last = 0;
  return ring;
}

static void give_ring(struct lazy_ring *ring) {
  struct lz_hand *hand = lz_hand();
  if (hand && (!hand->spare || hand->spare->capacity < ring->capacity)) {
    struct lazy_ring *other = hand->spare;
    hand->spare = ring;
    ring = other;
  }
  free(ring);
}

struct lz_range lz_ring_trim(struct lazy_ring **ring) {
  if (!*ring)
    return LZ_NOWHERE;
  if ((*ring)->first < (*ring)->last)
    return (*ring)->bounds;
  give_ring(*ring);
  *ring = NULL;
  return LZ_NOWHERE;
}

static struct entry *at(struct lazy_ring *ring, uint64_t i) {
  return &ring->entry[i & (ring->capacity - 1)];
}

static struct lz_range *block_at(struct lazy_ring *ring, uint64_t i) {
  return &ring->block[(i & (ring->capacity - 1)) / BLOCK];
}

static void append(struct lazy_ring *ring, const struct entry *entry) {
  struct lz_range *block = block_at(ring, ring->last);
  /* a block is empty when its first place is filled, unless the ring is so full that its last places still wait */
  if (ring->last % BLOCK == 0 && ring->last - ring->first <= ring->capacity - BLOCK)
    *block = LZ_NOWHERE;
  *at(ring, ring->last++) = *entry;
  *block = lz_range_join(*block, range_of(entry));
  ring->bounds = lz_range_join(ring->bounds, range_of(entry));
}

/* --- retiring --- */

static void perform(const struct entry *entry) {
  memcpy(entry->to, (char *)__lazy_force(entry->node) + entry->offset, entry->size);
  lz_let_go(lz_hand(), entry->node);
}

/* The entry leaves the ring before its node is forced: nothing else may find it there in between. */
static void retire_oldest(struct lazy_ring *ring) {
  struct entry oldest = *at(ring, ring->first++);
  perform(&oldest);
}

/* After retiring: the bounds shrink to what is left. */
static void tighten(struct lazy_ring *ring) {
  ring->bounds = LZ_NOWHERE;
  for (uint64_t i = ring->first; i < ring->last; i++)
    ring->bounds = lz_range_join(ring->bounds, range_of(at(ring, i)));
}

static struct lazy_ring *grow(struct lazy_ring *old) {
  struct lazy_ring *larger = old->capacity < LAST_CAPACITY ? new_ring(2 * old->capacity) : NULL;
  if (!larger)
    return NULL;
  for (uint64_t i = old->first; i < old->last; i++)
    append(larger, at(old, i));
  free(old);
  return larger;
}

struct lazy_ring *lz_ring_enter(struct lazy_ring *ring, struct lazy_node *node, void *to, uint32_t offset,
                                uint32_t size) {
  struct entry entry = {node, to, offset, size};
  if (!ring && !(ring = take_ring())) {
    perform(&entry);
    return NULL;
  }
  for (int i = 0; i < RETIRE_MOST && ring->first < ring->last && lz_is_done(at(ring, ring->first)->node); i++)
    retire_oldest(ring);
  if (ring->first == ring->last)
    ring->bounds = LZ_NOWHERE;
  if (ring->last - ring->first == ring->capacity) {
    struct lazy_ring *larger = grow(ring);
    if (larger)
      ring = larger;
    else
      retire_oldest(ring);
  }
  append(ring, &entry);
  return ring;
}

/* The number behind the newest pending entry that overlaps, or `first`. */
static uint64_t newest_overlap(struct lazy_ring *ring, struct lz_range range) {
  uint64_t i = ring->last;
  while (i > ring->first) {
    if (!lz_range_overlaps(*block_at(ring, i - 1), range)) {
      i = (i - 1) / BLOCK * BLOCK; /* on to the block before */
      continue;
    }
    if (lz_range_overlaps(range_of(at(ring, i - 1)), range))
      return i;
    i--;
  }
  return ring->first;
}

uintptr_t lz_ring_next_store(struct lazy_ring *ring, uintptr_t from) {
  uintptr_t next = UINTPTR_MAX;
  for (uint64_t i = ring->first; i < ring->last; i++) {
    struct lz_range range = range_of(at(ring, i));
    if (range.hi > from && range.lo < next)
      next = range.lo > from ? range.lo : from;
  }
  return next;
}

void lz_ring_commit(struct lazy_ring *ring, struct lz_range range) {
  uint64_t last = newest_overlap(ring, range);
  if (last <= ring->first)
    return;
  while (ring->first < last)
    retire_oldest(ring);
  tighten(ring);
}

void lz_ring_commit_all(struct lazy_ring *ring) {
  while (ring->first < ring->last)
    retire_oldest(ring);
  ring->bounds = LZ_NOWHERE;
}
