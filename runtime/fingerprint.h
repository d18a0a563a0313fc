/* fingerprint.h - the code that a result follows from, in 128 bits. */
#ifndef LZ_FINGERPRINT_H
#define LZ_FINGERPRINT_H

#include <lazy/abi.h>
#include <stdbool.h>

/* All code that a call of `function` runs, wherever it is: `out` is the same in every process that runs the same.
 * False: that cannot be told, for the reason `*why_not`, which stays.  Found once for each function. */
bool lz_fingerprint(const struct lazy_function *function, uint64_t out[2], const char **why_not);

/* Around a fork. */
void lz_fingerprint_lock(void);
void lz_fingerprint_unlock(void);

#endif /* LZ_FINGERPRINT_H */
