/* store-file.h - what is in the file, and how to get at it. */
#ifndef LZ_STORE_FILE_H
#define LZ_STORE_FILE_H

#include "store.h"

#include <lmdb.h>
#include <setjmp.h>

/* The folder holds one file for each format, word size and order of bytes, so none is ever read as another. */
#define LZ_STORE_FORMAT 1

/* In front of each value.
 *   sum == lz_stored_sum() */
struct lz_stored {
  uint64_t sum;
  uint64_t size;
  uint64_t cost;     /* ns */
  uint64_t created;  /* s since 1970 */
  uint64_t function; /* lz_store_name() of its name, and of the space */
};

/* Beside each value, in a database of its own: so that what is old is found without a look at the values. */
struct lz_used {
  uint64_t last; /* s since 1970 */
  uint64_t size; /* that it takes in the file, about */
  uint64_t hits;
};

/* One name: of a function in a space.  In front of what is remembered of it. */
struct lz_named {
  uint32_t space_length, function_length; /* both strings follow, without a 0 */
};

/* The key of struct lz_totals, and of the sum of all sizes, among the numbers. */
#define LZ_STORE_TOTALS "totals"
#define LZ_STORE_BYTES "bytes"

/* An environment of LMDB and its databases. */
struct lz_file {
  MDB_env *env;
  MDB_dbi values;    /* lz_key -> struct lz_stored, bytes */
  MDB_dbi used;      /* lz_key -> struct lz_used */
  MDB_dbi functions; /* lz_store_name() -> struct lz_named, names, record */
  MDB_dbi numbers;   /* text -> numbers */
  const char *map;
  size_t map_size;
  size_t page; /* bytes of one */
};

/* Bytes of addresses that a file reserves when it is opened; a test may want few. */
extern size_t lz_file_first_map;

/* Where the file is, in the folder: "FOLDER/1-64le/data.mdb".  False: that is too long. */
bool lz_file_path(const char *folder, char *path, size_t size);

/* Opens the file in the folder, which is made if need be.  What is in the way is said.  False: something is. */
bool lz_file_open(struct lz_file *file, const char *folder, bool write, bool create);
void lz_file_close(struct lz_file *file);

/* Its size has to change, or has been changed by another process.  No transaction is under way in this one. */
bool lz_file_grow(struct lz_file *file, bool by_another);

uint64_t lz_store_name(const char *space, const char *function);

/* XXH3 of the key, of all members but the sum, and of `stored->size` bytes. */
uint64_t lz_stored_sum(struct lz_key key, const struct lz_stored *stored, const void *bytes);

/* Is the value what was written under the key?  `stored` is then its head. */
bool lz_stored_verify(struct lz_key key, MDB_val value, struct lz_stored *stored);

/* Bytes that a value takes in the file, its record of use included, about: struct lz_used has it. */
uint64_t lz_stored_room(uint64_t size);

/* May LMDB be told to remove or replace the value, where it lies in the file?  If it has pages of its own, LMDB
 * believes their number where they begin, and would give back pages of others, or four billion. */
bool lz_stored_removable(MDB_val value, size_t page);

/* Damage that LMDB finds, or the kernel when there is less of the file than there was:
 *
 *     struct lz_guard guard;
 *     lz_guard_arm(&guard, file);
 *     if (sigsetjmp(guard.back, 0)) { lz_guard_hit(); ... the file must not be used any more ... }
 *     ... use of the file ...
 *     lz_guard_disarm();
 *
 * One at a time in each thread. */
struct lz_guard {
  sigjmp_buf back;
  const char *map, *map_end;
};
void lz_guard_arm(struct lz_guard *guard, const struct lz_file *file);
void lz_guard_disarm(void);
void lz_guard_hit(void);

/* For handlers of SIGSEGV and SIGBUS, first of all: does not return if it was a guard's. */
void lz_guard_catch(const void *address);

/* "the cache in FOLDER ...", once for each `text`, which stays; it may have a %s for `detail`. */
void lz_store_say(const char *folder, const char *text, const char *detail);

#endif /* LZ_STORE_FILE_H */
