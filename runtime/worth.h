/* worth.h - is it worth making nodes of the calls at a site?
 *
 * 1. The cost of a call is measured at its first run as a node, and every LZ_COST_EVERY-th time a hand runs anything.
 * 2. Calls that cost less than their nodes had better run in place.  So had those which no other thread has taken of
 *    late, although one was looking for work: whoever made them needed them at once; unless they are so dear that one
 * taken repays many.
 * 3. A node that waits for others is handed from thread to thread, which takes longer than most calls; and a chain of
 *    them, x = f(x), is not even parallel to itself.
 * 4. Compiled code then asks rarely (lazy_site.sparing), but it does: costs change, and so do the reasons to wait.
 *
 * Where every call is to become a node, none of this is known.
 */
#ifndef LZ_WORTH_H
#define LZ_WORTH_H

#include "merkle.h"
#include "sleep.h"

#define LZ_COST_EVERY 32
#define LZ_NODE_NS 60      /* what a node costs */
#define LZ_REGIONS_NS 2000 /* ... with regions, which are handed from thread to thread as well */
#define LZ_JOINED_NS 400   /* ... that waits for others */
#define LZ_CHAINED_NS 2000
#define LZ_DEAR_NS 20000 /* calls that cost more are always worth a node */
#define LZ_UNSHARED 16   /* so many nodes that nobody else takes are a sign */

/* From how many calls one is to be a node. */
#define LZ_OF_SMALL 1023
#define LZ_OF_UNSHARED 63

enum lz_waits { LZ_WAITS_FOR_NONE, LZ_WAITS_FOR_OTHERS, LZ_WAITS_FOR_ITS_LAST };

static inline uint64_t lz_least_cost(const struct lazy_site *site) {
  if (site->flags & LAZY_SITE_REGIONS)
    return LZ_REGIONS_NS;
  switch (__atomic_load_n(&site->waits, __ATOMIC_RELAXED)) {
  case LZ_WAITS_FOR_NONE:
    return LZ_NODE_NS;
  case LZ_WAITS_FOR_OTHERS:
    return LZ_JOINED_NS;
  default:
    return LZ_CHAINED_NS;
  }
}

static inline void lz_judge(struct lazy_site *site, uint64_t cost) {
  uint64_t least = lz_least_cost(site);
  bool alone = __atomic_load_n(&site->unshared, __ATOMIC_RELAXED) >= LZ_UNSHARED && cost < LZ_DEAR_NS;
  uint32_t sparing = cost < least ? LZ_OF_SMALL : alone ? LZ_OF_UNSHARED : 0;
  if (LZ_UNLIKELY(sparing && lz_has_keys(site))) /* other threads are not all that it is good for */
    sparing = 0;
  if (__atomic_load_n(&site->sparing, __ATOMIC_RELAXED) != sparing)
    __atomic_store_n(&site->sparing, sparing, __ATOMIC_RELAXED);
}

static inline uint64_t lz_cost_begin(struct lz_hand *hand, struct lazy_site *site) {
  if (LZ_UNLIKELY(lz.eager))
    return 0;
  bool known = __atomic_load_n(&site->cost, __ATOMIC_RELAXED) && !__atomic_load_n(&site->sparing, __ATOMIC_RELAXED);
  if (LZ_LIKELY(known && hand && ++hand->tick % LZ_COST_EVERY))
    return 0;
  return lz_now();
}

static inline void lz_cost_end(struct lazy_site *site, uint64_t start) {
  if (LZ_LIKELY(start == 0))
    return;
  uint64_t cost = __atomic_load_n(&site->cost, __ATOMIC_RELAXED), now = lz_now() - start;
  cost = cost ? cost - cost / 4 + now / 4 : now;
  __atomic_store_n(&site->cost, cost ? cost : 1, __ATOMIC_RELAXED);
  lz_judge(site, cost);
}

/* A node of it was left to the thread that waits for it.  That says nothing unless somebody was looking for work. Hands
 * do not agree on the count, and need not. */
static inline void lz_note_unshared(struct lazy_site *site) {
  if (!LZ_LOAD(&lz_crowd.searching, relaxed))
    return;
  uint32_t n = __atomic_load_n(&site->unshared, __ATOMIC_RELAXED);
  if (n < LZ_UNSHARED)
    __atomic_store_n(&site->unshared, n + 1, __ATOMIC_RELAXED);
}

static inline void lz_note_shared(struct lazy_site *site) {
  if (__atomic_load_n(&site->unshared, __ATOMIC_RELAXED))
    __atomic_store_n(&site->unshared, 0, __ATOMIC_RELAXED);
}

/* A node of it has `inputs` that are not there yet; `first` is the site of one. */
static inline void lz_note_waits(struct lazy_site *site, uint32_t inputs, const struct lazy_site *first) {
  uint32_t waits = inputs == 1 && first == site ? LZ_WAITS_FOR_ITS_LAST : LZ_WAITS_FOR_OTHERS;
  if (LZ_UNLIKELY(__atomic_load_n(&site->waits, __ATOMIC_RELAXED) != waits))
    __atomic_store_n(&site->waits, waits, __ATOMIC_RELAXED);
}

/* Somebody has been woken for its nodes, and is to find some; but soon goes back to sleep. */
static inline void lz_note_company(struct lazy_site *site) {
  uint64_t cost = __atomic_load_n(&site->cost, __ATOMIC_RELAXED);
  __atomic_store_n(&site->unshared, __atomic_load_n(&site->unshared, __ATOMIC_RELAXED) / 2, __ATOMIC_RELAXED);
  if (cost)
    lz_judge(site, cost);
}

#endif /* LZ_WORTH_H */
