/* segments.h - disjoint segments of memory, in order of their addresses. */
#ifndef LZ_SEGMENTS_H
#define LZ_SEGMENTS_H

#include "range.h"

#include <bsd/sys/tree.h>

struct lz_readers;

/* What it is for is regions.c's affair.
 *   lo < hi */
struct lz_segment {
  RB_ENTRY(lz_segment) link;
  uintptr_t lo, hi;
  struct lazy_node *writer;
  struct lz_readers *readers;
};

RB_HEAD(lz_segment_tree, lz_segment);

/* Invariants
 *   segments are disjoint, so the order of their ends, the tree's, is that of their addresses
 *   first and last are the tree's; all three pointers are NULL  =>  it is empty
 *   cursor is a segment of the tree, or NULL: before the first
 *   slot[k] is NULL or a segment of the tree whose `lo` falls on k; slots is 0 or a power of two */
struct lz_segments {
  struct lz_segment_tree tree;
  struct lz_segment *first, *last, *cursor;
  struct lz_segment **slot;
  size_t count, slots;
  uint32_t segment_class, slots_class; /* of the pool */
};

/* Empty: all zeros.  Frees what an empty one holds. */
void lz_segments_end(struct lz_segments *segments);

/* A new segment, whose range meets no other; NULL: out of memory. */
struct lz_segment *lz_segments_add(struct lz_segments *segments, uintptr_t lo, uintptr_t hi);

/* Without the segment.  The cursor moves on from it. */
void lz_segments_remove(struct lz_segments *segments, struct lz_segment *segment);

/* The segment gets other borders, between which no other lies. */
void lz_segments_move(struct lz_segments *segments, struct lz_segment *segment, uintptr_t lo, uintptr_t hi);

/* In two: the segment begins at `at`, and a new one, which is returned, ends there; NULL: out of memory, nothing is
 * changed. */
struct lz_segment *lz_segments_split(struct lz_segments *segments, struct lz_segment *segment, uintptr_t at);

/* The first segment that meets the range, or NULL.  At once, if it begins where the range does. */
struct lz_segment *lz_segments_first_in(struct lz_segments *segments, struct lz_range range);

/* The one behind `segment`, if it meets the range too. */
struct lz_segment *lz_segments_next_in(struct lz_segment *segment, struct lz_range range);

/* The segment with bytes on both sides of `at`, or NULL. */
struct lz_segment *lz_segments_across(struct lz_segments *segments, uintptr_t at);

/* The segment at the cursor, which moves on, round and round; NULL: there are none. */
struct lz_segment *lz_segments_visit(struct lz_segments *segments);

#endif /* LZ_SEGMENTS_H */
