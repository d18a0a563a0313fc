/* module.h - the modules of compiled code, and the mode they are in. */
#ifndef LZ_MODULE_H
#define LZ_MODULE_H

#include "types.h"

/* Reads the environment and sets everything up, once; later calls cost a load. */
void lz_runtime_init(void);

/* The number of threads has changed: tells all modules.  The caller holds the team's lock. */
void lz_modes_update(void);

/* The same, in the child of a fork. */
void lz_modes_after_fork(void);

/* Calls `visit` for each module that is attached. */
void lz_modules_visit(void (*visit)(struct lazy_module *module));

#endif /* LZ_MODULE_H */
