/* results.h - what is known of a function whose results are kept. */
#ifndef LZ_RESULTS_H
#define LZ_RESULTS_H

#include "key.h"

/* Of what can be said why a call was computed (why.c), counted. */
enum lz_why { LZ_WHY_FIRST, LZ_WHY_CODE, LZ_WHY_CHANGED, LZ_WHY_FORGOTTEN, LZ_WHY_NO_KEY, LZ_WHYS };

#define LZ_PARTS 16 /* arguments and regions of which it is told whether they have changed */

/* A function's results.  Lives as long as the process: threads may be in it when its module goes.
 *   calls == hits + misses + calls that had no key;  misses == the sum of whys, where these are counted */
struct lz_results {
  struct lz_results *next;
  const struct lazy_function *function; /* constant as long as its module is there */
  char *name;
  bool marked;
  /* under the mutex of results.c, until `known` says of which cache they are */
  _Atomic uint32_t known; /* the cache's number; 0: of none */
  uint64_t code[2];       /* what its results follow from, besides what a call is given */
  const char *why_not;    /* they are not for other processes; NULL: they are */
  bool is_known;          /* the folder has something of the last run */
  bool has_changed;       /* its code is not that of the last run */
  /* everybody's */
  _Atomic uint64_t calls, hits, misses, stored;
  _Atomic uint64_t cost;     /* of a call, ns, on average; 0: unknown */
  _Atomic uint64_t question; /* of finding nothing or something, ns, on average; 0: unknown */
  _Atomic uint64_t saved;    /* ns */
  _Atomic uint64_t why[LZ_WHYS];
  /* cache.c's, under its mutex */
  uint64_t noted; /* calls, when the folder was last told of them */
  /* why.c's, under its mutex */
  uint64_t part[LZ_PARTS]; /* hashes of the last call's arguments and regions */
  uint32_t parts;
  uint32_t told;
};

/* Of the function of a module that is being attached; NULL: out of memory. */
struct lz_results *lz_results_new(const struct lazy_cached *cached);

/* The first of all, of which `next` leads to the others. */
struct lz_results *lz_results_first(void);

/* Makes `code` known, for the cache that is open. */
void lz_results_identify(struct lz_results *results);

/* An average over some time.  Never 0, which means unknown. */
static inline void lz_learn(_Atomic uint64_t *average, uint64_t now) {
  uint64_t before = LZ_LOAD(average, relaxed);
  now = before ? before - before / 8 + now / 8 : now;
  LZ_STORE(average, now ? now : 1, relaxed);
}

/* Where threads meet some may be lost: an exact count would take as long as all the rest of finding something. */
static inline uint64_t lz_tally(_Atomic uint64_t *counter, uint64_t n) {
  uint64_t before = LZ_LOAD(counter, relaxed);
  LZ_STORE(counter, before + n, relaxed);
  return before;
}

/* What has been found and kept, on stderr. */
void lz_results_print(void);

/* Around a fork. */
void lz_results_lock(void);
void lz_results_unlock(void);

#endif /* LZ_RESULTS_H */
