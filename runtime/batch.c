/* batch.c - the calls of many iterations of a loop, at once.
 *
 * 1. Compiled code asks for records when its loop has none left, notes arguments in them, and has them run.  The number
 *    of records follows from the measured cost of one: a batch takes about a millisecond, or what memory it may have.
 * 2. Lazy binary splitting: whoever runs a range of records takes a chunk from its front; before each chunk, if its
 *    deque is empty, it offers the rear half of what is left as a node.  So ranges are split as often as somebody
 *    takes one, and never otherwise.  What has been offered is forced in the end, the last first: if nobody took it, it
 *    is still the newest entry, and is run in place.
 * 3. A batch is declined where it would not pay: one thread; calls of some ten nanoseconds; so little work that handing
 *    it over, or running ahead to it in a loop whose calls are rare, costs as much; where other work is waiting to be
 *    taken; and where the calls are so dear that nodes of their own serve better, because the program then need not
 *    wait for a batch to end.  A batch declined for its cost is tried again from time to time, for costs change.
 *
 * Sound: records are disjoint, and a call reads nothing that another may write.  No memory for records or nodes: fewer
 * batches, or none.  Given up: in a recursion costs say nothing, so there every batch is worth splitting.
 */
#include "graph.h"
#include "hands.h"
#include "pool.h"
#include "schedule.h"
#include "signals.h"
#include "stats.h"

#define BATCH_NS 1000000
#define BATCH_BYTES ((size_t)64 << 10)
#define CHUNK_NS 10000 /* between two looks at the deque */
#define SHARE_NS 4000  /* work that is worth a node */
#define FINE_NS 40     /* calls not worth a record, which two caches share */
#define TRY_AGAIN 64   /* batches declined for their cost before one is tried again */
#define RECURSION_RECORDS 16

_Static_assert(sizeof(struct lazy_records) <= LAZY_RECORDS && LAZY_RECORDS == LZ_LINE, "a header of one line");

/* --- records --- */

static char *first_record(struct lazy_records *records) {
  return (char *)records + LAZY_RECORDS;
}

static uint64_t cost_of(const struct lazy_batch *batch) {
  return __atomic_load_n(&batch->site->cost, __ATOMIC_RELAXED);
}

static uint64_t work_of(const struct lazy_batch *batch) {
  return __atomic_load_n(&batch->work, __ATOMIC_RELAXED);
}

/* Averages over some time.  Never 0, which means unknown. */
static void learn(uint64_t *average, uint64_t now) {
  uint64_t before = __atomic_load_n(average, __ATOMIC_RELAXED);
  now = before ? before - before / 4 + now / 4 : now;
  __atomic_store_n(average, now ? now : 1, __ATOMIC_RELAXED);
}

static bool recursive(const struct lazy_batch *batch) {
  return (batch->flags & LAZY_BATCH_RECURSIVE) != 0;
}

static bool too_cheap(const struct lazy_batch *batch) {
  uint64_t cost = cost_of(batch), work = work_of(batch);
  return (cost && cost < FINE_NS) || (work && work < SHARE_NS);
}

/* Is there work that others may take?  A range, or nodes. */
static bool offers_work(struct lz_hand *hand) {
  if (hand->stale && lz_deque_holds(&hand->deque, 1))
    lz_drop_stale(hand);
  return lz_deque_holds(&hand->deque, 1);
}

static bool declines(struct lz_hand *hand, const struct lazy_batch *batch) {
  if (LZ_LOAD(&lz.mode, relaxed) != LAZY_MODE_PARALLEL || lz.eager || lz_stack_low(hand))
    return true;
  if (LZ_UNLIKELY(!LZ_LOAD(&lz.team, relaxed)))
    lz_team_start();
  if (offers_work(hand)) {
    LZ_STORE(&hand->deque.hungry, !recursive(batch), relaxed);
    return true;
  }
  if (recursive(batch))
    return false;
  if (too_cheap(batch))
    return ++hand->tick % TRY_AGAIN != 0;
  return (batch->flags & LAZY_BATCH_DEFERRABLE) && cost_of(batch) > LAZY_BATCH_COARSE;
}

static size_t records_wanted(const struct lazy_batch *batch) {
  uint64_t cost = cost_of(batch), most = BATCH_BYTES / batch->stride;
  uint64_t wanted = recursive(batch) ? RECURSION_RECORDS : cost ? BATCH_NS / cost : 2;
  if (cost && wanted < RECURSION_RECORDS)
    wanted = RECURSION_RECORDS;
  return wanted < most ? wanted : most > 0 ? most : 1;
}

LZ_PUBLIC struct lazy_records *__lazy_batch_open(struct lazy_batch *batch, struct lazy_records *last) {
  struct lz_hand *hand = LZ_LIKELY(!lz_all_in_place()) ? lz_hand() : NULL;
  if (LZ_UNLIKELY(!hand) || declines(hand, batch))
    return NULL;
  struct lazy_records *records = last;
  size_t bytes = records_wanted(batch) * batch->stride;
  if (!last || last->bytes < bytes) {
    uint32_t size_class;
    records = lz_pool_take(hand, LAZY_RECORDS + bytes, &size_class);
    if (!records)
      return NULL;
    __lazy_batch_close(last);
    records->bytes = bytes;
    records->size_class = size_class;
  }
  records->limit = first_record(records) + bytes;
  records->opened = recursive(batch) ? 0 : lz_now();
  return records;
}

LZ_PUBLIC void __lazy_batch_close(struct lazy_records *records) {
  if (records)
    lz_pool_give(lz_hand(), records, records->size_class);
}

/* --- ranges --- */

/* The payload of a range's node.  It brings its own site, so that it is known by the name and place of the calls. */
struct range {
  struct lazy_batch *batch;
  char *lo, *hi;
  struct lazy_site site;
  struct lazy_function function;
};

static void run_range(struct lz_hand *hand, struct lazy_batch *batch, char *lo, char *hi);

static void run_payload(void *payload) {
  struct range *range = payload;
  run_range(lz_hand(), range->batch, range->lo, range->hi);
}

static struct lazy_node *offer_range(struct lz_hand *hand, struct lazy_batch *batch, char *lo, char *hi,
                                     uint64_t cost) {
  struct lazy_site *site = batch->site;
  struct lazy_node *node = lz_node_new(hand, site, LAZY_NODE_PAYLOAD + sizeof(struct range));
  if (!node)
    return NULL;
  struct range *range = (struct range *)lz_payload(node);
  range->batch = batch;
  range->lo = lo;
  range->hi = hi;
  range->function = *site->function;
  range->function.run = run_payload;
  range->site = (struct lazy_site){
      .function = &range->function,
      .file = site->file,
      .line = site->line,
      .column = site->column,
      .flags = LAZY_SITE_CERTAIN,
      .cost = cost * (uint64_t)(hi - lo) / batch->stride,
  };
  node->site = &range->site;
  __lazy_start(node);
  return node;
}

#define MAX_OFFERED 64 /* halves of a range of 2^64 */

static void run_records(struct lazy_batch *batch, char *lo, char *hi) {
  const struct lazy_site *below = lz_running;
  uint64_t start = recursive(batch) ? 0 : lz_now();
  lz_running = batch->site;
  batch->run(lo, hi);
  lz_running = below;
  if (start)
    learn(&batch->site->cost, (lz_now() - start) / ((uint64_t)(hi - lo) / batch->stride));
}

static void run_range(struct lz_hand *hand, struct lazy_batch *batch, char *lo, char *hi) {
  struct lazy_node *offered[MAX_OFFERED];
  uint32_t offers = 0;
  size_t stride = batch->stride;
  while (lo < hi) {
    uint64_t left = (uint64_t)(hi - lo) / stride, cost = recursive(batch) ? 0 : cost_of(batch);
    if (left > 1 && offers < MAX_OFFERED && (cost == 0 || left * cost >= SHARE_NS) && !offers_work(hand)) {
      char *middle = lo + (left + 1) / 2 * stride;
      struct lazy_node *node = offer_range(hand, batch, middle, hi, cost);
      if (node) {
        offered[offers++] = node;
        hi = middle;
        continue;
      }
    }
    uint64_t chunk = cost && cost < CHUNK_NS ? CHUNK_NS / cost : 1;
    char *end = chunk < left ? lo + chunk * stride : hi;
    run_records(batch, lo, end);
    lo = end;
  }
  while (offers > 0) {
    __lazy_force(offered[--offers]);
    lz_let_go(hand, offered[offers]);
  }
}

/* What it was worth to run ahead.  The first batch, of unknown cost and therefore small, tells nothing. */
static void learn_worth(struct lazy_batch *batch, uint64_t count, uint64_t cost, uint64_t ahead) {
  if (cost && !recursive(batch))
    learn(&batch->work, count * cost > ahead ? count * cost - ahead : 0);
}

LZ_PUBLIC void __lazy_batch_run(struct lazy_batch *batch, struct lazy_records *records, void *end) {
  struct lz_hand *hand = lz_hand();
  char *first = first_record(records);
  uint64_t count = (uint64_t)((char *)end - first) / batch->stride, cost = cost_of(batch);
  uint64_t ahead = records->opened ? lz_now() - records->opened : 0;
  lz_count_many(hand, LZ_BATCHED, count);
  run_range(hand, batch, first, end);
  learn_worth(batch, count, cost, ahead);
}
