/* scope.c - what is pending in memory, of one function activation: stores (commit.c) and regions (regions.c).
 *
 * 1. Pending stores and pending regions are never in conflict: whatever enters first waits for what it meets among the
 *    others.  So neither of the two need know the other, and each may be carried out when it likes.
 * 2. Whatever the program touches is compared with both.
 * 3. A region is entered row by row (rows.c).
 * 4. Text ends where it ends: that is looked for piece by piece, from one pending write to the next, and each that it
 *    reaches is waited for.
 * 5. A node gets a copy of what it reads, where compiled code allows that, unless another node is still to write it: an
 *    edge to that is better than waiting for it here.
 * 6. Objects with visitors are taken apart first (visit.c); what visitors tell is so many regions more.
 * 7. [lo, hi) is what encloses both, so compiled code compares once.  What holds nothing any more is given back, for
 *    compiled code does not call for a scope in which nothing is pending.
 *
 * Sound: a scope is used by the thread of its activation alone, so there are no locks here.  A call whose regions
 * cannot be entered finds nothing pending when it runs in place.
 */
#include "commit.h"
#include "error.h"
#include "graph.h"
#include "hands.h"
#include "record.h"
#include "regions.h"
#include "rows.h"
#include "stats.h"
#include "visit.h"

#include <inttypes.h>
#include <string.h>

static struct lz_range bounds_of(const struct lazy_scope *scope) {
  return (struct lz_range){scope->lo, scope->hi};
}

/* Something has come or gone. */
static void update(struct lazy_scope *scope) {
  struct lz_range all = lz_range_join(lz_ring_trim(&scope->ring), lz_regions_trim(&scope->regions));
  scope->lo = all.lo;
  scope->hi = all.hi;
}

/* Carries out what is in conflict with such an access. */
static void touch(struct lazy_scope *scope, struct lz_range range, uint32_t access) {
  lz_record_at(scope->at);
  if (scope->ring)
    lz_ring_commit(scope->ring, range);
  if (scope->regions)
    lz_regions_wait(scope->regions, range, access);
}

LZ_PUBLIC void __lazy_defer_store(struct lazy_scope *scope, struct lazy_node *node, void *to, uint32_t offset,
                                  uint32_t size) {
  lz_count(lz_hand(), LZ_STORES);
  if (LZ_UNLIKELY(scope->regions))
    lz_regions_wait(scope->regions, lz_range(to, size), LAZY_WRITES);
  scope->ring = lz_ring_enter(scope->ring, node, to, offset, size);
  update(scope);
}

LZ_PUBLIC void __lazy_touch(struct lazy_scope *scope, const void *p, size_t size, uint32_t access) {
  struct lz_range range = lz_range(p, size);
  if (size == 0 || !lz_range_overlaps(bounds_of(scope), range))
    return;
  touch(scope, range, access);
  update(scope);
}

/* Where the next bytes lie, from `from` on, that are still to be written. */
static uintptr_t next_write(const struct lazy_scope *scope, uintptr_t from) {
  uintptr_t store = scope->ring ? lz_ring_next_store(scope->ring, from) : UINTPTR_MAX;
  uintptr_t write = scope->regions ? lz_regions_next_write(scope->regions, from) : UINTPTR_MAX;
  return store < write ? store : write;
}

LZ_PUBLIC int64_t __lazy_touch_text(struct lazy_scope *scope, const char *p) {
  if (!p)
    return 0;
  for (const char *end = p;; __lazy_touch(scope, end, 1, LAZY_READS)) {
    size_t known = next_write(scope, (uintptr_t)end) - (uintptr_t)end, length = strnlen(end, known);
    end += length;
    if (length < known)
      return end - p + 1;
  }
}

LZ_PUBLIC void __lazy_settle(struct lazy_scope *scope) {
  lz_record_at(scope->at);
  if (scope->ring)
    lz_ring_commit_all(scope->ring);
  if (scope->regions)
    lz_regions_wait(scope->regions, LZ_ALL_MEMORY, LAZY_WRITES);
  update(scope);
}

/* --- regions --- */

/* `site` may be NULL: not known. */
static void say_negative(int64_t size, const struct lazy_site *site) {
  static _Atomic bool said;
  if (atomic_exchange(&said, true))
    return;
  if (site)
    lz_say("an argument of '%s', called at %s:%u:%u, points to %" PRId64 " bytes, say its annotations; "
           "the call runs in place",
           site->function->name, site->file, site->line, site->column, size);
  else
    lz_say("an argument of a lazy function points to %" PRId64 " bytes, say its annotations; the call runs in place",
           size);
}

/* Could it be entered?  If not, the program has said something wrong about it, or nobody knows what it is. */
static bool is_right(const struct lazy_region *region, const struct lazy_site *site) {
  int64_t rows = region->stride ? region->rows : 1;
  if (region->size >= 0 && rows >= 0)
    return true;
  if (region->size != LAZY_NOBODY_KNOWS)
    say_negative(region->size < 0 ? region->size : rows, site);
  return false;
}

/* All that a call touches, taken apart; with `told` to be given back.  False: it has to run in place, and nothing may
 * be pending then. */
static bool find_regions(struct lazy_scope *scope, const struct lazy_region *regions, uint32_t count,
                         const struct lazy_site *site, struct lz_told **told) {
  bool visits = false;
  for (uint32_t i = 0; i < count; i++) {
    if (!is_right(&regions[i], site))
      return false;
    visits |= regions[i].objects != NULL;
  }
  if (visits && !lz_visit(scope, regions, count, site, told))
    return false;
  for (const struct lz_told *part = *told; part; part = part->next)
    if (!is_right(&part->region, site))
      return false;
  return true;
}

/* The node will run after all that it is in conflict with. */
static void order(struct lazy_scope *scope, struct lazy_node *node, const struct lazy_region *region) {
  struct lz_rows rows = lz_rows_of(region);
  for (uint64_t i = 0; i < rows.count; i++) {
    if (scope->ring)
      lz_ring_commit(scope->ring, lz_row(&rows, i));
    lz_regions_order(scope->regions, node, lz_row(&rows, i), region->access);
  }
}

/* False: out of memory. */
static bool enter(struct lazy_scope *scope, struct lazy_node *node, const struct lazy_region *region) {
  struct lz_rows rows = lz_rows_of(region);
  for (uint64_t i = 0; i < rows.count; i++)
    if (!lz_regions_enter(scope->regions, node, lz_row(&rows, i), region->access))
      return false;
  return true;
}

/* First all, then all: a node must not wait for itself where its regions overlap. */
static bool enter_all(struct lazy_scope *scope, struct lazy_node *node, const struct lazy_region *regions,
                      uint32_t count, const struct lz_told *told) {
  bool entered = true;
  if (!scope->regions && !(scope->regions = lz_regions_new()))
    return false;
  for (uint32_t i = 0; i < count; i++)
    order(scope, node, &regions[i]);
  for (const struct lz_told *part = told; part; part = part->next)
    order(scope, node, &part->region);
  for (uint32_t i = 0; i < count && entered; i++)
    entered = enter(scope, node, &regions[i]);
  for (const struct lz_told *part = told; part && entered; part = part->next)
    entered = enter(scope, node, &part->region);
  if (!entered)
    lz_regions_withdraw(scope->regions, node);
  return entered;
}

/* --- copies --- */

static bool writes(const struct lazy_region *region, struct lz_range range) {
  struct lz_rows rows = lz_rows_of(region);
  return region->access & LAZY_WRITES && lz_rows_meet(&rows, range);
}

/* Does the call that has these regions write there itself? */
static bool any_writes(const struct lazy_region *regions, uint32_t count, const struct lz_told *told,
                       struct lz_range range) {
  for (uint32_t i = 0; i < count; i++)
    if (writes(&regions[i], range))
      return true;
  for (; told; told = told->next)
    if (writes(&told->region, range))
      return true;
  return false;
}

static bool is_to_be_written(struct lazy_scope *scope, struct lz_range range) {
  if (scope->ring)
    lz_ring_commit(scope->ring, range);
  return scope->regions && lz_regions_next_write(scope->regions, range.lo) < range.hi;
}

/* Puts the bytes into the node, and lets its argument point there. */
static void copy(struct lazy_node *node, const struct lazy_region *region, const struct lazy_copy *place) {
  char *payload = lz_payload(node), *argument, *to = payload + place->to;
  memcpy(&argument, payload + place->argument, sizeof argument);
  memcpy(to, region->p, (size_t)region->size);
  argument = to - ((const char *)region->p - argument);
  memcpy(payload + place->argument, &argument, sizeof argument);
}

static void take_copies(struct lazy_scope *scope, struct lazy_node *node, struct lazy_region *regions, uint32_t count,
                        const struct lz_told *told) {
  for (uint32_t i = 0; i < count; i++) {
    struct lz_range range = lz_range(regions[i].p, (size_t)regions[i].size);
    if (!(regions[i].access & LAZY_COPIES) || any_writes(regions, count, told, range) || is_to_be_written(scope, range))
      continue;
    copy(node, &regions[i], &node->site->function->copies[i]);
    regions[i].access = 0;
  }
}

LZ_PUBLIC int __lazy_regions(struct lazy_scope *scope, struct lazy_node *node, struct lazy_region *regions,
                             uint32_t count) {
  struct lz_told *told = NULL;
  /* what a kept node computes may be computed again; what it has done to memory cannot be */
  bool entered = !(lz_is_kept(node) && any_writes(regions, count, NULL, LZ_ALL_MEMORY)) &&
                 find_regions(scope, regions, count, node->site, &told);
  if (entered && !lz_is_kept(node) && node->site->function->copies)
    take_copies(scope, node, regions, count, told);
  entered = entered && enter_all(scope, node, regions, count, told);
  lz_told_give(told);
  if (entered)
    update(scope);
  else
    __lazy_settle(scope);
  return entered;
}

/* Waits for what is in conflict with it. */
static void touch_region(struct lazy_scope *scope, const struct lazy_region *region) {
  struct lz_rows rows = lz_rows_of(region);
  for (uint64_t i = 0; i < rows.count; i++)
    if (lz_range_overlaps(bounds_of(scope), lz_row(&rows, i)))
      touch(scope, lz_row(&rows, i), region->access);
}

LZ_PUBLIC void __lazy_touch_regions(struct lazy_scope *scope, const struct lazy_region *regions, uint32_t count) {
  struct lz_told *told = NULL;
  if (find_regions(scope, regions, count, NULL, &told)) {
    for (uint32_t i = 0; i < count; i++)
      touch_region(scope, &regions[i]);
    for (const struct lz_told *part = told; part; part = part->next)
      touch_region(scope, &part->region);
    update(scope);
  } else {
    __lazy_settle(scope);
  }
  lz_told_give(told);
}
