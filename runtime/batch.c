/* batch.c - the calls of many iterations of a loop, at once.
 *
 * 1. Compiled code asks for records when its loop has none left, notes arguments in them, and has them run.  The number
 *    of records follows from the measured cost of one: a batch takes about a millisecond, or what memory it may have.
 * 2. The records are handed out in ranges (ranges.c).
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
#include "ranges.h"
#include "schedule.h"
#include "signals.h"
#include "stats.h"

#define BATCH_NS 1000000
#define BATCH_BYTES ((size_t)64 << 10)
#define FINE_NS 40  /* calls not worth a record, which two caches share */
#define PATIENCE 32 /* calls that go by before the loop asks again; if they are too cheap, many more */
#define CHEAP_PATIENCE 8192
#define TRY_AGAIN 64 /* so often such a loop asks until calls are measured again, on few records */
#define TRIED 64
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
  return (cost && cost < FINE_NS) || (work && work < LZ_SHARE_NS);
}

static bool declines(struct lz_hand *hand, struct lazy_batch *batch) {
  if (LZ_LOAD(&lz.mode, relaxed) != LAZY_MODE_PARALLEL || lz.eager || lz_stack_low(hand))
    return true;
  if (LZ_UNLIKELY(!LZ_LOAD(&lz.team, relaxed)))
    lz_team_start();
  if (lz_offers_work(hand)) {
    LZ_STORE(&hand->deque.hungry, !recursive(batch), relaxed);
    return true;
  }
  if (recursive(batch))
    return false;
  bool cheap = too_cheap(batch);
  __atomic_store_n(&batch->patience, cheap ? CHEAP_PATIENCE : PATIENCE, __ATOMIC_RELAXED);
  if (cheap)
    return ++hand->tick % TRY_AGAIN != 0;
  return (batch->flags & LAZY_BATCH_DEFERRABLE) && cost_of(batch) > LAZY_BATCH_COARSE;
}

static size_t records_wanted(const struct lazy_batch *batch) {
  uint64_t cost = cost_of(batch), most = BATCH_BYTES / batch->stride;
  uint64_t wanted = recursive(batch) ? RECURSION_RECORDS : too_cheap(batch) ? TRIED : cost ? BATCH_NS / cost : 2;
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
    size_t lines = (LAZY_RECORDS + bytes + LZ_LINE - 1) / LZ_LINE; /* records want to be aligned, too */
    records = lz_pool_take(hand, lines * LZ_LINE, &size_class);
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
  struct lz_row row = {batch->run, records, batch->site, recursive(batch)};
  lz_run_row(hand, &row, count);
  learn_worth(batch, count, cost, ahead);
}
