/* cache.h - results that are kept. */
#ifndef LZ_CACHE_H
#define LZ_CACHE_H

#include "key.h"

/* Sets it up, as LAZY_CACHE says. */
void lz_cache_init(void);

/* The module's functions look for their results, if there is a cache; and no longer. */
void lz_cache_attach(struct lazy_module *module);
void lz_cache_detach(struct lazy_module *module);

/* What has been found and kept, on stderr. */
void lz_cache_print(void);

#endif /* LZ_CACHE_H */
