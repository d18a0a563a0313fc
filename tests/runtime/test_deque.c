/* test_deque.c - every entry comes out of a deque exactly once, whoever pushes, pops and steals. */
#include "lowered.h"

#include "deque.h"

#define ENTRIES (SANITIZED ? 50000 : 1000000)
#define THIEVES 3

static struct lz_deque deque;
static _Atomic unsigned char *seen;
static _Atomic bool finished;

/* The deque compares and hands out addresses, no more: any will do. */
static struct lazy_node *entry(long i) { return (struct lazy_node *)(uintptr_t)(i + 1); }

static void note(const struct lazy_node *node) { atomic_fetch_add(&seen[(uintptr_t)node - 1], 1); }

static void last_in_first_out_for_the_owner_first_in_first_out_for_thieves(void **state) {
  (void)state;
  for (long i = 0; i < 1000; i++) /* past the first buffer */
    assert_true(lz_deque_push(&deque, entry(i)));
  assert_true(lz_deque_holds(&deque, 1000));
  assert_false(lz_deque_holds(&deque, 1001));
  assert_true(lz_deque_newest_is(&deque, entry(999)));
  assert_ptr_equal(lz_deque_pop(&deque), entry(999));
  assert_ptr_equal(lz_deque_steal(&deque), entry(0));
  assert_false(lz_deque_take_oldest(&deque, entry(0)));
  assert_true(lz_deque_take_oldest(&deque, entry(1)));
  for (long i = 998; i >= 2; i--)
    assert_ptr_equal(lz_deque_pop(&deque), entry(i));
  assert_null(lz_deque_pop(&deque));
  assert_null(lz_deque_steal(&deque));
  assert_false(lz_deque_newest_is(&deque, entry(2)));
}

static void *thief(void *unused) {
  (void)unused;
  while (!atomic_load(&finished)) {
    struct lazy_node *node = lz_deque_steal(&deque);
    if (node)
      note(node);
  }
  return NULL;
}

static void nothing_is_lost_or_doubled_under_theft(void **state) {
  (void)state;
  pthread_t thieves[THIEVES];
  seen = calloc(ENTRIES, sizeof *seen);
  for (int i = 0; i < THIEVES; i++)
    assert_int_equal(pthread_create(&thieves[i], NULL, thief, NULL), 0);
  for (long i = 0; i < ENTRIES;) {
    long burst = 1 + i % 7 * (i % 1000 == 0 ? 100 : 1);
    for (long k = 0; k < burst && i < ENTRIES; k++, i++)
      assert_true(lz_deque_push(&deque, entry(i)));
    for (long k = 0; k < burst / 2 + 1; k++) {
      struct lazy_node *node = lz_deque_pop(&deque);
      if (node)
        note(node);
    }
  }
  struct lazy_node *node;
  while ((node = lz_deque_pop(&deque)))
    note(node);
  atomic_store(&finished, true);
  for (int i = 0; i < THIEVES; i++)
    pthread_join(thieves[i], NULL);
  for (long i = 0; i < ENTRIES; i++)
    assert_int_equal(seen[i], 1);
  free((void *)seen);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(last_in_first_out_for_the_owner_first_in_first_out_for_thieves),
      cmocka_unit_test(nothing_is_lost_or_doubled_under_theft),
  };
  if (!lz_deque_init(&deque))
    return 1;
  return cmocka_run_group_tests(tests, NULL, NULL);
}
