/* levels.c - what calls of a recursive function cost, level by level.
 *
 * 1. A level's cost is the highest that has been measured, and falls by an eighth with each lower one: a level at which
 *    some subtrees are large is one at which nodes are worth making, even if most are small.
 * 2. Where every call is to become a node, none is ever known to be small.
 * 3. The plain body goes on in signal handlers, and where the stack runs low: it may need none where the shared one
 *    recurses, for it is LLVM's to make a loop of.
 *
 * Given up: a measurement that a thread has spent in part on helping others, or asleep, is too high.  That falls, too.
 */
#include "hands.h"
#include "module.h"
#include "signals.h"

enum { PLAIN = 0, UNMEASURED = 1 };

LZ_PUBLIC uint64_t __lazy_level_begin(void) {
  struct lz_hand *hand = LZ_LIKELY(!lz_all_in_place()) ? lz_hand() : NULL;
  if (LZ_UNLIKELY(!hand || lz_stack_low(hand)))
    return PLAIN;
  return LZ_UNLIKELY(lz.eager) ? UNMEASURED : lz_now();
}

LZ_PUBLIC void __lazy_level_end(uint32_t *cost, uint64_t begin) {
  if (LZ_UNLIKELY(begin <= UNMEASURED))
    return;
  uint64_t now = lz_now() - begin;
  uint32_t old = __atomic_load_n(cost, __ATOMIC_RELAXED), least = old - old / 8;
  uint32_t new = now > UINT32_MAX ? UINT32_MAX : now > least ? (uint32_t)now : least;
  __atomic_store_n(cost, new ? new : 1, __ATOMIC_RELAXED);
}
