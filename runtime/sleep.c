/* sleep.c - hands without work: they look around, sleep, and are woken.
 *
 * 1. Who finds no work looks around for 100 us, then sleeps on its bell, a futex that changes with every wake-up.
 * 2. Who offers work wakes a hand only if nobody is looking around already and the work queued is worth the price, or
 *    has been little so often that it adds up; hands asleep in a force are woken in any case, since nobody else need
 *    have time for what they wait for.
 * 3. Sleeping and offering meet in Dekker's way: sleeper: declare, fence, look for work; offerer: push, fence, look for
 *    sleepers.
 * 4. With more hands than processors, looking around only keeps others from working: then the searchers yield, and
 *    those too many sleep at once.
 *
 * Sound: no offer is missed by all.  Given up: a hand may be woken for nothing.
 */
#include "sleep.h"

#include "deque.h"
#include "overflow.h"

#define SPIN_NS 100000
#define WAKE_NS 30000    /* work that is worth waking a hand */
#define LITTLE_NS 500000 /* ... in several pieces */

struct lz_crowd lz_crowd;

/* --- bells --- */

static void ring(struct lz_hand *hand) {
  atomic_fetch_add_explicit(&hand->bell, 1, memory_order_release);
  lz_futex_wake(&hand->bell, 1);
}

void lz_ring(struct lz_waiter *waiter) {
  struct lz_hand *hand = waiter->hand;
  LZ_STORE(&waiter->rung, true, release); /* pairs with the acquire in lz_wait_rung() */
  ring(hand);
}

/* Declares the hand awake; false: it was. */
static bool rouse(struct lz_hand *hand, uint32_t only) {
  uint32_t asleep = LZ_LOAD(&hand->asleep, relaxed);
  if (asleep == LZ_AWAKE || (only != LZ_AWAKE && asleep != only) ||
      !atomic_compare_exchange_strong(&hand->asleep, &asleep, LZ_AWAKE))
    return false;
  atomic_fetch_sub(asleep == LZ_IDLE ? &lz_crowd.idle : &lz_crowd.forcing, 1);
  return true;
}

static bool wake(struct lz_hand *self, uint32_t only) {
  uint32_t count = lz_hand_count(), first = self ? self->index + 1 : 0;
  for (uint32_t i = 0; i < count; i++) {
    struct lz_hand *hand = lz_hand_at((first + i) % count);
    if (rouse(hand, only)) {
      ring(hand);
      return true;
    }
  }
  return false;
}

void lz_wake_all(void) {
  for (uint32_t i = 0; i < lz_hand_count(); i++) {
    rouse(lz_hand_at(i), LZ_AWAKE);
    ring(lz_hand_at(i));
  }
}

/* Little at a time, again and again, is worth it, too: who is awake takes it before it goes back to sleep. */
static bool is_worth_waking(struct lz_hand *self, uint64_t work) {
  if (work != 0 && work < WAKE_NS) {
    if (!self || (self->little += work) < LITTLE_NS)
      return false;
  }
  if (self)
    self->little = 0;
  return true;
}

bool lz_wake_one(struct lz_hand *self, uint64_t cost, int64_t entries) {
  if (LZ_UNLIKELY(atomic_load_explicit(&lz_crowd.forcing, LZ_FENCED)))
    return wake(self, LZ_FORCING);
  return atomic_load_explicit(&lz_crowd.idle, LZ_FENCED) && is_worth_waking(self, cost * (uint64_t)entries) &&
         wake(self, LZ_IDLE);
}

/* --- looking around, and falling asleep --- */

static void pause_begin(struct lz_pause *pause) {
  if (pause->since == 0) {
    atomic_fetch_add(&lz_crowd.searching, 1);
    pause->since = lz_now();
  }
}

bool lz_pause_step(struct lz_pause *pause) {
  pause_begin(pause);
  pause->rounds++;
  if (LZ_LOAD(&lz_crowd.searching, relaxed) > lz.processors)
    return true;
  if (pause->rounds % 4 == 0 && lz_hand_count() > lz.processors)
    sched_yield();
  for (int i = 0; i < 16; i++)
    lz_relax();
  return pause->rounds % 4 == 0 && lz_now() - pause->since > SPIN_NS;
}

/* Is there anything to find?  After a fence, so that it and the offerer cannot both miss each other. */
static bool anything(void) {
  if (!lz_overflow_empty())
    return true;
  for (uint32_t i = 0, count = lz_hand_count(); i < count; i++)
    if (lz_deque_size(&lz_hand_at(i)->deque) > 0)
      return true;
  return false;
}

void lz_doze(struct lz_hand *hand, struct lz_pause *pause, const struct lazy_node *node, uint32_t bell) {
  uint32_t how = node ? LZ_FORCING : LZ_IDLE;
  atomic_fetch_add(how == LZ_IDLE ? &lz_crowd.idle : &lz_crowd.forcing, 1);
  LZ_STORE(&hand->asleep, how, release);
  lz_pause_end(pause);
  lz_fence(); /* pairs with the fence in lz_offer() */
  if (!anything() && !(node && lz_is_done(node)))
    lz_futex_wait(&hand->bell, bell);
  rouse(hand, LZ_AWAKE);
}

void lz_nap(struct lz_pause *pause) {
  struct timespec t = {0, 50000};
  lz_pause_end(pause);
  nanosleep(&t, NULL);
}

void lz_wait_rung(struct lz_waiter *waiter) {
  while (!LZ_LOAD(&waiter->rung, acquire)) /* pairs with the release in lz_ring() */
    sched_yield();
}

void lz_sleep_after_fork(void) {
  LZ_STORE(&lz_crowd.idle, 0, relaxed);
  LZ_STORE(&lz_crowd.forcing, 0, relaxed);
  LZ_STORE(&lz_crowd.searching, 0, relaxed);
}
