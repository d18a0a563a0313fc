/* store-write.c - one batch, in one transaction.
 *
 * 1. Values that are there already, whole, stay; others are written, with their heads.
 * 2. When each was last used is written beside it; and the sum of their sizes, so that nobody has to count.
 * 3. The map is full: the transaction is given up, the map grows when no reader of this process is in it, and the batch
 *    is written again.
 * 4. When there is more than the limit, some has to go, and now and then what is too old (store-evict.c).
 */
#include "store-writer.h"

#include <string.h>

#define AGE_EVERY 3600 /* s: how often what is too old is looked for */

/* One transaction. */
struct batch {
  struct lz_store *store;
  MDB_txn *txn;
  uint64_t now;  /* s since 1970 */
  int64_t bytes; /* more than before */
};

/* --- steps 1 and 2 --- */

static int note_use(struct batch *batch, struct lz_key key, size_t size, uint64_t hits) {
  const struct lz_file *file = &batch->store->file;
  MDB_val id = {sizeof key, &key}, value;
  struct lz_used used = {batch->now, size, hits}, before;
  int error = mdb_get(batch->txn, file->used, &id, &value);
  if (error && error != MDB_NOTFOUND)
    return error;
  if (!error && value.mv_size == sizeof before) {
    memcpy(&before, value.mv_data, sizeof before);
    used.hits += before.hits;
    if (!size)
      used.size = before.size;
    batch->bytes -= (int64_t)before.size;
  } else if (!size) {
    return 0; /* it has been removed */
  }
  batch->bytes += (int64_t)used.size;
  value = (MDB_val){sizeof used, &used};
  return mdb_put(batch->txn, file->used, &id, &value, 0);
}

static const char *space_of(const struct batch *batch, const struct lz_item *item) {
  return item->about.space ? item->about.space : batch->store->space;
}

static int write_value(struct batch *batch, const struct lz_item *item) {
  const struct lz_file *file = &batch->store->file;
  const struct lz_value *bytes = item->value;
  struct lz_key key = item->key;
  MDB_val id = {sizeof key, &key}, value = {sizeof(struct lz_stored) + bytes->size, NULL};
  struct lz_stored before, stored = {.size = bytes->size,
                                     .cost = item->about.cost,
                                     .created = batch->now,
                                     .function = lz_store_name(space_of(batch, item), item->about.function)};
  int error = mdb_put(batch->txn, file->values, &id, &value, MDB_RESERVE | MDB_NOOVERWRITE);
  if (error == MDB_KEYEXIST) {
    if (lz_stored_verify(key, value, &before) && before.size == stored.size &&
        memcmp((const char *)value.mv_data + sizeof before, bytes->bytes, bytes->size) == 0)
      return note_use(batch, key, 0, 0);
    if (!lz_stored_removable(value, file->page))
      return MDB_CORRUPTED;
    value.mv_size = sizeof stored + bytes->size;
    error = mdb_put(batch->txn, file->values, &id, &value, MDB_RESERVE);
  }
  if (error)
    return error;
  stored.sum = lz_stored_sum(key, &stored, bytes->bytes);
  memcpy(value.mv_data, &stored, sizeof stored);
  memcpy((char *)value.mv_data + sizeof stored, bytes->bytes, bytes->size);
  return note_use(batch, key, lz_stored_room(bytes->size), 0);
}

static int write_record(struct batch *batch, const struct lz_item *item) {
  const char *space = space_of(batch, item), *function = item->about.function;
  struct lz_named named = {(uint32_t)strlen(space), (uint32_t)strlen(function)};
  uint64_t name = lz_store_name(space, function);
  size_t head = sizeof named + named.space_length + named.function_length;
  MDB_val id = {sizeof name, &name}, value = {head + item->size, NULL};
  int error = mdb_put(batch->txn, batch->store->file.functions, &id, &value, MDB_RESERVE);
  if (error)
    return error;
  char *to = value.mv_data;
  memcpy(to, &named, sizeof named);
  memcpy(to + sizeof named, space, named.space_length);
  memcpy(to + sizeof named + named.space_length, function, named.function_length);
  memcpy(to + head, item->record, item->size);
  return 0;
}

/* Adds to what is under the name. */
static int add_numbers(struct batch *batch, const char *name, const int64_t *more, size_t count) {
  MDB_val id = {strlen(name), (void *)(uintptr_t)name}, value;
  int64_t numbers[4] = {0};
  int error = mdb_get(batch->txn, batch->store->file.numbers, &id, &value);
  if (error && error != MDB_NOTFOUND)
    return error;
  if (!error && value.mv_size == count * sizeof *numbers)
    memcpy(numbers, value.mv_data, value.mv_size);
  for (size_t i = 0; i < count; i++)
    numbers[i] += more[i];
  value = (MDB_val){count * sizeof *numbers, numbers};
  return mdb_put(batch->txn, batch->store->file.numbers, &id, &value, 0);
}

static int begin(struct batch *batch, struct lz_store *store) {
  *batch = (struct batch){.store = store, .now = (uint64_t)time(NULL)};
  return mdb_txn_begin(store->file.env, NULL, 0, &batch->txn);
}

static int commit(struct batch *batch, int error) {
  if (!error && batch->bytes)
    error = add_numbers(batch, LZ_STORE_BYTES, &batch->bytes, 1);
  if (!error)
    return mdb_txn_commit(batch->txn);
  mdb_txn_abort(batch->txn);
  return error;
}

/* Values by key, for keys that are neighbours are on the same pages; records first. */
static int by_key(const void *a, const void *b) {
  const struct lz_item *x = *(struct lz_item *const *)a, *y = *(struct lz_item *const *)b;
  if (!x->value || !y->value)
    return (x->value != NULL) - (y->value != NULL);
  return memcmp(&x->key, &y->key, sizeof x->key);
}

/* NULL: out of memory. */
static const struct lz_item **sort(const struct lz_work *work, size_t *count) {
  const struct lz_item **sorted;
  *count = 0;
  for (const struct lz_item *item = work->first; item; item = item->next)
    ++*count;
  sorted = malloc((*count + 1) * sizeof *sorted);
  *count = 0;
  for (const struct lz_item *item = work->first; item && sorted; item = item->next)
    sorted[(*count)++] = item;
  if (sorted)
    qsort(sorted, *count, sizeof *sorted, by_key);
  return sorted;
}

static int write_batch(struct lz_store *store, const struct lz_work *work, const struct lz_item **items, size_t count) {
  const struct lz_totals *totals = &work->totals;
  const int64_t more[3] = {(int64_t)totals->found, (int64_t)totals->computed, (int64_t)totals->saved};
  struct batch batch;
  int error = begin(&batch, store);
  if (error)
    return error;
  for (size_t i = 0; i < count && !error; i++) {
    error = items[i]->value ? write_value(&batch, items[i]) : write_record(&batch, items[i]);
    LZ_STORE(&store->writer.steps, LZ_LOAD(&store->writer.steps, relaxed) + 1, relaxed);
  }
  for (uint32_t i = 0; i < work->hits && !error; i++)
    error = note_use(&batch, work->hit[i], 0, 1);
  if (!error && (more[0] || more[1]))
    error = add_numbers(&batch, LZ_STORE_TOTALS, more, 3);
  return commit(&batch, error);
}

/* --- step 3 --- */

bool lz_store_mend(struct lz_store *store, int error) {
  if (error != MDB_MAP_FULL && error != MDB_MAP_RESIZED)
    return false;
  pthread_rwlock_wrlock(&store->world);
  for (int i = 0; i < LZ_READERS; i++) {
    MDB_txn *txn = atomic_exchange_explicit(&store->reader[i], NULL, memory_order_acq_rel);
    if (txn)
      mdb_txn_abort(txn);
  }
  bool grown = lz_file_grow(&store->file, error == MDB_MAP_RESIZED);
  pthread_rwlock_unlock(&store->world);
  return grown;
}

static int guarded(struct lz_store *store, const struct lz_work *work, const struct lz_item **items, size_t count) {
  struct lz_guard guard;
  volatile int error = MDB_CORRUPTED;
  lz_guard_arm(&guard, &store->file);
  if (sigsetjmp(guard.back, 0) == 0)
    error = write_batch(store, work, items, count);
  else
    lz_guard_hit();
  lz_guard_disarm();
  return error;
}

static int64_t read_total(struct lz_store *store) {
  MDB_val id = {strlen(LZ_STORE_BYTES), LZ_STORE_BYTES}, value;
  MDB_txn *txn;
  int64_t bytes = 0;
  if (mdb_txn_begin(store->file.env, NULL, MDB_RDONLY, &txn) != 0)
    return 0;
  if (mdb_get(txn, store->file.numbers, &id, &value) == 0 && value.mv_size == sizeof bytes)
    memcpy(&bytes, value.mv_data, sizeof bytes);
  mdb_txn_abort(txn);
  return bytes;
}

/* The sum of all sizes. */
static uint64_t total_bytes(struct lz_store *store) {
  struct lz_guard guard;
  volatile int64_t bytes = 0;
  lz_guard_arm(&guard, &store->file);
  if (sigsetjmp(guard.back, 0) == 0) {
    bytes = read_total(store);
  } else {
    lz_guard_hit();
    lz_store_break(store);
  }
  lz_guard_disarm();
  return bytes > 0 ? (uint64_t)bytes : 0;
}

/* Step 4. */
static void keep_to_limits(struct lz_store *store) {
  const uint64_t most = store->options.max_bytes, age = store->options.max_age, now = (uint64_t)time(NULL);
  bool full = most && total_bytes(store) > most, old = age && now - store->writer.aged > AGE_EVERY;
  if (old)
    store->writer.aged = now;
  if (full || old)
    lz_store_evict(store, full ? most - most / 10 : 0, age, NULL);
}

bool lz_store_write(struct lz_store *store, const struct lz_work *work) {
  size_t count;
  int error = 0;
  if (!lz_store_ready(store))
    return false;
  const struct lz_item **items = sort(work, &count);
  if (!items)
    return false;
  for (int i = 0; i < LZ_GROWTHS && (i == 0 || lz_store_mend(store, error)); i++)
    if ((error = guarded(store, work, items, count)) == 0)
      break;
  free(items);
  if (error == MDB_CORRUPTED || error == MDB_PAGE_NOTFOUND || error == MDB_PANIC)
    lz_store_break(store);
  else if (error)
    lz_store_say(store->folder, "cannot be written: %s; some results are not kept",
                 error == EIO ? "the disk seems to be full" /* a short write */ : mdb_strerror(error));
  else
    keep_to_limits(store);
  return error == 0;
}
