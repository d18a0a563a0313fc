/* segments.c - disjoint segments of memory, in order of their addresses.
 *
 * 1. A red-black tree has them all.
 * 2. Programs come back to the regions they have been at, tile by tile or always to the same one.  So beside the tree
 *    there is a table from where a segment begins to the segment.  Two that fall on one slot share it: the later one is
 *    in, and whichever is then found by the tree.  The table is made when the tree has some depth, and is two to four
 *    times as large as there are segments, so that few have to share.
 * 3. The first and the last are known, so bounds cost nothing, nor does what comes behind all others.
 * 4. A cursor goes round, for regions.c to look for what is over.
 *
 * Sound: the table only ever answers with a segment that begins at the very address asked for, and that is the first to
 * meet any range from there.  No memory for a larger one: it stays as it is.  Given up: the table does not shrink
 * before it is freed.
 */
#include "segments.h"

#include "hands.h"
#include "pool.h"

#include <string.h>

#define LEAST_SLOTS 64
#define SLOTS_EACH 2 /* at least, per segment */

static int compare(const struct lz_segment *a, const struct lz_segment *b) {
  return a->hi < b->hi ? -1 : a->hi > b->hi;
}

/* RB_GENERATE_STATIC, which counts on a BSD's __unused */
RB_GENERATE_INTERNAL(lz_segment_tree, lz_segment, link, compare, __attribute__((unused)) static)

/* --- the table --- */

static void *take(size_t size, uint32_t *size_class) {
  struct lz_hand *hand = lz_hand();
  return hand ? lz_pool_take(hand, size, size_class) : NULL;
}

/* Multiplied by the golden ratio, addresses at equal distances fall far from each other. */
static struct lz_segment **slot_of(const struct lz_segments *segments, uintptr_t lo) {
  return &segments->slot[(lo * 0x9e3779b97f4a7c15u) >> (64 - __builtin_ctzll(segments->slots))];
}

static void remember(struct lz_segments *segments, struct lz_segment *segment) {
  if (segments->slots)
    *slot_of(segments, segment->lo) = segment;
}

static void forget(struct lz_segments *segments, struct lz_segment *segment) {
  if (segments->slots && *slot_of(segments, segment->lo) == segment)
    *slot_of(segments, segment->lo) = NULL;
}

static void give_slots(struct lz_segments *segments) {
  if (segments->slots)
    lz_pool_give(lz_hand(), segments->slot, segments->slots_class);
  segments->slots = 0;
}

static void grow(struct lz_segments *segments) {
  size_t slots = segments->slots ? 2 * segments->slots : LEAST_SLOTS;
  uint32_t size_class;
  struct lz_segment *segment, **slot = take(slots * sizeof(struct lz_segment *), &size_class);
  if (!slot)
    return;
  memset(slot, 0, slots * sizeof(struct lz_segment *));
  give_slots(segments);
  segments->slot = slot;
  segments->slots = slots;
  segments->slots_class = size_class;
  RB_FOREACH(segment, lz_segment_tree, &segments->tree)
  remember(segments, segment);
}

void lz_segments_end(struct lz_segments *segments) {
  give_slots(segments);
}

/* --- the segments --- */

struct lz_segment *lz_segments_add(struct lz_segments *segments, uintptr_t lo, uintptr_t hi) {
  struct lz_segment *segment = take(sizeof *segment, &segments->segment_class);
  if (!segment)
    return NULL;
  *segment = (struct lz_segment){.lo = lo, .hi = hi};
  RB_INSERT(lz_segment_tree, &segments->tree, segment);
  if (!segments->first || lo < segments->first->lo)
    segments->first = segment;
  if (!segments->last || lo > segments->last->lo)
    segments->last = segment;
  remember(segments, segment);
  segments->count++;
  if (segments->count > segments->slots / SLOTS_EACH && segments->count > LEAST_SLOTS / SLOTS_EACH / 2)
    grow(segments);
  return segment;
}

static struct lz_segment *next(struct lz_segment *segment) {
  return RB_NEXT(lz_segment_tree, NULL, segment);
}

void lz_segments_remove(struct lz_segments *segments, struct lz_segment *segment) {
  if (segments->cursor == segment)
    segments->cursor = next(segment);
  if (segments->first == segment)
    segments->first = next(segment);
  if (segments->last == segment)
    segments->last = RB_PREV(lz_segment_tree, NULL, segment);
  forget(segments, segment);
  RB_REMOVE(lz_segment_tree, &segments->tree, segment);
  segments->count--;
  lz_pool_give(lz_hand(), segment, segments->segment_class);
}

void lz_segments_move(struct lz_segments *segments, struct lz_segment *segment, uintptr_t lo, uintptr_t hi) {
  if (segment->lo != lo) {
    forget(segments, segment);
    segment->lo = lo;
    remember(segments, segment);
  }
  segment->hi = hi;
}

struct lz_segment *lz_segments_split(struct lz_segments *segments, struct lz_segment *segment, uintptr_t at) {
  uintptr_t lo = segment->lo;
  lz_segments_move(segments, segment, at, segment->hi);
  struct lz_segment *left = lz_segments_add(segments, lo, at);
  if (!left)
    lz_segments_move(segments, segment, lo, segment->hi);
  return left;
}

/* --- finding --- */

/* The first segment that ends there or later. */
static struct lz_segment *ending_from(struct lz_segments *segments, uintptr_t hi) {
  struct lz_segment key = {.hi = hi};
  return segments->last && segments->last->hi >= hi ? RB_NFIND(lz_segment_tree, &segments->tree, &key) : NULL;
}

struct lz_segment *lz_segments_first_in(struct lz_segments *segments, struct lz_range range) {
  struct lz_segment *segment = segments->slots ? *slot_of(segments, range.lo) : NULL;
  if (segment && segment->lo == range.lo)
    return segment;
  segment = ending_from(segments, range.lo + 1);
  if (!segment || segment->lo >= range.hi)
    return NULL;
  if (segment->lo == range.lo)
    remember(segments, segment);
  return segment;
}

struct lz_segment *lz_segments_next_in(struct lz_segment *segment, struct lz_range range) {
  struct lz_segment *following = segment->hi < range.hi ? next(segment) : NULL;
  return following && following->lo < range.hi ? following : NULL;
}

struct lz_segment *lz_segments_across(struct lz_segments *segments, uintptr_t at) {
  struct lz_segment *segment = ending_from(segments, at);
  return segment && segment->lo < at && segment->hi > at ? segment : NULL;
}

struct lz_segment *lz_segments_visit(struct lz_segments *segments) {
  struct lz_segment *segment = segments->cursor ? segments->cursor : segments->first;
  if (segment)
    segments->cursor = next(segment);
  return segment;
}
