/* store-writer.h - what waits to be written, and the thread that writes it. */
#ifndef LZ_STORE_WRITER_H
#define LZ_STORE_WRITER_H

#include "store-file.h"

#define LZ_READERS 64 /* transactions to be used again */
#define LZ_HITS 4096  /* finds that are noted between two batches, at most */
#define LZ_GROWTHS 16 /* of the map, for one batch */

/* One thing that is put.
 *   value != NULL: a value; else record != NULL: what is remembered of `about.function` */
struct lz_item {
  struct lz_item *next;
  struct lz_key key;
  struct lz_entry about;
  struct lz_value *value;
  void *record;
  size_t size;
};

/* What one batch has to write.
 *   bytes == those of the items */
struct lz_work {
  struct lz_item *first, **last;
  size_t bytes;
  struct lz_key *hit; /* values that were found: LZ_HITS at most; NULL: none */
  uint32_t hits;
  struct lz_totals totals;
};

/* Invariants, under `mutex`
 *   done <= asked;  as long as `running`, the thread writes, or will look again */
struct lz_writer {
  pthread_mutex_t mutex;
  pthread_cond_t wake, wrote;
  pthread_t thread;
  bool started, running, ending, urgent, failed;
  struct lz_work work;    /* that waits */
  uint64_t asked, done;   /* things put and written, ever */
  _Atomic uint64_t steps; /* changes while something is being written */
  uint64_t since;         /* ns: when the first item was put */
  uint64_t muted;         /* ns: nothing is taken until then, for the disk was full */
  uint64_t synced;        /* ns: when the disk was last waited for */
  uint64_t aged;          /* s since 1970: when what is too old was last looked for */
};

struct lz_store {
  /* constant */
  struct lz_store_options options;
  char *folder, *space;
  /* under `world`, which who uses the file shares: opened, closed, and grown */
  pthread_rwlock_t world;
  struct lz_file file;
  bool opened;
  _Atomic bool broken; /* the file must not be used any more */
  /* everybody's */
  _Atomic(MDB_txn *) reader[LZ_READERS];
  struct lz_writer writer;
};

/* Opens the file, if it is not; in the child of a fork, again. */
bool lz_store_ready(struct lz_store *store);

/* Nobody may use the file any more. */
void lz_store_break(struct lz_store *store);

void lz_writer_init(struct lz_writer *writer);

/* Puts the item, which is the writer's then.  False: too much waits, or nothing can be written; it is still the
 * caller's. */
bool lz_writer_put(struct lz_store *store, struct lz_item *item);

/* The thread ends, when all is written.  False: it hangs. */
bool lz_writer_end(struct lz_store *store, int milliseconds);

/* An error that passes when the map is larger?  Then it is; true: try again.  This process has no transaction but those
 * of readers, who wait. */
bool lz_store_mend(struct lz_store *store, int error);

/* A value was found. */
void lz_writer_note(struct lz_store *store, struct lz_key key);

/* Writes all of it.  False: not so. */
bool lz_store_write(struct lz_store *store, const struct lz_work *work);

/* Removes values, those first that have not been used for longest, until there are no more than `max_bytes`, and those
 * not used for `max_age` s.  0: any.  `removed`, which may be NULL: how many.  False: the file cannot be written. */
bool lz_store_evict(struct lz_store *store, uint64_t max_bytes, uint64_t max_age, uint64_t *removed);

/* Removes these.  False: the file cannot be written. */
bool lz_store_remove(struct lz_store *store, const struct lz_key *keys, size_t count);

#endif /* LZ_STORE_WRITER_H */
