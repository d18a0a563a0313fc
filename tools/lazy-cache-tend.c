/* lazy-cache-tend.c - the commands that look after the folder: verify, gc, rm. */
#include "lazy-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Keys to be removed. */
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

static void remove_keys(const struct request *request, struct keys *keys) {
  if (keys->count > 0 && !lz_store_remove(request->store, keys->key, keys->count))
    exit(1); /* which has been said */
  free(keys->key);
}

/* --- verify --- */

struct verifying {
  struct keys damaged;
  uint64_t values, bytes, unused;
};

static bool verify(void *context, const struct item *item) {
  struct verifying *verifying = context;
  verifying->values++;
  verifying->bytes += item->stored.size;
  if (!item->bytes)
    add_key(&verifying->damaged, item->key);
  else if (item->used.size == 0)
    verifying->unused++;
  return true;
}

int run_verify(struct request *request) {
  struct verifying verifying = {0};
  each_value(request, verify, &verifying);
  size_t damaged = verifying.damaged.count;
  if (request->json) {
    printf("{\"values\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"damaged\": %zu, \"without_record_of_use\": %" PRIu64
           "}\n",
           verifying.values, verifying.bytes, damaged, verifying.unused);
  } else {
    for (size_t i = 0; i < damaged; i++) {
      char key[33];
      print_key(verifying.damaged.key[i], key);
      printf("%s is damaged\n", key);
    }
    printf("%" PRIu64 " values, %zu damaged%s\n", verifying.values, damaged,
           damaged && request->repair ? ", removed" : "");
  }
  if (request->repair)
    remove_keys(request, &verifying.damaged);
  return damaged > 0 && !request->repair;
}

/* --- gc --- */

/* Does any other process have the file open?  LMDB's readers of the lock file, and its writer, hold locks on it. */
static bool is_alone(const char *lock) {
  struct flock others = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  int file = open(lock, O_RDWR | O_CLOEXEC);
  bool alone = file >= 0 && fcntl(file, F_GETLK, &others) == 0 && others.l_type == F_UNLCK;
  if (file >= 0)
    close(file);
  return alone;
}

/* Closes the store: nothing else may be done with it. */
static void compact(struct request *request) {
  char data[4096], copy[4096], lock[4096];
  const char *path;
  struct stat status;
  if (mdb_env_get_path(request->store->file.env, &path) != 0)
    fail("'%s': its path is not known", request->folder);
  snprintf(data, sizeof data, "%s/data.mdb", path);
  snprintf(lock, sizeof lock, "%s/lock.mdb", path);
  snprintf(copy, sizeof copy, "%s/data.mdb.%d", path, (int)getpid());
  int file = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0)
    fail("%s: %s", copy, strerror(errno));
  int error = mdb_env_copyfd2(request->store->file.env, file, MDB_CP_COMPACT);
  if (!error && fsync(file) != 0)
    error = errno;
  close(file);
  lz_store_close(request->store);
  request->store = NULL;
  if (!error && !is_alone(lock)) {
    unlink(copy);
    fail("'%s' is in use, and cannot be made smaller now", request->folder);
  }
  if (!error && rename(copy, data) != 0)
    error = errno;
  if (error) {
    unlink(copy);
    fail("'%s': %s", request->folder, mdb_strerror(error));
  }
  if (stat(data, &status) == 0) {
    char size[32];
    print_size((uint64_t)status.st_size, size);
    printf("the file has %s now\n", size);
  }
}

int run_gc(struct request *request) {
  if (!request->max_bytes && !request->max_age && !request->compact)
    misuse("gc: --max-size, --max-age or --compact is needed");
  if (request->max_bytes || request->max_age) {
    uint64_t removed = 0;
    if (!lz_store_evict(request->store, request->max_bytes, request->max_age, &removed))
      exit(1); /* which has been said */
    printf("%" PRIu64 " values removed\n", removed);
  }
  if (request->compact)
    compact(request);
  return 0;
}

/* --- rm --- */

static bool add_item(void *context, const struct item *item) {
  add_key(context, item->key);
  return true;
}

int run_rm(struct request *request) {
  struct keys keys = {0};
  bool some = request->function || request->space;
  if (some + request->all + (request->word_count > 0) != 1)
    misuse("rm: keys, or --function and --space, or --all");
  for (int i = 0; i < request->word_count; i++) {
    struct lz_key key;
    if (!read_key(request->words[i], &key))
      misuse("rm: '%s' is no key: 32 hexadecimal digits, as ls --values prints them", request->words[i]);
    add_key(&keys, key);
  }
  if (request->word_count == 0)
    each_value(request, add_item, &keys);
  size_t count = keys.count;
  remove_keys(request, &keys);
  printf("%zu values removed\n", count);
  return 0;
}
