/* schedule.h - who runs what, and when. */
#ifndef LZ_SCHEDULE_H
#define LZ_SCHEDULE_H

#include "deque.h"
#include "graph.h"
#include "hands.h"
#include "merkle.h"
#include "team.h"

/* Entries that are work enough for one hand and those who steal from it.  Deeper in the stack than the newest entry,
 * as in a recursion, few: its elders are larger.  Beside it, as in a loop, many, for items of a loop may differ in size
 * and thieves take them in runs; but few again of calls so cheap that handing them over costs as much. */
#define LZ_ENOUGH_DEEPER 4
#define LZ_ENOUGH_BESIDE 128
#define LZ_CHEAP_NS 300

/* Gives a ready node to whoever has time, with the reference the caller owns.  True: somebody was woken for it. */
bool lz_offer(struct lz_hand *hand, struct lazy_node *node);

/* Returns when the node is done.  Helps. */
void lz_wait_for(struct lz_hand *hand, struct lazy_node *node);

/* For who is about to force many nodes, one after the other: between the two the thread cannot be cancelled, and is
 * entered (hands.h).  lz_shelter() begins it, or renews it if another thread waits for it to leave. */
struct lz_shelter {
  bool begun, outermost;
  int cancel;
};
void lz_shelter(struct lz_hand *hand, struct lz_shelter *shelter);
void lz_unshelter(struct lz_hand *hand, struct lz_shelter *shelter);

/* Helps until nothing demanded is left undone; inside a node, until there is nothing to help with. */
void lz_wait_for_all(struct lz_hand *hand);

/* Before another node is made: if too many are pending, runs one. */
void lz_throttle(struct lz_hand *hand);

/* A worker's life, for as long as `stays` says so. */
void lz_work(struct lz_hand *hand, bool (*stays)(const void *), const void *argument);

/* Takes claimed entries off the bottom of the hand's deque. */
void lz_drop_stale(struct lz_hand *hand);

/* The decision of __lazy_open(): should this call run in place? */
static inline bool lz_prefers_in_place(struct lz_hand *hand, const struct lazy_site *site) {
  bool certain = site->flags & LAZY_SITE_CERTAIN, parallel = LZ_LOAD(&lz.threads, relaxed) > 1;
  if (LZ_UNLIKELY(certain && parallel && !LZ_LOAD(&lz.team, relaxed)))
    lz_team_start();
  if (LZ_UNLIKELY(site->flags & LAZY_SITE_KEPT))
    return false;
  if (LZ_UNLIKELY(lz_stack_low(hand)))
    return true;
  if (LZ_UNLIKELY(lz.eager || lz_has_keys(site)) || !certain)
    return false;
  if (LZ_UNLIKELY(!parallel))
    return true;
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  if (lz_deque_holds(&hand->deque, LZ_ENOUGH_DEEPER)) {
    uint64_t cost = __atomic_load_n(&site->cost, __ATOMIC_RELAXED);
    if (LZ_UNLIKELY(hand->stale))
      lz_drop_stale(hand);
    bool few = here < hand->newest || (cost && cost < LZ_CHEAP_NS);
    if (lz_deque_holds(&hand->deque, few ? LZ_ENOUGH_DEEPER : LZ_ENOUGH_BESIDE))
      return true;
  }
  hand->newest = here;
  return false;
}

#endif /* LZ_SCHEDULE_H */
