/* merkle.c - keys of nodes whose inputs are pending, and nodes that are not begun while they may be found.
 *
 * 1. The key of a node is that of its call (key.c).  Where an argument is the result of a node that is pending, that
 *    node's key stands for it: both say what the value will be (Merkle).
 * 2. Where there is a cache, nodes with keys are withheld at first, each hand's in a list of its own.  Whoever needs a
 *    node looks for its result: if it is kept, nothing below the node runs, however much there is.
 * 3. If it is not, its inputs are looked for in turn (graph.c), so exactly the nodes run whose results are not kept;
 *    and all else that was withheld begins, the newest first: of what it needs, some may be kept.
 * 4. Nobody may ask for a long time, while other threads have nothing to do.  So when some nodes are withheld, the
 *    newest is looked for, and each time that there are GROWTH times as many.  What is found is a good sign; otherwise
 *    all begin, and so do the nodes after them, for a while that is longer each time.
 * 5. What a node has computed is kept under its own key; its function has kept it under the key of its arguments.  So
 *    if a node runs whose inputs have other keys and the same values, its function finds the result (early cut-off).
 *
 * Sound: as far as keys are (key.c).  Given up: nodes with regions have no keys, for what is in these is not known
 * until they run; they are found then.
 */
#include "merkle.h"

#include "cached.h"
#include "graph.h"
#include "hash.h"
#include "schedule.h"
#include "stats.h"

#include <string.h>

#define FIRST 64u /* nodes to withhold before the newest is looked for */
#define GROWTH 8u
#define RUSH 256u /* nodes that begin at once after one was not found */
#define LONGEST_RUSH (1u << 20)
#define INPUTS 64 /* of a node with a key */

/* --- step 1 --- */

static bool make_key(struct lazy_node *node, const struct lz_results *results) {
  struct {
    struct lz_key call;
    struct {
      uint64_t where;
      struct lz_key producer;
    } input[INPUTS];
  } text;
  const struct lazy_function *function = node->site->function;
  struct lz_tail *made = lz_tail(node);
  const struct lz_edge *edges = lz_edges(node);
  uint32_t inputs = node->inputs;
  if (inputs > INPUTS)
    return false;
  for (uint32_t i = 0; i < inputs; i++) {
    struct lazy_node *producer = edges[i].producer;
    if (edges[i].argument == LZ_ORDER || !lz_is_keyed(producer))
      return false;
    const struct lazy_slot *slot = &function->arguments[edges[i].argument];
    memset(lz_payload(node) + slot->offset, 0, slot->size);
    text.input[i].where = (uint64_t)edges[i].argument << 32 | edges[i].offset;
    text.input[i].producer = lz_tail(producer)->key;
  }
  const struct lz_call call = {function->cached, lz_payload(node), NULL, {0, 0}, NULL};
  if (!lz_key_make(&call, results->code, &text.call))
    return false;
  made->pending = inputs > 0;
  made->key = text.call;
  if (inputs > 0) {
    struct lz_hash hash = lz_hash_of(&text, sizeof text.call + inputs * sizeof text.input[0]);
    made->key = (struct lz_key){hash.lo, hash.hi};
  }
  return true;
}

/* --- step 2 --- */

static bool take(void *context, const void *value, size_t size) {
  struct lazy_node *node = context;
  if (size != node->site->function->result.size)
    return false;
  memcpy(lz_result(node), value, size);
  return true;
}

bool lz_merkle_find(struct lz_hand *hand, struct lazy_node *node) {
  const struct lazy_function *function = node->site->function;
  struct lz_results *results = function->cached->results;
  if (!lz_cached_find(results, lz_tail(node)->key, function->result.size, take, node))
    return false;
  hand->withheld.rush = hand->withheld.patience = 0;
  lz_cached_count(results, function->result.size);
  struct lz_edge *edges = lz_edges(node);
  uint32_t inputs = node->inputs;
  node->inputs = 0;
  for (uint32_t i = 0; i < inputs; i++)
    lz_let_go(hand, edges[i].producer);
  return true;
}

static bool push(struct lz_withheld *list, struct lazy_node *node) {
  if (list->count == list->room) {
    uint32_t room = list->room ? 2 * list->room : FIRST;
    struct lazy_node **larger = realloc(list->node, room * sizeof *larger);
    if (!larger)
      return false;
    list->node = larger;
    list->room = room;
  }
  list->node[list->count++] = lz_hold(node);
  return true;
}

/* Does nobody want it any more, or has everybody got it? */
static bool is_settled(struct lazy_node *node) {
  return lz_is_done(node) || LZ_LOAD(&node->refs, acquire) == 1; /* pairs with the release of the last holder */
}

void lz_merkle_release(struct lz_hand *hand) {
  struct lz_withheld *list = &hand->withheld;
  while (list->count > 0) {
    struct lazy_node *node = list->node[--list->count];
    if (!is_settled(node) && lz_demand(hand, node))
      lz_offer(hand, node);
    lz_let_go(hand, node);
  }
}

static void give_up(struct lz_hand *hand) {
  struct lz_withheld *list = &hand->withheld;
  list->patience = list->patience == 0 ? RUSH : list->patience < LONGEST_RUSH ? 2 * list->patience : LONGEST_RUSH;
  list->rush = list->patience;
  list->probe = 0;
  lz_merkle_release(hand);
}

void lz_merkle_force(struct lz_hand *hand, struct lazy_node *node) {
  struct lz_withheld *list = &hand->withheld;
  lz_hold(node);
  if (lz_demand(hand, node))
    lz_offer(hand, node);
  if (!lz_is_done(node))
    give_up(hand);
  while (list->count > 0 && is_settled(list->node[list->count - 1]))
    lz_let_go(hand, list->node[--list->count]);
  lz_let_go(hand, node);
}

bool lz_merkle_start(struct lz_hand *hand, struct lazy_node *node) {
  struct lz_withheld *list = &hand->withheld;
  struct lz_results *results = node->site->function->cached->results;
  bool may_look = lz_may_help(hand); /* the folder takes more stack than some threads have */
  if (may_look)
    lz_cache_know(results);
  if (!may_look || !make_key(node, results)) {
    lz_tail(node)->keyed = false;
    return false;
  }
  if (!(node->site->flags & LAZY_SITE_CERTAIN)) /* nobody may ever need it */
    return true;
  if (list->rush > 0) {
    list->rush--;
    return false;
  }
  if (!push(list, node))
    return false;
  if (list->count >= (list->probe ? list->probe : FIRST)) { /* step 4 */
    list->probe = list->count * GROWTH;
    lz_merkle_force(hand, node);
  }
  return true;
}

void lz_merkle_keep(struct lazy_node *node) {
  const struct lazy_function *function = node->site->function;
  struct lz_results *results = function->cached->results;
  if (!lz_tail(node)->pending) /* its function has */
    return;
  struct lz_value *value = lz_value_new(function->result.size);
  if (value) {
    memcpy(value->bytes, lz_result(node), value->size);
    lz_cached_keep(results, lz_tail(node)->key, value, LZ_LOAD(&results->cost, relaxed));
  }
  lz_value_release(value);
}

void lz_merkle_abandon(struct lz_hand *hand) {
  struct lz_withheld *list = &hand->withheld;
  while (list->count > 0)
    lz_let_go(hand, list->node[--list->count]);
  free(list->node);
  *list = (struct lz_withheld){0};
}
