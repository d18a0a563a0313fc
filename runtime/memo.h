/* memo.h - results kept in memory, by key. */
#ifndef LZ_MEMO_H
#define LZ_MEMO_H

#include "key.h"
#include "value.h"

/* Room for so many bytes of values, from now on; what is too much leaves when something is kept. */
void lz_memo_limit(size_t bytes);

/* Is there room for a value of that size, ever? */
bool lz_memo_fits(size_t size);

/* False: there is none, or `take` did not want it. */
bool lz_memo_find(struct lz_key key, lz_take *take, void *context);

/* Takes a reference of its own.  What there is no room for is not kept. */
void lz_memo_keep(struct lz_key key, struct lz_value *value);

/* Forgets everything. */
void lz_memo_clear(void);

/* fork(): the table stays whole in the child. */
void lz_memo_lock(void);
void lz_memo_unlock(void);

#endif /* LZ_MEMO_H */
