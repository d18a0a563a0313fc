/* cache.c - results that are kept: find them, or compute and keep them.
 *
 * 1. A function that can be kept asks, when it begins, if there is a cache: `on` in its descriptor.  It comes here with
 *    its arguments in a payload, and with the memory that it touches.
 * 2. From these and from the code follows the key (key.c).  A result under that key is put where the function would
 *    have put it: into the payload, and into the regions that it writes.
 * 3. Without one, the function runs, by its thunk on the payload; `bypass` tells it not to ask again.  What it has
 *    written is kept.
 * 4. What is cheaper to compute than to find is not worth asking for: after some calls that cost less than their
 *    questions, `on` becomes 0, unless the source asks for the cache itself.
 *
 * Sound: a result is found only where the same code would compute it from the same bytes.  Whatever cannot be had (a
 * key, memory, a value of the right size) makes the function run.  Given up: to share a result that another thread is
 * just computing; both compute it.
 */
#include "cache.h"

#include "error.h"
#include "hands.h"
#include "memo.h"
#include "signals.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TRIED 64         /* calls until it is looked at whether asking pays, */
#define TRIED_NS 1000000 /* or a question that takes so long */
#define MEASURED 16      /* one question in so many is timed */
#define WORTH 2          /* a call must cost so many times what its question costs */

/* What is known of a function.  Lives as long as the process: threads may be in it when its module goes.
 *   calls == hits + misses + calls that had no key */
struct lz_memory {
  struct lz_memory *next;
  char *name;
  uint64_t code[2];
  bool marked;
  _Atomic uint64_t calls, hits, misses;
  _Atomic uint64_t cost;     /* of a call, ns, on average */
  _Atomic uint64_t question; /* of finding nothing or something, ns, on average */
  _Atomic uint64_t saved;    /* ns */
};

static struct {
  _Atomic(struct lz_memory *) first;
} memories;

/* The function that is to run as if there was no cache. */
static _Thread_local struct lazy_cached *bypass __attribute__((tls_model("initial-exec")));

/* --- functions --- */

static struct lz_memory *new_memory(const struct lazy_cached *cached) {
  const struct lazy_function *function = cached->function;
  struct lz_memory *memory = calloc(1, sizeof *memory);
  if (!memory || !(memory->name = strdup(function->name))) {
    free(memory);
    return NULL;
  }
  /* Means this one, in this process; its address may be another's later.  For all others there is lz_fingerprint(). */
  static _Atomic uint64_t functions;
  memory->code[0] = ++functions;
  memory->marked = (cached->flags & LAZY_CACHED_MARKED) != 0;
  memory->next = LZ_LOAD(&memories.first, relaxed);
  while (!atomic_compare_exchange_weak(&memories.first, &memory->next, memory))
    ;
  return memory;
}

static void set_on(struct lazy_cached *cached, uint32_t on) {
  __atomic_store_n(&cached->on, on, __ATOMIC_RELEASE); /* compiled code reads it: any time will do */
}

void lz_cache_attach(struct lazy_module *module) {
  if (!lz.cache)
    return;
  for (uint64_t i = 0; i < module->cached_count; i++) {
    struct lazy_cached *cached = module->cached[i];
    if (lz.cache_marked && !(cached->flags & LAZY_CACHED_MARKED))
      continue;
    if (!cached->memory)
      cached->memory = new_memory(cached);
    if (cached->memory)
      set_on(cached, 1);
  }
}

void lz_cache_detach(struct lazy_module *module) {
  for (uint64_t i = 0; i < module->cached_count; i++)
    set_on(module->cached[i], 0);
}

/* --- one call --- */

/* The bytes that the call has written, one part behind the other. */
static struct lz_value *gather(const struct lz_call *call) {
  const struct lazy_slot *result = &call->cached->function->result;
  struct lz_value *value = lz_value_new(lz_written_size(call));
  if (!value)
    return NULL;
  char *to = value->bytes;
  memcpy(to, call->payload + result->offset, result->size);
  to += result->size;
  for (uint32_t i = 0; i < call->cached->region_count; i++) {
    struct lz_block rows = lz_written_block(&call->regions[i]);
    for (size_t k = 0; k < rows.count; k++, to += rows.size)
      memcpy(to, rows.p + (ptrdiff_t)k * rows.stride, rows.size);
  }
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

/* Puts them where they belong. */
static bool scatter(void *context, const void *value, size_t size) {
  const struct lz_call *call = context;
  const struct lazy_slot *result = &call->cached->function->result;
  const char *from = value;
  if (size != lz_written_size(call))
    return false;
  memcpy(call->payload + result->offset, from, result->size);
  from += result->size;
  for (uint32_t i = 0; i < call->cached->region_count; i++) {
    struct lz_block rows = lz_written_block(&call->regions[i]);
    bool encloses = (call->regions[i].access & LAZY_ENCLOSES) != 0;
    for (size_t k = 0; k < rows.count; k++, from += rows.size)
      (encloses ? change : copy)(rows.p + (ptrdiff_t)k * rows.stride, from, rows.size);
  }
  return true;
}

static void compute(const struct lz_call *call) {
  bypass = (struct lazy_cached *)(uintptr_t)call->cached;
  call->cached->function->run(call->payload);
}

/* An average over some time.  Never 0, which means unknown. */
static void learn(_Atomic uint64_t *average, uint64_t now) {
  uint64_t before = LZ_LOAD(average, relaxed);
  now = before ? before - before / 8 + now / 8 : now;
  LZ_STORE(average, now ? now : 1, relaxed);
}

/* Where threads meet some may be lost: an exact count would take as long as all the rest of finding something. */
static uint64_t count(_Atomic uint64_t *counter, uint64_t n) {
  uint64_t before = LZ_LOAD(counter, relaxed);
  LZ_STORE(counter, before + n, relaxed);
  return before;
}

/* Step 4. */
static void judge(struct lazy_cached *cached, struct lz_memory *memory) {
  uint64_t cost = LZ_LOAD(&memory->cost, relaxed), question = LZ_LOAD(&memory->question, relaxed);
  if (!memory->marked && cost && question && cost < WORTH * question)
    set_on(cached, 0);
}

static bool look_up(struct lz_key key, struct lz_call *call) {
  return lz_memo_find(key, scatter, call);
}

static void keep(struct lz_key key, const struct lz_call *call) {
  struct lz_value *value = gather(call);
  if (value)
    lz_memo_keep(key, value);
  lz_value_release(value);
}

LZ_PUBLIC uint32_t __lazy_cache_enter(struct lazy_cached *cached) {
  if (bypass == cached) {
    bypass = NULL;
    return LAZY_CACHE_COMPUTE;
  }
  struct lz_hand *hand = lz_in_place || lz_inside_handler() ? NULL : lz_hand();
  return hand && lz_may_help(hand) ? LAZY_CACHE_LOOK : LAZY_CACHE_PLAIN; /* it takes more stack than to run it */
}

LZ_PUBLIC void __lazy_cached(struct lazy_cached *cached, void *payload, const struct lazy_region *regions) {
  struct lz_call call = {cached, payload, regions};
  struct lz_memory *memory = cached->memory;
  struct lz_key key;
  uint64_t calls = count(&memory->calls, 1);
  bool measured = calls % MEASURED == 0;
  uint64_t start = measured ? lz_now() : 0;
  if (!lz_key_make(&call, memory->code, &key)) {
    compute(&call);
    return;
  }
  bool found = look_up(key, &call);
  if (measured)
    learn(&memory->question, lz_now() - start);
  if (found) {
    count(&memory->hits, 1);
    count(&memory->saved, LZ_LOAD(&memory->cost, relaxed));
    return;
  }
  count(&memory->misses, 1);
  start = lz_now();
  compute(&call);
  learn(&memory->cost, lz_now() - start);
  keep(key, &call);
  if (calls >= TRIED || LZ_LOAD(&memory->question, relaxed) > TRIED_NS)
    judge(cached, memory);
}

/* --- the whole --- */

void lz_cache_init(void) {
  lz.cache = lz.cache && !lz.check; /* what is found cannot be checked */
  if (lz.cache)
    lz_memo_limit(lz.cache_memory);
}

void lz_cache_print(void) {
  for (struct lz_memory *memory = LZ_LOAD(&memories.first, acquire); memory; memory = memory->next)
    if (LZ_LOAD(&memory->calls, relaxed))
      lz_say("%s: %" PRIu64 " calls, %" PRIu64 " found, %" PRIu64 " computed; %.3f s saved", memory->name,
             LZ_LOAD(&memory->calls, relaxed), LZ_LOAD(&memory->hits, relaxed), LZ_LOAD(&memory->misses, relaxed),
             (double)LZ_LOAD(&memory->saved, relaxed) * 1e-9);
}
