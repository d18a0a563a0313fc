/* lazy-cache-tend.c - the commands that remove values: gc, rm. */
#include "lazy-cache.h"

#include <inttypes.h>
#include <stdlib.h>

int run_gc(struct request *request) {
  uint64_t removed = 0;
  if (!request->max_bytes && !request->max_age && !request->compact)
    misuse("gc: --max-size, --max-age or --compact is needed");
  if (request->max_bytes || request->max_age) {
    if (!lz_store_evict(request->store, request->max_bytes, request->max_age, &removed))
      fail("'%s': %" PRIu64 " values removed, but not all that should go", request->folder, removed);
    printf("%" PRIu64 " values removed\n", removed);
  }
  if (request->compact)
    compact_file(request);
  return 0;
}

/* --- rm --- */

struct keys {
  struct lz_key *key;
  size_t count, room;
};

static void add_key(struct keys *keys, struct lz_key key) {
  if (keys->count == keys->room) {
    keys->room = keys->room ? 2 * keys->room : 256;
    keys->key = check_memory(realloc(keys->key, keys->room * sizeof *keys->key));
  }
  keys->key[keys->count++] = key;
}

static void add_item(void *context, const struct item *item) {
  add_key(context, item->key);
}

/* Of those named, the ones that there are.  False: not all. */
static bool add_named(const struct request *request, struct keys *keys) {
  MDB_txn *txn = begin_reading(request);
  bool all = true;
  for (int i = 0; i < request->word_count; i++) {
    struct item item;
    struct lz_key key;
    if (!read_key(request->words[i], &key))
      misuse("rm: '%s' is no key: 32 hexadecimal digits, as ls --values prints them", request->words[i]);
    if (find_value(request, txn, key, &item)) {
      add_key(keys, key);
    } else {
      fprintf(stderr, "lazy-cache: there is no value %s\n", request->words[i]);
      all = false;
    }
  }
  mdb_txn_abort(txn);
  return all;
}

int run_rm(struct request *request) {
  struct keys keys = {0};
  bool some = request->function || request->space, all = true;
  if (some + request->all + (request->word_count > 0) != 1)
    misuse("rm: keys, or --function and --space, or --all");
  if (request->word_count)
    all = add_named(request, &keys);
  else
    each_value(request, add_item, &keys);
  if (keys.count > 0 && !lz_store_remove(request->store, keys.key, keys.count))
    fail("'%s': not all values that should go have been removed", request->folder);
  printf("%zu values removed\n", keys.count);
  free(keys.key);
  return !all;
}
