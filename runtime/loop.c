/* loop.c - loops whose iterations are independent of each other.
 *
 * They are handed out in ranges (ranges.c), which costs next to nothing and leaves neighbours on one thread, but
 * returns only when all are done.  So where calls are so dear that nodes cost next to nothing either, nodes are made:
 * the program need not wait for them.  The same where there are too few iterations to keep all threads busy to the end;
 * if the calls are in loops inside, those are asked then.
 *
 * Where every call is to become a node, loops are handed out every other time, so that tests see both.
 */
#include "hands.h"
#include "module.h"
#include "ranges.h"
#include "schedule.h"
#include "signals.h"
#include "stats.h"

#define FEW_PER_THREAD 8
#define DEAR_NS 50000 /* of too few iterations */
#define DEAREST_NS 1000000

LZ_PUBLIC uint32_t __lazy_loop_choose(const struct lazy_loop *loop, uint64_t count) {
  struct lz_hand *hand = LZ_LIKELY(!lz_all_in_place()) ? lz_hand() : NULL;
  if (LZ_UNLIKELY(!hand || lz_stack_low(hand)))
    return LAZY_LOOP_IN_PLACE;
  if (LZ_UNLIKELY(lz.eager))
    return ++hand->tick % 2 ? LAZY_LOOP_NODES : LAZY_LOOP_SHARED;
  if (LZ_UNLIKELY(!LZ_LOAD(&lz.team, relaxed)))
    lz_team_start();
  if (loop->flags & LAZY_LOOP_PIPELINED)
    return LAZY_LOOP_SHARED;
  uint64_t cost = __atomic_load_n(&loop->site->cost, __ATOMIC_RELAXED);
  bool nested = loop->flags & LAZY_LOOP_NESTED, few = count < FEW_PER_THREAD * (uint64_t)LZ_LOAD(&lz.threads, relaxed);
  bool dear = nested ? few : cost > (few ? DEAR_NS : DEAREST_NS);
  return dear ? LAZY_LOOP_NODES : LAZY_LOOP_SHARED;
}

LZ_PUBLIC void __lazy_loop_run(const struct lazy_loop *loop, void *frame, uint64_t count) {
  struct lz_hand *hand = lz_hand();
  struct lz_row row = {loop->run, frame, loop->site, false};
  if (LZ_UNLIKELY(!hand)) {
    loop->run(frame, 0, count);
    return;
  }
  lz_count_many(hand, LZ_BATCHED, count);
  lz_run_row(hand, &row, count);
}
