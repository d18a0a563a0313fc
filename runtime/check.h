/* check.h - LAZY=check: do lazy functions keep to what their annotations name? */
#ifndef LZ_CHECK_H
#define LZ_CHECK_H

#include "types.h"

/* From now on, modules that were compiled for it check. */
void lz_check_init(void);

/* A module was not. */
void lz_check_unable(const struct lazy_module *module);

/* At exit: what came of it. */
void lz_check_print(void);

#endif /* LZ_CHECK_H */
