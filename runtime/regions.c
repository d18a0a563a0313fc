/* regions.c - nodes that read and write memory run in program order where they meet.
 *
 * 1. A scope's memory is cut into disjoint segments (segments.c).  Each knows the node that is last to write it and
 *    those that read it since; memory outside of them nobody touches.
 * 2. A node is ordered before it is entered: in each of its ranges after the writers, and, where it writes, after the
 *    readers.  That is an edge of the graph, or a wait when there is no room for edges.
 * 3. Entering cuts segments at the borders of the range.  A reader joins the readers of the segments in it, and new
 *    ones fill the gaps; a writer takes the first of them and its place to be that of all, for it waits for all that
 *    they knew.  So what touches the same range again and again finds one segment and leaves one.
 * 4. The program itself waits for writers, before it writes for readers too, and removes what is done.
 * 5. Each order also looks at the next two segments, round and round, and removes them if all their nodes are done, so
 *    that a loop that keeps up with its workers holds few.  Where that is in vain, again and again, it looks less
 * often.
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
#include "keep.h"
#include "pool.h"
#include "segments.h"

#include <string.h>

#define LOOK 2
#define MOST_PATIENCE 64
#define FIRST_READERS 2

/* Invariants
 *   count <= capacity; a reference is held to each node */
struct lz_readers {
  uint32_t count, capacity;
  uint32_t size_class;
  struct lazy_node *node[];
};

/* Invariants, of each segment
 *   writer != NULL or readers != NULL; readers == NULL or readers->count > 0
 *   a reference is held to the writer; the readers run after it */
struct lazy_regions {
  struct lz_segments segments;
  uint32_t patience, vain; /* orders until the next look around, and after the last one */
  uint32_t size_class;
};

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

struct lz_range lz_regions_trim(struct lazy_regions **regions) {
  if (!*regions)
    return LZ_NOWHERE;
  struct lz_segments *segments = &(*regions)->segments;
  if (segments->first)
    return (struct lz_range){segments->first->lo, segments->last->hi};
  lz_segments_end(segments);
  give(*regions, (*regions)->size_class);
  *regions = NULL;
  return LZ_NOWHERE;
}

static struct lz_readers *new_readers(uint32_t capacity) {
  uint32_t size_class;
  struct lz_readers *readers = take(sizeof *readers + capacity * sizeof readers->node[0], &size_class);
  if (readers) {
    readers->count = 0;
    readers->capacity = capacity;
    readers->size_class = size_class;
  }
  return readers;
}

/* Nobody is known to touch the segment any more. */
static void forget_all(struct lz_segment *segment) {
  struct lz_readers *readers = segment->readers;
  if (segment->writer)
    let_go(segment->writer);
  for (uint32_t i = 0; readers && i < readers->count; i++)
    let_go(readers->node[i]);
  if (readers)
    give(readers, readers->size_class);
  segment->writer = NULL;
  segment->readers = NULL;
}

static void remove_segment(struct lazy_regions *regions, struct lz_segment *segment) {
  forget_all(segment);
  lz_segments_remove(&regions->segments, segment);
}

/* --- finding --- */

uintptr_t lz_regions_next_write(struct lazy_regions *regions, uintptr_t from) {
  struct lz_range behind = {from, UINTPTR_MAX};
  for (struct lz_segment *segment = lz_segments_first_in(&regions->segments, behind); segment;
       segment = lz_segments_next_in(segment, behind))
    if (segment->writer && !lz_is_done(segment->writer))
      return segment->lo > from ? segment->lo : from;
  return UINTPTR_MAX;
}

/* --- removing what is done --- */

/* It has run, or nobody else wants to know its result: then it only reads, and need not run at all.  A kept node may
 * have been undone; what it will read then is not what it was entered for. */
static bool is_over(const struct lazy_node *node) {
  /* acquire: pairs with the release of the last other holder */
  return lz_is_done(node) || LZ_LOAD(&node->refs, acquire) == 1 || (lz_is_kept(node) && lz_keep_computed(node));
}

/* Takes the newest readers off until one is not over. */
static void drop_newest(struct lz_readers *readers) {
  while (readers->count && is_over(readers->node[readers->count - 1]))
    let_go(readers->node[--readers->count]);
}

static void drop_over(struct lz_readers *readers) {
  uint32_t left = 0;
  for (uint32_t i = 0; i < readers->count; i++) {
    if (is_over(readers->node[i]))
      let_go(readers->node[i]);
    else
      readers->node[left++] = readers->node[i];
  }
  readers->count = left;
}

/* The segment goes with the last node in it.  True: it is gone. */
static bool clean(struct lazy_regions *regions, struct lz_segment *segment) {
  if (segment->writer && lz_is_done(segment->writer)) {
    let_go(segment->writer);
    segment->writer = NULL;
  }
  struct lz_readers *readers = segment->readers;
  if (readers) {
    drop_newest(readers);
    if (readers->count == 0) {
      give(readers, readers->size_class);
      segment->readers = NULL;
    }
  }
  if (segment->writer || segment->readers)
    return false;
  remove_segment(regions, segment);
  return true;
}

static void look_around(struct lazy_regions *regions) {
  if (regions->patience > 0) {
    regions->patience--;
    return;
  }
  bool any = false;
  for (int i = 0; i < LOOK; i++) {
    struct lz_segment *segment = lz_segments_visit(&regions->segments);
    any |= !segment || clean(regions, segment);
  }
  regions->vain = any ? 0 : regions->vain < MOST_PATIENCE ? 2 * regions->vain + 1 : regions->vain;
  regions->patience = regions->vain;
}

/* --- nodes --- */

void lz_regions_order(struct lazy_regions *regions, struct lazy_node *node, struct lz_range range, uint32_t access) {
  struct lz_hand *hand = lz_hand();
  struct lz_segment *next;
  look_around(regions);
  for (struct lz_segment *segment = lz_segments_first_in(&regions->segments, range); segment; segment = next) {
    next = lz_segments_next_in(segment, range);
    if (segment->writer)
      lz_order(hand, node, segment->writer);
    for (uint32_t i = 0; access & LAZY_WRITES && segment->readers && i < segment->readers->count; i++)
      if (!is_over(segment->readers->node[i]))
        lz_order(hand, node, segment->readers->node[i]);
    clean(regions, segment);
  }
}

/* In two, at `at`; both know the same nodes.  False: out of memory, nothing is changed. */
static bool cut(struct lazy_regions *regions, struct lz_segment *right, uintptr_t at) {
  struct lz_readers *readers = right->readers, *copy = readers ? new_readers(readers->capacity) : NULL;
  if (readers && !copy)
    return false;
  struct lz_segment *left = lz_segments_split(&regions->segments, right, at);
  if (!left) {
    if (copy)
      give(copy, copy->size_class);
    return false;
  }
  for (uint32_t i = 0; copy && i < readers->count; i++)
    copy->node[copy->count++] = lz_hold(readers->node[i]);
  left->readers = copy;
  left->writer = __lazy_retain(right->writer);
  return true;
}

/* No segment lies on both sides of a border of the range any more.  The segments at its two ends tell whether there may
 * be any; often, both are one, and the range's own. */
static bool cut_borders(struct lazy_regions *regions, struct lz_range range) {
  struct lz_segment *segment = lz_segments_first_in(&regions->segments, range);
  if (!segment)
    return true;
  if (segment->lo < range.lo && !cut(regions, segment, range.lo))
    return false;
  if (segment->hi < range.hi)
    segment = lz_segments_across(&regions->segments, range.hi);
  return !segment || segment->hi <= range.hi || cut(regions, segment, range.hi);
}

/* Room for one more reader.  False: out of memory. */
static bool make_room(struct lz_segment *segment) {
  struct lz_readers *old = segment->readers, *larger;
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

static bool add_reader(struct lz_segment *segment, struct lazy_node *node) {
  struct lz_readers *readers = segment->readers;
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
    struct lz_segment *segment = lz_segments_first_in(&regions->segments, range);
    if (!segment || segment->lo > range.lo)
      segment = lz_segments_add(&regions->segments, range.lo, segment ? segment->lo : range.hi);
    if (!segment || !add_reader(segment, node))
      return false;
    range.lo = segment->hi;
  }
  return true;
}

static bool enter_writer(struct lazy_regions *regions, struct lazy_node *node, struct lz_range range) {
  struct lz_segment *segment = lz_segments_first_in(&regions->segments, range), *other;
  if (!segment && !(segment = lz_segments_add(&regions->segments, range.lo, range.hi)))
    return false;
  while ((other = lz_segments_next_in(segment, range)))
    remove_segment(regions, other);
  lz_segments_move(&regions->segments, segment, range.lo, range.hi);
  forget_all(segment);
  segment->writer = lz_hold(node);
  return true;
}

bool lz_regions_enter(struct lazy_regions *regions, struct lazy_node *node, struct lz_range range, uint32_t access) {
  return cut_borders(regions, range) && (access & LAZY_WRITES ? enter_writer : enter_reader)(regions, node, range);
}

void lz_regions_withdraw(struct lazy_regions *regions, struct lazy_node *node) {
  for (uint32_t i = 0; i < node->inputs; i++) /* its edges alone may still know what it has replaced */
    __lazy_force(lz_edges(node)[i].producer);
  for (struct lz_segment *segment = regions->segments.first; segment;
       segment = lz_segments_next_in(segment, LZ_ALL_MEMORY)) {
    struct lz_readers *readers = segment->readers;
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
  struct lz_segment *next;
  for (struct lz_segment *segment = lz_segments_first_in(&regions->segments, range); segment; segment = next) {
    next = lz_segments_next_in(segment, range);
    if (segment->writer)
      __lazy_force(segment->writer);
    for (uint32_t i = 0; access & LAZY_WRITES && segment->readers && i < segment->readers->count; i++)
      if (!is_over(segment->readers->node[i]))
        __lazy_force(segment->readers->node[i]);
    clean(regions, segment);
  }
}
