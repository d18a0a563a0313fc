/* commit.c - the reorder buffer: values are computed in any order, stores are performed in program order.
 *
 * 1. A scope's ring holds its pending stores, oldest first.  Only the oldest is ever retired: its node forced, its
 *    bytes stored, its reference given back.
 * 2. Where they go is noted once for all stores of a run (run.h).  A store joins one of the last few runs if it goes
 *    where that one goes on, so that loops may store to several arrays, or the members of a result one by one; else it
 *    begins a run.  Runs may overlap in any way, for the ring, not the runs, has the order.
 * 3. Entering retires at most two of the oldest that are done already, so that a loop that keeps up with its workers
 *    holds few nodes; and forces some of the oldest if there is no room for the entry or for its run.
 * 4. A commit asks each run how far it overlaps, and retires the oldest until that much of the run is gone.  Runs stand
 *    in blocks that have bounds, so that a touch between stores that make many runs skips most of them.
 * 5. Rings start small, double, and the hand keeps one for the next scope.
 *
 * Sound: stores happen on the thread that entered them, in the order they were entered.  No memory for a ring or a
 * larger one: what is pending is retired and the store happens at once.
 */
#include "commit.h"

#include "graph.h"
#include "hands.h"
#include "run.h"
#include "schedule.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64
#define LAST_CAPACITY 131072 /* entries */
#define LAST_RUNS 1024
#define BLOCK 32
#define OPEN_RUNS 4            /* that a store may join */
#define NEAR ((uintptr_t)4096) /* bytes */
#define RETIRE_MOST 2
#define RETIRE_AHEAD 64

struct entry {
  struct lazy_node *node;
  uint32_t run; /* its number */
};

/* Invariants
 *   the pending entries are entry[i & (capacity - 1)] for first <= i < last;  last - first <= capacity
 *   the runs are run[r & (runs - 1)] for first_run <= r < last_run, modulo 2^32;  last_run - first_run <= runs
 *   the pending entries of a run, in order, are its numbers 0, 1, ...
 *   the oldest run has pending entries, if there is a run
 *   bounds encloses all pending stores; it is LZ_NOWHERE if there are none
 *   block[b] encloses the pending stores of all runs r with (r & (runs - 1)) / BLOCK == b */
struct lazy_ring {
  uint64_t first, last;
  uint32_t first_run, last_run;
  uint32_t capacity, runs;
  struct lz_range bounds;
  struct lz_run *run; /* behind the entries */
  struct lz_range block[LAST_RUNS / BLOCK];
  struct entry entry[];
};

static struct entry *at(struct lazy_ring *ring, uint64_t i) {
  return &ring->entry[i & (ring->capacity - 1)];
}

static struct lz_run *run_at(struct lazy_ring *ring, uint32_t r) {
  return &ring->run[r & (ring->runs - 1)];
}

static struct lz_range *block_at(struct lazy_ring *ring, uint32_t r) {
  return &ring->block[(r & (ring->runs - 1)) / BLOCK];
}

/* --- rings --- */

static struct lazy_ring *new_ring(uint32_t capacity) {
  uint32_t runs = capacity < LAST_RUNS ? capacity : LAST_RUNS;
  struct lazy_ring *ring = malloc(sizeof *ring + capacity * sizeof ring->entry[0] + runs * sizeof ring->run[0]);
  if (ring) {
    *ring = (struct lazy_ring){.capacity = capacity, .runs = runs, .bounds = LZ_NOWHERE};
    ring->run = (struct lz_run *)&ring->entry[capacity];
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
  ring->first_run = ring->last_run = 0;
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

/* Twice as large; false: that is not to be had. */
static bool grow(struct lazy_ring **ring) {
  struct lazy_ring *old = *ring, *larger = new_ring(2 * old->capacity);
  if (!larger)
    return false;
  larger->bounds = old->bounds;
  larger->first = old->first;
  larger->last = old->last;
  larger->first_run = old->first_run;
  larger->last_run = old->last_run;
  for (uint32_t b = 0; b < larger->runs / BLOCK; b++)
    larger->block[b] = LZ_NOWHERE;
  for (uint64_t i = old->first; i < old->last; i++)
    *at(larger, i) = *at(old, i);
  for (uint32_t r = old->first_run; r != old->last_run; r++) {
    *run_at(larger, r) = *run_at(old, r);
    *block_at(larger, r) = lz_range_join(*block_at(larger, r), lz_run_bounds(run_at(old, r)));
  }
  free(old);
  *ring = larger;
  return true;
}

/* --- retiring --- */

/* The run's next store. */
static void perform(struct lazy_node *node, const struct lz_run *run) {
  memcpy((void *)run->next, (char *)__lazy_force(node) + run->offset, run->size);
  lz_let_go(lz_hand(), node);
}

static struct lz_hand *shelter(struct lz_shelter *shelter) {
  struct lz_hand *hand = lz_hand();
  lz_shelter(hand, shelter);
  return hand;
}

/* The entry leaves the ring before its node is forced: nothing else may find it there in between. */
static void retire_oldest(struct lazy_ring *ring) {
  struct entry oldest = *at(ring, ring->first++);
  struct lz_run *run = run_at(ring, oldest.run), before = *run;
  run->next = lz_run_at(run, 1);
  run->count--;
  run->retired++;
  while (ring->first_run != ring->last_run && run_at(ring, ring->first_run)->count == 0)
    ring->first_run++;
  perform(oldest.node, &before);
}

/* After retiring: the bounds shrink to what is left. */
static void tighten(struct lazy_ring *ring) {
  ring->bounds = LZ_NOWHERE;
  for (uint32_t r = ring->first_run; r != ring->last_run; r++)
    ring->bounds = lz_range_join(ring->bounds, lz_run_bounds(run_at(ring, r)));
}

/* --- entering --- */

/* Does the store go where the run goes on?  For a run of one that is anywhere near: runs of stores that lie about would
 * reach over much that none of them writes. */
static bool continues(const struct lz_run *run, const struct lz_run *store) {
  return run->site == store->site && run->offset == store->offset && run->size == store->size &&
         (run->count == 1 ? store->next - run->next + NEAR <= 2 * NEAR : store->next == lz_run_at(run, run->count));
}

/* The number of a run that the store may join, or of the next to begin. */
static uint32_t find_run(struct lazy_ring *ring, const struct lz_run *store) {
  uint32_t r = ring->last_run, open = ring->last_run - ring->first_run;
  for (uint32_t i = 0; i < OPEN_RUNS && i < open; i++)
    if (continues(run_at(ring, --r), store))
      return r;
  return ring->last_run;
}

static void append(struct lazy_ring *ring, struct lazy_node *node, uint32_t r, const struct lz_run *store) {
  struct lz_run *run = run_at(ring, r);
  struct lz_range *block = block_at(ring, r), range = {store->next, store->next + store->size};
  if (r == ring->last_run) {
    /* a block is empty when its first run begins, unless there are so many that its last still wait */
    if (r % BLOCK == 0 && r - ring->first_run <= ring->runs - BLOCK)
      *block = LZ_NOWHERE;
    *run = *store;
    ring->last_run++;
  } else if (run->count == 1) {
    run->stride = (intptr_t)(store->next - run->next);
  }
  run->count++;
  *at(ring, ring->last++) = (struct entry){node, r};
  *block = lz_range_join(*block, range);
  ring->bounds = lz_range_join(ring->bounds, range);
}

/* Room for one more entry, in the run of that number.  False: something must be retired. */
static bool make_room(struct lazy_ring **ring, uint32_t r) {
  struct lazy_ring *old = *ring;
  bool entries = old->last - old->first < old->capacity;
  bool runs = r != old->last_run || r - old->first_run < old->runs;
  if (entries && runs)
    return true;
  return old->capacity < (entries ? LAST_RUNS : LAST_CAPACITY) && grow(ring);
}

/* As many as there must be for one more, and then some, for that is cheaper than one at a time. */
static void retire_some(struct lazy_ring **ring, const struct lz_run *store) {
  struct lz_shelter safe = {0};
  struct lz_hand *hand = NULL;
  for (int i = 0; (*ring)->first < (*ring)->last && (i < RETIRE_AHEAD || !make_room(ring, find_run(*ring, store)));
       i++) {
    hand = shelter(&safe);
    retire_oldest(*ring);
  }
  lz_unshelter(hand, &safe);
}

struct lazy_ring *lz_ring_enter(struct lazy_ring *ring, struct lazy_node *node, void *to, uint32_t offset,
                                uint32_t size) {
  struct lz_run store = {.site = node->site, .next = (uintptr_t)to, .offset = offset, .size = size};
  if (!ring && !(ring = take_ring())) {
    perform(node, &store);
    return NULL;
  }
  for (int i = 0; i < RETIRE_MOST && ring->first < ring->last && lz_is_done(at(ring, ring->first)->node); i++)
    retire_oldest(ring);
  if (LZ_UNLIKELY(!make_room(&ring, find_run(ring, &store))))
    retire_some(&ring, &store);
  if (ring->first == ring->last)
    ring->bounds = LZ_NOWHERE;
  append(ring, node, find_run(ring, &store), &store);
  return ring;
}

/* --- the program --- */

uintptr_t lz_ring_next_store(struct lazy_ring *ring, uintptr_t from) {
  uintptr_t next = UINTPTR_MAX;
  for (uint32_t r = ring->first_run; r != ring->last_run; r++) {
    uintptr_t byte = lz_run_next_byte(run_at(ring, r), from);
    next = byte < next ? byte : next;
  }
  return next;
}

/* Up to the newest of the run that overlaps.  False: none does. */
static bool retire_overlap(struct lazy_ring *ring, const struct lz_run *run, struct lz_range range) {
  uint32_t end = run->retired + lz_run_overlap(run, range);
  if (run->retired == end)
    return false;
  struct lz_shelter safe = {0};
  struct lz_hand *hand = NULL;
  while (run->retired != end) {
    hand = shelter(&safe);
    retire_oldest(ring);
  }
  lz_unshelter(hand, &safe);
  return true;
}

void lz_ring_commit(struct lazy_ring *ring, struct lz_range range) {
  bool any = false;
  for (uint32_t r = ring->last_run; (int32_t)(r - ring->first_run) > 0;) {
    if (lz_range_overlaps(*block_at(ring, r - 1), range))
      any |= retire_overlap(ring, run_at(ring, --r), range);
    else
      r = (r - 1) / BLOCK * BLOCK; /* on to the block before */
  }
  if (any)
    tighten(ring);
}

void lz_ring_commit_all(struct lazy_ring *ring) {
  struct lz_shelter safe = {0};
  struct lz_hand *hand = NULL;
  while (ring->first < ring->last) {
    hand = shelter(&safe);
    retire_oldest(ring);
  }
  lz_unshelter(hand, &safe);
  ring->bounds = LZ_NOWHERE;
}
