/* cached.c - one call of a function whose results are kept: find its result, or compute and keep it.
 *
 * 1. A function that can be kept asks, when it begins, if there is a cache: `on` in its descriptor.  It comes here with
 *    its arguments in a payload, and with the memory that it touches.
 * 2. From these and from the code follows the key (key.c).  A result under that key is put where the function would
 *    have put it: into the payload, and into the regions that it writes.  It is looked for among the last small ones of
 *    this thread, then in memory (memo.c), then in the file (store.h).
 * 3. Without one, the function runs, by its thunk on the payload; `bypass` tells it not to ask again.  What it has
 *    written is kept.
 * 4. What is cheaper to compute than to find is not worth asking for: after some calls that cost less than their
 *    questions, `on` becomes 0, unless the source asks for the cache itself.  And what the file takes as long to find
 *    is kept in memory only.
 *
 * Sound: a result is found only where the same code would compute it from the same bytes.  Whatever cannot be had (a
 * key, memory, a value of the right size) makes the function run.  Given up: to share a result that another thread is
 * just computing; both compute it.
 */
#include "cached.h"
#include "cache.h"

#include "files.h"
#include "hands.h"
#include "memo.h"
#include "outcome.h"
#include "shape.h"
#include "signals.h"
#include "why.h"

#include <string.h>

#define TRIED 64         /* calls until it is looked at whether asking pays, */
#define TRIED_NS 1000000 /* or a question that takes so long */
#define MEASURED 64      /* one question in so many is timed */
#define WORTH 16         /* a call must cost so many times what its question costs, */
#define LEAST 2          /* or so many times if enough are found */
#define FILE_WORTH 10    /* ... and what it costs to find its result in the file, to be kept there: */
#define FILE_NS 2000     /* for any */
#define FILE_PER_NS 2    /* and so many bytes in each ns */

/* The function that is to run as if there was no cache. */
static _Thread_local struct lazy_cached *bypass __attribute__((tls_model("initial-exec")));

static void compute(const struct lz_call *call) {
  bypass = (struct lazy_cached *)(uintptr_t)call->cached;
  call->cached->function->run(call->payload);
}

/* Step 4. */
static void judge(struct lazy_cached *cached, const struct lz_results *results) {
  uint64_t cost = LZ_LOAD(&results->cost, relaxed), question = LZ_LOAD(&results->question, relaxed);
  uint64_t spent = LZ_LOAD(&results->calls, relaxed) * question, saved = LZ_LOAD(&results->hits, relaxed) * cost;
  if (!results->marked && cost && question && cost < WORTH * question && (cost < LEAST * question || saved < spent))
    lz_cached_switch(cached, false);
}

/* The same for the file. */
static bool lasts(const struct lz_results *results, uint64_t cost, size_t bytes) {
  return !results->why_not && (results->marked || !cost || cost >= FILE_WORTH * (FILE_NS + bytes / FILE_PER_NS));
}

/* --- looking and keeping --- */

/* Tells whoever watches. */
static void tell(const struct lz_results *results, const char *why, uint64_t ns, size_t bytes) {
  lazy_cache_watcher *watch = lz_cache.watch;
  const lazy_cache_event event = {why ? LAZY_CACHE_COMPUTED : LAZY_CACHE_FOUND, results->name, why, ns, bytes};
  lz_in_place++; /* its calls of lazy functions are none of ours */
  if (watch)
    watch(&event, lz_cache.watch_data);
  lz_in_place--;
}

/* Who looks at what the file has takes it for the memory, too. */
struct finding {
  lz_take *take;
  void *context;
  struct lz_key key;
};

static bool take_from_file(void *context, const void *bytes, size_t size) {
  const struct finding *finding = context;
  if (!finding->take(finding->context, bytes, size))
    return false;
  struct lz_value *value = lz_memo_fits(size) ? lz_value_new(size) : NULL;
  if (value) {
    memcpy(value->bytes, bytes, size);
    lz_memo_keep(finding->key, value);
  }
  lz_value_release(value);
  return true;
}

bool lz_cached_find(struct lz_results *results, struct lz_key key, size_t bytes, lz_take *take, void *context) {
  if (!lz_cache.read)
    return false;
  if (lz_memo_find(key, take, context))
    return true;
  uint64_t known = LZ_LOAD(&results->cost, relaxed), cost = 0;
  struct finding finding = {take, context, key};
  if (!lasts(results, known, bytes) || !lz_cache_get(key, take_from_file, &finding, &cost))
    return false;
  if (!known)
    LZ_STORE(&results->cost, cost, relaxed);
  return true;
}

void lz_cached_count(struct lz_results *results, size_t bytes) {
  uint64_t cost = LZ_LOAD(&results->cost, relaxed);
  lz_tally(&results->calls, 1);
  lz_tally(&results->hits, 1);
  lz_tally(&results->saved, cost);
  if (LZ_UNLIKELY(lz_cache.watch != NULL))
    tell(results, NULL, cost, bytes);
}

void lz_cached_keep(struct lz_results *results, struct lz_key key, struct lz_value *value, uint64_t cost) {
  const struct lz_entry about = {results->name, cost, results->marked, NULL};
  lz_memo_keep(key, value);
  if (lasts(results, cost, value->size) && lz_cache_put(key, &about, value))
    lz_tally(&results->stored, 1);
}

/* --- one call --- */

LZ_PUBLIC uint32_t __lazy_cache_enter(struct lazy_cached *cached) {
  if (bypass == cached) {
    bypass = NULL;
    return LAZY_CACHE_COMPUTE;
  }
  struct lz_hand *hand = lz_in_place || lz_inside_handler() ? NULL : lz_hand();
  return hand && lz_may_help(hand) ? LAZY_CACHE_LOOK : LAZY_CACHE_PLAIN; /* it takes more stack than to run it */
}

/* Where the thread has the result, if it has; NULL: too large, or in memory. */
static struct lz_recent *recent_of(const struct lz_call *call, struct lz_key key) {
  struct lz_hand *hand = lz_self;
  if (!lz_is_value(call->cached) || call->cached->function->result.size > sizeof hand->recent[0].bytes || !hand)
    return NULL;
  return &hand->recent[key.lo % LZ_RECENT];
}

static bool find_recent(const struct lz_recent *recent, struct lz_key key, const struct lz_call *call) {
  const struct lazy_slot *result = &call->cached->function->result;
  if (!recent || recent->key[0] != key.lo || recent->key[1] != key.hi || recent->size != result->size || !lz_cache.read)
    return false;
  lz_copy(call->payload + result->offset, recent->bytes, result->size);
  return true;
}

static void note_recent(struct lz_recent *recent, struct lz_key key, const struct lz_call *call) {
  const struct lazy_slot *result = &call->cached->function->result;
  if (!recent)
    return;
  recent->key[0] = key.lo;
  recent->key[1] = key.hi;
  recent->size = result->size;
  lz_copy(recent->bytes, call->payload + result->offset, result->size);
}

/* Is in the files that it reads what was in them before? */
static bool has_changed_files(const struct lz_call *call) {
  struct lz_hash now;
  return lz_call_has(call, LAZY_CACHED_FILES) &&
         (!lz_files_hash(call, &now) || now.lo != call->files.lo || now.hi != call->files.hi);
}

/* ns that it took. */
static uint64_t compute_and_keep(struct lz_call *call, struct lz_results *results, struct lz_key key) {
  struct lz_file_state states[LZ_FILES];
  if (lz_call_has(call, LAZY_CACHED_FILES))
    lz_files_note(call, states);
  uint64_t start = lz_now();
  compute(call);
  uint64_t cost = lz_now() - start;
  lz_learn(&results->cost, cost);
  bool keeps = !has_changed_files(call) && (!call->shape || lz_shape_is_intact(call->shape));
  struct lz_value *value = keeps ? lz_outcome_gather(call, states) : NULL;
  if (value)
    lz_cached_keep(results, key, value, cost);
  lz_value_release(value);
  return cost;
}

/* Files and objects are looked at first.  False: of one of them no key can be made. */
static bool make_key(struct lz_call *call, const struct lz_results *results, struct lz_shape *shape,
                     struct lz_key *key) {
  if (call->cached->layout_count) {
    call->shape = shape;
    if (!lz_shape_make(shape, call->cached, call->regions))
      return false;
  }
  return (!lz_call_has(call, LAZY_CACHED_FILES) || lz_files_hash(call, &call->files)) &&
         lz_key_make(call, results->code, key);
}

LZ_PUBLIC void __lazy_cached(struct lazy_cached *cached, void *payload, const struct lazy_region *regions) {
  struct lz_call call = {cached, payload, regions, {0, 0}, NULL};
  struct lz_shape shape;
  struct lz_results *results = cached->results;
  struct lz_key key = {0, 0};
  const char *why = NULL;
  uint64_t calls = lz_tally(&results->calls, 1), cost;
  bool measured = calls % MEASURED == 0;
  uint64_t start = measured ? lz_now() : 0;
  lz_cache_know(results);
  bool keyed = make_key(&call, results, &shape, &key);
  struct lz_recent *recent = keyed ? recent_of(&call, key) : NULL;
  bool known = find_recent(recent, key, &call);
  bool found = known || (keyed && lz_cached_find(results, key, lz_written_size(&call), lz_outcome_scatter, &call));
  if (measured && keyed)
    lz_learn(&results->question, lz_now() - start);
  if (LZ_UNLIKELY(lz_why_is_asked()))
    why = lz_why(results, &call, keyed, found);
  if (found) {
    cost = LZ_LOAD(&results->cost, relaxed);
    lz_tally(&results->hits, 1);
    lz_tally(&results->saved, cost);
  } else if (keyed) {
    lz_tally(&results->misses, 1);
    cost = compute_and_keep(&call, results, key);
    if (calls >= TRIED || LZ_LOAD(&results->question, relaxed) > TRIED_NS)
      judge(cached, results);
  } else {
    cost = 0;
    compute(&call);
  }
  if (!known)
    note_recent(recent, key, &call);
  if (LZ_UNLIKELY(lz_cache.watch != NULL))
    tell(results, why, cost, keyed ? lz_written_size(&call) : 0);
  if (call.shape)
    lz_shape_give(&shape);
}
