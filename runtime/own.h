/* own.h - memory that nobody else can touch: what a thread has allocated since some moment, and constants. */
#ifndef LZ_OWN_H
#define LZ_OWN_H

#include "range.h"

#include <bsd/sys/tree.h>

struct lz_block;
RB_HEAD(lz_blocks, lz_block);

/* What one thread has allocated and not freed.
 *   blocks are disjoint, and younger than `age` */
struct lz_own {
  struct lz_blocks blocks;
  uint64_t age;
  struct lz_range constant; /* some that were found */
};

/* Notes a new block.  False: out of memory. */
bool lz_own_add(struct lz_own *own, struct lz_range block);

/* The block that begins at `lo`, if there is one, is freed. */
void lz_own_remove(struct lz_own *own, uintptr_t lo);

/* They are another's now. */
void lz_own_forget(struct lz_own *own);

/* Does `range` lie in a block made at `age` or later? */
bool lz_own_contains(struct lz_own *own, struct lz_range range, uint64_t age);

/* Can `range` not be written by anybody? */
bool lz_own_constant(struct lz_own *own, struct lz_range range);

/* Where on the stack the frame is whose local lies at `p`, if it does not itself; else `p`. */
uintptr_t lz_own_place(uintptr_t p);

#endif /* LZ_OWN_H */
