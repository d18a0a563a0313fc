/* cached.h - finding and keeping one result, wherever results are kept. */
#ifndef LZ_CACHED_H
#define LZ_CACHED_H

#include "results.h"
#include "value.h"

/* `bytes`: the size that it will have. */
bool lz_cached_find(struct lz_results *results, struct lz_key key, size_t bytes, lz_take *take, void *context);

/* A node with this result was found so. */
void lz_cached_count(struct lz_results *results, size_t bytes);

/* It took `cost` ns to compute. */
void lz_cached_keep(struct lz_results *results, struct lz_key key, struct lz_value *value, uint64_t cost);

#endif /* LZ_CACHED_H */
