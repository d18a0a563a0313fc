/* test_text.c - the length of a string that pending calls and stores write to: it waits for those it meets, in pieces.
 */
#include "calls.h"

#define text ((char *)bytes)

/* Puts its name, `y`, everywhere. */
static void put_run(void *p) {
  struct work *x = p;
  memset(x->out, (int)x->y, (size_t)x->out_size);
  unsigned run = runs++;
  if (run < sizeof ran - 1)
    ran[run] = x->y ? (char)x->y : '0';
}
#define put_slots work_slots
FUNCTION(put, struct work, 5);
SITE(put_site, put, CERTAIN, 8);

static void put(char name, int place, long size) {
  __lazy_release(call(&put_site, name, NULL, 0, &bytes[place], size));
}

/* The first byte of what a lazy call returns. */
static void defer(long a, int place) {
  __lazy_defer_store(&scope, open_pair(&number, NULL, a, NULL, 1), &bytes[place], 0, 1);
}

static void fill(int size) {
  memset(bytes, '.', (size_t)size);
  bytes[size] = 0;
}

static void none_is_none(void **state) {
  (void)state;
  assert_int_equal(__lazy_touch_text(&scope, NULL), 0);
  put('A', 0, 64);
  assert_int_equal(__lazy_touch_text(&scope, NULL), 0);
  assert_int_equal(runs, 0);
}

static void nothing_pending_is_a_plain_length(void **state) {
  (void)state;
  fill(20);
  assert_int_equal(__lazy_touch_text(&scope, text), 21);
  assert_int_equal(__lazy_touch_text(&scope, text + 20), 1);
}

static void what_it_does_not_meet_stays_pending(void **state) {
  (void)state;
  fill(20);
  reads('A', &bytes[0], 21);
  put('B', 21, 9);
  assert_int_equal(__lazy_touch_text(&scope, text), 21);
  assert_int_equal(__lazy_touch_text(&scope, text + 20), 1);
  put('C', 0, 5);
  assert_int_equal(__lazy_touch_text(&scope, text + 5), 16);
  assert_int_equal(runs, 0);
}

static void it_is_measured_from_one_pending_write_to_the_next(void **state) {
  (void)state;
  fill(40);
  put('A', 3, 2);
  put('B', 5, 1);
  reads('r', &bytes[7], 1);
  put('C', 9, 3);
  put('\0', 15, 2);
  put('D', 17, 1);
  put('E', 60, 1);
  assert_int_equal(__lazy_touch_text(&scope, text + 6), 10);
  assert_string_equal(ran, "C0");
  assert_int_equal(__lazy_touch_text(&scope, text), 16);
  assert_string_equal(ran, "C0AB");
  assert_string_equal(text, "...AAB...CCC...");
  assert_int_equal(__lazy_touch_text(&scope, text + 17), 24);
  assert_string_equal(ran, "C0ABD");
}

static void it_may_begin_and_end_within_one_write(void **state) {
  (void)state;
  put('\0', 0, 64);
  assert_int_equal(__lazy_touch_text(&scope, text + 30), 1);
  assert_string_equal(ran, "0");
}

static void a_pending_write_may_take_its_end_away(void **state) {
  (void)state;
  fill(10);
  bytes[11] = '.';
  put('A', 10, 1);
  assert_int_equal(__lazy_touch_text(&scope, text), 13);
  assert_string_equal(ran, "A");
}

static void it_meets_deferred_stores(void **state) {
  (void)state;
  const char stored = (char)mix(3, 1);
  fill(40);
  defer(3, 5);
  defer(3, 20);
  put('A', 30, 1);
  defer(3, 50);
  assert_int_equal(__lazy_touch_text(&scope, text + 35), 6);
  assert_int_equal(__lazy_touch_text(&scope, text + 21), 20);
  assert_string_equal(ran, "A");
  assert_true(bytes[5] == '.' && bytes[20] == '.');
  assert_int_equal(__lazy_touch_text(&scope, text + 6), 35);
  assert_true(text[5] == stored && text[20] == stored && bytes[50] == 0); /* in their order */
}

static void a_pending_node_may_write_anywhere(void **state) {
  (void)state;
  fill(10);
  struct lazy_region all = {NULL, LAZY_EVERYWHERE, LAZY_WRITES, 0, 0, NULL};
  struct work work = {.out = &bytes[4], .out_size = 1, .y = '\0'};
  __lazy_release(call_in(&put_site, &work, NULL, &all, 1));
  assert_int_equal(__lazy_touch_text(&scope, text), 5);
  assert_string_equal(ran, "0");
}

static void other_threads_may_have_written_it(void **state) {
  (void)state;
  lazy_set_threads(3);
  for (int round = 0; round < 200; round++) {
    fill(60);
    for (int i = 0; i < 60; i += 4)
      put((char)('A' + i), i, 3);
    put('\0', 57, 1);
    assert_int_equal(__lazy_touch_text(&scope, text), 58);
    __lazy_settle(&scope);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(none_is_none),
      TEST(nothing_pending_is_a_plain_length),
      TEST(what_it_does_not_meet_stays_pending),
      TEST(it_is_measured_from_one_pending_write_to_the_next),
      TEST(it_may_begin_and_end_within_one_write),
      TEST(a_pending_write_may_take_its_end_away),
      TEST(it_meets_deferred_stores),
      TEST(a_pending_node_may_write_anywhere),
      TEST(other_threads_may_have_written_it),
  };
  setenv("LAZY", "defer", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
