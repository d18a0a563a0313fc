/* files.h - what calls read from files, and write to them. */
#ifndef LZ_FILES_H
#define LZ_FILES_H

#include "hash.h"
#include "key.h"

#include <sys/types.h>
#include <time.h>

/* Adds to the text of a call's key, of LAZY_CACHED_FILES, what its outcome follows from: what is in the files that it
 * reads, and how text is written in this locale.  False: one is not there or no plain file, or it is also written, or
 * what is to be made is something else already. */
bool lz_files_hash(const struct lz_call *call, struct lz_hash *hash);

/* Of one file alone, which is `path`; false: as above. */
bool lz_file_hash(const char *path, struct lz_hash *hash);

/* How a file is before the call makes it. */
struct lz_file_state {
  uint32_t mode; /* UINT32_MAX: it is not there */
  dev_t device;
  ino_t inode;
  off_t size;
  struct timespec modified, changed;
};
void lz_files_note(const struct lz_call *call, struct lz_file_state *states);
#define LZ_FILES 8 /* of one call, at most, of which any are kept */

/* Bytes that keep what the call has written to files.  False: one has not been written, or somebody still writes, or
 * there may not have been room for all of it. */
bool lz_files_measure(const struct lz_call *call, const struct lz_file_state *states, size_t *size);

/* Puts them into `to`, exactly so many; false: they have changed. */
bool lz_files_gather(const struct lz_call *call, const struct lz_file_state *states, char *to, size_t size);

/* How many of `size` bytes at `from` keep files of this call; SIZE_MAX: they do not. */
size_t lz_files_length(const struct lz_call *call, const char *from, size_t size);

/* Writes the files.  False: one cannot be written, or not as the call would: the call is to be made. */
bool lz_files_scatter(const struct lz_call *call, const char *from);

#endif /* LZ_FILES_H */
