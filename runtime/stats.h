/* stats.h - what all hands together have done, and the measured cost of a site. */
#ifndef LZ_STATS_H
#define LZ_STATS_H

#include "hands.h"

/* For threads that are no hands. */
extern _Atomic uint64_t lz_others[LZ_COUNTERS];

static inline void lz_count_many(struct lz_hand *hand, enum lz_counter counter, uint64_t n) {
  if (LZ_LIKELY(hand != NULL))
    LZ_STORE(&hand->count[counter], LZ_LOAD(&hand->count[counter], relaxed) + n, release);
  else
    atomic_fetch_add(&lz_others[counter], n);
}

static inline void lz_count(struct lz_hand *hand, enum lz_counter counter) {
  lz_count_many(hand, counter, 1);
}

/* Nodes opened that have neither run nor been dropped. */
uint64_t lz_pending(void);

/* Is anything demanded and not done?  Exact: false means that at some moment during the call nothing was. */
bool lz_unsettled(void);

void lz_stats_print(void);

/* The cost of one call at a site, in ns, is measured at its first run and every 32nd time a hand runs anything; never
 * where every call is to become a node, whatever it costs. */
#define LZ_COST_EVERY 32

static inline uint64_t lz_cost_begin(struct lz_hand *hand, struct lazy_site *site) {
  if (LZ_UNLIKELY(lz.eager))
    return 0;
  if (LZ_LIKELY(__atomic_load_n(&site->cost, __ATOMIC_RELAXED) && hand && ++hand->tick % LZ_COST_EVERY))
    return 0;
  return lz_now();
}

static inline void lz_cost_end(struct lazy_site *site, uint64_t start) {
  if (LZ_LIKELY(start == 0))
    return;
  uint64_t cost = __atomic_load_n(&site->cost, __ATOMIC_RELAXED), now = lz_now() - start;
  cost = cost ? cost - cost / 4 + now / 4 : now;
  __atomic_store_n(&site->cost, cost ? cost : 1, __ATOMIC_RELAXED);
}

#endif /* LZ_STATS_H */
