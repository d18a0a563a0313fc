/* store-file.c - the folder of a cache, and the file in it.
 *
 * 1. The folder belongs to the user, and nobody else may write to it: who can write a cache can give any answer.
 * 2. Below it, a folder for each format, word size and order of bytes; in that, LMDB's two files.
 * 3. The map is much larger than the file, which grows into it; it is a reservation of addresses only.
 * 4. LMDB never writes through the map (a full disk would be a signal, and a stray pointer of the program's a damaged
 *    file), and does not wait for the disk: the sums in front of the values tell what is whole.
 */
#include "store-file.h"

#include "error.h"
#include "quiet.h"
#include "xxh3.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

size_t lz_file_first_map = (size_t)16 << 30;
#define LEAST_MAP ((size_t)64 << 20)
#define READERS 1022
#define DATABASES 8
#define TEXTS 32
#define UNWRITTEN ((size_t)4 << 20)
#define LOCK_BYTES ((off_t)64 * (READERS + 2))

void lz_guard_failed(MDB_env *env, const char *message);

/* --- what is said --- */

void lz_store_say(const char *folder, const char *text, const char *detail) {
  static _Atomic(const char *) said[TEXTS];
  char line[512];
  const char *before = text;
  for (size_t i = 0; i < TEXTS && before; i++) {
    before = NULL;
    if (!atomic_compare_exchange_strong(&said[i], &before, text) && before == text)
      return;
  }
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
  snprintf(line, sizeof line, text, detail);
#pragma clang diagnostic pop
  lz_say("the cache in '%s' %s", folder, line);
}

/* --- step 1 --- */

/* The folder, and all above it. */
static bool make_folders(const char *folder) {
  char path[4096];
  size_t length = strlen(folder);
  if (length >= sizeof path) {
    errno = ENAMETOOLONG;
    return false;
  }
  memcpy(path, folder, length + 1);
  for (char *at = path + 1; *at; at++)
    if (*at == '/') {
      *at = '\0';
      if (mkdir(path, 0777) != 0 && errno != EEXIST && errno != EISDIR && errno != EROFS && errno != EACCES)
        return false;
      *at = '/';
    }
  return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool is_safe(const char *folder) {
  struct stat status;
  struct statfs system;
  int error = stat(folder, &status) != 0 ? errno : S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
  if (error) {
    lz_store_say(folder, "cannot be used: %s; no cache", strerror(error));
    return false;
  }
  if (status.st_uid != geteuid()) {
    lz_store_say(folder, "belongs to another user, who could give any answer; no cache", "");
    return false;
  }
  if (status.st_mode & (S_IWGRP | S_IWOTH)) {
    lz_store_say(folder, "may be written by others, who could give any answer (chmod go-w helps); no cache", "");
    return false;
  }
  if (statfs(folder, &system) == 0) {
    const long network[] = {
        0x6969 /* NFS */,     0x517b /* SMB */,      (long)0xff534d42 /* CIFS */, (long)0xfe534d42 /* SMB2 */,
        0x5346414f /* AFS */, 0x73757245 /* Coda */, 0x00c36400 /* Ceph */,       0x01021997 /* 9P */};
    for (size_t i = 0; i < sizeof network / sizeof network[0]; i++)
      if ((long)system.f_type == network[i])
        lz_store_say(folder, "is on a network file system: only one machine may use it at a time", "");
  }
  return true;
}

/* The same of a file, if it is there. */
static bool is_own(const char *folder, const char *below, const char *name) {
  char path[4200];
  struct stat status;
  snprintf(path, sizeof path, "%s/%s", below, name);
  if (lstat(path, &status) != 0)
    return true;
  bool own = S_ISREG(status.st_mode) && status.st_uid == geteuid() && !(status.st_mode & (S_IWGRP | S_IWOTH));
  if (!own)
    lz_store_say(folder, "has a %s that is not the user's own, or may be written by others; no cache", name);
  return own;
}

/* --- the file --- */

/* All in one transaction, so that nobody sees half of them. */
static int open_all(struct lz_file *file, bool make) {
  const unsigned create = make ? MDB_CREATE : 0;
  MDB_txn *txn;
  int error = mdb_txn_begin(file->env, NULL, make ? 0 : MDB_RDONLY, &txn);
  if (error)
    return error;
  if ((error = mdb_dbi_open(txn, "values", create, &file->values)) == 0 &&
      (error = mdb_dbi_open(txn, "used", create, &file->used)) == 0 &&
      (error = mdb_dbi_open(txn, "functions", create, &file->functions)) == 0 &&
      (error = mdb_dbi_open(txn, "numbers", create, &file->numbers)) == 0)
    return mdb_txn_commit(txn);
  mdb_txn_abort(txn);
  return error;
}

/* They are there but for the first time: who only looks waits for no writer, which may have been stopped. */
static int open_databases(struct lz_file *file, bool write) {
  int error = open_all(file, false);
  return error == MDB_NOTFOUND && write ? open_all(file, true) : error;
}

/* Is as much of the file there as LMDB believes?  It never wrote the last pages, if it took and gave them back in one
 * transaction. */
static bool is_whole(const struct lz_file *file) {
  MDB_envinfo info;
  MDB_stat stat;
  struct stat status;
  mdb_filehandle_t fd;
  return mdb_env_info(file->env, &info) == 0 && mdb_env_stat(file->env, &stat) == 0 &&
         mdb_env_get_fd(file->env, &fd) == 0 && fstat(fd, &status) == 0 &&
         info.me_last_pgno * stat.ms_psize <= (size_t)status.st_size + UNWRITTEN;
}

static void note_map(struct lz_file *file) {
  MDB_envinfo info;
  MDB_stat stat;
  if (mdb_env_stat(file->env, &stat) == 0)
    file->page = stat.ms_psize;
  if (mdb_env_info(file->env, &info) == 0) {
    file->map = info.me_mapaddr;
    file->map_size = info.me_mapsize;
  }
}

/* The lock file is written through a map: a hole in it would be a signal when the disk is full. */
static int make_lock_file(const char *folder) {
  char path[4200];
  struct stat status;
  snprintf(path, sizeof path, "%s/lock.mdb", folder);
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), error = file < 0 ? errno : 0;
  if (!error && fstat(file, &status) == 0 && status.st_blocks * 512 < LOCK_BYTES) {
    error = posix_fallocate(file, 0, LOCK_BYTES);
    error = error == EOPNOTSUPP || error == EINVAL ? 0 : error;
  }
  if (file >= 0)
    close(file);
  return error;
}

static int open_env(struct lz_file *file, const char *path, unsigned flags) {
  size_t map = lz_file_first_map;
  int error;
  do { /* there may be a limit on addresses */
    if ((error = mdb_env_create(&file->env)))
      return error;
    mdb_env_set_assert(file->env, lz_guard_failed);
    mdb_env_set_maxdbs(file->env, DATABASES);
    mdb_env_set_maxreaders(file->env, READERS);
    mdb_env_set_mapsize(file->env, map);
    error = mdb_env_open(file->env, path, flags, 0600);
    if (!error)
      return 0;
    mdb_env_close(file->env);
    file->env = NULL;
    map /= 4;
  } while (error == ENOMEM && map >= LEAST_MAP);
  return error;
}

static int open_quietly(struct lz_file *file, const char *path, unsigned flags) {
  struct lz_quiet quiet;
  lz_quiet_begin(&quiet);
  int error = flags & MDB_RDONLY ? 0 : make_lock_file(path);
  if (!error)
    error = open_env(file, path, flags);
  if (!error) {
    int dead;
    mdb_reader_check(file->env, &dead);
    error = is_whole(file) ? open_databases(file, !(flags & MDB_RDONLY)) : MDB_CORRUPTED;
  }
  lz_quiet_end(&quiet);
  return error;
}

bool lz_file_path(const char *folder, char *path, size_t size) {
  const uint16_t order = 1;
  int length = snprintf(path, size, "%s/%d-%zu%s/data.mdb", folder, LZ_STORE_FORMAT, 8 * sizeof(void *),
                        *(const char *)&order ? "le" : "be");
  return length >= 0 && (size_t)length < size;
}

bool lz_file_open(struct lz_file *file, const char *folder, bool write, bool create) {
  const unsigned flags = MDB_NOTLS | MDB_NOSYNC | MDB_NORDAHEAD | (write ? 0 : MDB_RDONLY);
  char path[4096];
  struct stat status;
  *file = (struct lz_file){0};
  if (create && !make_folders(folder)) {
    lz_store_say(folder, "cannot be made: %s; no cache", strerror(errno));
    return false;
  }
  if (!is_safe(folder))
    return false;
  bool named = lz_file_path(folder, path, sizeof path);
  errno = ENAMETOOLONG;
  if (named)
    *strrchr(path, '/') = '\0'; /* the folder that it is in */
  if (!named || (create && mkdir(path, 0700) != 0 && errno != EEXIST) || stat(path, &status) != 0) {
    bool none = !create && errno == ENOENT;
    lz_store_say(folder, none ? "is empty" : "cannot be used: %s; no cache", strerror(errno));
    return false;
  }
  if (!is_own(folder, path, "data.mdb") || !is_own(folder, path, "lock.mdb"))
    return false;
  struct lz_guard guard;
  volatile int error = MDB_CORRUPTED;
  lz_guard_arm(&guard, file);
  if (sigsetjmp(guard.back, 0) == 0)
    error = open_quietly(file, path, flags);
  else
    lz_guard_hit();
  lz_guard_disarm();
  if (error == MDB_CORRUPTED || error == MDB_INVALID || error == MDB_VERSION_MISMATCH || error == MDB_PAGE_NOTFOUND)
    lz_store_say(folder, "is damaged; no cache until that folder is removed", "");
  else if (error)
    lz_store_say(folder, "cannot be opened: %s; no cache", mdb_strerror(error));
  if (error) {
    if (file->env && error != MDB_CORRUPTED)
      mdb_env_close(file->env);
    file->env = NULL;
    return false;
  }
  note_map(file);
  return true;
}

void lz_file_close(struct lz_file *file) {
  if (file->env)
    mdb_env_close(file->env);
  file->env = NULL;
}

bool lz_file_grow(struct lz_file *file, bool by_another) {
  bool grown = mdb_env_set_mapsize(file->env, by_another ? 0 : file->map_size * 2) == 0;
  note_map(file);
  return grown;
}

/* --- what is in it --- */

uint64_t lz_store_name(const char *space, const char *function) {
  return XXH3_64bits_withSeed(function, strlen(function), XXH3_64bits(space, strlen(space)));
}

uint64_t lz_stored_sum(struct lz_key key, const struct lz_stored *stored, const void *bytes) {
  const uint64_t head[] = {key.lo, key.hi, stored->size, stored->cost, stored->created, stored->function};
  return lz_xxh3_sum(bytes, stored->size, XXH3_64bits(head, sizeof head));
}

bool lz_stored_verify(struct lz_key key, MDB_val value, struct lz_stored *stored) {
  if (value.mv_size < sizeof *stored)
    return false;
  memcpy(stored, value.mv_data, sizeof *stored);
  return stored->size == value.mv_size - sizeof *stored &&
         stored->sum == lz_stored_sum(key, stored, (const char *)value.mv_data + sizeof *stored);
}

#define INLINE_MOST 2000 /* larger values have pages of their own */
#define BESIDE 96        /* bytes that any value takes */
#define PAGE 4096

uint64_t lz_stored_room(uint64_t size) {
  size += sizeof(struct lz_stored);
  return BESIDE + (size <= INLINE_MOST ? size : (size + 16 + PAGE - 1) / PAGE * PAGE);
}

#define PAGE_HEADER 16 /* LMDB's: number (8 bytes), unused (2), flags (2), pages (4) */
#define PAGE_KINDS 15
#define PAGE_OVERFLOW 4
#define NODE_HEADER 8 /* of a key and a value in a page with others, of which there is room for two */

bool lz_stored_removable(MDB_val value, size_t page) {
  const char *bytes = value.mv_data;
  uint16_t flags;
  uint32_t pages;
  if (NODE_HEADER + sizeof(struct lz_key) + value.mv_size <= (page - PAGE_HEADER) / 2 / 2 * 2 - 2)
    return true;
  memcpy(&flags, bytes - 6, sizeof flags);
  memcpy(&pages, bytes - 4, sizeof pages);
  return (flags & PAGE_KINDS) == PAGE_OVERFLOW && pages == (PAGE_HEADER - 1 + value.mv_size) / page + 1;
}
