/* sleep.h - hands without work: they look around, sleep, and are woken. */
#ifndef LZ_SLEEP_H
#define LZ_SLEEP_H

#include "hands.h"

/* Invariants: idle + forcing == hands whose `asleep` says so; searching == hands that look around */
struct lz_crowd {
  _Alignas(LZ_LINE) _Atomic uint32_t idle;
  _Atomic uint32_t forcing;
  _Alignas(LZ_LINE) _Atomic uint32_t searching;
};
extern struct lz_crowd lz_crowd;

/* One stretch of looking around.  Begins zeroed. */
struct lz_pause {
  uint64_t since; /* 0: not looking around */
  uint32_t rounds;
};

/* One look around has found nothing.  True: it is time to sleep. */
bool lz_pause_step(struct lz_pause *pause);

/* Work was found, or is no longer looked for. */
static inline void lz_pause_end(struct lz_pause *pause) {
  if (pause->since)
    atomic_fetch_sub(&lz_crowd.searching, 1);
  *pause = (struct lz_pause){0};
}

/* Sleeps until rung, unless there is work, or `node` (may be NULL) is done.  `bell` is the hand's from before it last
 * looked.  Ends the pause. */
void lz_doze(struct lz_hand *hand, struct lz_pause *pause, const struct lazy_node *node, uint32_t bell);

/* Without a hand there is no bell, without stack no right to help: sleeps for a moment.  Ends the pause. */
void lz_nap(struct lz_pause *pause);

/* What follows if so: wakes one, if that is worth its price.  True: it did. */
bool lz_wake_one(struct lz_hand *self, uint64_t cost, int64_t entries);

/* There is work, behind a fence: `entries` nodes of `cost` ns each (0: unknown).  True: somebody was woken for it. */
static inline bool lz_announce(struct lz_hand *hand, uint64_t cost, int64_t entries) {
  return !atomic_load_explicit(&lz_crowd.searching, LZ_FENCED) && lz_wake_one(hand, cost, entries);
}

/* Wakes one who sleeps on a node that is done now. */
void lz_ring(struct lz_waiter *waiter);

/* Returns when it has been rung: nobody looks at it any more. */
void lz_wait_rung(struct lz_waiter *waiter);

/* Wakes every hand that sleeps: there is news for it other than work. */
void lz_wake_all(void);

/* fork() */
void lz_sleep_after_fork(void);

#endif /* LZ_SLEEP_H */
