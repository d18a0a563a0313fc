/* overflow.h - ready nodes that found no deque: offered by threads that are no hands, or when memory was out. */
#ifndef LZ_OVERFLOW_H
#define LZ_OVERFLOW_H

#include "types.h"

/* The node brings the reference its entry owns. */
void lz_overflow_push(struct lazy_node *node);

/* NULL: none. */
struct lazy_node *lz_overflow_pop(void);

/* A hint. */
bool lz_overflow_empty(void);

/* Takes out the entry of a kept node that is undone, if it still stands here: its link will be needed again. */
void lz_overflow_remove(struct lz_hand *hand, struct lazy_node *node);

/* fork() */
void lz_overflow_lock(void);
void lz_overflow_unlock(void);

#endif /* LZ_OVERFLOW_H */
