/* cache_raw WHAT COUNT SIZE: what is below the cache, alone.
 *
 *   lmdb   COUNT values of SIZE bytes in a new file of LMDB's, each found once, at random, and copied
 *   xxh3   COUNT times the hash of SIZE bytes
 */
#include "measure.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static void check(int error) {
  if (error) {
    fprintf(stderr, "cache_raw: %s\n", mdb_strerror(error));
    exit(1);
  }
}

static uint64_t key[2];
static MDB_val key_of(long i) {
  key[0] = (uint64_t)(i + 1) * 0x9e3779b97f4a7c15u;
  key[1] = (uint64_t)(i + 1) * 0xc2b2ae3d27d4eb4fu;
  return (MDB_val){sizeof key, key};
}

static uint64_t lmdb(long count, long size) {
  char folder[] = "/tmp/cache_raw.XXXXXX", command[64];
  char *bytes = calloc(1, (size_t)size);
  uint64_t total = 0;
  MDB_env *env;
  MDB_txn *txn;
  MDB_dbi values;
  if (!bytes || !mkdtemp(folder))
    exit(1);
  check(mdb_env_create(&env));
  check(mdb_env_set_mapsize(env, (size_t)16 << 30));
  check(mdb_env_open(env, folder, MDB_NOSYNC | MDB_NOTLS | MDB_NORDAHEAD, 0600));
  check(mdb_txn_begin(env, NULL, 0, &txn));
  check(mdb_dbi_open(txn, NULL, 0, &values));
  for (long i = 0; i < count; i++) {
    MDB_val k = key_of(i), v = {(size_t)size, bytes};
    check(mdb_put(txn, values, &k, &v, 0));
  }
  check(mdb_txn_commit(txn));
  check(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
  measure_start();
  for (long i = 0; i < count; i++) {
    MDB_val k = key_of(i), v;
    mdb_txn_reset(txn);
    check(mdb_txn_renew(txn));
    check(mdb_get(txn, values, &k, &v));
    memcpy(bytes, v.mv_data, v.mv_size);
    total += (unsigned char)bytes[i % size];
  }
  measure_stop(total);
  mdb_env_close(env);
  snprintf(command, sizeof command, "rm -r %s", folder);
  return (uint64_t)system(command);
}

static uint64_t xxh3(long count, long size) {
  char *bytes = calloc(1, (size_t)size);
  uint64_t total = 0;
  if (!bytes)
    exit(1);
  measure_start();
  for (long i = 0; i < count; i++) {
    __asm__ volatile("" ::: "memory");
    total += XXH3_128bits(bytes, (size_t)size).low64;
  }
  measure_stop(total);
  return 0;
}

int main(int argc, char **argv) {
  long count = measure_argument(argc, argv, 2, "COUNT"), size = measure_argument(argc, argv, 3, "SIZE");
  return (int)(strcmp(argv[1], "lmdb") == 0 ? lmdb : xxh3)(count, size);
}
