/* xxh3.c - XXH3 for any processor, and which of them it is. */
#include "xxh3.h"

LZ_XXH3_DEFINE(lz_xxh3_any);

const struct lz_xxh3 *lz_xxh3(void) {
#if defined(__x86_64__)
  static _Atomic(const struct lz_xxh3 *) best;
  const struct lz_xxh3 *found = LZ_LOAD(&best, relaxed);
  if (LZ_UNLIKELY(!found)) {
    found = &lz_xxh3_avx2 && __builtin_cpu_supports("avx2") ? &lz_xxh3_avx2 : &lz_xxh3_any;
    LZ_STORE(&best, found, relaxed);
  }
  return found;
#else
  return &lz_xxh3_any;
#endif
}
