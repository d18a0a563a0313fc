/* keep.h - nodes the explicit API may look at and change. */
#ifndef LZ_KEEP_H
#define LZ_KEEP_H

#include "types.h"

/* Bytes a node of this site needs behind its edges. */
size_t lz_kept_size(const struct lazy_site *site);

/* A kept node is new, is to be freed. */
void lz_keep_open(struct lazy_node *node);
void lz_keep_close(struct lazy_node *node);

/* May it start before its value is wanted? */
bool lz_keep_starts(const struct lazy_node *node);

/* Has it been done, though it may have been undone since? */
bool lz_keep_computed(const struct lazy_node *node);

/* Undoes what has been computed from values changed since, among `node` and all it depends on. */
void lz_keep_validate(struct lazy_node *node);

/* Is the node's value there and valid? */
bool lz_keep_valid(struct lazy_node *node);

/* Holds the values of a claimed node's kept inputs still, to be copied.  False, and not held: one of them is undone. */
bool lz_keep_lock_inputs(struct lazy_node *node);
void lz_keep_unlock_inputs(void);

/* Runs a claimed kept node: by its executor, by its function, or not at all if its value has been given. */
void lz_keep_run(struct lazy_node *node);

/* fork() */
void lz_keep_lock(void);
void lz_keep_unlock(void);

#endif /* LZ_KEEP_H */
