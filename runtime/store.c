/* store.c - results in a file: found by whoever asks, written by a thread of its own (store-writer.c).
 *
 * 1. LMDB's readers wait for nobody, and nobody for them.  A read transaction is used again by whichever thread comes
 *    next: that saves opening one, and it sees all that has been committed when it is renewed.
 * 2. A value counts as absent if its sum is not right.  It is looked at where it lies in the file's map.
 * 3. After a fork the child opens the file anew when it first needs it.
 *
 * Sound: a value that is found was written under that key.  Given up: a file that is cut off while a value, verified,
 * is being copied from it ends the program: half of it may be in place by then.
 */
#include "store-writer.h"

#include "error.h"

#include <string.h>

/* --- the file --- */

static bool reopen(struct lz_store *store) {
  pthread_rwlock_wrlock(&store->world);
  if (!store->opened) {
    store->opened = true;
    if (!lz_file_open(&store->file, store->folder, store->options.write, store->options.write))
      LZ_STORE(&store->broken, true, relaxed);
  }
  pthread_rwlock_unlock(&store->world);
  return !LZ_LOAD(&store->broken, relaxed);
}

bool lz_store_ready(struct lz_store *store) {
  pthread_rwlock_rdlock(&store->world);
  bool opened = store->opened;
  pthread_rwlock_unlock(&store->world);
  return !LZ_LOAD(&store->broken, relaxed) && (opened || reopen(store));
}

void lz_store_break(struct lz_store *store) {
  LZ_STORE(&store->broken, true, relaxed);
  lz_store_say(store->folder, "is damaged; no cache from here on, and until that folder is removed", "");
}

static void free_store(struct lz_store *store) {
  free(store->writer.work.hit);
  free(store->folder);
  free(store->space);
  free(store);
}

int lz_store_open(struct lz_store **to, const struct lz_store_options *options) {
  struct lz_store *store = calloc(1, sizeof *store);
  pthread_rwlockattr_t attributes;
  *to = NULL;
  if (!store || !(store->folder = strdup(options->path)) || !(store->space = strdup(options->space))) {
    if (store)
      free_store(store);
    return LAZY_ENOMEM;
  }
  store->options = *options;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  pthread_rwlock_init(&store->world, &attributes);
  pthread_rwlockattr_destroy(&attributes);
  lz_writer_init(&store->writer);
  if (!reopen(store)) {
    free_store(store);
    return LAZY_ECACHE;
  }
  *to = store;
  return LAZY_OK;
}

static void close_all(struct lz_store *store) {
  for (int i = 0; i < LZ_READERS; i++)
    if (LZ_LOAD(&store->reader[i], relaxed))
      mdb_txn_abort(LZ_LOAD(&store->reader[i], relaxed));
  lz_file_close(&store->file);
}

void lz_store_close(struct lz_store *store) {
  struct lz_guard guard;
  if (!store || !lz_writer_end(store, 10000)) /* it hangs: what it uses has to stay */
    return;
  lz_guard_arm(&guard, &store->file);
  if (sigsetjmp(guard.back, 0) != 0)
    lz_guard_hit();
  else if (!LZ_LOAD(&store->broken, relaxed))
    close_all(store);
  lz_guard_disarm();
  pthread_rwlock_destroy(&store->world);
  free_store(store);
}

void lz_store_after_fork(struct lz_store *store) {
  struct lz_store_options options = store->options;
  char *folder = store->folder, *space = store->space;
  /* All that LMDB has is the parent's: it must not even be closed here. */
  memset(store, 0, sizeof *store);
  store->options = options;
  store->folder = folder;
  store->space = space;
  pthread_rwlock_init(&store->world, NULL);
  lz_writer_init(&store->writer);
  LZ_STORE(&lz.helpers, 0, relaxed); /* threads are not inherited */
}

/* --- step 1 --- */

static int begin(struct lz_store *store, MDB_txn **txn, uint32_t *slot) {
  static _Thread_local uint32_t mine;
  static _Atomic uint32_t threads;
  if (!mine)
    mine = 1 + atomic_fetch_add(&threads, 1);
  *slot = mine % LZ_READERS;
  *txn = atomic_exchange_explicit(&store->reader[*slot], NULL, memory_order_acq_rel);
  if (*txn && mdb_txn_renew(*txn) == 0)
    return 0;
  if (*txn)
    mdb_txn_abort(*txn);
  int error = mdb_txn_begin(store->file.env, NULL, MDB_RDONLY, txn);
  if (error)
    *txn = NULL;
  return error;
}

static void end(struct lz_store *store, MDB_txn *txn, uint32_t slot) {
  MDB_txn *none = NULL;
  mdb_txn_reset(txn);
  if (!atomic_compare_exchange_strong_explicit(&store->reader[slot], &none, txn, memory_order_acq_rel,
                                               memory_order_relaxed))
    mdb_txn_abort(txn);
}

/* --- step 2 --- */

/* Calls `look` with what is found, inside a guard until `look` itself disarms it.  `database` is not known until the
 * file is open. */
static bool read_at(struct lz_store *store, const MDB_dbi *database, MDB_val key,
                    bool (*look)(void *context, MDB_val key, MDB_val value), void *context) {
  struct lz_guard guard;
  uint32_t slot;
  volatile bool found = false;
  volatile int error = 0;
  MDB_val value;
  pthread_rwlock_rdlock(&store->world);
  if (LZ_UNLIKELY(!store->opened)) { /* since a fork */
    pthread_rwlock_unlock(&store->world);
    if (!reopen(store))
      return false;
    pthread_rwlock_rdlock(&store->world);
  }
  if (LZ_LOAD(&store->broken, relaxed)) {
    pthread_rwlock_unlock(&store->world);
    return false;
  }
  lz_guard_arm(&guard, &store->file);
  if (sigsetjmp(guard.back, 0) == 0) {
    MDB_txn *txn;
    error = begin(store, &txn, &slot);
    if (txn && mdb_get(txn, *database, &key, &value) == 0)
      found = look(context, key, value);
    lz_guard_arm(&guard, &store->file);
    if (txn)
      end(store, txn, slot);
  } else {
    lz_guard_hit();
    lz_store_break(store);
  }
  lz_guard_disarm();
  pthread_rwlock_unlock(&store->world);
  /* Another process has made it larger.  Who only reads follows; else it is for the thread that writes. */
  if (LZ_UNLIKELY(error == MDB_MAP_RESIZED) && !store->options.write)
    lz_store_mend(store, error);
  return found;
}

struct getting {
  struct lz_store *store;
  lz_take *take;
  void *context;
  uint64_t *cost;
};

static bool look_at_value(void *context, MDB_val id, MDB_val value) {
  const struct getting *getting = context;
  struct lz_stored stored;
  struct lz_key key;
  memcpy(&key, id.mv_data, sizeof key);
  if (!lz_stored_verify(key, value, &stored)) {
    lz_store_say(getting->store->folder, "has values that are damaged; they are computed anew", "");
    return false;
  }
  lz_guard_disarm();
  *getting->cost = stored.cost;
  return getting->take(getting->context, (const char *)value.mv_data + sizeof stored, stored.size);
}

bool lz_store_get(struct lz_store *store, struct lz_key key, lz_take *take, void *context, uint64_t *cost) {
  struct getting getting = {store, take, context, cost};
  if (!read_at(store, &store->file.values, (MDB_val){sizeof key, &key}, look_at_value, &getting))
    return false;
  if (store->options.write)
    lz_writer_note(store, key);
  return true;
}

/* --- what is remembered --- */

struct recalling {
  void *record;
  size_t size;
};

static bool look_at_record(void *context, MDB_val key, MDB_val value) {
  const struct recalling *recalling = context;
  struct lz_named named;
  (void)key;
  if (value.mv_size < sizeof named)
    return false;
  memcpy(&named, value.mv_data, sizeof named);
  size_t head = sizeof named + (size_t)named.space_length + named.function_length;
  if (value.mv_size != head + recalling->size)
    return false;
  memcpy(recalling->record, (const char *)value.mv_data + head, recalling->size);
  return true;
}

bool lz_store_recall(struct lz_store *store, const char *name, void *record, size_t size) {
  uint64_t id = lz_store_name(store->space, name);
  struct recalling recalling = {record, size};
  return read_at(store, &store->file.functions, (MDB_val){sizeof id, &id}, look_at_record, &recalling);
}

/* --- what is put --- */

static bool put(struct lz_store *store, const struct lz_item *item) {
  struct lz_item *copy = store->options.write && !LZ_LOAD(&store->broken, relaxed) ? malloc(sizeof *copy) : NULL;
  if (!copy)
    return false;
  *copy = *item;
  if (lz_writer_put(store, copy))
    return true;
  free(copy);
  return false;
}

bool lz_store_put(struct lz_store *store, struct lz_key key, const struct lz_entry *about, struct lz_value *value) {
  struct lz_item item = {.key = key, .about = *about, .value = lz_value_retain(value), .size = value->size};
  if (put(store, &item))
    return true;
  lz_value_release(value);
  return false;
}

void lz_store_note(struct lz_store *store, const char *name, const void *record, size_t size) {
  struct lz_item item = {.about = {.function = name}, .record = malloc(size), .size = size};
  if (item.record)
    memcpy(item.record, record, size);
  if (!item.record || !put(store, &item))
    free(item.record);
}
