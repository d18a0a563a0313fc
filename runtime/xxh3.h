/* xxh3.h - XXH3 of long inputs, by the widest instructions that the processor has.
 *
 * The library chooses its instructions when it is compiled; we, when it runs.  All of them give the same.
 */
#ifndef LZ_XXH3_H
#define LZ_XXH3_H

#include "sync.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

#define LZ_XXH3_LONG 256 /* bytes; for less, the instructions make no difference */

struct lz_xxh3 {
  XXH64_hash_t (*sum)(const void *p, size_t size, XXH64_hash_t seed);
  XXH128_hash_t (*hash)(const void *p, size_t size);
  XXH_errorcode (*update)(XXH3_state_t *state, const void *p, size_t size);
};
extern const struct lz_xxh3 lz_xxh3_any;
extern const struct lz_xxh3 lz_xxh3_avx2 __attribute__((weak)); /* where the compiler knows such a thing */

/* Defines `name` with the instructions that the file is compiled for. */
#define LZ_XXH3_DEFINE(name)                                                                                           \
  static XXH64_hash_t sum(const void *p, size_t size, XXH64_hash_t seed) {                                             \
    return XXH3_64bits_withSeed(p, size, seed);                                                                        \
  }                                                                                                                    \
  static XXH128_hash_t hash(const void *p, size_t size) {                                                              \
    return XXH3_128bits(p, size);                                                                                      \
  }                                                                                                                    \
  static XXH_errorcode update(XXH3_state_t *state, const void *p, size_t size) {                                       \
    return XXH3_128bits_update(state, p, size);                                                                        \
  }                                                                                                                    \
  const struct lz_xxh3 name = {sum, hash, update}

/* The best there is. */
const struct lz_xxh3 *lz_xxh3(void);

static inline XXH64_hash_t lz_xxh3_sum(const void *p, size_t size, XXH64_hash_t seed) {
  return size < LZ_XXH3_LONG ? XXH3_64bits_withSeed(p, size, seed) : lz_xxh3()->sum(p, size, seed);
}

static inline XXH128_hash_t lz_xxh3_hash(const void *p, size_t size) {
  return size < LZ_XXH3_LONG ? XXH3_128bits(p, size) : lz_xxh3()->hash(p, size);
}

#endif /* LZ_XXH3_H */
