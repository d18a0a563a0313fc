/* store-evict.c - what has to go from the file.
 *
 * 1. Read when each value was last used: a pass over small records, while anybody may write.  A heap keeps those that
 *    have not been used for longest, VICTIMS of them at most, the most recent of these on top.
 * 2. Remove them in short transactions, oldest first, until what is left is within the limits.
 * 3. Again, if that was not enough.
 *
 * Readers wait for none of that.  LMDB's file does not shrink; its pages are used again.
 */
#include "store-writer.h"

#include <string.h>

#define VICTIMS 32768
#define AT_ONCE 512 /* removed in one transaction */

struct victim {
  struct lz_key key;
  uint64_t last, size;
};

/* Invariants
 *   victim[i].last <= victim[(i - 1) / 2].last */
struct heap {
  size_t count;
  struct victim victim[VICTIMS];
};

/* --- step 1 --- */

static void sink(struct heap *heap, size_t i) {
  struct victim moved = heap->victim[i];
  for (size_t child; (child = 2 * i + 1) < heap->count; i = child) {
    if (child + 1 < heap->count && heap->victim[child + 1].last > heap->victim[child].last)
      child++;
    if (heap->victim[child].last <= moved.last)
      break;
    heap->victim[i] = heap->victim[child];
  }
  heap->victim[i] = moved;
}

static void offer(struct heap *heap, struct victim victim) {
  if (heap->count == VICTIMS) {
    if (victim.last >= heap->victim[0].last)
      return;
    heap->victim[0] = victim;
    sink(heap, 0);
    return;
  }
  size_t i = heap->count++;
  for (; i > 0 && heap->victim[(i - 1) / 2].last < victim.last; i = (i - 1) / 2)
    heap->victim[i] = heap->victim[(i - 1) / 2];
  heap->victim[i] = victim;
}

static int by_age(const void *a, const void *b) {
  const struct victim *x = a, *y = b;
  return (x->last > y->last) - (x->last < y->last);
}

/* The oldest of them, in order; and how much there is in all. */
static bool collect(const struct lz_file *file, struct heap *heap, uint64_t *total) {
  MDB_txn *txn;
  MDB_cursor *cursor;
  MDB_val id, value;
  int error;
  heap->count = 0;
  *total = 0;
  if (mdb_txn_begin(file->env, NULL, MDB_RDONLY, &txn) != 0)
    return false;
  if ((error = mdb_cursor_open(txn, file->used, &cursor)) == 0) {
    while ((error = mdb_cursor_get(cursor, &id, &value, MDB_NEXT)) == 0) {
      struct victim victim;
      struct lz_used used;
      if (id.mv_size != sizeof victim.key || value.mv_size != sizeof used)
        continue;
      memcpy(&victim.key, id.mv_data, sizeof victim.key);
      memcpy(&used, value.mv_data, sizeof used);
      victim.last = used.last;
      victim.size = used.size;
      *total += used.size;
      offer(heap, victim);
    }
    mdb_cursor_close(cursor);
  }
  mdb_txn_abort(txn);
  qsort(heap->victim, heap->count, sizeof heap->victim[0], by_age);
  return error == MDB_NOTFOUND;
}

/* --- step 2 --- */

static int remove_some(const struct lz_file *file, const struct lz_key *keys, size_t count) {
  MDB_val total = {strlen(LZ_STORE_BYTES), LZ_STORE_BYTES}, value;
  int64_t bytes = 0;
  MDB_txn *txn;
  int error = mdb_txn_begin(file->env, NULL, 0, &txn);
  if (error)
    return error;
  if (mdb_get(txn, file->numbers, &total, &value) == 0 && value.mv_size == sizeof bytes)
    memcpy(&bytes, value.mv_data, sizeof bytes);
  for (size_t i = 0; i < count && !error; i++) {
    struct lz_key key = keys[i];
    MDB_val id = {sizeof key, &key};
    struct lz_used used;
    if (mdb_get(txn, file->used, &id, &value) == 0 && value.mv_size == sizeof used) {
      memcpy(&used, value.mv_data, sizeof used);
      bytes -= (int64_t)used.size;
      error = mdb_del(txn, file->used, &id, NULL);
    }
    if (!error)
      error = mdb_get(txn, file->values, &id, &value);
    if (!error && !lz_stored_removable(value, file->page))
      error = MDB_CORRUPTED;
    if (!error)
      error = mdb_del(txn, file->values, &id, NULL);
    error = error == MDB_NOTFOUND ? 0 : error;
  }
  value = (MDB_val){sizeof bytes, &bytes};
  if (!error)
    error = mdb_put(txn, file->numbers, &total, &value, 0);
  if (!error)
    return mdb_txn_commit(txn);
  mdb_txn_abort(txn);
  return error;
}

static int remove_safely(struct lz_store *store, const struct lz_key *keys, size_t count) {
  struct lz_guard guard;
  volatile int error = MDB_CORRUPTED;
  lz_guard_arm(&guard, &store->file);
  if (sigsetjmp(guard.back, 0) == 0)
    error = remove_some(&store->file, keys, count);
  else
    lz_guard_hit();
  lz_guard_disarm();
  return error;
}

/* A page that changes is written elsewhere: even to remove something takes room. */
bool lz_store_remove(struct lz_store *store, const struct lz_key *keys, size_t count) {
  int error = 0;
  for (size_t i = 0; i < count && !error; i += AT_ONCE) {
    size_t some = count - i < AT_ONCE ? count - i : AT_ONCE;
    error = remove_safely(store, keys + i, some);
    for (int k = 0; k < LZ_GROWTHS && error && lz_store_mend(store, error); k++)
      error = remove_safely(store, keys + i, some);
  }
  if (error == MDB_CORRUPTED || error == MDB_PAGE_NOTFOUND || error == MDB_PANIC)
    lz_store_break(store);
  else if (error)
    lz_store_say(store->folder, "cannot be written: %s", mdb_strerror(error));
  return !error;
}

/* --- step 3 --- */

static bool collect_safely(struct lz_store *store, struct heap *heap, uint64_t *total) {
  struct lz_guard guard;
  volatile bool collected = false;
  lz_guard_arm(&guard, &store->file);
  if (sigsetjmp(guard.back, 0) == 0) {
    collected = collect(&store->file, heap, total);
  } else {
    lz_guard_hit();
    lz_store_break(store);
  }
  lz_guard_disarm();
  return collected;
}

bool lz_store_evict(struct lz_store *store, uint64_t max_bytes, uint64_t max_age, uint64_t *removed) {
  const uint64_t now = (uint64_t)time(NULL), oldest = max_age && max_age < now ? now - max_age : 0;
  struct heap *heap = malloc(sizeof *heap);
  struct lz_key *keys = malloc(VICTIMS * sizeof *keys);
  uint64_t total, gone = 0;
  bool good = heap && keys;
  for (size_t count = VICTIMS; good && count == VICTIMS;) {
    good = collect_safely(store, heap, &total);
    count = 0;
    for (; good && count < heap->count; count++) {
      const struct victim *victim = &heap->victim[count];
      if (!(max_bytes && total > max_bytes) && victim->last >= oldest)
        break;
      total -= victim->size < total ? victim->size : total;
      keys[count] = victim->key;
    }
    good = good && (count == 0 || lz_store_remove(store, keys, count));
    gone += good ? count : 0;
  }
  free(heap);
  free(keys);
  if (removed)
    *removed = gone;
  return good;
}
