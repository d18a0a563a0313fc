/* reads.h - what memory kept nodes are computed from.  All of it under the mutex of keep.c. */
#ifndef LZ_READS_H
#define LZ_READS_H

#include "range.h"

/* One node's. */
struct lz_reads;

/* Never NULL: without memory to note the regions, all memory is noted. */
struct lz_reads *lz_reads_new(const struct lazy_region *regions, uint32_t count);
void lz_reads_free(struct lz_reads *reads);

/* In this epoch, these bytes change. */
void lz_reads_change(struct lz_range range, uint64_t epoch);

/* The last epoch in which any of it has changed; NULL: 0. */
uint64_t lz_reads_changed_at(const struct lz_reads *reads);

#endif /* LZ_READS_H */
