/* schedule.c - finding work, helping, waiting.
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
 * 5. Who finds nothing looks around for a while, then sleeps (sleep.c).
 *
 * Given up: a lazy function's executor that forces a node older than the one it computes may wait for its own thread.
 * LAZY_MAX_PENDING does not hold for a thread on a small stack, which may not run what is pending.
 */
#include "schedule.h"

#include "module.h"
#include "overflow.h"
#include "record.h"
#include "sleep.h"
#include "stats.h"
#include "worth.h"

#define MAX_STEP 1024
#define RUN 16 /* entries a thief takes at once, besides the one it needs */

/* --- offering and finding --- */

static uint64_t cost_of(const struct lazy_node *node) {
  return __atomic_load_n(&node->site->cost, __ATOMIC_RELAXED);
}

bool lz_offer(struct lz_hand *hand, struct lazy_node *node) {
  uint64_t cost = cost_of(node); /* the node may be gone once it is offered */
  lz_publish(node);
  LZ_STORE(&node->state, LZ_READY, release);
  if (LZ_UNLIKELY(!hand || !lz_deque_push(&hand->deque, node)))
    lz_overflow_push(node);
  lz_fence(); /* pairs with the fence in lz_doze() */
  return lz_announce(hand, cost, hand ? LZ_LOAD(&hand->deque.bottom, relaxed) - hand->deque.seen : 1);
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
      lz_note_shared(node->site);
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

/* Runs what an entry stands for, unless somebody has, or nobody needs it any more. */
static void take(struct lz_hand *hand, struct lazy_node *entry, const struct lazy_node *until) {
  /* acquire: pairs with the release of the last holder */
  if (LZ_LOAD(&entry->refs, acquire) != 1 && lz_claim(entry))
    lz_run(hand, entry, LZ_OWNED, until);
  else
    lz_let_go(hand, entry);
}

/* Finds and runs one node and what follows from it. */
static bool help(struct lz_hand *hand, const struct lazy_node *until, struct lz_pause *pause) {
  int64_t left = 0;
  lz_enter(hand);
  struct lazy_node *entry = find(hand, &left);
  if (entry) {
    lz_pause_end(pause);
    if (left > 0)
      lz_announce(hand, cost_of(entry), left); /* whoever is woken wakes the next */
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

static bool help_needed(struct lz_hand *hand, struct lazy_node *node, struct lz_pause *pause) {
  lz_enter(hand);
  struct lazy_node *needed = claim_needed(hand, node);
  if (needed) {
    lz_pause_end(pause);
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
  return hand && (hand->nest > 0 || hand->sheltered || LZ_LOAD(&hand->worker, relaxed)) ? INNER : lz_cancel_disable();
}

static void unshield(int before) {
  if (before != INNER)
    lz_cancel_restore(before);
}

void lz_shelter(struct lz_hand *hand, struct lz_shelter *shelter) {
  if (!hand || (shelter->begun && !(shelter->outermost && LZ_UNLIKELY(lz_fork_waits()))))
    return;
  lz_unshelter(hand, shelter);
  shelter->begun = true;
  shelter->outermost = hand->nest == 0 && !hand->sheltered;
  if (shelter->outermost) {
    shelter->cancel = shield(hand);
    lz_enter(hand);
    hand->sheltered = true;
  }
}

void lz_unshelter(struct lz_hand *hand, struct lz_shelter *shelter) {
  if (!shelter->begun)
    return;
  shelter->begun = false;
  if (shelter->outermost) {
    hand->sheltered = false;
    lz_leave(hand);
    unshield(shelter->cancel);
  }
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

static bool run_it(struct lz_hand *hand, struct lazy_node *node, struct lz_pause *pause) {
  enum lz_owns owns;
  lz_enter(hand);
  bool claimed = claim_it(hand, node, &owns);
  if (claimed) {
    lz_pause_end(pause);
    lz_note_unshared(node->site);
    lz_run(hand, node, owns, node);
  }
  lz_leave(hand);
  return claimed;
}

/* The oldest own entry, where nobody else has a reference to the node: nobody can come between.  False: not so. */
static bool run_mine(struct lz_hand *hand, struct lazy_node *node) {
  if (!hand || !hand->sheltered || lz_is_kept(node) || LZ_LOAD(&node->state, relaxed) != LZ_READY ||
      LZ_LOAD(&node->refs, relaxed) != 2 || !lz_deque_take_oldest(&hand->deque, node))
    return false;
  /* acquire: pairs with the release of those who had references; then its inputs are nobody else's to write */
  if (LZ_LIKELY(LZ_LOAD(&node->refs, acquire) == 2 && !LZ_LOAD(&node->consumers, acquire) && !node->inputs)) {
    lz_note_unshared(node->site);
    lz_run_alone(hand, node);
    return true;
  }
  take(hand, node, node);
  return lz_is_done(node);
}

static void wait_until_done(struct lz_hand *hand, struct lazy_node *node) {
  if (LZ_UNLIKELY(hand && hand->withheld.count > 0)) {
    lz_merkle_force(hand, node);
    if (lz_is_done(node))
      return;
  }
  if (run_mine(hand, node))
    return;
  bool sheltered = hand && hand->nest == 0 && hand->sheltered;
  if (sheltered) { /* it may take long, and a fork is not to wait for that */
    hand->sheltered = false;
    lz_leave(hand);
  }
  struct lz_waiter waiter = {.hand = hand};
  struct lz_pause pause = {0};
  bool registered = false, low = !hand || !lz_may_help(hand);
  int cancel = shield(hand);
  while (!lz_is_done(node)) {
    uint32_t bell = hand ? LZ_LOAD(&hand->bell, acquire) : 0;
    if (run_it(hand, node, &pause) || (hand && low ? help_needed(hand, node, &pause) : help(hand, node, &pause)))
      continue;
    if (lz_pause_step(&pause)) {
      if (registered && LZ_LOAD(&waiter.rung, acquire)) { /* a kept node, done and undone since */
        registered = false;
        LZ_STORE(&waiter.rung, false, relaxed);
      }
      if (low)
        lz_nap(&pause);
      else if (registered || (registered = register_waiter(&waiter, node)))
        lz_doze(hand, &pause, node, bell);
    }
  }
  lz_pause_end(&pause);
  if (registered)
    lz_wait_rung(&waiter);
  unshield(cancel);
  if (sheltered) {
    lz_enter(hand);
    hand->sheltered = true;
  }
}

void lz_wait_for(struct lz_hand *hand, struct lazy_node *node) {
  const struct lazy_site *site = node->site;
  uint64_t begin = LZ_UNLIKELY(hand && lz_is_recorded(node)) ? lz_now() : 0;
  lz_count(hand, LZ_WAITS);
  wait_until_done(hand, node);
  if (LZ_UNLIKELY(begin))
    lz_record_wait(hand, lz_tail(node)->number, site, begin);
}

void lz_wait_for_all(struct lz_hand *hand) {
  struct lz_pause pause = {0};
  if (hand)
    lz_merkle_release(hand);
  int cancel = shield(hand);
  while (lz_unsettled()) {
    if ((!hand || lz_may_help(hand)) && help(hand, NULL, &pause))
      continue;
    if (hand && hand->nest > 0) /* what is left may be waiting for the node this thread is running */
      break;
    if (lz_pause_step(&pause))
      lz_nap(&pause);
  }
  lz_pause_end(&pause);
  unshield(cancel);
}

void lz_throttle(struct lz_hand *hand) {
  uint64_t pending = lz_pending(), step = lz.max_pending > pending ? (lz.max_pending - pending) / 2 : 0;
  uint64_t peak = LZ_LOAD(&lz.peak, relaxed);
  while (pending > peak && !atomic_compare_exchange_weak(&lz.peak, &peak, pending))
    ;
  hand->until_check = step < MAX_STEP ? (uint32_t)step : MAX_STEP;
  struct lz_pause pause = {0};
  if (pending < lz.max_pending || !lz_may_help(hand))
    return;
  lz_merkle_release(hand);
  int cancel = shield(hand);
  help(hand, NULL, &pause);
  unshield(cancel);
}

void lz_work(struct lz_hand *hand, bool (*stays)(const void *), const void *argument) {
  struct lz_pause pause = {0};
  for (;;) {
    uint32_t bell = LZ_LOAD(&hand->bell, acquire);
    if (!stays(argument))
      break;
    if (!help(hand, NULL, &pause) && lz_pause_step(&pause))
      lz_doze(hand, &pause, NULL, bell);
  }
  lz_pause_end(&pause);
}
