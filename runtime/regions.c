/* regions.c - nodes that read and write memory run in program order where they meet.
 *
 * 1. A scope's memory is cut into disjoint segments, in a red-black tree by address.  Each knows the node that is last
 *    to write it and those that read it since; memory outside of them nobody touches.
 * 2. A node is ordered before it is entered: in each of its ranges after the writers, and, where it writes, after the
 *    readers.  That is an edge of the graph, or a wait when there is no room for edges.
 * 3. Entering cuts segments at the borders of the range.  A reader joins the readers of the segments in it, and new
 *    ones fill the gaps; a writer puts one segment in the place of all, for it waits for all that they knew.
 * 4. The program itself waits for writers, before it writes for readers too, and removes what is done.
 * 5. Each order also looks at the next two segments, round and round, and removes them if all their nodes are done, so
 *    that a loop that keeps up with its workers holds few.
 * 6. Readers of a segment stand in the order in which they came.  Those done are taken off at the new end, and all of
 *    them before the list grows, so that each is looked at about twice, however many wait.
 *
 * Sound: every node that is entered and not done is in a segment, or a node in a segment waits for it, directly or not;
 * so references to it are left, and it will run.  Waiting helps, that is, runs other nodes on this thread, but these
 * have scopes of their own: the index does not change meanwhile.  No memory: the caller withdraws the node.  Given up:
 * many pending readers of ranges that all differ are noted once for each piece.
 */
#include "regions.h"

#include "graph.h"
#include "hands.h"
#include "pool.h"

#include <bsd/sys/tree.h>
#include <string.h>

#define LOOK 2
#define FIRST_READERS 6 /* fill a cache line */

/* Invariants
 *   count <= capacity; a reference is held to each node */
struct readers {
  uint32_t count, capacity;
  uint32_t size_class;
  struct lazy_node *node[];
};

/* Invariants
 *   lo < hi; segments are disjoint, so the order of their ends is that of their addresses
 *   writer != NULL or readers != NULL; readers == NULL or readers->count > 0
 *   a reference is held to the writer; the readers run after it */
struct segment {
  RB_ENTRY(segment) link;
  uintptr_t lo, hi;
  struct lazy_node *writer;
  struct readers *readers;
};

RB_HEAD(tree, segment);

struct lazy_regions {
  struct tree tree;
  uintptr_t looked; /* in this round, all segments that end below */
  uint32_t size_class, segment_class;
};

static int compare(const struct segment *a, const struct segment *b) {
  return a->hi < b->hi ? -1 : a->hi > b->hi;
}

/* RB_GENERATE_STATIC, which counts on a BSD's __unused */
RB_GENERATE_INTERNAL(tree, segment, link, compare, __attribute__((unused)) static)

/* --- memory --- */

static void *take(size_t size, uint32_t *size_class) {
  struct lz_hand *hand = lz_hand();
  return hand ? lz_pool_take(hand, size, size_class) : NULL;
}

static void give(void *memory, uint32_t size_class) {
  lz_pool_give(lz_hand(), memory, size_class);
}

static void let_go(struct lazy_node *node) {
  lz_let_go(lz_hand(), node);
}

struct lazy_regions *lz_regions_new(void) {
  uint32_t size_class;
  struct lazy_regions *regions = take(sizeof *regions, &size_class);
  if (regions)
    *regions = (struct lazy_regions){.size_class = size_class};
  return regions;
}

void lz_regions_give(struct lazy_regions *regions) {
  give(regions, regions->size_class);
}

static struct readers *new_readers(uint32_t capacity) {
  uint32_t size_class;
  struct readers *readers = take(sizeof *readers + capacity * sizeof readers->node[0], &size_class);
  if (readers) {
    readers->count = 0;
    readers->capacity = capacity;
    readers->size_class = size_class;
  }
  return readers;
}

static struct segment *new_segment(struct lazy_regions *regions, uintptr_t lo, uintptr_t hi) {
  struct segment *segment = take(sizeof *segment, &regions->segment_class);
  if (segment)
    *segment = (struct segment){.lo = lo, .hi = hi};
  return segment;
}

static void give_segment(struct lazy_regions *regions, struct segment *segment) {
  if (segment->writer)
    let_go(segment->writer);
  struct readers *readers = segment->readers;
  if (readers) {
    for (uint32_t i = 0; i < readers->count; i++)
      let_go(readers->node[i]);
    give(readers, readers->size_class);
  }
  give(segment, regions->segment_class);
}

static void remove_segment(struct lazy_regions *regions, struct segment *segment) {
  RB_REMOVE(tree, &regions->tree, segment);
  give_segment(regions, segment);
}

/* --- finding --- */

/* The first segment that ends there or later. */
static struct segment *ending_from(struct lazy_regions *regions, uintptr_t hi) {
  struct segment key = {.hi = hi};
  return RB_NFIND(tree, &regions->tree, &key);
}

static struct segment *first_in(struct lazy_regions *regions, struct lz_range range) {
  struct segment *segment = ending_from(regions, range.lo + 1);
  return segment && segment->lo < range.hi ? segment : NULL;
}

static struct segment *next_in(struct segment *segment, struct lz_range range) {
  struct segment *next = RB_NEXT(tree, NULL, segment);
  return next && next->lo < range.hi ? next : NULL;
}

struct lz_range lz_regions_bounds(struct lazy_regions *regions) {
  struct segment *first = RB_MIN(tree, &regions->tree), *last = RB_MAX(tree, &regions->tree);
  return first ? (struct lz_range){first->lo, last->hi} : LZ_NOWHERE;
}

uintptr_t lz_regions_next_write(struct lazy_regions *regions, uintptr_t from) {
  struct lz_range behind = {from, UINTPTR_MAX};
  for (struct segment *segment = first_in(regions, behind); segment; segment = next_in(segment, behind))
    if (segment->writer && !lz_is_done(segment->writer))
      return segment->lo > from ? segment->lo : from;
  return UINTPTR_MAX;
}

/* --- removing what is done --- */

/* It has run, or nobody else wants to know its result: then it only reads, and need not run at all. */
static bool is_over(const struct lazy_node *node) {
  /* acquire: pairs with the release of the last other holder */
  return lz_is_done(node) || LZ_LOAD(&node->refs, acquire) == 1;
}

/* Takes the newest readers off until one is not over. */
static void drop_newest(struct readers *readers) {
  while (readers->count && is_over(readers->node[readers->count - 1]))
    let_go(readers->node[--readers->count]);
}

static void drop_over(struct readers *readers) {
  uint32_t left = 0;
  for (uint32_t i = 0; i < readers->count; i++) {
    if (is_over(readers->node[i]))
      let_go(readers->node[i]);
    else
      readers->node[left++] = readers->node[i];
  }
  readers->count = left;
}

/* The segment goes with the last node in it. */
static void clean(struct lazy_regions *regions, struct segment *segment) {
  if (segment->writer && lz_is_done(segment->writer)) {
    let_go(segment->writer);
    segment->writer = NULL;
  }
  struct readers *readers = segment->readers;
  if (readers) {
    drop_newest(readers);
    if (readers->count == 0) {
      give(readers, readers->size_class);
      segment->readers = NULL;
    }
  }
  if (!segment->writer && !segment->readers)
    remove_segment(regions, segment);
}

static void look_around(struct lazy_regions *regions) {
  for (int i = 0; i < LOOK; i++) {
    struct segment *segment = ending_from(regions, regions->looked);
    regions->looked = segment ? segment->hi + 1 : 0; /* behind the last address comes the first */
    if (segment)
      clean(regions, segment);
  }
}

/* --- nodes --- */

void lz_regions_order(struct lazy_regions *regions, struct lazy_node *node, struct lz_range range, uint32_t access) {
  struct lz_hand *hand = lz_hand();
  struct segment *next;
  look_around(regions);
  for (struct segment *segment = first_in(regions, range); segment; segment = next) {
    next = next_in(segment, range);
    if (segment->writer)
      lz_order(hand, node, segment->writer);
    for (uint32_t i = 0; access & LAZY_WRITES && segment->readers && i < segment->readers->count; i++)
      if (!is_over(segment->readers->node[i]))
        lz_order(hand, node, segment->readers->node[i]);
    clean(regions, segment);
  }
}

/* No segment lies on both sides of `at` any more.  False: out of memory, nothing is changed. */
static bool cut(struct lazy_regions *regions, uintptr_t at) {
  struct segment *right = ending_from(regions, at);
  if (!right || right->lo >= at || right->hi == at)
    return true;
  struct segment *left = new_segment(regions, right->lo, at);
  if (!left)
    return false;
  if (right->readers) {
    left->readers = new_readers(right->readers->capacity);
    if (!left->readers) {
      give_segment(regions, left);
      return false;
    }
    for (uint32_t i = 0; i < right->readers->count; i++)
      left->readers->node[left->readers->count++] = lz_hold(right->readers->node[i]);
  }
  left->writer = __lazy_retain(right->writer);
  right->lo = at;
  RB_INSERT(tree, &regions->tree, left);
  return true;
}

/* Room for one more reader.  False: out of memory. */
static bool make_room(struct segment *segment) {
  struct readers *old = segment->readers, *larger;
  if (old && old->count == old->capacity)
    drop_over(old);
  if (old && old->count <= old->capacity / 2)
    return true;
  larger = new_readers(old ? 2 * old->capacity + 2 : FIRST_READERS);
  if (!larger)
    return false;
  if (old) {
    memcpy(larger->node, old->node, old->count * sizeof old->node[0]);
    larger->count = old->count;
    give(old, old->size_class);
  }
  segment->readers = larger;
  return true;
}

static bool add_reader(struct segment *segment, struct lazy_node *node) {
  struct readers *readers = segment->readers;
  if (readers && readers->node[readers->count - 1] == node)
    return true;
  if ((!readers || readers->count == readers->capacity) && !make_room(segment))
    return false;
  readers = segment->readers;
  readers->node[readers->count++] = lz_hold(node);
  return true;
}

static bool enter_reader(struct lazy_regions *regions, struct lazy_node *node, struct lz_range range) {
  while (range.lo < range.hi) {
    struct segment *segment = first_in(regions, range);
    if (!segment || segment->lo > range.lo) {
      segment = new_segment(regions, range.lo, segment ? segment->lo : range.hi);
      if (!segment)
        return false;
      RB_INSERT(tree, &regions->tree, segment);
    }
    if (!add_reader(segment, node))
      return false;
    range.lo = segment->hi;
  }
  return true;
}

static bool enter_writer(struct lazy_regions *regions, struct lazy_node *node, struct lz_range range) {
  struct segment *whole = new_segment(regions, range.lo, range.hi), *next;
  if (!whole)
    return false;
  whole->writer = lz_hold(node);
  for (struct segment *segment = first_in(regions, range); segment; segment = next) {
    next = next_in(segment, range);
    remove_segment(regions, segment);
  }
  RB_INSERT(tree, &regions->tree, whole);
  return true;
}

bool lz_regions_enter(struct lazy_regions *regions, struct lazy_node *node, struct lz_range range, uint32_t access) {
  return cut(regions, range.lo) && cut(regions, range.hi) &&
         (access & LAZY_WRITES ? enter_writer : enter_reader)(regions, node, range);
}

void lz_regions_withdraw(struct lazy_regions *regions, struct lazy_node *node) {
  struct segment *segment;
  for (uint32_t i = 0; i < node->inputs; i++) /* its edges alone may still know what it has replaced */
    __lazy_force(lz_edges(node)[i].producer);
  RB_FOREACH(segment, tree, &regions->tree) {
    struct readers *readers = segment->readers;
    if (segment->writer == node) {
      let_go(node);
      segment->writer = NULL;
    }
    if (readers && readers->node[readers->count - 1] == node) {
      let_go(node);
      readers->count--;
    }
  }
}

/* --- the program --- */

void lz_regions_wait(struct lazy_regions *regions, struct lz_range range, uint32_t access) {
  struct segment *next;
  for (struct segment *segment = first_in(regions, range); segment; segment = next) {
    next = next_in(segment, range);
    if (segment->writer)
      __lazy_force(segment->writer);
    for (uint32_t i = 0; access & LAZY_WRITES && segment->readers && i < segment->readers->count; i++)
      if (!is_over(segment->readers->node[i]))
        __lazy_force(segment->readers->node[i]);
    clean(regions, segment);
  }
}
