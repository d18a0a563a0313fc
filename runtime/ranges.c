/* ranges.c - lazy binary splitting.
 *
 * 1. Whoever runs a range takes a chunk from its front; before each chunk, if its deque is empty, it offers the rear
 *    half of what is left as a node.  So ranges are split as often as somebody takes one, and never otherwise.
 * 2. A chunk takes about LZ_CHUNK_NS.  It begins small, for the things in a row may cost more and more; and it is never
 *    large against what is left.
 * 3. What has been offered is forced in the end, the last first: if nobody took it, it is still the newest entry, and
 *    is run in place.
 *
 * Given up: without memory for a node, nothing more is offered.
 */
#include "ranges.h"

#include "piece.h"
#include "record.h"
#include "schedule.h"
#include "signals.h"
#include "stats.h"

#define LZ_CHUNK_NS 10000 /* between two looks at the deque */
#define LZ_LEAST_NS 1000  /* chunks are no smaller for the sake of balance */
#define LZ_BALANCE 8      /* a chunk is at most such a part of what is left */

/* The payload of a range's node. */
struct range {
  struct lz_piece piece;
  const struct lz_row *row;
  uint64_t first, end;
};

static uint64_t cost_of(const struct lz_row *row) {
  return row->uneven ? 0 : __atomic_load_n(&row->site->cost, __ATOMIC_RELAXED);
}

static void learn_cost(const struct lz_row *row, uint64_t now) {
  uint64_t before = cost_of(row);
  now = before ? before - before / 4 + now / 4 : now;
  __atomic_store_n(&row->site->cost, now ? now : 1, __ATOMIC_RELAXED);
}

bool lz_offers_work(struct lz_hand *hand) {
  if (hand->stale && lz_deque_holds(&hand->deque, 1))
    lz_drop_stale(hand);
  return lz_deque_holds(&hand->deque, 1);
}

static void run_range(struct lz_hand *hand, const struct lz_row *row, uint64_t first, uint64_t end);

static void run_payload(void *payload) {
  struct range *range = payload;
  run_range(lz_hand(), range->row, range->first, range->end);
}

static struct lazy_node *offer_range(struct lz_hand *hand, const struct lz_row *row, uint64_t first, uint64_t end,
                                     uint64_t cost) {
  struct lazy_node *node = lz_piece_new(hand, row->site, run_payload, sizeof(struct range), cost * (end - first));
  if (!node)
    return NULL;
  struct range *range = (struct range *)lz_payload(node);
  range->row = row;
  range->first = first;
  range->end = end;
  __lazy_start(node);
  return node;
}

/* Returns what it took, in ns; 0: not measured. */
static uint64_t run_chunk(struct lz_hand *hand, const struct lz_row *row, uint64_t first, uint64_t end) {
  const struct lazy_site *below = lz_running;
  uint64_t start = row->uneven ? 0 : lz_now(), took = 0;
  bool recorded = LZ_LOAD(&lz.recording, relaxed);
  uint64_t begin = LZ_UNLIKELY(recorded) ? lz_now() : 0;
  lz_running = row->site;
  row->run(row->data, first, end);
  lz_running = below;
  lz_count_many(hand, LZ_CHUNKED, end - first);
  if (LZ_UNLIKELY(recorded))
    lz_record_calls(hand, row->site, LZ_CHUNK, end - first, begin);
  if (start) {
    took = lz_now() - start;
    learn_cost(row, took / (end - first));
  }
  return took;
}

/* How many things the next chunk has. */
static uint64_t chunk_of(uint64_t wanted, uint64_t left, uint64_t cost) {
  uint64_t balanced = left / LZ_BALANCE, least = cost ? LZ_LEAST_NS / cost : 0;
  uint64_t most = balanced > least ? balanced : least;
  uint64_t chunk = wanted < most ? wanted : most;
  return chunk < 1 ? 1 : chunk < left ? chunk : left;
}

#define MAX_OFFERED 64 /* halves of a range of 2^64 */

static void run_range(struct lz_hand *hand, const struct lz_row *row, uint64_t first, uint64_t end) {
  struct lazy_node *offered[MAX_OFFERED];
  uint32_t offers = 0;
  uint64_t cost = cost_of(row), wanted = cost ? LZ_CHUNK_NS / cost / 4 : 1;
  while (first < end) {
    uint64_t left = end - first;
    cost = cost_of(row);
    if (left > 1 && offers < MAX_OFFERED && (cost == 0 || left * cost >= LZ_SHARE_NS) && !lz_offers_work(hand)) {
      uint64_t middle = first + (left + 1) / 2;
      struct lazy_node *node = offer_range(hand, row, middle, end, cost);
      if (node) {
        offered[offers++] = node;
        end = middle;
        continue;
      }
    }
    uint64_t chunk = chunk_of(wanted, left, cost), took = run_chunk(hand, row, first, first + chunk);
    first += chunk;
    if (took && took < LZ_CHUNK_NS / 2 && chunk >= wanted)
      wanted = 2 * wanted + 1;
    else if (took > LZ_CHUNK_NS)
      wanted = chunk / 2;
  }
  uint64_t begin = offers > 0 && LZ_UNLIKELY(LZ_LOAD(&lz.recording, relaxed)) ? lz_now() : 0;
  while (offers > 0) {
    __lazy_force(offered[--offers]);
    lz_let_go(hand, offered[offers]);
  }
  if (LZ_UNLIKELY(begin))
    lz_record_wait(hand, 0, row->site, begin);
}

void lz_run_row(struct lz_hand *hand, const struct lz_row *row, uint64_t count) {
  int cancel = lz_cancel_disable(); /* others work on what lies on this stack */
  uint64_t begin = LZ_UNLIKELY(LZ_LOAD(&lz.recording, relaxed)) ? lz_now() : 0;
  run_range(hand, row, 0, count);
  if (LZ_UNLIKELY(begin))
    lz_record_calls(hand, row->site, LZ_LOOP, count, begin);
  lz_cancel_restore(cancel);
}
