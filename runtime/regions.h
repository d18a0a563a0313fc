/* regions.h - which nodes of a scope read and write which memory. */
#ifndef LZ_REGIONS_H
#define LZ_REGIONS_H

#include "range.h"

/* An index that holds nothing; NULL: out of memory. */
struct lazy_regions *lz_regions_new(void);

/* `node`, which is not started yet and has not entered this range, will run after all nodes it is in conflict with. */
void lz_regions_order(struct lazy_regions *regions, struct lazy_node *node, struct lz_range range, uint32_t access);

/* `node`, ordered like that in all its ranges, touches this one.  False: out of memory; it is to be withdrawn. */
bool lz_regions_enter(struct lazy_regions *regions, struct lazy_node *node, struct lz_range range, uint32_t access);

/* `node` is never going to be started.  Waits for what it waits for. */
void lz_regions_withdraw(struct lazy_regions *regions, struct lazy_node *node);

/* Waits for all nodes that are in conflict with such an access by the program. */
void lz_regions_wait(struct lazy_regions *regions, struct lz_range range, uint32_t access);

/* Where the next bytes lie, from `from` on, that a node not done yet writes; UINTPTR_MAX: nowhere. */
uintptr_t lz_regions_next_write(struct lazy_regions *regions, uintptr_t from);

/* What encloses all that is entered.  An index that holds nothing is freed and set to NULL, and so the answer is, as
 * for NULL itself, LZ_NOWHERE. */
struct lz_range lz_regions_trim(struct lazy_regions **regions);

#endif /* LZ_REGIONS_H */
