/* stats.c - sums over the hands' counters.
 *
 * Counters only grow and each has one writer, so a sum read before another is no later than it: if what was settled,
 * read first, equals what was demanded, read second, then nothing was under way in between.
 */
#include "stats.h"

#include "error.h"
#include "module.h"

#include <inttypes.h>

_Atomic uint64_t lz_others[LZ_COUNTERS];

enum whose { WORKERS = 1, PROGRAM = 2, ALL = 3 };

static uint64_t sum(enum lz_counter counter, enum whose whose) {
  uint64_t total = whose & PROGRAM ? LZ_LOAD(&lz_others[counter], acquire) : 0;
  for (uint32_t i = 0, count = lz_hand_count(); i < count; i++) {
    struct lz_hand *hand = lz_hand_at(i);
    if ((LZ_LOAD(&hand->worker, relaxed) ? WORKERS : PROGRAM) & whose)
      /* pairs with the release of lz_count(), so that what preceded the count is seen too */
      total += LZ_LOAD(&hand->count[counter], acquire);
  }
  return total;
}

uint64_t lz_stats_sum(enum lz_counter counter) {
  return sum(counter, ALL);
}

uint64_t lz_pending(void) {
  uint64_t opened = sum(LZ_OPENED, ALL), gone = sum(LZ_RAN, ALL) + sum(LZ_FOUND, ALL) + sum(LZ_DROPPED, ALL);
  return opened > gone ? opened - gone : 0; /* others go on meanwhile: an estimate, rather too low */
}

bool lz_unsettled(void) {
  uint64_t settled = sum(LZ_SETTLED, ALL);
  return sum(LZ_DEMANDED, ALL) != settled;
}

void lz_stats_print(void) {
  uint64_t pending = lz_pending(), peak = LZ_LOAD(&lz.peak, relaxed);
  const struct {
    const char *what;
    uint64_t count;
  } lines[] = {
      {"nodes created", sum(LZ_OPENED, ALL)},
      {"calls in place, there being work enough", sum(LZ_REFUSED, ALL)},
      {"runs by workers", sum(LZ_RAN, WORKERS)},
      {"runs by the program's threads", sum(LZ_RAN, PROGRAM)},
      {"nodes whose results were kept", sum(LZ_FOUND, ALL)},
      {"calls in batches and loops", sum(LZ_BATCHED, ALL)},
      {"nodes dropped, never needed", sum(LZ_DROPPED, ALL)},
      {"nodes pending at exit", pending},
      {"nodes pending at most, as sampled", peak > pending ? peak : pending},
      {"values waited for", sum(LZ_WAITS, ALL)},
      {"stores deferred", sum(LZ_STORES, ALL)},
      {"hands", lz_hand_count()},
  };
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    lz_say("%-40s %12" PRIu64, lines[i].what, lines[i].count);
}
