/* scope.c - what is pending in memory, of one function activation: stores (commit.c) and regions (regions.c).
 *
 * 1. Pending stores and pending regions are never in conflict: whatever enters first waits for what it meets among the
 *    others.  So neither of the two need know the other, and each may be carried out when it likes.
 * 2. Whatever the program touches is compared with both.
 * 3. [lo, hi) is what encloses both, so compiled code compares once.  What holds nothing any more is given back, for
 *    compiled code does not call for a scope in which nothing is pending.
 *
 * Sound: a scope is used by the thread of its activation alone, so there are no locks here.  A call whose regions
 * cannot be entered finds nothing pending when it runs in place.
 */
#include "commit.h"
#include "error.h"
#include "graph.h"
#include "hands.h"
#include "regions.h"
#include "stats.h"

#include <inttypes.h>

static struct lz_range bounds_of(const struct lazy_scope *scope) {
  return (struct lz_range){scope->lo, scope->hi};
}

/* Something has come or gone. */
static void update(struct lazy_scope *scope) {
  struct lz_range all = LZ_NOWHERE;
  if (scope->ring) {
    struct lz_range stores = lz_ring_bounds(scope->ring);
    all = lz_range_join(all, stores);
    if (stores.hi == 0) {
      lz_ring_give(scope->ring);
      scope->ring = NULL;
    }
  }
  if (scope->regions) {
    struct lz_range regions = lz_regions_bounds(scope->regions);
    all = lz_range_join(all, regions);
    if (regions.hi == 0) {
      lz_regions_give(scope->regions);
      scope->regions = NULL;
    }
  }
  scope->lo = all.lo;
  scope->hi = all.hi;
}

/* Carries out what is in conflict with such an access. */
static void touch(struct lazy_scope *scope, struct lz_range range, uint32_t access) {
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

LZ_PUBLIC void __lazy_settle(struct lazy_scope *scope) {
  if (scope->ring)
    lz_ring_commit_all(scope->ring);
  if (scope->regions)
    lz_regions_wait(scope->regions, LZ_ALL_MEMORY, LAZY_WRITES);
  update(scope);
}

/* --- regions --- */

/* Does the region hold any bytes? */
static bool to_range(const struct lazy_region *region, struct lz_range *range) {
  *range = region->size == LAZY_EVERYWHERE ? LZ_ALL_MEMORY : lz_range(region->p, (size_t)region->size);
  return region->access && range->lo < range->hi;
}

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

static bool any_negative(const struct lazy_region *regions, uint32_t count, const struct lazy_site *site) {
  for (uint32_t i = 0; i < count; i++)
    if (regions[i].size < 0) {
      say_negative(regions[i].size, site);
      return true;
    }
  return false;
}

/* First all, then all: a node must not wait for itself where its regions overlap. */
static bool enter(struct lazy_scope *scope, struct lazy_node *node, const struct lazy_region *regions, uint32_t count) {
  struct lz_range range;
  if (!scope->regions && !(scope->regions = lz_regions_new()))
    return false;
  for (uint32_t i = 0; i < count; i++)
    if (to_range(&regions[i], &range)) {
      if (scope->ring)
        lz_ring_commit(scope->ring, range);
      lz_regions_order(scope->regions, node, range, regions[i].access);
    }
  for (uint32_t i = 0; i < count; i++)
    if (to_range(&regions[i], &range) && !lz_regions_enter(scope->regions, node, range, regions[i].access)) {
      lz_regions_withdraw(scope->regions, node);
      return false;
    }
  return true;
}

LZ_PUBLIC int __lazy_regions(struct lazy_scope *scope, struct lazy_node *node, const struct lazy_region *regions,
                             uint32_t count) {
  /* what a kept node computes may be computed again; what it has done to memory cannot be */
  if (lz_is_kept(node) || any_negative(regions, count, node->site) || !enter(scope, node, regions, count)) {
    __lazy_settle(scope);
    return 0;
  }
  update(scope);
  return 1;
}

LZ_PUBLIC void __lazy_touch_regions(struct lazy_scope *scope, const struct lazy_region *regions, uint32_t count) {
  struct lz_range range;
  if (any_negative(regions, count, NULL)) {
    __lazy_settle(scope);
    return;
  }
  for (uint32_t i = 0; i < count; i++)
    if (to_range(&regions[i], &range) && lz_range_overlaps(bounds_of(scope), range))
      touch(scope, range, regions[i].access);
  update(scope);
}
