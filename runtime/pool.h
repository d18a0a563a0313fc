/* pool.h - memory of nodes. */
#ifndef LZ_POOL_H
#define LZ_POOL_H

#include "types.h"

/* Memory, say for a node, aligned to 16, or to the cache line if `size` is a multiple of it.  With its class, to be
 * given back with it; NULL: out of memory. */
void *lz_pool_take(struct lz_hand *hand, size_t size, uint32_t *size_class);

/* From any thread; `hand` is the caller's, or NULL. */
void lz_pool_give(struct lz_hand *hand, void *memory, uint32_t size_class);

/* fork(): the lists shared by all hands stay whole in the child. */
void lz_pool_lock(void);
void lz_pool_unlock(void);

#endif /* LZ_POOL_H */
