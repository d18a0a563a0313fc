/* schedule.c - finding work, waiting, sleeping.
 *
 * 1. A ready node is offered in the offerer's own deque (without a deque or memory: in the overflow list).
 * 2. A hand in need of work pops its own deque, then looks into the overflow list, then steals, beginning at a random
 *    victim.
 * 3. Forcing: the node may be the newest own entry (fork and join), or ready and unclaimed: run it.  Otherwise help:
 * any ready node will do.  The node run on top of the waiting frame waits, like every node, only for nodes created
 * after it began, so waiting is never circular.
 * 4. Helping deepens the stack.  Once half of it is gone, and on a stack that was small from the start, a waiting hand
 * runs only nodes that the awaited one needs; it finds them by walking down the edges.  A pin, one more in `waiting`,
 * keeps a node from becoming ready, and so its edges from being cleared, while it is looked at.
 * 5. Idle hands look around for 100 us, then sleep on their bell.  Who offers work wakes one only if nobody is looking
 *    around already and the work queued is worth the price; hands asleep in a force are woken in any case, since nobody
 *    else need have time for what they wait for.
 * 6. Sleeping and offering meet in Dekker's way: sleeper: declare, fence, look for work; offerer: push, fence, look for
 *    sleepers.
 *
 * Given up: a lazy function's executor that forces a node older than the one it computes may wait for its own thread.
 * LAZY_MAX_PENDING does not hold for a thread on a small stack, which may not run what is pending.
 */
#include "schedule.h"

#include "module.h"
#include "overflow.h"
#include "stats.h"

#define SPIN_NS 100000
#define WAKE_NS 30000 /* work that is worth waking a hand */
#define MAX_STEP 1024
#define RUN 16 /* entries a thief takes at once, besides the one it needs */

/* Invariants: idle + forcing == hands whose `asleep` says so; searching == hands in a round of step 5 */
static struct {
  _Alignas(LZ_LINE) _Atomic uint32_t idle;
  _Atomic uint32_t forcing;
  _Alignas(LZ_LINE) _Atomic uint32_t searching;
} crowd;

/* --- bells --- */

static void ring(struct lz_hand *hand) {
  atomic_fetch_add_explicit(&hand->bell, 1, memory_order_release);
  lz_futex_wake(&hand->bell, 1);
}

void lz_ring(struct lz_waiter *waiter) {
  struct lz_hand *hand = waiter->hand;
  LZ_STORE(&waiter->rung, true, release); /* pairs with the acquire in wait_rung() */
  ring(hand);
}

/* Declares the hand awake; false: it was. */
static bool rouse(struct lz_hand *hand, uint32_t only) {
  uint32_t asleep = LZ_LOAD(&hand->asleep, relaxed);
  if (asleep == LZ_AWAKE || (only != LZ_AWAKE && asleep != only) ||
      !atomic_compare_exchange_strong(&hand->asleep, &asleep, LZ_AWAKE))
    return false;
  atomic_fetch_sub(asleep == LZ_IDLE ? &crowd.idle : &crowd.forcing, 1);
  return true;
}

static void wake_one(struct lz_hand *self, uint32_t only) {
  uint32_t count = lz_hand_count(), first = self ? self->index + 1 : 0;
  for (uint32_t i = 0; i < count; i++) {
    struct lz_hand *hand = lz_hand_at((first + i) % count);
    if (rouse(hand, only)) {
      ring(hand);
      return;
    }
  }
}

void lz_wake_all(void) {
  for (uint32_t i = 0; i < lz_hand_count(); i++) {
    rouse(lz_hand_at(i), LZ_AWAKE);
    ring(lz_hand_at(i));
  }
}

/* There is work: `entries` nodes of `cost` each (0: unknown). */
static void announce(struct lz_hand *hand, uint64_t cost, int64_t entries) {
  if (atomic_load_explicit(&crowd.searching, LZ_FENCED))
    return;
  if (LZ_UNLIKELY(atomic_load_explicit(&crowd.forcing, LZ_FENCED))) {
    wake_one(hand, LZ_FORCING);
  } else if (atomic_load_explicit(&crowd.idle, LZ_FENCED)) {
    if (cost == 0 || cost * (uint64_t)entries >= WAKE_NS)
      wake_one(hand, LZ_IDLE);
  }
}

/* --- hands with nothing to do look around for a while --- */

struct pause {
  uint64_t since; /* 0: not pausing */
  uint32_t rounds;
};

static void pause_begin(struct pause *pause) {
  if (pause->since == 0) {
    atomic_fetch_add(&crowd.searching, 1);
    pause->since = lz_now();
  }
}

static void pause_end(struct pause *pause) {
  if (pause->since)
    atomic_fetch_sub(&crowd.searching, 1);
  *pause = (struct pause){0};
}

/* --- offering and finding --- */

void lz_schedule_after_fork(void) {
  LZ_STORE(&crowd.idle, 0, relaxed);
  LZ_STORE(&crowd.forcing, 0, relaxed);
  LZ_STORE(&crowd.searching, 0, relaxed);
}

static uint64_t cost_of(const struct lazy_node *node) {
  return __atomic_load_n(&node->site->cost, __ATOMIC_RELAXED);
}

void lz_offer(struct lz_hand *hand, struct lazy_node *node) {
  uint64_t cost = cost_of(node); /* the node may be gone once it is offered */
  lz_publish(node);
  LZ_STORE(&node->state, LZ_READY, release);
  if (LZ_UNLIKELY(!hand || !lz_deque_push(&hand->deque, node)))
    lz_overflow_push(node);
  lz_fence(); /* pairs with the fence in doze() */
  announce(hand, cost, hand ? LZ_LOAD(&hand->deque.bottom, relaxed) - hand->deque.seen : 1);
}

/* Entries of one victim are handed out in runs: where there are many, as in a loop, several move to the thief's own
 * deque at once, which spares each of them the journey of the victim's cache lines.  `left` says how many remain. */
static void steal_more(struct lz_hand *hand, struct lz_deque *from, int64_t *left) {
  struct lazy_node *node;
  for (int64_t run = *left / 4 < RUN ? *left / 4 : RUN; run > 0 && (node = lz_deque_steal(from)); run--) {
    __builtin_prefetch(node, 1);
    if (!lz_deque_push(&hand->deque, node))
      lz_overflow_push(node);
    --*left;
  }
}

static struct lazy_node *steal(struct lz_hand *hand, int64_t *left) {
  uint32_t count = lz_hand_count(), first = 0;
  if (hand) {
    hand->random ^= hand->random << 13;
    hand->random ^= hand->random >> 17;
    hand->random ^= hand->random << 5;
    first = hand->random % count;
  }
  for (uint32_t i = 0; i < count; i++) {
    uint32_t victim = first + i < count ? first + i : first + i - count;
    struct lz_hand *other = lz_hand_at(victim);
    if (other == hand || lz_deque_size(&other->deque) <= 0)
      continue;
    struct lazy_node *node = lz_deque_steal(&other->deque);
    if (node) {
      __builtin_prefetch(node, 1);
      *left = lz_deque_size(&other->deque);
      if (hand)
        steal_more(hand, &other->deque, left);
      return node;
    }
  }
  return NULL;
}

static struct lazy_node *find(struct lz_hand *hand, int64_t *left) {
  struct lazy_node *node = hand ? lz_deque_pop(&hand->deque) : NULL;
  if (!node)
    node = lz_overflow_pop();
  return node ? node : steal(hand, left);
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

/* Runs what an entry stands for, unless somebody has, or nobody needs it any more. */
static void take(struct lz_hand *hand, struct lazy_node *entry, const struct lazy_node *until) {
  /* acquire: pairs with the release of the last holder */
  if (LZ_LOAD(&entry->refs, acquire) != 1 && lz_claim(entry))
    lz_run(hand, entry, LZ_OWNED, until);
  else
    lz_let_go(hand, entry);
}

/* Finds and runs one node and what follows from it. */
static bool help(struct lz_hand *hand, const struct lazy_node *until, struct pause *pause) {
  int64_t left = 0;
  lz_enter(hand);
  struct lazy_node *entry = find(hand, &left);
  if (entry) {
    pause_end(pause);
    if (left > 0)
      announce(hand, cost_of(entry), left); /* whoever is woken wakes the next */
    take(hand, entry, until);
  }
  lz_leave(hand);
  return entry != NULL;
}

void lz_drop_stale(struct lz_hand *hand) {
  struct lazy_node *entry;
  hand->stale = false;
  while ((entry = lz_deque_pop(&hand->deque))) {
    if (LZ_LOAD(&entry->state, relaxed) == LZ_READY && LZ_LOAD(&entry->refs, relaxed) != 1) {
      if (!lz_deque_push(&hand->deque, entry))
        lz_overflow_push(entry);
      return;
    }
    lz_let_go(hand, entry);
  }
}

/* --- help that stays within what `node` needs --- */

static bool pin(struct lazy_node *node) {
  uint32_t waiting = LZ_LOAD(&node->waiting, relaxed);
  do {
    if (waiting == 0)
      return false;
  } while (!atomic_compare_exchange_weak_explicit(&node->waiting, &waiting, waiting + 1, memory_order_acquire,
                                                  memory_order_relaxed));
  return true;
}

static void unpin(struct lz_hand *hand, struct lazy_node *node) {
  if (lz_inputs_arrived(node, 1))
    lz_offer(hand, node);
}

/* One walk down the edges, at random where there is a choice.  A claimed node, and a reference to it; or NULL. */
static struct lazy_node *claim_needed(struct lz_hand *hand, struct lazy_node *node) {
  lz_hold(node);
  while (node && !lz_claim(node)) {
    struct lazy_node *below = NULL;
    if (pin(node)) {
      struct lz_edge *edges = lz_edges(node);
      uint32_t start = hand->random = hand->random * 1664525u + 1013904223u;
      for (uint32_t i = 0; i < node->inputs && !below; i++) {
        struct lazy_node *producer = edges[(start + i) % node->inputs].producer;
        uint32_t state = LZ_LOAD(&producer->state, relaxed);
        if (!lz_is_done(producer) && (state == LZ_READY || state == LZ_WAITING))
          below = lz_hold(producer);
      }
      unpin(hand, node);
    }
    lz_let_go(hand, node);
    node = below;
  }
  return node;
}

static bool help_needed(struct lz_hand *hand, struct lazy_node *node, struct pause *pause) {
  lz_enter(hand);
  struct lazy_node *needed = claim_needed(hand, node);
  if (needed) {
    pause_end(pause);
    lz_run(hand, needed, LZ_OWNED, node);
  }
  lz_leave(hand);
  return needed != NULL;
}

/* --- waiting --- */

/* A node runs to its end on whatever thread has begun it, so nobody is cancelled while it waits and helps.  The
 * outermost wait of a thread of the program sees to that; workers are nobody's to cancel. */
#define INNER (-1)

static int shield(const struct lz_hand *hand) {
  return hand && (hand->nest > 0 || LZ_LOAD(&hand->worker, relaxed)) ? INNER : lz_cancel_disable();
}

static void unshield(int before) {
  if (before != INNER)
    lz_cancel_restore(before);
}

/* One look around has found nothing.  True: it is time to sleep. */
static bool pause_step(struct pause *pause) {
  pause_begin(pause);
  pause->rounds++;
  if (LZ_LOAD(&crowd.searching, relaxed) > lz.processors)
    return true;
  if (pause->rounds % 4 == 0 && lz_hand_count() > lz.processors)
    sched_yield();
  for (int i = 0; i < 16; i++)
    lz_relax();
  return pause->rounds % 4 == 0 && lz_now() - pause->since > SPIN_NS;
}

/* Sleeps until rung, unless there is work, or `node` (may be NULL) is done.  Ends the pause. */
static void doze(struct lz_hand *hand, struct pause *pause, const struct lazy_node *node, uint32_t bell) {
  uint32_t how = node ? LZ_FORCING : LZ_IDLE;
  atomic_fetch_add(how == LZ_IDLE ? &crowd.idle : &crowd.forcing, 1);
  LZ_STORE(&hand->asleep, how, release);
  pause_end(pause);
  lz_fence(); /* pairs with the fence in lz_offer() */
  if (!anything() && !(node && lz_is_done(node)))
    lz_futex_wait(&hand->bell, bell);
  rouse(hand, LZ_AWAKE);
}

static void wait_rung(struct lz_waiter *waiter) {
  while (!LZ_LOAD(&waiter->rung, acquire)) /* pairs with the release in lz_ring() */
    sched_yield();
}

static bool register_waiter(struct lz_waiter *waiter, struct lazy_node *node) {
  struct lz_edge *head = LZ_LOAD(&node->consumers, acquire);
  do {
    if (head == LZ_DONE)
      return false;
    waiter->edge.next = head;
  } while (!atomic_compare_exchange_weak_explicit(&node->consumers, &head, &waiter->edge, memory_order_acq_rel,
                                                  memory_order_acquire));
  return true;
}

/* Without a hand there is no bell, without stack no right to help: look again from time to time. */
static void nap(struct pause *pause) {
  struct timespec t = {0, 50000};
  pause_end(pause);
  nanosleep(&t, NULL);
}

/* Is it for this hand to run `node` now?  Then it is claimed, and `owns` tells whose reference goes with it. */
static bool claim_it(struct lz_hand *hand, struct lazy_node *node, enum lz_owns *owns) {
  *owns = LZ_OWNED;
  if (hand && lz_deque_newest_is(&hand->deque, node) && lz_deque_pop(&hand->deque)) {
    /* the newest entry, if it came out at all, is the one that was looked at */
    if (lz_claim(node))
      return true;
    lz_let_go(hand, node);
    return false;
  }
  if (lz_demand(hand, node))
    return true;
  *owns = LZ_BORROWED;
  if (!lz_claim(node))
    return false;
  if (hand) {
    if (lz_deque_take_oldest(&hand->deque, node))
      *owns = LZ_OWNED;
    else
      hand->stale = true;
  }
  return true;
}

static bool run_it(struct lz_hand *hand, struct lazy_node *node, struct pause *pause) {
  enum lz_owns owns;
  lz_enter(hand);
  bool claimed = claim_it(hand, node, &owns);
  if (claimed) {
    pause_end(pause);
    lz_run(hand, node, owns, node);
  }
  lz_leave(hand);
  return claimed;
}

void lz_wait_for(struct lz_hand *hand, struct lazy_node *node) {
  struct lz_waiter waiter = {.hand = hand};
  struct pause pause = {0};
  bool registered = false, low = !hand || !lz_may_help(hand);
  int cancel = shield(hand);
  lz_count(hand, LZ_WAITS);
  while (!lz_is_done(node)) {
    uint32_t bell = hand ? LZ_LOAD(&hand->bell, acquire) : 0;
    if (run_it(hand, node, &pause) || (hand && low ? help_needed(hand, node, &pause) : help(hand, node, &pause)))
      continue;
    if (pause_step(&pause)) {
      if (registered && LZ_LOAD(&waiter.rung, acquire)) { /* a kept node, done and undone since */
        registered = false;
        LZ_STORE(&waiter.rung, false, relaxed);
      }
      if (low)
        nap(&pause);
      else if (registered || (registered = register_waiter(&waiter, node)))
        doze(hand, &pause, node, bell);
    }
  }
  pause_end(&pause);
  if (registered)
    wait_rung(&waiter);
  unshield(cancel);
}

void lz_wait_for_all(struct lz_hand *hand) {
  struct pause pause = {0};
  int cancel = shield(hand);
  while (lz_unsettled()) {
    if ((!hand || lz_may_help(hand)) && help(hand, NULL, &pause))
      continue;
    if (hand && hand->nest > 0) /* what is left may be waiting for the node this thread is running */
      break;
    if (pause_step(&pause))
      nap(&pause);
  }
  pause_end(&pause);
  unshield(cancel);
}

void lz_throttle(struct lz_hand *hand) {
  uint64_t pending = lz_pending(), step = lz.max_pending > pending ? (lz.max_pending - pending) / 2 : 0;
  uint64_t peak = LZ_LOAD(&lz.peak, relaxed);
  while (pending > peak && !atomic_compare_exchange_weak(&lz.peak, &peak, pending))
    ;
  hand->until_check = step < MAX_STEP ? (uint32_t)step : MAX_STEP;
  struct pause pause = {0};
  if (pending < lz.max_pending || !lz_may_help(hand))
    return;
  int cancel = shield(hand);
  help(hand, NULL, &pause);
  unshield(cancel);
}

void lz_work(struct lz_hand *hand, bool (*stays)(const void *), const void *argument) {
  struct pause pause = {0};
  for (;;) {
    uint32_t bell = LZ_LOAD(&hand->bell, acquire);
    if (!stays(argument))
      break;
    if (!help(hand, NULL, &pause) && pause_step(&pause))
      doze(hand, &pause, NULL, bell);
  }
  pause_end(&pause);
}
