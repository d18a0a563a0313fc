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
#include "shape.h"
#include "signals.h"
#include "why.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define TRIED 64         /* calls until it is looked at whether asking pays, */
#define TRIED_NS 1000000 /* or a question that takes so long */
#define MEASURED 16      /* one question in so many is timed */
#define WORTH 16         /* a call must cost so many times what its question costs, */
#define LEAST 2          /* or so many times if enough are found */
#define FILE_WORTH 10    /* ... and what it costs to find its result in the file, to be kept there: */
#define FILE_NS 2000     /* for any */
#define FILE_PER_NS 2    /* and so many bytes in each ns */

/* The function that is to run as if there was no cache. */
static _Thread_local struct lazy_cached *bypass __attribute__((tls_model("initial-exec")));

/* --- what a call has written --- */

/* How many bytes are there?  0: that cannot be told.  The program may have brought a malloc() of its own, of which the
 * C library's function would not know. */
#pragma weak dladdr
#pragma weak malloc_usable_size /* a static program with a malloc() of its own is to have no other */
static bool is_measurable(void) {
  Dl_info its, sizes;
  return malloc_usable_size &&
         (!dladdr || (dladdr((void *)(uintptr_t)malloc, &its) &&
                      dladdr((void *)(uintptr_t)malloc_usable_size, &sizes) && its.dli_fbase == sizes.dli_fbase));
}

static size_t block_size(void *p) {
  static _Atomic int known; /* 0: not yet; 1: it is; 2: it is not */
  if (!LZ_LOAD(&known, relaxed))
    LZ_STORE(&known, is_measurable() ? 1 : 2, relaxed);
  return LZ_LOAD(&known, relaxed) == 1 ? malloc_usable_size(p) : 0;
}

static bool has(const struct lz_call *call, uint32_t flag) {
  return (call->cached->flags & flag) != 0;
}

/* Of the memory that the result points to, if it does; 0: it is NULL.  False: that cannot be told. */
static bool fresh_size(const struct lz_call *call, void **p, uint64_t *size) {
  *size = 0;
  if (!has(call, LAZY_CACHED_FRESH))
    return true;
  memcpy(p, call->payload + call->cached->function->result.offset, sizeof *p);
  if (*p)
    *size = block_size(*p);
  return !*p || *size > 0;
}

/* The bytes that the call has written, one part behind the other; for fresh memory, how much, and what is in it; files;
 * regions; objects.  NULL: out of memory, or it cannot be told. */
static struct lz_value *gather(const struct lz_call *call, const uint32_t *modes) {
  const struct lazy_slot *result = &call->cached->function->result;
  void *fresh = NULL;
  uint64_t size;
  size_t files = 0;
  if (!fresh_size(call, &fresh, &size) || (has(call, LAZY_CACHED_FILES) && !lz_files_measure(call, &files)))
    return NULL;
  struct lz_value *value = lz_value_new(lz_written_size(call) + size + files);
  if (!value)
    return NULL;
  char *to = value->bytes;
  memcpy(to, has(call, LAZY_CACHED_FRESH) ? (char *)&size : call->payload + result->offset, result->size);
  to += result->size;
  if (size > 0)
    memcpy(to, fresh, size);
  to += size;
  if (files > 0 && !lz_files_gather(call, modes, to, files)) {
    lz_value_release(value);
    return NULL;
  }
  to += files;
  for (uint32_t i = 0; i < call->cached->region_count; i++) {
    struct lz_block rows = lz_written_block(&call->regions[i]);
    for (size_t k = 0; k < rows.count; k++, to += rows.size)
      memcpy(to, rows.p + (ptrdiff_t)k * rows.stride, rows.size);
  }
  if (call->shape)
    lz_shape_gather(call->shape, to);
  return value;
}

static void copy(char *to, const char *from, size_t size) {
  memcpy(to, from, size);
}

/* Writes what the function has written, for what was there before is part of the key: the rest may be constant. */
static void change(char *to, const char *from, size_t size) {
  for (size_t at = 0, step; at < size; at += step) {
    step = size - at < LZ_LINE ? size - at : LZ_LINE;
    for (size_t i = at; memcmp(to + at, from + at, step) != 0 && i < at + step; i++)
      if (to[i] != from[i])
        to[i] = from[i];
  }
}

/* The parts of a value, as gather() has put them. */
struct parts {
  const char *result, *fresh, *files, *regions;
  uint64_t fresh_size;
};

/* False: they are not those of such a call. */
static bool part(const struct lz_call *call, const char *value, size_t size, struct parts *parts) {
  size_t result = call->cached->function->result.size, written = lz_written_size(call), files = 0;
  if (size < written)
    return false;
  size -= written;
  *parts = (struct parts){.result = value, .fresh = value + result};
  if (has(call, LAZY_CACHED_FRESH))
    memcpy(&parts->fresh_size, value, sizeof parts->fresh_size);
  if (parts->fresh_size > size)
    return false;
  size -= parts->fresh_size;
  parts->files = parts->fresh + parts->fresh_size;
  if (has(call, LAZY_CACHED_FILES))
    files = lz_files_length(call, parts->files, size);
  parts->regions = parts->files + (files == size ? files : 0);
  return files == size;
}

/* Puts them where they belong; first what may fail. */
static bool scatter(void *context, const void *value, size_t size) {
  const struct lz_call *call = context;
  const struct lazy_slot *result = &call->cached->function->result;
  struct parts parts;
  void *fresh = NULL;
  if (!part(call, value, size, &parts) || (parts.fresh_size > 0 && !(fresh = malloc(parts.fresh_size))))
    return false;
  if (has(call, LAZY_CACHED_FILES) && !lz_files_scatter(call, parts.files)) {
    free(fresh);
    return false;
  }
  if (fresh)
    memcpy(fresh, parts.fresh, parts.fresh_size);
  memcpy(call->payload + result->offset, has(call, LAZY_CACHED_FRESH) ? (char *)&fresh : parts.result, result->size);
  const char *from = parts.regions;
  for (uint32_t i = 0; i < call->cached->region_count; i++) {
    struct lz_block rows = lz_written_block(&call->regions[i]);
    bool encloses = (call->regions[i].access & LAZY_ENCLOSES) != 0;
    for (size_t k = 0; k < rows.count; k++, from += rows.size)
      (encloses ? change : copy)(rows.p + (ptrdiff_t)k * rows.stride, from, rows.size);
  }
  if (call->shape)
    lz_shape_scatter(call->shape, from);
  return true;
}

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
  return has(call, LAZY_CACHED_FILES) &&
         (!lz_files_hash(call, &now) || now.lo != call->files.lo || now.hi != call->files.hi);
}

/* ns that it took. */
static uint64_t compute_and_keep(struct lz_call *call, struct lz_results *results, struct lz_key key) {
  uint32_t modes[LZ_FILES];
  if (has(call, LAZY_CACHED_FILES))
    lz_files_note(call, modes);
  uint64_t start = lz_now();
  compute(call);
  uint64_t cost = lz_now() - start;
  lz_learn(&results->cost, cost);
  struct lz_value *value = has_changed_files(call) ? NULL : gather(call, modes);
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
  return (!has(call, LAZY_CACHED_FILES) || lz_files_hash(call, &call->files)) && lz_key_make(call, results->code, key);
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
  bool found = known || (keyed && lz_cached_find(results, key, lz_written_size(&call), scatter, &call));
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
