/* Results kept in memory, by key. */
#include "lowered.h"

#include "memo.h"

static struct lz_key key_of(uint64_t n) { return (struct lz_key){n * 0x9e3779b97f4a7c15u, n * 0xc2b2ae3d27d4eb4fu}; }

static void keep(struct lz_key key, const void *bytes, size_t size) {
  struct lz_value *value = lz_value_new(size);
  assert_non_null(value);
  memcpy(value->bytes, bytes, size);
  lz_memo_keep(key, value);
  lz_value_release(value);
}

static void keep_number(struct lz_key key, uint64_t number) { keep(key, &number, sizeof number); }

static bool take_number(void *context, const void *value, size_t size) {
  if (size != sizeof(uint64_t))
    return false;
  memcpy(context, value, size);
  return true;
}

static bool has(struct lz_key key, uint64_t expected) {
  uint64_t number = ~expected;
  bool found = lz_memo_find(key, take_number, &number);
  assert_true(!found || number == expected);
  return found;
}

static int forget(void **state) {
  (void)state;
  lz_memo_clear();
  lz_memo_limit(SIZE_MAX);
  return 0;
}

static void what_is_kept_is_found(void **state) {
  (void)state;
  assert_false(has(key_of(1), 1));
  for (uint64_t i = 0; i < 100000; i++)
    keep_number(key_of(i), i * 3);
  for (uint64_t i = 0; i < 100000; i++)
    assert_true(has(key_of(i), i * 3));
  assert_false(has(key_of(100000), 0));
}

static void the_last_one_counts(void **state) {
  (void)state;
  keep_number(key_of(1), 1);
  keep_number(key_of(1), 2);
  assert_true(has(key_of(1), 2));
}

static void a_value_of_another_size_is_none(void **state) {
  (void)state;
  keep(key_of(1), "abc", 3);
  assert_false(has(key_of(1), 0));
}

static bool take_large(void *context, const void *value, size_t size) {
  lz_memo_clear(); /* nobody waits for who looks at a large value, and it stays */
  memcpy(context, value, size);
  return true;
}

static void large_values_are_shared(void **state) {
  (void)state;
  static char large[100000], copy[sizeof large];
  memset(large, 'x', sizeof large);
  keep(key_of(1), large, sizeof large);
  assert_true(lz_memo_find(key_of(1), take_large, copy));
  assert_memory_equal(large, copy, sizeof large);
  assert_false(has(key_of(1), 0));
}

/* Of one shard, and all wanting the same slot. */
static struct lz_key colliding(uint64_t n) { return (struct lz_key){5 + (n << 32), 64 * n}; }

static void keys_that_want_the_same_slot_are_told_apart(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 500; i++)
    keep_number(colliding(i), i);
  for (uint64_t i = 0; i < 500; i++)
    assert_true(has(colliding(i), i));
}

static uint64_t count_found(struct lz_key of(uint64_t), uint64_t count) {
  uint64_t found = 0;
  for (uint64_t i = 0; i < count; i++)
    found += has(of(i), i);
  return found;
}

static void what_is_used_stays_when_room_gets_scarce(void **state) {
  (void)state;
  lz_memo_limit((size_t)16 * 8 * 1024); /* some ten thousand in all */
  keep_number(key_of(0), 0);
  for (uint64_t i = 1; i < 100000; i++) {
    keep_number(key_of(i), i);
    assert_true(has(key_of(0), 0));
  }
  uint64_t found = count_found(key_of, 100000);
  assert_in_range(found, 2000, 20000);
}

static void what_goes_leaves_the_others_where_they_are_found(void **state) {
  (void)state;
  lz_memo_limit((size_t)16 * 8 * 1024);
  for (uint64_t i = 0; i < 2000; i++) {
    keep_number(colliding(i), i);
    assert_true(has(colliding(i), i));
    keep_number(key_of(i), i);
  }
  assert_in_range(count_found(colliding, 2000), 20, 500);
}

static void what_is_too_large_is_not_kept(void **state) {
  (void)state;
  static char large[100000];
  lz_memo_limit(64 * 1024);
  keep_number(key_of(2), 2);
  keep(key_of(1), large, sizeof large);
  assert_true(has(key_of(2), 2));
  assert_false(lz_memo_find(key_of(1), take_large, large));
}

static void *work(void *seed) {
  uint64_t s = (uint64_t)(uintptr_t)seed;
  for (int i = 0; i < 20000; i++) {
    s = s * 6364136223846793005u + 1442695040888963407u;
    uint64_t n = s >> 50;
    if (!has(key_of(n), n * 7))
      keep_number(key_of(n), n * 7);
  }
  return NULL;
}

static void threads_find_what_others_keep(void **state) {
  (void)state;
  pthread_t thread[8];
  lz_memo_limit((size_t)16 * 8 * 1024); /* so that some goes while others look */
  for (uintptr_t i = 0; i < 8; i++)
    assert_int_equal(pthread_create(&thread[i], NULL, work, (void *)(i + 1)), 0);
  for (int i = 0; i < 8; i++)
    pthread_join(thread[i], NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(what_is_kept_is_found, forget),
      cmocka_unit_test_setup(the_last_one_counts, forget),
      cmocka_unit_test_setup(a_value_of_another_size_is_none, forget),
      cmocka_unit_test_setup(large_values_are_shared, forget),
      cmocka_unit_test_setup(keys_that_want_the_same_slot_are_told_apart, forget),
      cmocka_unit_test_setup(what_is_used_stays_when_room_gets_scarce, forget),
      cmocka_unit_test_setup(what_goes_leaves_the_others_where_they_are_found, forget),
      cmocka_unit_test_setup(what_is_too_large_is_not_kept, forget),
      cmocka_unit_test_setup_teardown(threads_find_what_others_keep, forget, forget),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
