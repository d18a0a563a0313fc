/* results.c - the functions whose results are kept, and what has become of their calls.
 *
 * 1. A function is listed when its module comes, and stays when the module goes.
 * 2. What its code is, is found out at its first call, for each cache that is opened: its fingerprint (fingerprint.c)
 *    and the space that results are kept in make one hash.  Where there is no fingerprint, the function's number in
 *    this process stands for it, and what is kept is for this process.
 */
#include "results.h"

#include "cache.h"
#include "error.h"
#include "fingerprint.h"
#include "why.h"

#include <inttypes.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static struct {
  pthread_mutex_t mutex;
  _Atomic(struct lz_results *) first;
  uint64_t functions;
} all = {.mutex = PTHREAD_MUTEX_INITIALIZER};

struct lz_results *lz_results_new(const struct lazy_cached *cached) {
  struct lz_results *results = calloc(1, sizeof *results);
  if (!results || !(results->name = strdup(cached->function->name))) {
    free(results);
    return NULL;
  }
  results->function = cached->function;
  results->marked = (cached->flags & LAZY_CACHED_MARKED) != 0;
  pthread_mutex_lock(&all.mutex);
  results->next = LZ_LOAD(&all.first, relaxed);
  LZ_STORE(&all.first, results, release); /* pairs with the acquire of lz_results_first() */
  pthread_mutex_unlock(&all.mutex);
  return results;
}

struct lz_results *lz_results_first(void) {
  return LZ_LOAD(&all.first, acquire);
}

/* Step 2. */
static void identify(struct lz_results *results) {
  struct {
    uint64_t code[2], space[2];
  } text = {{0, 0}, {lz_cache.space[0], lz_cache.space[1]}};
  results->why_not = "there is none";
  if (!lz_cache_has_file() || !lz_fingerprint(results->function, text.code, &results->why_not)) {
    text.code[0] = ++all.functions; /* its address may be another's later */
    text.code[1] = 0;
  }
  XXH128_hash_t hash = XXH3_128bits(&text, sizeof text);
  results->code[0] = hash.low64;
  results->code[1] = hash.high64;
  if (!results->why_not)
    lz_why_recall(results);
}

void lz_results_identify(struct lz_results *results) {
  int cancel = lz_cancel_disable();
  pthread_mutex_lock(&all.mutex);
  uint32_t number = LZ_LOAD(&lz_cache.number, acquire);
  if (LZ_LOAD(&results->known, relaxed) != number) {
    identify(results);
    LZ_STORE(&results->known, number, release); /* pairs with the acquire of lz_cache_know() */
  }
  pthread_mutex_unlock(&all.mutex);
  lz_cancel_restore(cancel);
}

static void print(const struct lz_results *results) {
  uint64_t calls = LZ_LOAD(&results->calls, relaxed);
  if (!calls)
    return;
  lz_say("%s: %" PRIu64 " calls, %" PRIu64 " found, %" PRIu64 " computed; %.3f s saved", results->name, calls,
         LZ_LOAD(&results->hits, relaxed), LZ_LOAD(&results->misses, relaxed),
         (double)LZ_LOAD(&results->saved, relaxed) * 1e-9);
  if (lz.diagnose)
    lz_why_print(results);
}

void lz_results_print(void) {
  for (struct lz_results *results = lz_results_first(); results; results = results->next)
    print(results);
}

void lz_results_lock(void) {
  pthread_mutex_lock(&all.mutex);
}

void lz_results_unlock(void) {
  pthread_mutex_unlock(&all.mutex);
}
