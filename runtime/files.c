/* files.c - what calls read from files, and write to them.
 *
 * 1. A file that a call reads is part of its key by what is in it.  That is hashed again only if its size, its inode or
 *    its times have changed: large files' hashes are kept like results, under what stat() says of them.  What has only
 *    just changed could do so again within the same tick of the file system's clock; its hash is kept by nobody.
 * 2. A file that a call has made is kept as bytes of its result, with its mode; unless somebody has it open to write,
 * or the call has left it as it was, or the file system full: then it has failed, and need not fail the next time.
 * 3. It is made again as the call would: in place, if there is one, else anew.  If just that is in it already, its time
 *    is all that changes.  What mode the call would give it can be told if things are as they were, or if it makes no
 *    difference whether the call has set it or has left it; else the call is made.
 *
 * Sound as far as stat() tells that a file has changed, where it is large (it may not while somebody writes through a
 * shared mapping), and for calls that make their files anew: this is what LAZY_FILE_OUT says.  Given up: files that are
 * replaced by rename() have another inode then; here they keep it.  Files of more than 4 GiB are not kept.
 */
#include "files.h"

#include "cache.h"
#include "memo.h"
#include "quiet.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LARGE ((off_t)128 << 10) /* bytes: it is faster to hash less than to ask for its hash */
#define CHUNK ((size_t)256 << 10)
#define MOST ((off_t)1 << 32)    /* bytes of a file */
#define SETTLED 3                /* s: the coarsest clock of a file system ticks every two */
#define ROOM ((uint64_t)1 << 20) /* bytes: who leaves less may have found no more */

#define MODES 07777u
#define ABSENT UINT32_MAX /* instead of a mode */

/* In front of the bytes of each file that is kept. */
struct made {
  uint64_t size;
  uint32_t before, after; /* modes; ABSENT */
  uint32_t umask, unused;
};

static bool reads(const struct lazy_region *region) {
  return (region->access & (LAZY_FILE | LAZY_READS)) == (LAZY_FILE | LAZY_READS);
}

static bool makes(const struct lazy_region *region) {
  return (region->access & (LAZY_FILE | LAZY_WRITES)) == (LAZY_FILE | LAZY_WRITES);
}

/* --- step 1 --- */

static bool hash_contents(int fd, struct lz_hash *hash) {
  char *chunk = malloc(CHUNK);
  ssize_t got = -1;
  struct lz_hasher hasher;
  lz_hasher_begin(&hasher);
  while (chunk && ((got = read(fd, chunk, CHUNK)) > 0 || (got < 0 && errno == EINTR)))
    if (got > 0)
      lz_hasher_add(&hasher, chunk, (size_t)got);
  *hash = lz_hasher_end(&hasher);
  free(chunk);
  return got == 0;
}

/* Of what stat() says; false: it says too little. */
static bool key_of(const struct stat *file, struct lz_key *key) {
  uint64_t last = (uint64_t)(file->st_mtim.tv_sec > file->st_ctim.tv_sec ? file->st_mtim.tv_sec : file->st_ctim.tv_sec);
  const uint64_t text[] = {0x66696c65,
                           file->st_dev,
                           file->st_ino,
                           (uint64_t)file->st_size,
                           (uint64_t)file->st_mtim.tv_sec,
                           (uint64_t)file->st_mtim.tv_nsec,
                           (uint64_t)file->st_ctim.tv_sec,
                           (uint64_t)file->st_ctim.tv_nsec,
                           lz_hash_is_cryptographic};
  struct lz_hash hash = lz_hash_of(text, sizeof text);
  *key = (struct lz_key){hash.lo, hash.hi};
  return file->st_size >= LARGE && last + SETTLED < (uint64_t)time(NULL);
}

static bool take_hash(void *context, const void *bytes, size_t size) {
  if (size != sizeof(struct lz_hash))
    return false;
  memcpy(context, bytes, size);
  return true;
}

static void keep_hash(struct lz_key key, const struct lz_hash *hash) {
  static const struct lz_entry about = {.function = "(files that are read)", .precious = true};
  struct lz_value *value = lz_value_new(sizeof *hash);
  if (!value)
    return;
  memcpy(value->bytes, hash, sizeof *hash);
  lz_memo_keep(key, value);
  lz_cache_put(key, &about, value);
  lz_value_release(value);
}

static bool is_same(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
         a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool lz_file_hash(const char *path, struct lz_hash *hash) {
  struct stat before, after;
  struct lz_key key;
  uint64_t cost;
  if (!path || stat(path, &before) != 0 || !S_ISREG(before.st_mode))
    return false;
  bool settled = key_of(&before, &key);
  if (settled && (lz_memo_find(key, take_hash, hash) || lz_cache_get(key, take_hash, hash, &cost)))
    return true;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0)
    return false;
  bool ok = fstat(fd, &before) == 0 && S_ISREG(before.st_mode) && hash_contents(fd, hash) && fstat(fd, &after) == 0 &&
            is_same(&before, &after);
  close(fd);
  if (ok && key_of(&before, &key))
    keep_hash(key, hash);
  return ok;
}

/* Is what is to be made at `path` a plain file, if it is there, and none that the call reads? */
static bool is_makeable(const struct lz_call *call, const char *path) {
  struct stat file, other;
  if (!path)
    return false;
  if (stat(path, &file) != 0)
    return errno == ENOENT;
  for (uint32_t i = 0; i < call->cached->region_count; i++)
    if (reads(&call->regions[i]) && stat(call->regions[i].p, &other) == 0 && other.st_dev == file.st_dev &&
        other.st_ino == file.st_ino)
      return false;
  return S_ISREG(file.st_mode);
}

/* No two names of one file, either; and no more than there is room for. */
static bool are_distinct(const struct lz_call *call) {
  uint32_t count = 0;
  struct stat seen[LZ_FILES], file;
  for (uint32_t i = 0; i < call->cached->region_count; i++) {
    const struct lazy_region *region = &call->regions[i];
    if (!makes(region))
      continue;
    if (count == LZ_FILES)
      return false;
    for (uint32_t k = 0; k < i; k++)
      if (makes(&call->regions[k]) && strcmp(region->p, call->regions[k].p) == 0)
        return false;
    if (stat(region->p, &file) != 0)
      file = (struct stat){0};
    for (uint32_t k = 0; k < count && file.st_ino; k++)
      if (seen[k].st_dev == file.st_dev && seen[k].st_ino == file.st_ino)
        return false;
    seen[count++] = file;
  }
  return true;
}

bool lz_files_hash(const struct lz_call *call, struct lz_hash *hash) {
  struct {
    struct lz_hash before, file;
  } text = {{0, 0}, {0, 0}};
  bool ok = true;
  int cancel = lz_cancel_disable();
  const char *locale = setlocale(LC_ALL, NULL);
  if (uselocale((locale_t)0) != LC_GLOBAL_LOCALE || !locale)
    ok = false;
  else
    text.before = lz_hash_of(locale, strlen(locale));
  for (uint32_t i = 0; i < call->cached->region_count && ok; i++) {
    const struct lazy_region *region = &call->regions[i];
    if (reads(region)) {
      ok = lz_file_hash(region->p, &text.file);
      text.before = lz_hash_of(&text, sizeof text);
    } else if (makes(region)) {
      ok = is_makeable(call, region->p);
    }
  }
  ok = ok && are_distinct(call);
  *hash = text.before;
  lz_cancel_restore(cancel);
  return ok;
}

/* --- step 2 --- */

/* Without changing it, which others would see. */
static uint32_t umask_now(void) {
  char line[128];
  static const char name[] = "Umask:";
  uint32_t mask = ABSENT;
  FILE *status = fopen("/proc/self/status", "re");
  while (status && mask == ABSENT && fgets(line, sizeof line, status))
    if (strncmp(line, name, strlen(name)) == 0)
      mask = (uint32_t)strtoul(line + strlen(name), NULL, 8);
  if (status)
    fclose(status);
  return mask;
}

static struct lz_file_state state_of(const struct stat *file) {
  return (struct lz_file_state){file->st_mode & MODES, file->st_dev,  file->st_ino,
                                file->st_size,         file->st_mtim, file->st_ctim};
}

static uint32_t mode_of(const char *path) {
  struct stat file;
  return stat(path, &file) == 0 ? file.st_mode & MODES : ABSENT;
}

void lz_files_note(const struct lz_call *call, struct lz_file_state *states) {
  struct stat file;
  for (uint32_t i = 0; i < call->cached->region_count; i++)
    if (makes(&call->regions[i]))
      *states++ = stat(call->regions[i].p, &file) == 0 ? state_of(&file) : (struct lz_file_state){.mode = ABSENT};
}

/* A call that could not write its file has another outcome when it can. */
static bool was_written(const struct stat *file, const struct lz_file_state *before) {
  struct lz_file_state now = state_of(file);
  return before->mode == ABSENT || now.device != before->device || now.inode != before->inode ||
         now.size != before->size || now.modified.tv_sec != before->modified.tv_sec ||
         now.modified.tv_nsec != before->modified.tv_nsec || now.changed.tv_sec != before->changed.tv_sec ||
         now.changed.tv_nsec != before->changed.tv_nsec;
}

/* So has one that could write only half of it. */
static bool had_room(const char *path, const struct stat *file) {
  struct statvfs system;
  struct rlimit limit;
  return statvfs(path, &system) == 0 && (uint64_t)system.f_bavail * system.f_frsize >= ROOM &&
         getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
         (limit.rlim_cur == RLIM_INFINITY || (rlim_t)file->st_size < limit.rlim_cur);
}

/* Has this process the file open to write?  Nobody knows: yes. */
static bool is_being_written(const struct stat *file) {
  DIR *open_files = opendir("/proc/self/fd");
  bool found = !open_files;
  for (const struct dirent *entry; !found && (entry = readdir(open_files));) {
    int fd = (int)strtol(entry->d_name, NULL, 10), flags;
    struct stat other;
    found = entry->d_name[0] != '.' && fstat(fd, &other) == 0 && other.st_dev == file->st_dev &&
            other.st_ino == file->st_ino && (flags = fcntl(fd, F_GETFL)) >= 0 && (flags & O_ACCMODE) != O_RDONLY;
  }
  if (open_files)
    closedir(open_files);
  return found;
}

bool lz_files_measure(const struct lz_call *call, const struct lz_file_state *states, size_t *size) {
  bool ok = true;
  *size = 0;
  int cancel = lz_cancel_disable();
  for (uint32_t i = 0; i < call->cached->region_count && ok; i++)
    if (makes(&call->regions[i])) {
      struct stat file;
      ok = stat(call->regions[i].p, &file) == 0 && S_ISREG(file.st_mode) && file.st_size < MOST &&
           was_written(&file, states++) && had_room(call->regions[i].p, &file) && !is_being_written(&file);
      *size += sizeof(struct made) + (ok ? (size_t)file.st_size : 0);
    }
  lz_cancel_restore(cancel);
  return ok;
}

/* All of `size` bytes, and no more are there. */
static bool read_exactly(int fd, char *to, size_t size) {
  for (size_t at = 0;;) {
    char more;
    ssize_t got = at < size ? read(fd, to + at, size - at) : read(fd, &more, 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0 || at == size)
      return got == 0 && at == size;
    at += (size_t)got;
  }
}

static size_t gather_file(const char *path, uint32_t before, char *to, size_t size) {
  struct stat file;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  bool ok = fd >= 0 && fstat(fd, &file) == 0 && size >= sizeof(struct made) &&
            (size_t)file.st_size <= size - sizeof(struct made) &&
            read_exactly(fd, to + sizeof(struct made), (size_t)file.st_size);
  if (fd >= 0)
    close(fd);
  if (!ok)
    return SIZE_MAX;
  const struct made made = {(uint64_t)file.st_size, before, file.st_mode & MODES, umask_now(), 0};
  memcpy(to, &made, sizeof made);
  return sizeof made + (size_t)file.st_size;
}

bool lz_files_gather(const struct lz_call *call, const struct lz_file_state *states, char *to, size_t size) {
  size_t length = 0;
  int cancel = lz_cancel_disable();
  for (uint32_t i = 0; i < call->cached->region_count && length != SIZE_MAX; i++)
    if (makes(&call->regions[i])) {
      length = gather_file(call->regions[i].p, states++->mode, to, size);
      to += length != SIZE_MAX ? length : 0;
      size -= length != SIZE_MAX ? length : 0;
    }
  lz_cancel_restore(cancel);
  return length != SIZE_MAX && size == 0;
}

/* --- step 3 --- */

size_t lz_files_length(const struct lz_call *call, const char *from, size_t size) {
  size_t length = 0;
  for (uint32_t i = 0; i < call->cached->region_count; i++)
    if (makes(&call->regions[i])) {
      struct made made;
      if (size - length < sizeof made)
        return SIZE_MAX;
      memcpy(&made, from + length, sizeof made);
      length += sizeof made;
      if (made.size > size - length)
        return SIZE_MAX;
      length += made.size;
    }
  return length;
}

/* What mode would the call leave the file with, that has `mode` now?  ABSENT: nobody knows. */
static uint32_t mode_then(const struct made *made, uint32_t mode) {
  uint32_t mask = umask_now(), left = mode == ABSENT ? 0666 & ~mask : mode;
  bool as_before = mode == made->before && (mode != ABSENT || mask == made->umask);
  return as_before || left == made->after ? made->after : ABSENT;
}

static bool holds(const char *path, const char *bytes, size_t size) {
  char *chunk = malloc(CHUNK);
  int fd = chunk ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
  bool same = fd >= 0;
  for (size_t at = 0; same && at < size;) {
    ssize_t got = read(fd, chunk, CHUNK);
    same = (got > 0 && (size_t)got <= size - at && memcmp(chunk, bytes + at, (size_t)got) == 0) ||
           (got < 0 && errno == EINTR);
    at += got > 0 ? (size_t)got : 0;
  }
  if (fd >= 0)
    close(fd);
  free(chunk);
  return same;
}

static bool write_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t put = write(fd, bytes, size);
    if (put < 0 && errno != EINTR)
      return false;
    bytes += put > 0 ? put : 0;
    size -= put > 0 ? (size_t)put : 0;
  }
  return true;
}

static bool scatter_file(const char *path, const struct made *made, const char *bytes) {
  uint32_t mode = mode_of(path), then = mode_then(made, mode);
  struct stat file;
  if (then == ABSENT)
    return false;
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, then & 0777);
  if (fd < 0)
    return false;
  bool ok = fstat(fd, &file) == 0 && S_ISREG(file.st_mode);
  if (ok && (size_t)file.st_size == made->size && holds(path, bytes, made->size))
    ok = futimens(fd, NULL) == 0;
  else
    ok = ok && ftruncate(fd, 0) == 0 && write_all(fd, bytes, made->size);
  if (ok && (file.st_mode & MODES) != then)
    ok = fchmod(fd, then) == 0;
  return close(fd) == 0 && ok;
}

bool lz_files_scatter(const struct lz_call *call, const char *from) {
  bool ok = true;
  struct lz_quiet quiet;
  int cancel = lz_cancel_disable();
  lz_quiet_begin(&quiet);
  for (uint32_t i = 0; i < call->cached->region_count && ok; i++)
    if (makes(&call->regions[i])) {
      struct made made;
      memcpy(&made, from, sizeof made);
      ok = scatter_file(call->regions[i].p, &made, from + sizeof made);
      from += sizeof made + made.size;
    }
  lz_quiet_end(&quiet);
  lz_cancel_restore(cancel);
  return ok;
}
