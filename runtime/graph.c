/* graph.c - the life of a node: open, input, start, demand, run, complete, release.
 *
 * 1. An undemanded node only points at its producers.  So there are no cycles, and dropping it is releasing them.
 * 2. Demand: a work list through node->link.  Each node on it is new to it, for it takes the winner of OPEN -> WAITING
 *    to put it there.  Every input is registered in its producer's list of consumers, and the producer demanded in
 *    turn.  `waiting` starts at inputs + 1; the extra one is given back last, so nobody runs a node half registered.
 * 3. Run: copy the producers' results into the arguments, let the producers go, call the thunk.
 * 4. Complete: swap the list of consumers for LZ_DONE; who registers later finds that and needs no registration.  Of
 *    the consumers that become ready the last is run next by the same thread, its inputs being in the cache.
 * 5. Release: a work list again.
 *
 * Sound: no step recurses, so chains and trees of any size take constant stack.  A node that only its own entry in a
 * deque still knows is dropped instead of run.  Given up: a node with references left runs even if all those are
 * inputs of nodes that will never run.
 */
#include "graph.h"

#include "fpenv.h"
#include "hands.h"
#include "keep.h"
#include "merkle.h"
#include "module.h"
#include "pool.h"
#include "record.h"
#include "schedule.h"
#include "signals.h"
#include "sleep.h"
#include "stats.h"
#include "worth.h"

#include <string.h>

struct lz_edge lz_done_mark;

/* --- creation --- */

struct lazy_node *lz_node_new(struct lz_hand *hand, struct lazy_site *site, size_t size) {
  uint32_t size_class;
  struct lazy_node *node = lz_pool_take(hand, size, &size_class);
  if (LZ_UNLIKELY(!node))
    return NULL;
  node->site = site;
  node->fpenv = lz_fpenv_now();
  node->inputs = 0;
  node->size_class = (uint16_t)size_class;
  node->tail = 0;
  LZ_STORE(&node->refs, 1, relaxed);
  LZ_STORE(&node->waiting, 0, relaxed);
  LZ_STORE(&node->state, LZ_OPEN, relaxed);
  LZ_STORE(&node->consumers, NULL, relaxed);
  lz_count(hand, LZ_OPENED);
  return node;
}

LZ_PUBLIC struct lazy_node *__lazy_open(struct lazy_site *site) {
  if (LZ_UNLIKELY(lz_all_in_place()))
    return NULL;
  struct lz_hand *hand = lz_hand();
  if (LZ_UNLIKELY(!hand))
    return NULL;
  if (lz_prefers_in_place(hand, site)) {
    lz_count(hand, LZ_REFUSED);
    LZ_STORE(&hand->deque.hungry, 0, relaxed); /* a thief that is late with its 1 says it again the next time */
    return NULL;
  }
  if (LZ_UNLIKELY(hand->until_check-- == 0))
    lz_throttle(hand);

  size_t size = LAZY_NODE_PAYLOAD + (size_t)site->function->payload_size;
  if (site->inputs || (site->flags & LAZY_SITE_KEPT)) {
    size = lz_edges_at(site) + site->inputs * sizeof(struct lz_edge) + lz_kept_size(site);
    if (LZ_UNLIKELY(size > LZ_NODE_MOST))
      return NULL;
  }
  bool keyed = lz_has_keys(site);
  size_t tail = keyed || LZ_LOAD(&lz.recording, relaxed) ? (size + 7) & ~(size_t)7 : 0;
  if (LZ_UNLIKELY(tail > 0 && tail <= LZ_NODE_MOST))
    size = tail + sizeof(struct lz_tail);
  else
    tail = 0;
  struct lazy_node *node = lz_node_new(hand, site, size);
  if (LZ_UNLIKELY(node && (site->flags & LAZY_SITE_KEPT)))
    lz_keep_open(node);
  if (LZ_UNLIKELY(node && tail)) {
    node->tail = (uint16_t)(tail / 8);
    *lz_tail(node) = (struct lz_tail){.keyed = keyed};
  }
  return node;
}

static void copy_argument(struct lazy_node *node, uint32_t k, struct lazy_node *producer, uint32_t offset) {
  const struct lazy_slot *slot = &node->site->function->arguments[k];
  lz_copy(lz_payload(node) + slot->offset, lz_result(producer) + offset, slot->size);
}

static void add_edge(struct lazy_node *node, uint32_t k, struct lazy_node *producer, uint32_t offset) {
  struct lz_edge *edge = &lz_edges(node)[node->inputs++];
  edge->producer = lz_hold(producer);
  edge->offset = offset;
  edge->argument = (uint16_t)k;
  edge->distance = (uint16_t)(((char *)edge - (char *)node) / 8);
}

LZ_PUBLIC void __lazy_input(struct lazy_node *node, uint32_t k, struct lazy_node *producer, uint32_t offset) {
  bool told = node->tail && producer->tail; /* whose key or number is, whether it is done yet or not */
  if (lz_is_done(producer) && !told && !lz_is_kept(producer) && !lz_is_kept(node))
    copy_argument(node, k, producer, offset);
  else
    add_edge(node, k, producer, offset);
}

void lz_order(struct lz_hand *hand, struct lazy_node *node, struct lazy_node *producer) {
  if (lz_is_done(producer))
    return;
  for (uint32_t i = 0; i < node->inputs; i++)
    if (lz_edges(node)[i].producer == producer)
      return;
  if (node->inputs < node->site->inputs)
    add_edge(node, LZ_ORDER, producer, 0);
  else
    lz_wait_for(hand, producer);
}

/* One that has a tail.  True: it does not start yet. */
static bool start_told(struct lz_hand *hand, struct lazy_node *node) {
  if (LZ_LOAD(&lz.recording, relaxed))
    lz_record_made(hand, node);
  return lz_tail(node)->keyed && lz_merkle_start(hand, node);
}

LZ_PUBLIC void __lazy_start(struct lazy_node *node) {
  struct lz_hand *hand = lz_hand();
  if (LZ_UNLIKELY(node->tail && hand && start_told(hand, node)))
    return;
  if (!(node->site->flags & LAZY_SITE_CERTAIN) || LZ_UNLIKELY(lz_is_kept(node) && !lz_keep_starts(node)))
    return;
  struct lazy_site *site = node->site; /* the node may be gone once it is offered */
  bool woken = false;
  if (LZ_LIKELY(node->inputs == 0)) { /* no other thread knows the node yet: no need to compete for it */
    LZ_STORE(&node->refs, LZ_LOAD(&node->refs, relaxed) + 1, relaxed);
    lz_count(hand, LZ_DEMANDED);
    woken = lz_offer(hand, node);
  } else {
    lz_note_waits(site, node->inputs, lz_edges(node)[0].producer->site);
    if (lz_demand(hand, node))
      woken = lz_offer(hand, node);
  }
  if (LZ_UNLIKELY(woken))
    lz_note_company(site);
}

/* --- demand --- */

static bool win_demand(struct lazy_node *node) {
  uint32_t open = LZ_OPEN;
  return LZ_LOAD(&node->state, relaxed) == LZ_OPEN &&
         atomic_compare_exchange_strong_explicit(&node->state, &open, LZ_WAITING, memory_order_acquire,
                                                 memory_order_relaxed);
}

/* False: the producer is done. */
static bool register_input(struct lz_edge *edge, struct lazy_node *producer) {
  /* acquire: pairs with lz_complete(), for the result we may copy; release: the edge, for its walk over the list */
  struct lz_edge *head = LZ_LOAD(&producer->consumers, acquire);
  lz_publish(producer);
  do {
    if (head == LZ_DONE) {
      lz_observe(producer);
      return false;
    }
    edge->next = head;
  } while (!atomic_compare_exchange_weak_explicit(&producer->consumers, &head, edge, memory_order_acq_rel,
                                                  memory_order_acquire));
  return true;
}

/* Registers the inputs of a node that is the caller's alone, state WAITING, and puts those producers on `list` whose
 * demand the caller won.  True: all inputs are there. */
static bool arm(struct lazy_node *node, struct lazy_node **list) {
  uint32_t here = 1;
  struct lz_edge *edges = lz_edges(node);
  LZ_STORE(&node->waiting, node->inputs + 1, relaxed); /* published by the first registration */
  for (uint32_t i = 0; i < node->inputs; i++) {
    struct lazy_node *producer = edges[i].producer;
    if (LZ_UNLIKELY(lz_is_kept(producer)))
      lz_keep_validate(producer);
    if (!register_input(&edges[i], producer)) {
      here++;
    } else if (win_demand(producer)) {
      producer->link = *list;
      *list = producer;
    }
  }
  return lz_inputs_arrived(node, here); /* and our edges, for the threads whose results come later */
}

/* The node's result has been found. */
static void settle(struct lz_hand *hand, struct lazy_node *node) {
  if (lz_tail(node)->number)
    lz_record_node(hand, node, LZ_KEPT);
  struct lazy_node *next = lz_complete(hand, node);
  lz_count(hand, LZ_FOUND);
  lz_count(hand, LZ_SETTLED);
  if (next)
    lz_offer(hand, next);
  lz_let_go(hand, node);
}

/* Demands all on `list`.  True: `wanted`, if it was there, is ready and left to the caller. */
static bool demand_list(struct lz_hand *hand, struct lazy_node *list, struct lazy_node *wanted) {
  bool got = false;
  while (list) {
    struct lazy_node *node = list;
    list = node->link;
    lz_hold(node); /* the scheduler's reference */
    lz_count(hand, LZ_DEMANDED);
    if (LZ_UNLIKELY(lz_is_keyed(node)) && lz_merkle_find(hand, node))
      settle(hand, node);
    else if (arm(node, &list)) {
      if (node == wanted) {
        LZ_STORE(&node->state, LZ_CLAIMED, relaxed);
        got = true;
      } else {
        lz_offer(hand, node);
      }
    }
  }
  return got;
}

bool lz_demand(struct lz_hand *hand, struct lazy_node *node) {
  if (!win_demand(node))
    return false;
  node->link = NULL;
  return demand_list(hand, node, node);
}

/* --- run --- */

/* Copies the inputs into the arguments.  False: a kept input has been undone meanwhile. */
static bool take_inputs(struct lz_hand *hand, struct lazy_node *node) {
  struct lz_edge *edges = lz_edges(node);
  bool kept = lz_is_kept(node);
  for (uint32_t i = 0; i < node->inputs && !kept; i++)
    kept = lz_is_kept(edges[i].producer);
  if (LZ_UNLIKELY(kept && !lz_keep_lock_inputs(node)))
    return false;
  for (uint32_t i = 0; i < node->inputs; i++)
    if (edges[i].argument != LZ_ORDER)
      copy_argument(node, edges[i].argument, edges[i].producer, edges[i].offset);
  if (LZ_UNLIKELY(kept))
    lz_keep_unlock_inputs();
  if (!lz_is_kept(node)) {
    for (uint32_t i = 0; i < node->inputs; i++)
      lz_let_go(hand, edges[i].producer);
    node->inputs = 0;
  }
  return true;
}

/* The inputs of a claimed node have to be waited for again.  Consumes one reference. */
static void rearm(struct lz_hand *hand, struct lazy_node *node) {
  struct lazy_node *list = NULL;
  LZ_STORE(&node->state, LZ_WAITING, relaxed);
  if (arm(node, &list))
    lz_offer(hand, node);
  demand_list(hand, list, NULL);
}

/* One that is kept, or has a tail. */
static void run_told(struct lz_hand *hand, struct lazy_node *node) {
  struct lz_event *event = lz_is_recorded(node) ? lz_record_run(hand, node) : NULL;
  uint64_t below = hand ? hand->running : 0;
  if (event && hand)
    hand->running = event->number;
  if (lz_is_kept(node))
    lz_keep_run(node);
  else
    node->site->function->run(lz_payload(node));
  if (event && hand) {
    lz_record_ran(event, node);
    hand->running = below;
  }
  if (lz_is_keyed(node))
    lz_merkle_keep(node);
}

static void execute(struct lz_hand *hand, struct lazy_node *node) {
  struct lazy_site *site = node->site;
  uint64_t start = lz_cost_begin(hand, site);
  uint32_t before = lz_fpenv_switch(node->fpenv);
  const struct lazy_site *below = lz_running;
  lz_running = site;
  if (LZ_UNLIKELY((site->flags & LAZY_SITE_KEPT) || node->tail))
    run_told(hand, node);
  else
    site->function->run(lz_payload(node));
  lz_running = below;
  lz_fpenv_restore(before, node->fpenv);
  lz_cost_end(site, start);
  lz_count(hand, LZ_RAN);
}

struct lazy_node *lz_complete(struct lz_hand *hand, struct lazy_node *node) {
  /* release: the result, for lz_is_done() and register_input(); acquire: the edges of those who registered */
  lz_publish(node);
  struct lz_edge *edge = atomic_exchange_explicit(&node->consumers, LZ_DONE, memory_order_acq_rel);
  lz_observe(node);
  struct lazy_node *next = NULL;
  while (edge) {
    struct lz_edge *following = edge->next; /* `edge` is gone once its consumer may run */
    if (edge->distance == 0) {
      lz_ring((struct lz_waiter *)edge);
    } else {
      struct lazy_node *consumer = lz_consumer(edge);
      if (lz_inputs_arrived(consumer, 1)) {
        if (next)
          lz_offer(hand, next);
        next = consumer;
      }
    }
    edge = following;
  }
  return next;
}

void lz_run(struct lz_hand *hand, struct lazy_node *node, enum lz_owns owns, const struct lazy_node *until) {
  if (hand)
    hand->nest++;
  while (node) {
    if (node->inputs && !take_inputs(hand, node)) {
      rearm(hand, owns == LZ_OWNED ? node : lz_hold(node));
      break;
    }
    execute(hand, node);
    struct lazy_node *next = lz_complete(hand, node);
    lz_count(hand, LZ_SETTLED);
    if (owns == LZ_OWNED)
      lz_let_go(hand, node);
    owns = LZ_OWNED;
    node = next;
    if (!node)
      break;
    if (until && lz_is_done(until)) {
      lz_offer(hand, node);
      break;
    }
    if (LZ_LOAD(&node->refs, acquire) == 1) { /* acquire: pairs with the release of the last holder */
      lz_let_go(hand, node);
      break;
    }
    LZ_STORE(&node->state, LZ_CLAIMED, relaxed);
  }
  if (hand)
    hand->nest--;
}

void lz_run_alone(struct lz_hand *hand, struct lazy_node *node) {
  LZ_STORE(&node->state, LZ_CLAIMED, relaxed);
  hand->nest++;
  execute(hand, node);
  hand->nest--;
  /* release: as in lz_complete(), for whoever is handed the node from now on */
  LZ_STORE(&node->consumers, LZ_DONE, release);
  LZ_STORE(&node->refs, 1, relaxed);
  lz_count(hand, LZ_SETTLED);
}

/* --- references --- */

static void destroy(struct lz_hand *hand, struct lazy_node *node) {
  node->link = NULL;
  while (node) {
    struct lazy_node *dead = node;
    node = dead->link;
    if (!lz_is_done(dead)) {
      lz_count(hand, LZ_DROPPED);
      if (LZ_LOAD(&dead->state, relaxed) != LZ_OPEN)
        lz_count(hand, LZ_SETTLED);
      if (LZ_UNLIKELY(lz_is_recorded(dead)))
        lz_record_node(hand, dead, LZ_DROP);
    }
    if (LZ_UNLIKELY(lz_is_kept(dead)))
      lz_keep_close(dead);
    struct lz_edge *edges = dead->inputs ? lz_edges(dead) : NULL;
    for (uint32_t i = 0; i < dead->inputs; i++) {
      struct lazy_node *producer = edges[i].producer;
      if (lz_let_go_last(producer)) {
        producer->link = node;
        node = producer;
      }
    }
    lz_pool_give(hand, dead, dead->size_class);
  }
}

void lz_let_go(struct lz_hand *hand, struct lazy_node *node) {
  if (lz_let_go_last(node))
    destroy(hand, node);
}

LZ_PUBLIC struct lazy_node *__lazy_retain(struct lazy_node *node) {
  return node ? lz_hold(node) : NULL;
}

LZ_PUBLIC void __lazy_release(struct lazy_node *node) {
  if (node)
    lz_let_go(lz_hand(), node);
}
