/* cache.h - the cache: whether there is one, and how it is to be used. */
#ifndef LZ_CACHE_H
#define LZ_CACHE_H

#include "results.h"
#include "store.h"
#include "value.h"

#include <lazy/lazy.h>

/* Written by who opens or closes it.  A call that is under way meanwhile may find one half of it changed: it then keeps
 * a result for the old cache in the new one, which is of no use there, and does no harm. */
struct lz_cache {
  _Atomic uint32_t number; /* of the one that is open; each has another; 0: none is */
  bool read;               /* results are found, too */
  uint64_t space[2];       /* hash of its name */
  lazy_cache_watcher *watch;
  void *watch_data;
};
extern struct lz_cache lz_cache;

/* Sets it up, as LAZY_CACHE says. */
void lz_cache_init(void);

/* The program ends: what is to be kept is written. */
void lz_cache_exit(void);

/* The module's functions look for their results, if there is a cache; and no longer. */
void lz_cache_attach(struct lazy_module *module);
void lz_cache_detach(struct lazy_module *module);

/* Does the function look for its results? */
static inline bool lz_cached_is_on(const struct lazy_cached *cached) {
  return __atomic_load_n(&cached->on, __ATOMIC_RELAXED) != 0;
}

static inline void lz_cached_switch(struct lazy_cached *cached, bool on) {
  __atomic_store_n(&cached->on, on, __ATOMIC_RELEASE); /* compiled code reads it: any time will do */
}

/* Their code is known from now on. */
static inline void lz_cache_know(struct lz_results *results) {
  /* acquire: pairs with the release of lz_results_identify() */
  if (LZ_UNLIKELY(LZ_LOAD(&results->known, acquire) != LZ_LOAD(&lz_cache.number, relaxed)))
    lz_results_identify(results);
}

/* Is there a folder?  Opens it, if it was not yet.  Under no lock of the cache's. */
bool lz_cache_has_file(void);

/* What is in it under the key, and what it cost, ns.  False: nothing, or no folder, or `take` did not want it. */
bool lz_cache_get(struct lz_key key, lz_take *take, void *context, uint64_t *cost);

/* To be put in it, some time.  False: it will not be. */
bool lz_cache_put(struct lz_key key, const struct lz_entry *about, struct lz_value *value);

/* What it remembers of a function: `size` bytes.  False: nothing. */
bool lz_cache_recall(const char *name, void *record, size_t size);
void lz_cache_note(const char *name, const void *record, size_t size);

/* Around a fork. */
void lz_cache_lock(void);
void lz_cache_unlock(bool child);

#endif /* LZ_CACHE_H */
