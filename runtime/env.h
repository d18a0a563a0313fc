/* env.h - the environment variables. */
#ifndef LZ_ENV_H
#define LZ_ENV_H

#include <lazy/lazy.h>
#include <stdbool.h>

/* Reads all of them into `lz`, and says what it does not understand.  Called once. */
void lz_env_read(void);

/* The cache that is asked for.  False: none is. */
bool lz_env_cache(struct lazy_cache_options *options);

/* The files that LAZY_GRAPH, LAZY_TRACE and LAZY_STATS name; NULL: none. */
const char *lz_env_graph(void);
const char *lz_env_trace(void);
const char *lz_env_measures(void);

#endif /* LZ_ENV_H */
