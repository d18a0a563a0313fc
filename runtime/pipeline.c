/* pipeline.c - loops whose iterations depend on the one before, but not on all of it.
 *
 *     for (y...) for (x...) a[y][x] = f(a[y - 1][x], a[y][x - 1]);
 *
 * A row, that is an iteration of the outer loop, may go on as long as it stays behind the row above.  So rows run at
 * once, one behind the other.
 *
 * 1. The first row runs alone, and shows what rows cost.  If that is little, so do the others.
 * 2. Each thread claims the next row when it has ended one.  A row asks now and then how far it may go: no nearer to
 *    where the row above is than the loop says.
 * 3. How far each row is stands in a ring of counters.  Rows end in order, so a ring with room for a row of each
 * thread, and the one above the oldest, has every counter that anybody may still look at.
 * 4. Blocks between two questions take about BLOCK_NS, but a row has several for each thread, for the last one has to
 *    wait for as many to begin.
 *
 * Sound: a claimed row is being run, and waits only for rows claimed before it.  Nobody takes part in a pipeline that
 * somebody else has begun on top of a node or a row: what that pipeline waits for may wait for these.  Whoever has
 * begun one counts as running a node, for a fork must not keep it from going on while others, busy, wait for its row.
 */
#include "hands.h"
#include "module.h"
#include "piece.h"
#include "record.h"
#include "schedule.h"
#include "signals.h"
#include "sleep.h"
#include "stats.h"

#define BLOCK_NS 3000
#define LEAST_ROW_NS 6000
#define MOST_ROUNDS 200 /* of looking around, some 50 us */
#define MOST_THREADS 64
#define RING 128 /* rows; at least MOST_THREADS + 1 */

/* Invariants
 *   rows [0, next) have been claimed; next only grows;  rows * (columns + 1) < 2^64
 *   done[y % RING] == y * (columns + 1) + the columns that row y is done with, for the rows in flight and
 *   the one above the oldest */
struct pipeline {
  const struct lazy_loop *loop;
  void *frame;
  uint64_t rows, columns, lag;
  uint64_t block; /* columns between two questions */
  _Alignas(LZ_LINE) _Atomic uint64_t next;
  struct {
    _Alignas(LZ_LINE) _Atomic uint64_t columns;
  } done[RING];
};

/* The row that a thread is in. */
struct lz_pipeline_row {
  struct pipeline *pipeline;
  uint64_t number;
};

struct part {
  struct lz_piece piece;
  struct pipeline *pipeline;
};

static _Atomic uint64_t *done(struct pipeline *p, uint64_t row) {
  return &p->done[row % RING].columns;
}

static void tell(struct pipeline *p, uint64_t row, uint64_t columns) {
  lz_publish(p);
  LZ_STORE(done(p, row), row * (p->columns + 1) + columns, release); /* pairs with the acquire in has_done() */
}

/* How many columns the row has done for certain. */
static uint64_t has_done(struct pipeline *p, uint64_t row) {
  uint64_t count = LZ_LOAD(done(p, row), acquire), first = row * (p->columns + 1);
  lz_observe(p);
  return count > first ? count - first : 0;
}

/* Until the row has done so many columns; returns how many it has. */
static uint64_t wait_for(struct pipeline *p, uint64_t row, uint64_t least) {
  uint64_t columns;
  for (uint32_t round = 1; (columns = has_done(p, row)) < least; round++) {
    for (int i = 0; i < 16; i++)
      lz_relax();
    if (round > MOST_ROUNDS)
      lz_nap(&(struct lz_pause){0});
    else if (round % 4 == 0 && lz_hand_count() > lz.processors)
      sched_yield();
  }
  return columns;
}

LZ_PUBLIC uint64_t __lazy_loop_step(uint64_t column) {
  struct lz_hand *hand = lz_self;
  struct lz_pipeline_row *row = hand ? hand->row : NULL;
  if (!row)
    return UINT64_MAX;
  struct pipeline *p = row->pipeline;
  uint64_t most = p->columns, end = most - column > p->block ? column + p->block : most;
  if (column > 0)
    tell(p, row->number, column);
  if (row->number > 0) {
    uint64_t least = most - column - 1 > p->lag ? column + 1 + p->lag : most;
    uint64_t above = wait_for(p, row->number - 1, least);
    if (above < most && end > above - p->lag)
      end = above - p->lag;
  }
  return end < most ? end : UINT64_MAX;
}

static void take_part(struct lz_hand *hand, struct pipeline *p) {
  struct lz_pipeline_row here = {.pipeline = p}, *below = hand->row;
  const struct lazy_site *caller = lz_running;
  lz_running = p->loop->site;
  hand->row = &here;
  while ((here.number = atomic_fetch_add_explicit(&p->next, 1, memory_order_relaxed)) < p->rows) {
    uint64_t begin = LZ_UNLIKELY(LZ_LOAD(&lz.recording, relaxed)) ? lz_now() : 0;
    p->loop->run(p->frame, here.number, here.number + 1);
    tell(p, here.number, p->columns);
    lz_count(hand, LZ_CHUNKED);
    if (LZ_UNLIKELY(begin))
      lz_record_calls(hand, p->loop->site, LZ_CHUNK, 1, begin);
  }
  hand->row = below;
  lz_running = caller;
}

static void run_part(void *payload) {
  struct lz_hand *hand = lz_hand();
  if (hand && hand->nest == 1)
    take_part(hand, ((struct part *)payload)->pipeline);
}

/* Without questions: what is left of the rows, or all in one thread. */
static void run_alone(struct lz_hand *hand, const struct lazy_loop *loop, void *frame, uint64_t first, uint64_t end) {
  struct lz_pipeline_row *below = hand ? hand->row : NULL;
  if (hand)
    hand->row = NULL;
  loop->run(frame, first, end);
  if (hand)
    hand->row = below;
}

static uint64_t learn_cost(struct lazy_site *site, uint64_t now) {
  uint64_t before = __atomic_load_n(&site->cost, __ATOMIC_RELAXED);
  now = before ? before - before / 4 + now / 4 : now;
  __atomic_store_n(&site->cost, now ? now : 1, __ATOMIC_RELAXED);
  return now;
}

static void run_together(struct lz_hand *hand, struct pipeline *p, uint64_t threads, uint64_t cost) {
  struct lazy_node *offered[MOST_THREADS];
  uint64_t offers = 0, balanced = p->columns / (4 * threads);
  p->block = cost ? (uint64_t)((double)p->columns * BLOCK_NS / (double)cost) : 1;
  p->block = p->block < balanced ? p->block : balanced;
  p->block = p->block ? p->block : 1;
  for (; offers + 1 < threads; offers++) {
    struct lazy_node *node = lz_piece_new(hand, p->loop->site, run_part, sizeof(struct part), cost * p->rows / threads);
    if (!node)
      break;
    ((struct part *)lz_payload(node))->pipeline = p;
    __lazy_start(node);
    offered[offers] = node;
  }
  lz_enter(hand);
  hand->nest++;
  take_part(hand, p);
  hand->nest--;
  lz_leave(hand);
  while (offers > 0) {
    __lazy_force(offered[--offers]);
    lz_let_go(hand, offered[offers]);
  }
}

LZ_PUBLIC void __lazy_loop_pipeline(const struct lazy_loop *loop, void *frame, uint64_t rows, uint64_t columns,
                                    uint64_t lag) {
  struct lz_hand *hand = lz_hand();
  uint64_t threads = (uint64_t)LZ_LOAD(&lz.threads, relaxed), start = lz_now();
  if (!hand || rows < 2 || columns < 2 || columns > UINT32_MAX || rows > UINT32_MAX) {
    run_alone(hand, loop, frame, 0, rows);
    return;
  }
  lz_count_many(hand, LZ_BATCHED, rows);
  run_alone(hand, loop, frame, 0, 1);
  uint64_t cost = learn_cost(loop->site, lz_now() - start);
  threads = threads < MOST_THREADS ? threads : MOST_THREADS;
  threads = threads < rows - 1 ? threads : rows - 1;
  if (!lz.eager && (cost < LEAST_ROW_NS || threads < 2)) {
    run_alone(hand, loop, frame, 1, rows);
    return;
  }
  int cancel = lz_cancel_disable(); /* others work on what lies on this stack */
  struct pipeline p = {.loop = loop, .frame = frame, .rows = rows, .columns = columns, .lag = lag, .next = 1};
  tell(&p, 0, columns);
  run_together(hand, &p, threads, cost);
  lz_cancel_restore(cancel);
}
