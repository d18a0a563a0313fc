/* test_check.c - LAZY=check: what is right and what is wrong, told by code lowered by hand.
 *
 * Each case runs in a child with LAZY=check, and what the child says is compared.
 */
#include "lowered.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>

static unsigned char data[256], far_off[4 << 20];

#define PLACE(id, function, line) static const struct lazy_place id = {function, "t.c", line, 1}
PLACE(call, "f", 9);
PLACE(call_inner, "inner", 8);
PLACE(here, "f", 1);
PLACE(there, "f", 2);
PLACE(helper, "g", 3);

static const struct lazy_name names[] = {{"'a'", LAZY_NAME_SAID}, {"'b'", LAZY_NAME_SAID}},
                              shown[] = {{"'a'", LAZY_NAME_SHOWN}}, variable[] = {{"v", LAZY_NAME_VARIABLE}};
static const struct lazy_checked f = {"f", names, 0}, inferred = {"f", shown, 0}, named = {"f", variable, 0},
                                 reader = {"f", names, LAZY_CHECKED_READS}, serial = {"f", names, LAZY_CHECKED_SERIAL},
                                 trusted = {"f", names, LAZY_CHECKED_TRUSTED}, inner = {"inner", names, 0};

#define FRAME __builtin_frame_address(0)
#define READS(p, size) __lazy_check(p, size, LAZY_READS, &here)
#define WRITES(p, size) __lazy_check(p, size, LAZY_WRITES, &there)
#define CALLED "t.c:9:1: note: 'f' is called here\n"

/* Of each function here that enters a frame, the frame is its own. */
#define OWN_FRAME __attribute__((noinline))

static void start(void) { __lazy_attach_checked(&module); }

static void enter(const struct lazy_checked *function, const void *p, int64_t size, uint32_t access,
                  const void *frame) {
  struct lazy_region region = {p, size, access, 0, 0, NULL};
  __lazy_check_call(function == &inner ? &call_inner : &call);
  __lazy_check_enter(function, &region, 1, frame);
}

static void expect(void (*test)(void), const char *what, unsigned calls, unsigned wrong) {
  char all[2048];
  if (wrong)
    snprintf(all, sizeof all, "%slazy: LAZY=check: %u calls checked; %u place%s not as annotated\n", what, calls, wrong,
             wrong == 1 ? " is" : "s are");
  else
    snprintf(all, sizeof all, "%slazy: LAZY=check: %u calls checked; all keep to their annotations\n", what, calls);
  assert_int_equal(in_child(test, "LAZY=check"), 0);
  assert_string_equal(said, all);
}

static OWN_FRAME void right(void) {
  static const char constant[] = "constant";
  start();
  enter(&f, data, 64, LAZY_READS, FRAME);
  READS(data, 64);
  READS(data + 63, 1);
  READS(data + 64, 0);
  READS(constant, sizeof constant);
  __lazy_check_leave(FRAME);
  WRITES(far_off, 1); /* nobody's business */
  enter(&f, data, 64, LAZY_WRITES, FRAME);
  WRITES(data, 64);
  READS(data, 64);
  __lazy_check_leave(FRAME);
  enter(&named, data, 8, LAZY_READS, FRAME);
  READS(data, 8);
  __lazy_check_leave(FRAME);
}
static void what_is_named_is_right(void **state) {
  (void)state;
  expect(right, "", 3, 0);
}

static OWN_FRAME void wrong(void) {
  start();
  enter(&f, data + 64, 64, LAZY_READS, FRAME);
  for (int i = 0; i < 3; i++)
    READS(data + 127, 2);
  __lazy_check(data + 60, 2, LAZY_READS, &helper);
  WRITES(data + 64, 1);
  __lazy_check_leave(FRAME);
}
static void what_is_wrong_is_said_once(void **state) {
  (void)state;
  expect(wrong,
         "t.c:1:1: warning: 'f' reads 2 bytes from byte 63 of 'a' on, of which its annotations name 64 bytes: "
         "1 too few\n" CALLED
         "t.c:3:1: warning: 'f' reads 2 bytes in 'g' from byte -4 of 'a' on, of which its annotations name 64 bytes: "
         "they begin 4 too late\n" CALLED
         "t.c:2:1: warning: 'f' writes 1 byte from byte 0 of 'a' on, which is annotated as read only\n" CALLED,
         1, 3);
}

static OWN_FRAME void at_a_distance(void) {
  start();
  enter(&f, far_off, 1, LAZY_READS, FRAME);
  READS(far_off + (3 << 20), 1);
  __lazy_check_leave(FRAME);
}
static void what_is_far_off_has_an_address(void **state) {
  (void)state;
  assert_int_equal(in_child(at_a_distance, "LAZY=check"), 0);
  assert_non_null(strstr(said, "t.c:1:1: warning: 'f' reads 1 byte at 0x"));
  assert_non_null(strstr(said, ", which its annotations do not name\n" CALLED));
}

static OWN_FRAME void shown_by_the_body(void) {
  start();
  enter(&inferred, data, 8, LAZY_READS, FRAME);
  READS(data, 9);
  __lazy_check_leave(FRAME);
}
static void errors_of_ours_are_said_to_be(void **state) {
  (void)state;
  expect(shown_by_the_body,
         "t.c:1:1: warning: 'f' reads 9 bytes from byte 0 of 'a' on, of which lazypass found 8 bytes in its body; "
         "please report this\n" CALLED,
         1, 1);
}

static OWN_FRAME void rows(void) {
  const struct lazy_region up = {data, 4, LAZY_WRITES, 4, 16, NULL}, down = {data + 128, 4, LAZY_READS, 4, -16, NULL},
                           dense = {data, 8, LAZY_READS, 4, 4, NULL};
  start();
  __lazy_check_enter(&f, &up, 1, FRAME);
  for (int i = 0; i < 4; i++)
    WRITES(data + 16 * i, 4);
  WRITES(data + 17, 4);
  READS(data + 52, 1);
  __lazy_check_leave(FRAME);
  __lazy_check_enter(&f, &down, 1, FRAME);
  for (int i = 0; i < 4; i++)
    READS(data + 128 - 16 * i, 4);
  __lazy_check(data + 128 - 64, 4, LAZY_READS, &helper);
  __lazy_check_leave(FRAME);
  __lazy_check_enter(&f, &dense, 1, FRAME);
  READS(data, 20);
  READS(data + 18, 2);
  __lazy_check_leave(FRAME);
}
static void rows_are_looked_at_one_by_one(void **state) {
  (void)state;
  expect(
      rows,
      "t.c:2:1: warning: 'f' writes 4 bytes from byte 17 of 'a' on, of which its annotations name 4 rows of 4 bytes, "
      "one every 16\n"
      "t.c:1:1: warning: 'f' reads 1 byte from byte 52 of 'a' on, of which its annotations name 4 rows of 4 bytes, "
      "one every 16\n"
      "t.c:3:1: warning: 'f' reads 4 bytes in 'g' from byte -64 of 'a' on, of which its annotations name 4 rows of 4 "
      "bytes, one every 16: they begin 16 too late\n",
      3, 3);
}

static OWN_FRAME void several(void) {
  const struct lazy_region regions[] = {{data, 16, LAZY_READS, 0, 0, NULL}, {data + 16, 16, LAZY_WRITES, 0, 0, NULL}};
  start();
  __lazy_check_enter(&f, regions, 2, FRAME);
  READS(data, 32);
  WRITES(data + 15, 2);
  READS(data + 31, 2);
  __lazy_check_leave(FRAME);
}
static void regions_continue_each_other(void **state) {
  (void)state;
  expect(several,
         "t.c:2:1: warning: 'f' writes 2 bytes from byte 15 of 'a' on, which is annotated as read only\n"
         "t.c:1:1: warning: 'f' reads 2 bytes from byte 15 of 'b' on, of which its annotations name 16 bytes: "
         "1 too few\n",
         1, 2);
}

static OWN_FRAME void negative(void) {
  start();
  enter(&f, data, -8, LAZY_READS, FRAME);
  __lazy_check_leave(FRAME);
  enter(&f, data, -8, LAZY_READS, FRAME);
  __lazy_check_leave(FRAME);
}
static void less_than_nothing_is_said(void **state) {
  (void)state;
  expect(negative, "t.c:9:1: warning: the annotations of 'f' name less than nothing of 'a'\n", 2, 1);
}

/* --- own memory --- */

static OWN_FRAME void with_own_stack(char *others) {
  char own[64];
  memset(own, 0, sizeof own);
  enter(&f, data, 8, LAZY_READS, FRAME);
  WRITES(own, sizeof own);
  READS(others, 1);
  __lazy_check_leave(FRAME);
}
static OWN_FRAME void stack(void) {
  char others[64] = "";
  start();
  with_own_stack(others);
}
static void locals_are_own_and_the_callers_are_not(void **state) {
  (void)state;
  assert_int_equal(in_child(stack, "LAZY=check"), 0);
  assert_non_null(strstr(said, "t.c:1:1: warning: 'f' reads 1 byte at 0x"));
  assert_null(strstr(said, "writes"));
}

static OWN_FRAME void heap(void) {
  start();
  enter(&f, data, 8, LAZY_READS, FRAME);
  /* addresses as malloc might give them */
  __lazy_check_heap(NULL, far_off, 100);
  WRITES(far_off, 100);
  __lazy_check_heap(far_off, far_off + 200, 300);
  WRITES(far_off + 200, 300);
  __lazy_check_heap(far_off + 200, NULL, 400); /* did not work */
  READS(far_off + 499, 1);
  memcpy(far_off + 600, "text", 5);
  __lazy_check_heap(NULL, far_off + 600, LAZY_TEXT);
  WRITES(far_off + 600, 5);
  __lazy_check_heap(NULL, NULL, 10);
  __lazy_check_heap(NULL, far_off + 700, 0);
  __lazy_check_heap(NULL, far_off + 210, 10); /* given out again: the old block was freed out of sight */
  WRITES(far_off + 210, 10);
  __lazy_check_heap(far_off + 210, NULL, 0);
  __lazy_check_heap(NULL, NULL, 0);
  __lazy_check_leave(FRAME);
}
static void what_is_allocated_is_own(void **state) {
  (void)state;
  expect(heap, "", 1, 0);
}

static OWN_FRAME void freed(void) {
  start();
  enter(&f, data, 8, LAZY_READS, FRAME);
  __lazy_check_heap(NULL, data + 100, 8);
  WRITES(data + 100, 8);
  __lazy_check_heap(data + 100, NULL, 0);
  WRITES(data + 100, 1);
  __lazy_check_leave(FRAME);
}
static void what_is_freed_is_not(void **state) {
  (void)state;
  expect(freed,
         "t.c:2:1: warning: 'f' writes 1 byte from byte 100 of 'a' on, of which its annotations name 8 bytes: "
         "93 too few\n" CALLED,
         1, 1);
}

/* --- calls in calls --- */

static OWN_FRAME void innermost(const void *p, int64_t size) {
  enter(&inner, p, size, LAZY_WRITES, FRAME);
  READS(p, 8);
  __lazy_check(p, 8, LAZY_WRITES, &helper);
  __lazy_check_leave(FRAME);
}
static OWN_FRAME void nested(void) {
  start();
  enter(&f, data, 64, LAZY_WRITES, FRAME);
  innermost(data, 64);
  innermost(data + 32, 32);
  __lazy_check_heap(NULL, far_off, 100);
  innermost(far_off, 8);
  innermost(data + 60, 16); /* right for the inner one, wrong for the outer one */
  innermost(far_off, 4);    /* right for the outer one, wrong for the inner one */
  __lazy_check_leave(FRAME);
}
static void all_calls_around_an_access_count(void **state) {
  (void)state;
  expect(
      nested,
      "t.c:1:1: warning: 'f' reads 8 bytes from byte 60 of 'a' on, of which its annotations name 64 bytes: "
      "4 too few\n" CALLED
      "t.c:3:1: warning: 'f' writes 8 bytes in 'g' from byte 60 of 'a' on, of which its annotations name 64 bytes: "
      "4 too few\n" CALLED
      "t.c:1:1: warning: 'inner' reads 8 bytes in 'f' from byte 0 of 'a' on, of which its annotations name 4 bytes: "
      "4 too few\n"
      "t.c:8:1: note: 'inner' is called here\n"
      "t.c:3:1: warning: 'inner' writes 8 bytes in 'g' from byte 0 of 'a' on, of which its annotations name 4 bytes: "
      "4 too few\n"
      "t.c:8:1: note: 'inner' is called here\n",
      6, 4);
}

static OWN_FRAME void allocates(void) {
  enter(&inner, data, 8, LAZY_READS, FRAME);
  __lazy_check_heap(NULL, far_off, 100);
  __lazy_check_leave(FRAME);
}
static OWN_FRAME void handed_out(void) {
  start();
  enter(&f, data, 8, LAZY_READS, FRAME);
  allocates();
  WRITES(far_off, 100);
  __lazy_check_leave(FRAME);
}
static void what_a_callee_allocates_is_the_callers(void **state) {
  (void)state;
  expect(handed_out, "", 2, 0);
}

static jmp_buf back;
static OWN_FRAME void jumps(void) {
  char room[256];
  memset(room, 0, sizeof room);
  enter(&inner, room, 4, LAZY_READS, FRAME);
  longjmp(back, 1);
}
static OWN_FRAME void jumped(void) {
  start();
  enter(&f, data, 8, LAZY_READS, FRAME);
  if (setjmp(back) == 0)
    jumps();
  READS(data, 8);
  __lazy_check_leave(FRAME);
  WRITES(data, 8);
}
static void a_jump_leaves_calls(void **state) {
  (void)state;
  expect(jumped, "", 2, 0);
}

/* --- what does not matter --- */

static OWN_FRAME void lenient(const struct lazy_checked *function) {
  enter(function, data + 64, 64, LAZY_READS, FRAME);
  READS(data + 200, 8);
  READS(data + 55, 8);
  READS(data, 8);
  __lazy_check(data + 128, 1, LAZY_READS, &helper); /* goes on where the region ends */
  __lazy_check_leave(FRAME);
}
#define GOES_ON                                                                                                        \
  "t.c:3:1: warning: 'f' reads 1 byte in 'g' from byte 64 of 'a' on, of which its annotations name 64 bytes: "         \
  "1 too few\n" CALLED

static OWN_FRAME void reads_anything(void) {
  start();
  lenient(&reader);
  enter(&reader, data + 64, 64, LAZY_READS, FRAME);
  WRITES(data + 200, 8);
  __lazy_check_leave(FRAME);
}
static void reads_elsewhere_are_right_if_all_know_of_them(void **state) {
  (void)state;
  expect(reads_anything,
         GOES_ON
         "t.c:2:1: warning: 'f' writes 8 bytes from byte 136 of 'a' on, of which its annotations name 64 bytes: "
         "80 too few\n" CALLED,
         2, 2);
}

static OWN_FRAME void runs_alone(void) {
  start();
  lenient(&serial);
  enter(&serial, data + 64, 64, LAZY_READS, FRAME);
  WRITES(data + 128, 8);
  WRITES(data + 124, 8);
  __lazy_check_leave(FRAME);
}
static void what_runs_in_place_may_do_more(void **state) {
  (void)state;
  expect(runs_alone,
         GOES_ON
         "t.c:2:1: warning: 'f' writes 8 bytes from byte 60 of 'a' on, which is annotated as read only\n" CALLED,
         2, 2);
}

static OWN_FRAME void in_trusted(void) {
  CHECK(__lazy_check_inside());
  __lazy_check_trust(FRAME);
  CHECK(!__lazy_check_inside());
  WRITES(data, 8);
  __lazy_check_leave(FRAME);
  CHECK(__lazy_check_inside());
}
static OWN_FRAME void vouched_for(void) {
  start();
  CHECK(!__lazy_check_inside());
  enter(&f, data, 8, LAZY_READS, FRAME);
  in_trusted();
  __lazy_check_trust(FRAME);
  innermost(data + 32, 64);
  __lazy_check_leave(FRAME);
  READS(data, 8);
  __lazy_check_leave(FRAME);
  CHECK(!__lazy_check_inside());
  enter(&f, data, 8, LAZY_READS, FRAME);
  lenient(&trusted);
  __lazy_check_leave(FRAME);
}
static void who_vouches_is_believed(void **state) {
  (void)state;
  expect(vouched_for, GOES_ON, 4, 1);
}

/* --- text, calls, threads --- */

static OWN_FRAME void text(void) {
  start();
  memcpy(data, "four", 5);
  enter(&f, data, 5, LAZY_READS, FRAME);
  CHECK(__lazy_check_text((char *)data, SIZE_MAX, &here) == 5);
  CHECK(__lazy_check_text((char *)data, 4, &here) == 4);
  CHECK(__lazy_check_text((char *)data, 5, &here) == 5);
  CHECK(__lazy_check_text(NULL, 9, &here) == 0);
  data[4] = '!';
  CHECK(__lazy_check_text((char *)data, 6, &here) == 6);
  __lazy_check_leave(FRAME);
}
static void text_is_read_to_its_end(void **state) {
  (void)state;
  expect(text,
         "t.c:1:1: warning: 'f' reads 6 bytes from byte 0 of 'a' on, of which its annotations name 5 bytes: "
         "1 too few\n" CALLED,
         1, 1);
}

static OWN_FRAME void uncheckable(void) {
  start();
  __lazy_check_call(&call);
  __lazy_check_call(&call);
  enter(&inner, data, 8, LAZY_READS, FRAME);
  __lazy_check_leave(FRAME);
  __lazy_check_call(&call_inner);
}
static void callees_that_do_not_check_are_told_of(void **state) {
  (void)state;
  expect(uncheckable,
         "t.c:9:1: warning: 'f' is not checked: the file that it is in was not compiled for LAZY=check\n"
         "t.c:8:1: warning: 'inner' is not checked: the file that it is in was not compiled for LAZY=check\n",
         1, 0);
}

static OWN_FRAME void *other_thread(void *p) {
  (void)p;
  WRITES(data, 64); /* in no call */
  enter(&inner, data + 64, 64, LAZY_WRITES, FRAME);
  for (int i = 0; i < 1000; i++)
    WRITES(data + 64, 64);
  __lazy_check_leave(FRAME);
  return NULL;
}
static OWN_FRAME void threads(void) {
  pthread_t all[4];
  start();
  enter(&f, data, 64, LAZY_READS, FRAME);
  for (int i = 0; i < 4; i++)
    CHECK(pthread_create(&all[i], NULL, other_thread, NULL) == 0);
  for (int i = 0; i < 4; i++)
    CHECK(pthread_join(all[i], NULL) == 0);
  READS(data, 64);
  __lazy_check_leave(FRAME);
}
static void each_thread_has_its_calls(void **state) {
  (void)state;
  expect(threads, "", 5, 0);
}

static OWN_FRAME void unasked(void) {
  start();
  CHECK(!__lazy_checks);
  __lazy_check_call(&call);
  CHECK(!__lazy_check_inside());
}
static void nothing_is_said_unasked(void **state) {
  (void)state;
  assert_int_equal(in_child(unasked, "LAZY=serial"), 0);
  assert_string_equal(said, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_named_is_right),
      cmocka_unit_test(what_is_wrong_is_said_once),
      cmocka_unit_test(what_is_far_off_has_an_address),
      cmocka_unit_test(errors_of_ours_are_said_to_be),
      cmocka_unit_test(rows_are_looked_at_one_by_one),
      cmocka_unit_test(regions_continue_each_other),
      cmocka_unit_test(less_than_nothing_is_said),
      cmocka_unit_test(locals_are_own_and_the_callers_are_not),
      cmocka_unit_test(what_is_allocated_is_own),
      cmocka_unit_test(what_is_freed_is_not),
      cmocka_unit_test(all_calls_around_an_access_count),
      cmocka_unit_test(what_a_callee_allocates_is_the_callers),
      cmocka_unit_test(a_jump_leaves_calls),
      cmocka_unit_test(reads_elsewhere_are_right_if_all_know_of_them),
      cmocka_unit_test(what_runs_in_place_may_do_more),
      cmocka_unit_test(who_vouches_is_believed),
      cmocka_unit_test(text_is_read_to_its_end),
      cmocka_unit_test(callees_that_do_not_check_are_told_of),
      cmocka_unit_test(each_thread_has_its_calls),
      cmocka_unit_test(nothing_is_said_unasked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
