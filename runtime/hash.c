/* hash.c - SHA-256, for caches that are shared with people who might look for two calls with one key.
 *
 * It is libcrypto's, which is asked for only if it is wanted: programs do not depend on it.
 */
#include "hash.h"

#include "error.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libcrypto.so.3"

bool lz_hash_is_cryptographic;

/* Of libcrypto: EVP_... */
static struct {
  void *(*new_context)(void);
  void (*free_context)(void *context);
  const void *(*sha256)(void);
  int (*init)(void *context, const void *type, void *engine);
  int (*update)(void *context, const void *p, size_t size);
  int (*final)(void *context, unsigned char *digest, unsigned *size);
} evp;

#pragma weak dlopen
#pragma weak dlsym
static bool load(void) {
  static const char *const names[] = {"EVP_MD_CTX_new",    "EVP_MD_CTX_free",  "EVP_sha256",
                                      "EVP_DigestInit_ex", "EVP_DigestUpdate", "EVP_DigestFinal_ex"};
  void **members = (void **)&evp, *library = dlopen ? dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL) : NULL;
  _Static_assert(sizeof evp == sizeof names, "one name for each");
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (!library || !(members[i] = dlsym(library, names[i])))
      return false;
  return true;
}

bool lz_hash_choose(bool cryptographic) {
  if (cryptographic && !evp.final && !load()) {
    lz_say("there is no SHA-256: %s cannot be loaded (Debian: libssl3); no cache", LIBRARY);
    return false;
  }
  lz_hash_is_cryptographic = cryptographic;
  return true;
}

void lz_hasher_begin(struct lz_hasher *hasher) {
  hasher->sha = lz_hash_is_cryptographic ? evp.new_context() : NULL;
  if (hasher->sha)
    evp.init(hasher->sha, evp.sha256(), NULL);
  else
    XXH3_128bits_reset(&hasher->state);
}

void lz_hasher_add(struct lz_hasher *hasher, const void *p, size_t size) {
  if (hasher->sha)
    evp.update(hasher->sha, p, size);
  else
    lz_xxh3()->update(&hasher->state, p, size);
}

struct lz_hash lz_hasher_end(struct lz_hasher *hasher) {
  struct lz_hash hash;
  unsigned char digest[32];
  if (!hasher->sha) {
    XXH128_hash_t xxh = XXH3_128bits_digest(&hasher->state);
    return (struct lz_hash){xxh.low64, xxh.high64};
  }
  evp.final(hasher->sha, digest, NULL);
  evp.free_context(hasher->sha);
  memcpy(&hash, digest, sizeof hash);
  return hash;
}

struct lz_hash lz_hash_by_sha(const void *p, size_t size) {
  struct lz_hasher hasher;
  lz_hasher_begin(&hasher);
  lz_hasher_add(&hasher, p, size);
  return lz_hasher_end(&hasher);
}
