/* cache.c - the cache is opened and closed; and the file behind it.
 *
 * 1. There is one at a time: from the environment, or by lazy_cache_open().  While there is, `on` is set in the
 *    descriptors of the functions that look for their results (cached.c).
 * 2. The folder is opened when the first of them is called: most runs of most programs do not get that far.
 * 3. The file stays open while somebody is in it: readers share a lock.
 * 4. When the cache is closed, or the program ends, what has become of the functions is written, too (why.c).
 *
 * Sound: who is between two steps when the cache is closed finds nothing, and keeps nothing.  A thread is not cancelled
 * in here: others wait for its locks.
 */
#include "cache.h"

#include "env.h"
#include "error.h"
#include "hash.h"
#include "memo.h"
#include "module.h"
#include "signals.h"
#include "store.h"
#include "why.h"

#include <stdio.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define MEMORY ((size_t)256 << 20)
#define FILE_BYTES ((uint64_t)4 << 30)
#define EXIT_MS 2000 /* that the end of a program waits for a file that nothing is written to */

struct lz_cache lz_cache;

/* Invariants
 *   open == (lz_cache.number != 0) == there are functions that look;  file only while open */
static struct {
  pthread_mutex_t mutex; /* of who opens or closes */
  pthread_rwlock_t file_lock;
  struct lz_store *file;
  bool tried; /* to open it */
  bool open, marked_only, write;
  char *path, *space;
  uint64_t max_bytes, max_age;
  uint32_t number;
  struct lz_totals told; /* of what the folder knows */
} cache = {.mutex = PTHREAD_MUTEX_INITIALIZER, .file_lock = PTHREAD_RWLOCK_INITIALIZER};

/* --- which functions look --- */

static void switch_on(struct lazy_module *module) {
  for (uint64_t i = 0; i < module->cached_count; i++) {
    struct lazy_cached *cached = module->cached[i];
    if (cache.marked_only && !(cached->flags & LAZY_CACHED_MARKED))
      continue;
    if (!cached->results)
      cached->results = lz_results_new(cached);
    if (cached->results)
      lz_cached_switch(cached, true);
  }
}

static void switch_off(struct lazy_module *module) {
  for (uint64_t i = 0; i < module->cached_count; i++)
    lz_cached_switch(module->cached[i], false);
}

void lz_cache_attach(struct lazy_module *module) {
  pthread_mutex_lock(&cache.mutex);
  if (cache.open)
    switch_on(module);
  pthread_mutex_unlock(&cache.mutex);
}

void lz_cache_detach(struct lazy_module *module) {
  pthread_mutex_lock(&cache.mutex);
  switch_off(module);
  pthread_mutex_unlock(&cache.mutex);
}

/* --- the file --- */

bool lz_cache_has_file(void) {
  struct lz_store_options options = {cache.path, cache.space, cache.max_bytes, cache.max_age, cache.write};
  pthread_rwlock_wrlock(&cache.file_lock);
  if (cache.open && cache.path && !cache.tried) {
    cache.tried = true;
    if (lz_store_open(&cache.file, &options) != LAZY_OK)
      cache.file = NULL;
  }
  bool there = cache.file != NULL;
  pthread_rwlock_unlock(&cache.file_lock);
  return there;
}

bool lz_cache_get(struct lz_key key, lz_take *take, void *context, uint64_t *cost) {
  int cancel = lz_cancel_disable();
  pthread_rwlock_rdlock(&cache.file_lock);
  bool found = cache.file && lz_store_get(cache.file, key, take, context, cost);
  pthread_rwlock_unlock(&cache.file_lock);
  lz_cancel_restore(cancel);
  return found;
}

bool lz_cache_put(struct lz_key key, const struct lz_entry *about, struct lz_value *value) {
  int cancel = lz_cancel_disable();
  pthread_rwlock_rdlock(&cache.file_lock);
  bool taken = cache.file && cache.write && lz_store_put(cache.file, key, about, value);
  pthread_rwlock_unlock(&cache.file_lock);
  lz_cancel_restore(cancel);
  return taken;
}

bool lz_cache_recall(const char *name, void *record, size_t size) {
  pthread_rwlock_rdlock(&cache.file_lock);
  bool found = cache.file && lz_store_recall(cache.file, name, record, size);
  pthread_rwlock_unlock(&cache.file_lock);
  return found;
}

void lz_cache_note(const char *name, const void *record, size_t size) {
  pthread_rwlock_rdlock(&cache.file_lock);
  if (cache.file && cache.write)
    lz_store_note(cache.file, name, record, size);
  pthread_rwlock_unlock(&cache.file_lock);
}

/* --- open and close --- */

static int copy_text(char **to, const char *text) {
  *to = text ? strdup(text) : NULL;
  return text && !*to ? LAZY_ENOMEM : LAZY_OK;
}

/* From the root: the program may go elsewhere before the folder is opened. */
static int copy_path(char **to, const char *path) {
  char *here = path && *path != '/' ? getcwd(NULL, 0) : NULL;
  if (!here)
    return copy_text(to, path);
  int length = asprintf(to, "%s/%s", here, path);
  free(here);
  if (length < 0)
    *to = NULL;
  return *to ? LAZY_OK : LAZY_ENOMEM;
}

/* The members that the caller's version of the struct has. */
static bool take_options(struct lazy_cache_options *to, const struct lazy_cache_options *from) {
  const unsigned known = LAZY_CACHE_READ_ONLY | LAZY_CACHE_WRITE_ONLY | LAZY_CACHE_MARKED_ONLY | LAZY_CACHE_SHA256;
  *to = (struct lazy_cache_options){0};
  if (!from)
    return true;
  if (from->size != sizeof *from)
    return false;
  *to = *from;
  return !(to->flags & ~known) && (to->flags & 3) != 3;
}

static int open_with(const struct lazy_cache_options *options) {
  int error = copy_path(&cache.path, options->path);
  if (!error)
    error = copy_text(&cache.space, options->space ? options->space : "");
  if (!error && !lz_hash_choose((options->flags & LAZY_CACHE_SHA256) != 0))
    error = LAZY_ECACHE;
  if (error)
    return error;
  cache.max_bytes = options->max_bytes ? options->max_bytes : FILE_BYTES;
  cache.max_age = options->max_age;
  cache.marked_only = (options->flags & LAZY_CACHE_MARKED_ONLY) != 0;
  lz_cache.read = !(options->flags & LAZY_CACHE_WRITE_ONLY);
  cache.write = !(options->flags & LAZY_CACHE_READ_ONLY);
  lz_cache.watch = options->watch;
  lz_cache.watch_data = options->watch_data;
  XXH128_hash_t hash = XXH3_128bits_withSeed(cache.space, strlen(cache.space), options->flags & LAZY_CACHE_SHA256);
  lz_cache.space[0] = hash.low64;
  lz_cache.space[1] = hash.high64;
  lz_memo_limit(options->max_memory ? (size_t)options->max_memory : MEMORY);
  LZ_STORE(&lz_cache.number, ++cache.number, release);
  cache.open = true;
  return LAZY_OK;
}

static void forget(void) {
  cache.open = cache.tried = false;
  LZ_STORE(&lz_cache.number, 0, relaxed);
  lz_cache.watch = NULL;
  free(cache.path);
  free(cache.space);
  cache.path = cache.space = NULL;
}

/* What the functions have had of the cache since the last time. */
static struct lz_totals count(void) {
  struct lz_totals now = {0}, more, told = cache.told;
  for (struct lz_results *results = lz_results_first(); results; results = results->next) {
    now.found += LZ_LOAD(&results->hits, relaxed);
    now.computed += LZ_LOAD(&results->misses, relaxed);
    now.saved += LZ_LOAD(&results->saved, relaxed);
  }
  more = (struct lz_totals){now.found - told.found, now.computed - told.computed, now.saved - told.saved};
  cache.told = now;
  return more;
}

/* All that has become of the functions is told, or for others to tell. */
static struct lz_totals tell_no_more(void) {
  for (struct lz_results *results = lz_results_first(); results; results = results->next)
    results->noted = LZ_LOAD(&results->calls, relaxed);
  return count();
}

/* Under the mutex. */
static int flush(int milliseconds) {
  for (struct lz_results *results = lz_results_first(); results; results = results->next)
    if (LZ_LOAD(&results->calls, relaxed) != results->noted)
      lz_why_note(results);
  const struct lz_totals totals = tell_no_more();
  pthread_rwlock_rdlock(&cache.file_lock);
  if (cache.file && cache.write)
    lz_store_count(cache.file, &totals);
  bool done = !cache.file || lz_store_flush(cache.file, milliseconds);
  pthread_rwlock_unlock(&cache.file_lock);
  return done ? LAZY_OK : LAZY_ECACHE;
}

static int open_cache(const struct lazy_cache_options *options, bool at_once) {
  struct lazy_cache_options taken;
  int error = LAZY_OK, cancel = lz_cancel_disable();
  pthread_mutex_lock(&cache.mutex);
  if (cache.open)
    error = LAZY_EOPEN;
  else if (!take_options(&taken, options))
    error = LAZY_EINVAL;
  else if ((error = open_with(&taken)) || (at_once && cache.path && !lz_cache_has_file())) {
    forget();
    error = error ? error : LAZY_ECACHE;
  }
  if (!error)
    lz_modules_visit(switch_on);
  pthread_mutex_unlock(&cache.mutex);
  if (!error)
    lz_modes_update();
  lz_cancel_restore(cancel);
  return error;
}

LZ_PUBLIC int lazy_cache_open(const lazy_cache_options *options) {
  lz_runtime_init();
  return lz.check ? LAZY_OK : open_cache(options, true); /* what is found cannot be checked */
}

LZ_PUBLIC int lazy_cache_flush(void) {
  int cancel = lz_cancel_disable();
  pthread_mutex_lock(&cache.mutex);
  int error = cache.open ? flush(-1) : LAZY_OK;
  pthread_mutex_unlock(&cache.mutex);
  lz_cancel_restore(cancel);
  return error;
}

LZ_PUBLIC int lazy_cache_close(void) {
  int cancel = lz_cancel_disable();
  pthread_mutex_lock(&cache.mutex);
  int error = cache.open ? flush(-1) : LAZY_OK;
  lz_modules_visit(switch_off);
  pthread_rwlock_wrlock(&cache.file_lock);
  lz_store_close(cache.file);
  cache.file = NULL;
  forget();
  pthread_rwlock_unlock(&cache.file_lock);
  lz_memo_clear();
  pthread_mutex_unlock(&cache.mutex);
  lz_modes_update();
  lz_cancel_restore(cancel);
  return error;
}

void lz_cache_init(void) {
  struct lazy_cache_options options;
  if (lz_env_cache(&options) && !lz.check)
    open_cache(&options, false);
}

void lz_cache_exit(void) {
  if (lz_inside_handler()) /* which may have come when this very thread had a lock: some results are lost */
    return;
  pthread_mutex_lock(&cache.mutex);
  if (cache.open && (lz.stats || lz.diagnose))
    lz_results_print();
  if (cache.open)
    flush(EXIT_MS);
  pthread_mutex_unlock(&cache.mutex);
}

/* --- fork --- */

void lz_cache_lock(void) {
  pthread_mutex_lock(&cache.mutex);
  lz_results_lock();
  lz_why_lock();
  pthread_rwlock_wrlock(&cache.file_lock);
}

void lz_cache_unlock(bool child) {
  if (child && cache.file)
    lz_store_after_fork(cache.file);
  if (child)
    tell_no_more(); /* the parent will */
#ifndef LZ_TSAN     /* in whose eyes it must be */
  if (!child)       /* whose thread is not the one that has it, in the C library's eyes */
#endif
    pthread_rwlock_unlock(&cache.file_lock);
  if (child)
    cache.file_lock = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
  lz_why_unlock();
  lz_results_unlock();
  pthread_mutex_unlock(&cache.mutex);
}
