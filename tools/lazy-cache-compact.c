/* lazy-cache-compact.c - gc --compact: the file is written anew, and small.
 *
 * 1. Copy what is in it to a file beside it, while programs read and write as they like.
 * 2. Close it, and lock the lock file as the one process that has the folder open does, as LMDB would.  Who else has it
 *    open has a lock there, too: then the folder is in use, and nothing happens.  Who opens it now waits, some
 *    microseconds.
 * 3. If nothing has been written since step 1, the copy takes the place of the file.
 *
 * The lock file stays: two processes that had different ones would write at the same time.
 */
#include "lazy-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define PATH 4200

/* --- step 1 --- */

/* One gc at a time.  What one that was killed has left is written over. */
static int open_copy(const struct request *request, const char *copy) {
  struct stat opened, there;
  int file = open(copy, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    fail("%s: %s", copy, strerror(errno));
  if (flock(file, LOCK_EX | LOCK_NB) != 0 || fstat(file, &opened) != 0 || lstat(copy, &there) != 0 ||
      opened.st_ino != there.st_ino)
    fail("'%s' is being made smaller by another process", request->folder);
  set_unfinished(copy);
  if (ftruncate(file, 0) != 0)
    fail("%s: %s", copy, strerror(errno));
  return file;
}

static size_t last_transaction(MDB_env *env) {
  MDB_envinfo info;
  return mdb_env_info(env, &info) == 0 ? info.me_last_txnid : 0;
}

/* --- steps 2 and 3 --- */

static void lock(const struct request *request, const char *path) {
  struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  int file = open(path, O_RDWR | O_CLOEXEC); /* closed by the end of the process */
  if (file < 0)
    fail("%s: %s", path, strerror(errno));
  if (fcntl(file, F_SETLK, &all) == 0)
    return;
  if (errno == EAGAIN || errno == EACCES)
    fail("'%s' is in use, and cannot be made smaller now", request->folder);
  fail("%s: %s", path, strerror(errno));
}

/* Under the lock, without another. */
static size_t last_transaction_in(const struct request *request, const char *folder) {
  MDB_env *env;
  int error = mdb_env_create(&env);
  if (!error)
    error = mdb_env_open(env, folder, MDB_RDONLY | MDB_NOLOCK, 0600);
  if (error)
    fail_file(request, error);
  size_t last = last_transaction(env);
  mdb_env_close(env);
  return last;
}

void compact_file(struct request *request) {
  char folder[4096], data[PATH], copy[PATH], lock_file[PATH], size[32];
  struct stat status;
  const char *path;
  if (mdb_env_get_path(request->store->file.env, &path) != 0)
    fail("'%s': its path is not known", request->folder);
  snprintf(folder, sizeof folder, "%s", path);
  snprintf(data, sizeof data, "%s/data.mdb", folder);
  snprintf(lock_file, sizeof lock_file, "%s/lock.mdb", folder);
  snprintf(copy, sizeof copy, "%s/smaller.mdb", folder);
  int file = open_copy(request, copy);
  size_t before = last_transaction(request->store->file.env);
  int error = mdb_env_copyfd2(request->store->file.env, file, MDB_CP_COMPACT);
  if (error)
    fail_file(request, error);
  if (fsync(file) != 0 || fstat(file, &status) != 0)
    fail("%s: %s", copy, strerror(errno));
  lz_store_close(request->store);
  request->store = NULL;
  lock(request, lock_file);
  if (last_transaction_in(request, folder) != before)
    fail("'%s' was written to meanwhile, and has not been made smaller", request->folder);
  if (rename(copy, data) != 0)
    fail("%s: %s", data, strerror(errno));
  set_unfinished(NULL);
  print_size((uint64_t)status.st_size, size);
  printf("the file has %s now\n", size);
}
