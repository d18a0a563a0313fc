/* hash.h - 128 bits that stand for any number of bytes. */
#ifndef LZ_HASH_H
#define LZ_HASH_H

#include "types.h"
#include "xxh3.h"

struct lz_hash {
  uint64_t lo, hi;
};

/* Not to be told from random by who does not look for it (XXH3), or by nobody (SHA-256, of which these are the first
 * 128 bits)?  False: the latter is not to be had, and it is said. */
bool lz_hash_choose(bool cryptographic);
extern bool lz_hash_is_cryptographic;

struct lz_hash lz_hash_by_sha(const void *p, size_t size);

static inline struct lz_hash lz_hash_of(const void *p, size_t size) {
  if (LZ_UNLIKELY(lz_hash_is_cryptographic))
    return lz_hash_by_sha(p, size);
  XXH128_hash_t hash = lz_xxh3_hash(p, size);
  return (struct lz_hash){hash.low64, hash.high64};
}

/* Of bytes that come in pieces. */
struct lz_hasher {
  XXH3_state_t state;
  void *sha;
};
void lz_hasher_begin(struct lz_hasher *hasher);
void lz_hasher_add(struct lz_hasher *hasher, const void *p, size_t size);
struct lz_hash lz_hasher_end(struct lz_hasher *hasher);

#endif /* LZ_HASH_H */
