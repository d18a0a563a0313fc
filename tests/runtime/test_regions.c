/* test_regions.c - nodes that read and write memory themselves: what meets is done in program order, what does not in
 * any.
 */
#include "calls.h"

SITE(kept, work, CERTAIN | KEPT, 8);

/* --- order --- */

/* Waiting helps, so that others may have run too. */
static bool ran_before(char a, char b) {
  const char *first = strchr(ran, a), *second = strchr(ran, b);
  return first && second && first < second;
}

static void a_read_waits_for_the_write_before_it(void **state) {
  (void)state;
  writes('A', &bytes[0], 8);
  struct lazy_node *b = call(&roomy, 'B', &bytes[7], 9, NULL, 0);
  take_long(b);
  assert_string_equal(ran, "AB");
}

static void a_write_waits_for_reads_before_it(void **state) {
  (void)state;
  reads('A', &bytes[0], 8);
  reads('B', &bytes[4], 8);
  reads('C', &bytes[16], 8);
  struct lazy_node *d = call(&roomy, 'D', NULL, 0, &bytes[6], 1);
  take_long(d);
  assert_true(ran_before('A', 'D') && ran_before('B', 'D'));
}

static void a_write_waits_for_the_write_before_it(void **state) {
  (void)state;
  writes('A', &bytes[8], 8);
  writes('B', &bytes[15], 8);
  struct lazy_node *c = call(&roomy, 'C', NULL, 0, &bytes[22], 8);
  take_long(c);
  assert_string_equal(ran, "ABC");
}

static void reads_wait_for_no_reads(void **state) {
  (void)state;
  reads('A', bytes, 64);
  take_long(call(&roomy, 'B', bytes, 64, NULL, 0));
  assert_string_equal(ran, "B");
}

static void what_is_disjoint_runs_in_any_order(void **state) {
  (void)state;
  writes('A', &bytes[0], 8);
  writes('B', &bytes[16], 8);
  take_long(call(&roomy, 'C', NULL, 0, &bytes[8], 8)); /* fits between */
  assert_string_equal(ran, "C");
  take_long(call(&roomy, 'D', &bytes[24], 8, &bytes[32], 8));
  assert_string_equal(ran, "CD");
}

static void the_rest_of_what_was_overwritten_is_still_known(void **state) {
  (void)state;
  writes('A', &bytes[0], 64);
  writes('B', &bytes[16], 16);
  struct lazy_node *c = call(&roomy, 'C', &bytes[48], 1, NULL, 0), *d = call(&roomy, 'D', &bytes[0], 1, NULL, 0);
  take_long(c);
  take_long(d);
  assert_true(ran_before('A', 'C') && ran_before('A', 'D'));
}

static void reads_across_a_gap_wait_for_both_sides(void **state) {
  (void)state;
  writes('A', &bytes[0], 8);
  writes('B', &bytes[24], 8);
  take_long(call(&roomy, 'C', &bytes[4], 24, NULL, 0));
  assert_int_equal(runs, 3);
  assert_int_equal(ran[2], 'C');
  reads('D', &bytes[4], 24);
  take_long(call(&roomy, 'E', NULL, 0, &bytes[16], 1)); /* the gap is known to be read */
  assert_string_equal(ran + 3, "DE");
}

static void a_call_does_not_wait_for_itself(void **state) {
  (void)state;
  take_long(call(&roomy, 'A', &bytes[0], 8, &bytes[4], 8));
  take_long(call(&roomy, 'B', &bytes[0], 8, &bytes[0], 8));
  struct lazy_region regions[] = {{&bytes[0], 8, LAZY_WRITES, 0, 0, NULL},
                                  {&bytes[4], 8, LAZY_READS, 0, 0, NULL},
                                  {&bytes[0], 16, LAZY_READS, 0, 0, NULL},
                                  {&bytes[6], 1, LAZY_WRITES, 0, 0, NULL}};
  struct work work = {&bytes[0], 16, &bytes[0], 8, 'C', 0};
  take_long(call_in(&roomy, &work, NULL, regions, 4));
  assert_string_equal(ran, "ABC");
}

static void calls_of_no_bytes_wait_for_nothing(void **state) {
  (void)state;
  writes('A', bytes, 64);
  struct lazy_region regions[] = {{&bytes[8], 0, LAZY_READS | LAZY_WRITES, 0, 0, NULL}, {&bytes[8], 8, 0, 0, 0, NULL}};
  struct work work = {.y = 'B'};
  take_long(call_in(&roomy, &work, NULL, regions, 2));
  assert_string_equal(ran, "B");
  __lazy_touch_regions(&scope, regions, 2);
  __lazy_touch(&scope, &bytes[8], 0, LAZY_WRITES);
  assert_string_equal(ran, "B");
}

static void calls_that_touch_nothing_leave_nothing(void **state) {
  (void)state;
  take_long(call(&roomy, 'A', bytes, 0, bytes, 0));
  assert_true(nothing_is_pending());
}

static void everywhere_meets_everything(void **state) {
  (void)state;
  struct lazy_region all = {&bytes[32], LAZY_EVERYWHERE, LAZY_READS, 0, 0, NULL};
  struct work work = {.y = 'C'};
  writes('A', &bytes[0], 8);
  writes('B', &bytes[56], 8);
  __lazy_release(call_in(&roomy, &work, NULL, &all, 1));
  assert_true(scope.lo == 0 && scope.hi == UINTPTR_MAX);
  take_long(call(&roomy, 'D', NULL, 0, &bytes[20], 1));
  assert_int_equal(runs, 4);
  assert_true(ran[2] == 'C' && ran[3] == 'D');
  forget();
  writes('E', &bytes[0], 8);
  all.access = LAZY_WRITES;
  __lazy_touch_regions(&scope, &all, 1);
  assert_string_equal(ran, "E");
  assert_true(nothing_is_pending());
}

static void without_room_for_edges_the_others_are_waited_for_at_once(void **state) {
  (void)state;
  for (int i = 0; i < 20; i++)
    reads('a', &bytes[i], 8);
  struct lazy_node *node = call(&narrow, 'B', NULL, 0, bytes, 64);
  assert_int_equal(runs, 19);
  take_long(node);
  assert_int_equal(runs, 21);
  assert_int_equal(ran[20], 'B');
  reads('C', bytes, 64);
  node = call(&tight, 'D', NULL, 0, bytes, 1);
  assert_string_equal(ran + 21, "C");
  take_long(node);
}

static void what_nobody_else_knows_runs_all_the_same(void **state) {
  (void)state;
  unsigned char expected = 0;
  lazy_set_threads(3);
  for (int round = 0; round < 200; round++) {
    for (int i = 0; i < 10; i++) {
      writes('A', bytes, 64); /* each is replaced by the next */
      expected = (unsigned char)(expected * 31 + 'A');
    }
    __lazy_settle(&scope);
    assert_int_equal(bytes[0], expected);
  }
  assert_int_equal(runs, 2000);
}

static void what_may_be_computed_again_runs_in_place(void **state) {
  (void)state;
  writes('A', bytes, 64);
  assert_null(call(&kept, 'B', NULL, 0, bytes, 8));
  assert_string_equal(ran, "AB");
}

/* --- the program --- */

static void the_program_waits_for_writes_before_it_reads(void **state) {
  (void)state;
  writes('A', &bytes[0], 8);
  reads('B', &bytes[8], 8);
  reads('C', &bytes[32], 8);
  __lazy_touch(&scope, &bytes[4], 8, LAZY_READS);
  assert_string_equal(ran, "A");
  __lazy_touch(&scope, &bytes[16], 16, LAZY_WRITES); /* between */
  assert_string_equal(ran, "A");
  assert_true(scope.lo == (uintptr_t)&bytes[8] && scope.hi == (uintptr_t)&bytes[40]);
}

static void the_program_waits_for_reads_too_before_it_writes(void **state) {
  (void)state;
  reads('A', &bytes[0], 8);
  reads('B', &bytes[7], 8);
  reads('C', &bytes[32], 8);
  __lazy_touch(&scope, &bytes[0], 1, LAZY_WRITES);
  assert_string_equal(ran, "A");
  struct lazy_region regions[] = {{&bytes[40], 24, LAZY_WRITES, 0, 0, NULL},
                                  {&bytes[7], 2, LAZY_READS | LAZY_WRITES, 0, 0, NULL}};
  __lazy_touch_regions(&scope, regions, 2);
  assert_string_equal(ran, "AB");
  assert_true(scope.lo == (uintptr_t)&bytes[32] && scope.hi == (uintptr_t)&bytes[40]);
  __lazy_touch(&scope, &bytes[39], SIZE_MAX, LAZY_WRITES); /* the end of it lies beyond the end of memory */
  assert_string_equal(ran, "ABC");
  assert_true(nothing_is_pending());
}

static void defer(long a, void *to, uint32_t size) {
  __lazy_defer_store(&scope, open_pair(&number, NULL, a, NULL, 1), to, 0, size);
}

static void deferred_stores_wait_for_regions(void **state) {
  (void)state;
  long value = mix(1, 1);
  reads('A', &bytes[0], 8);
  writes('B', &bytes[16], 8);
  defer(1, &bytes[8], 8); /* between */
  assert_int_equal(runs, 0);
  defer(1, &bytes[4], 1);
  assert_string_equal(ran, "A");
  defer(1, &bytes[16], 8);
  assert_string_equal(ran, "AB");
  assert_true(scope.lo == (uintptr_t)&bytes[4] && scope.hi == (uintptr_t)&bytes[24]);
  __lazy_settle(&scope);
  assert_memory_equal(&bytes[8], &value, 8);
  assert_memory_equal(&bytes[16], &value, 8);
}

static void regions_wait_for_deferred_stores(void **state) {
  (void)state;
  long value = mix(2, 1);
  defer(2, &bytes[0], 8);
  defer(2, &bytes[32], 8);
  struct lazy_node *node = call(&roomy, 'A', &bytes[4], 8, NULL, 0);
  assert_memory_equal(&bytes[0], &value, 8);
  assert_int_equal(bytes[32], 0);
  assert_true(scope.lo == (uintptr_t)&bytes[4] && scope.hi == (uintptr_t)&bytes[40]);
  __lazy_touch(&scope, &bytes[39], 1, LAZY_READS);
  assert_memory_equal(&bytes[32], &value, 8);
  assert_int_equal(runs, 0);
  take_long(node);
}

static void negative(void) {
  attach();
  writes('A', &bytes[0], 8);
  defer(1, &bytes[32], 8);
  CHECK(runs == 0);
  narrow.file = "p.c";
  narrow.line = 7;
  narrow.column = 3;
  CHECK(!call(&narrow, 'B', &bytes[56], -1, NULL, 0));
  CHECK(strcmp(ran, "AB") == 0 && bytes[32] && nothing_is_pending());
  writes('C', &bytes[0], 8);
  struct lazy_region region = {&bytes[16], INT64_MIN, LAZY_READS, 0, 0, NULL};
  __lazy_touch_regions(&scope, &region, 1);
  CHECK(strcmp(ran, "ABC") == 0 && nothing_is_pending());
}

static void negative_sizes_settle_everything_and_are_told_once(void **state) {
  (void)state;
  assert_int_equal(in_child(negative, "OMP_NUM_THREADS=1"), 0);
  assert_string_equal(said, "lazy: an argument of 'work', called at p.c:7:3, points to -1 bytes, say its annotations; "
                            "the call runs in place\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(negative_sizes_settle_everything_and_are_told_once),
      TEST(a_read_waits_for_the_write_before_it),
      TEST(a_write_waits_for_reads_before_it),
      TEST(a_write_waits_for_the_write_before_it),
      TEST(reads_wait_for_no_reads),
      TEST(what_is_disjoint_runs_in_any_order),
      TEST(the_rest_of_what_was_overwritten_is_still_known),
      TEST(reads_across_a_gap_wait_for_both_sides),
      TEST(a_call_does_not_wait_for_itself),
      TEST(calls_of_no_bytes_wait_for_nothing),
      TEST(calls_that_touch_nothing_leave_nothing),
      TEST(everywhere_meets_everything),
      TEST(without_room_for_edges_the_others_are_waited_for_at_once),
      TEST(what_nobody_else_knows_runs_all_the_same),
      TEST(what_may_be_computed_again_runs_in_place),
      TEST(the_program_waits_for_writes_before_it_reads),
      TEST(the_program_waits_for_reads_too_before_it_writes),
      TEST(deferred_stores_wait_for_regions),
      TEST(regions_wait_for_deferred_stores),
  };
  setenv("LAZY", "defer", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
