/* stats.h - what all hands together have done. */
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

/* Of all hands. */
uint64_t lz_stats_sum(enum lz_counter counter);

void lz_stats_print(void);

#endif /* LZ_STATS_H */
