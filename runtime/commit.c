/* commit.c - the reorder buffer: values are computed in any order, stores are performed in program order.
 *
 * 1. A scope's ring holds its pending stores, oldest first.  Only the oldest is ever retired: its node forced, its
 *    bytes stored, its reference given back.
 * 2. Entering retires at most two of the oldest that are done already, so that a loop that keeps up with its workers
 *    holds few nodes; and forces the oldest if the ring is full.
 * 3. A touch looks for the newest entry that overlaps and retires all up to it.  Entries stand in blocks with bounds of
 *    their own, so that a touch between pending stores, `a[i].x` beside a pending `a[i].y`, skips most of them.
 * 4. Rings start small, double, and the hand keeps one for the next scope.
 *
 * Sound: stores happen on the thread that entered them, in the order they were entered.  No memory for a ring or a
 * larger one: what is pending is retired and the store happens at once.
 */
#include "types.h"

#include "graph.h"
#include "hands.h"
#include "stats.h"

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
 *   bounds[b] encloses all pending entries i with (i & (capacity - 1)) / BLOCK == b */
struct bounds {
  uintptr_t lo, hi;
};

struct lazy_ring {
  uint64_t first, last;
  uint32_t capacity;
  struct bounds bounds[LAST_CAPACITY / BLOCK];
  struct entry entry[];
};

static const struct bounds nothing = {UINTPTR_MAX, 0};

static void enclose(uintptr_t *lo, uintptr_t *hi, const struct entry *entry) {
  uintptr_t start = (uintptr_t)entry->to, end = start + entry->size;
  if (start < *lo)
    *lo = start;
  if (end > *hi)
    *hi = end;
}

static bool overlaps(uintptr_t lo, uintptr_t hi, uintptr_t start, uintptr_t end) {
  return lo < end && start < hi;
}

/* --- rings --- */

static struct lazy_ring *new_ring(uint32_t capacity) {
  struct lazy_ring *ring = malloc(sizeof *ring + capacity * sizeof ring->entry[0]);
  if (ring) {
    ring->first = ring->last = 0;
    ring->capacity = capacity;
    for (uint32_t b = 0; b < capacity / BLOCK; b++)
      ring->bounds[b] = nothing;
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

static struct entry *at(struct lazy_ring *ring, uint64_t i) {
  return &ring->entry[i & (ring->capacity - 1)];
}

static struct bounds *bounds_at(struct lazy_ring *ring, uint64_t i) {
  return &ring->bounds[(i & (ring->capacity - 1)) / BLOCK];
}

static void append(struct lazy_scope *scope, const struct entry *entry) {
  struct lazy_ring *ring = scope->ring;
  struct bounds *bounds = bounds_at(ring, ring->last);
  /* a block is empty when its first place is filled, unless the ring is so full that its last places still wait */
  if (ring->last % BLOCK == 0 && ring->last - ring->first <= ring->capacity - BLOCK)
    *bounds = nothing;
  *at(ring, ring->last++) = *entry;
  enclose(&bounds->lo, &bounds->hi, entry);
  enclose(&scope->lo, &scope->hi, entry);
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

/* After retiring: [lo, hi) shrinks to what is left. */
static void tighten(struct lazy_scope *scope) {
  struct lazy_ring *ring = scope->ring;
  scope->lo = nothing.lo;
  scope->hi = nothing.hi;
  for (uint64_t i = ring->first; i < ring->last; i++)
    enclose(&scope->lo, &scope->hi, at(ring, i));
}

static bool grow(struct lazy_scope *scope) {
  struct lazy_ring *old = scope->ring;
  struct lazy_ring *larger = old->capacity < LAST_CAPACITY ? new_ring(2 * old->capacity) : NULL;
  if (!larger)
    return false;
  scope->ring = larger;
  for (uint64_t i = old->first; i < old->last; i++)
    append(scope, at(old, i));
  free(old);
  return true;
}

LZ_PUBLIC void __lazy_defer_store(struct lazy_scope *scope, struct lazy_node *node, void *to, uint32_t offset,
                                  uint32_t size) {
  struct entry entry = {node, to, offset, size};
  struct lz_hand *hand = lz_hand();
  lz_count(hand, LZ_STORES);
  if (!scope->ring && !(scope->ring = take_ring())) {
    perform(&entry);
    return;
  }
  struct lazy_ring *ring = scope->ring;
  for (int i = 0; i < RETIRE_MOST && ring->first < ring->last && lz_is_done(at(ring, ring->first)->node); i++)
    retire_oldest(ring);
  if (ring->first == ring->last) {
    scope->lo = nothing.lo;
    scope->hi = nothing.hi;
  }
  if (ring->last - ring->first == ring->capacity && !grow(scope))
    retire_oldest(ring);
  append(scope, &entry);
}

/* The number behind the newest pending entry that overlaps, or `first`. */
static uint64_t newest_overlap(struct lazy_ring *ring, uintptr_t start, uintptr_t end) {
  uint64_t i = ring->last;
  while (i > ring->first) {
    const struct bounds *bounds = bounds_at(ring, i - 1);
    if (!overlaps(bounds->lo, bounds->hi, start, end)) {
      i = (i - 1) / BLOCK * BLOCK; /* on to the block before */
      continue;
    }
    uintptr_t to = (uintptr_t)at(ring, i - 1)->to;
    if (overlaps(to, to + at(ring, i - 1)->size, start, end))
      return i;
    i--;
  }
  return ring->first;
}

LZ_PUBLIC void __lazy_touch(struct lazy_scope *scope, const void *p, size_t size) {
  struct lazy_ring *ring = scope->ring;
  uintptr_t start = (uintptr_t)p, end = size > UINTPTR_MAX - start ? UINTPTR_MAX : start + size;
  if (!ring || size == 0 || !overlaps(scope->lo, scope->hi, start, end))
    return;
  uint64_t last = newest_overlap(ring, start, end);
  if (last <= ring->first)
    return;
  while (ring->first < last)
    retire_oldest(ring);
  if (ring->first == ring->last)
    __lazy_settle(scope); /* empty bounds tell compiled code that there is no ring to give back */
  else
    tighten(scope);
}

LZ_PUBLIC void __lazy_settle(struct lazy_scope *scope) {
  struct lazy_ring *ring = scope->ring;
  if (!ring)
    return;
  while (ring->first < ring->last)
    retire_oldest(ring);
  give_ring(ring);
  *scope = (struct lazy_scope)LAZY_SCOPE_INIT;
}
