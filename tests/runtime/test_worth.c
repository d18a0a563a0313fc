/* test_worth.c - what is made of measured costs: calls that had better run in place, levels of a recursion. */
#include "worth.h"

#include "lowered.h"

static struct lazy_function function;
static struct lazy_site value = {.function = &function, .flags = LAZY_SITE_CERTAIN};
static struct lazy_site regions = {.function = &function, .flags = LAZY_SITE_CERTAIN | LAZY_SITE_REGIONS};

static void calls_that_cost_less_than_a_node_are_spared(void **state) {
  (void)state;
  lz_judge(&value, LZ_NODE_NS - 1);
  assert_int_equal(value.sparing, LZ_OF_SMALL);
  lz_judge(&value, LZ_NODE_NS);
  assert_int_equal(value.sparing, 0);
  lz_judge(&regions, LZ_NODE_NS);
  assert_int_equal(regions.sparing, LZ_OF_SMALL);
  lz_judge(&regions, LZ_REGIONS_NS);
  assert_int_equal(regions.sparing, 0);
}

static void calls_that_nobody_takes_are_spared_unless_they_are_dear(void **state) {
  (void)state;
  for (int i = 0; i < 2 * LZ_UNSHARED; i++)
    lz_note_unshared(&value); /* nobody is awake to take them */
  lz_judge(&value, LZ_DEAR_NS - 1);
  assert_int_equal(value.sparing, 0);
  lz_crowd.searching++;
  for (int i = 0; i < 2 * LZ_UNSHARED; i++)
    lz_note_unshared(&value);
  lz_crowd.searching--;
  lz_judge(&value, LZ_DEAR_NS - 1);
  assert_int_equal(value.sparing, LZ_OF_UNSHARED);
  lz_judge(&value, LZ_DEAR_NS);
  assert_int_equal(value.sparing, 0);
  lz_note_shared(&value);
  lz_judge(&value, LZ_DEAR_NS - 1);
  assert_int_equal(value.sparing, 0);
}

static void who_is_woken_for_calls_finds_some(void **state) {
  (void)state;
  value.unshared = LZ_UNSHARED;
  value.cost = LZ_DEAR_NS - 1;
  lz_judge(&value, value.cost);
  assert_int_equal(value.sparing, LZ_OF_UNSHARED);
  lz_note_company(&value);
  assert_int_equal(value.sparing, 0);
  value.cost = 0; /* unknown */
  lz_note_company(&value);
  assert_int_equal(value.sparing, 0);
}

static void calls_that_wait_for_others_must_be_worth_the_way(void **state) {
  (void)state;
  struct lazy_site other = {.function = &function, .flags = LAZY_SITE_CERTAIN};
  lz_note_waits(&value, 2, &value);
  lz_judge(&value, LZ_JOINED_NS - 1);
  assert_int_equal(value.sparing, LZ_OF_SMALL);
  lz_judge(&value, LZ_JOINED_NS);
  assert_int_equal(value.sparing, 0);
  lz_note_waits(&value, 1, &value); /* x = f(x) */
  lz_judge(&value, LZ_CHAINED_NS - 1);
  assert_int_equal(value.sparing, LZ_OF_SMALL);
  lz_note_waits(&value, 1, &other);
  lz_judge(&value, LZ_JOINED_NS);
  assert_int_equal(value.sparing, 0);
}

static void one_call_in_so_many_asks_all_the_same(void **state) {
  (void)state;
  assert_int_equal(LZ_OF_SMALL & (LZ_OF_SMALL + 1), 0);
  assert_int_equal(LZ_OF_UNSHARED & (LZ_OF_UNSHARED + 1), 0);
}

/* A call that has taken `ns` by the clock. */
static void end_after(uint32_t *cost, uint64_t ns) { __lazy_level_end(cost, lz_now() - ns); }

static void a_level_costs_what_its_dearest_call_did_of_late(void **state) {
  (void)state;
  enum { SECOND = 1000000000, CALLS = 100 };
  uint32_t cost = 0, before;
  end_after(&cost, SECOND);
  assert_in_range(cost, SECOND, UINT32_MAX);
  before = cost;
  __lazy_level_end(&cost, lz_now());
  assert_int_equal(cost, before - before / 8);
  end_after(&cost, 2ull * SECOND);
  assert_in_range(cost, 2u * SECOND, UINT32_MAX);
  end_after(&cost, 100ull * SECOND);
  assert_int_equal(cost, UINT32_MAX);
  for (int i = 0; i < CALLS; i++) {
    before = cost;
    __lazy_level_end(&cost, lz_now());
    assert_true(cost <= before || before < SECOND);
    assert_int_not_equal(cost, 0); /* would be unknown */
  }
  assert_in_range(cost, 1, SECOND);
}

static void where_all_calls_are_deferred_no_level_is_small(void **state) {
  (void)state;
  uint32_t cost = 0;
  lz.eager = true;
  uint64_t begin = __lazy_level_begin();
  __lazy_level_end(&cost, begin);
  lz.eager = false;
  assert_int_equal(cost, 0);
  begin = __lazy_level_begin();
  __lazy_level_end(&cost, begin);
  assert_int_not_equal(cost, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(calls_that_cost_less_than_a_node_are_spared),
      cmocka_unit_test(calls_that_nobody_takes_are_spared_unless_they_are_dear),
      cmocka_unit_test(who_is_woken_for_calls_finds_some),
      cmocka_unit_test(calls_that_wait_for_others_must_be_worth_the_way),
      cmocka_unit_test(one_call_in_so_many_asks_all_the_same),
      cmocka_unit_test(a_level_costs_what_its_dearest_call_did_of_late),
      cmocka_unit_test(where_all_calls_are_deferred_no_level_is_small),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
