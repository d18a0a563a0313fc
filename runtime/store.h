/* store.h - results in a file, shared by programs and runs.
 *
 * A store is for one process; its file, for any number at once.  All functions may be called from several threads, but
 * for opening and closing.  What is wrong with the file is said, once, and never changes an answer: nothing is found
 * then, and nothing kept. */
#ifndef LZ_STORE_H
#define LZ_STORE_H

#include "key.h"
#include "value.h"

#include <lazy/lazy.h>

struct lz_store;

struct lz_store_options {
  const char *path;   /* the folder, absolute */
  const char *space;  /* of what is put */
  uint64_t max_bytes; /* of all that is kept; 0: any */
  uint64_t max_age;   /* s since it was last used; 0: any */
  bool write;
};

/* What is known of a value beside its bytes. */
struct lz_entry {
  const char *function; /* lives as long as the store */
  uint64_t cost;        /* of computing it, ns */
  bool precious;        /* if too much waits, so does the caller */
  const char *space;    /* lives as long; NULL: the store's */
};

/* What all runs have had of it. */
struct lz_totals {
  uint64_t found, computed;
  uint64_t saved; /* ns */
};

/* LAZY_OK, LAZY_ENOMEM, or LAZY_ECACHE. */
int lz_store_open(struct lz_store **store, const struct lz_store_options *options);

/* Waits for what is to be written.  NULL: nothing happens. */
void lz_store_close(struct lz_store *store);

/* `take` sees the value where it lies; `cost` is what computing it took, ns.  False: there is none, or `take` did not
 * want it. */
bool lz_store_get(struct lz_store *store, struct lz_key key, lz_take *take, void *context, uint64_t *cost);

/* Returns at once; it is written some time soon.  False: too much is waiting, or nothing can be written. */
bool lz_store_put(struct lz_store *store, struct lz_key key, const struct lz_entry *about, struct lz_value *value);

/* Returns when all is written that was put before, or when nothing has been written for so many milliseconds (-1: any
 * number).  False: it is not.
 */
bool lz_store_flush(struct lz_store *store, int milliseconds);

/* What is remembered under the name, which is no value: exactly `size` bytes.  False: there is no such thing. */
bool lz_store_recall(struct lz_store *store, const char *name, void *record, size_t size);
void lz_store_note(struct lz_store *store, const char *name, const void *record, size_t size);

/* More of them. */
void lz_store_count(struct lz_store *store, const struct lz_totals *totals);

/* In the child, while nobody uses the store: what waited is the parent's to write. */
void lz_store_after_fork(struct lz_store *store);

#endif /* LZ_STORE_H */
