/* Small inputs that are copied into the node when the call is made. */
#include "calls.h"

/* `work`, with room for a copy of `in` behind its payload. */
struct work_and_copy {
  struct work work;
  _Alignas(LAZY_PAYLOAD_ALIGN) unsigned char copy[16];
};
static const struct lazy_copy copies[] = {
    {offsetof(struct work_and_copy, work.in), offsetof(struct work_and_copy, copy)}, {0, 0}};
static const struct lazy_function copying_function = {"work",
                                                      work_run,
                                                      work_slots,
                                                      5,
                                                      sizeof(struct work_and_copy),
                                                      {offsetof(struct work, result), sizeof(long)},
                                                      {0, 0},
                                                      copies,
                                                      NULL,
                                                      0,
                                                      NULL,
                                                      NULL};
SITE(copying, copying, CERTAIN, 8);
SITE(copying_kept, copying, CERTAIN | LAZY_SITE_KEPT, 8);

/* Reads `size` bytes, `skip` bytes behind where its argument points. */
static struct lazy_node *copies_from(struct lazy_site *site, char name, const unsigned char *in, long skip, long size,
                                     void *out, long out_size) {
  struct work work = {in, skip + size, out, out_size, name, 0};
  struct lazy_region regions[] = {{in + skip, size, LAZY_READS | LAZY_COPIES, 0, 0, NULL},
                                  {out, out_size, LAZY_READS | LAZY_WRITES, 0, 0, NULL}};
  return call_in(site, &work, NULL, regions, 2);
}

static long expected(char name, unsigned char a, unsigned char b) { return ((long)name * 31 + a) * 31 + b; }

static void what_is_copied_is_waited_for_by_nobody(void **state) {
  (void)state;
  bytes[0] = 1, bytes[1] = 2;
  struct lazy_node *node = copies_from(&copying, 'A', bytes, 0, 2, NULL, 0);
  assert_true(nothing_is_pending());
  bytes[0] = 77;
  assert_int_equal(take_long(node), expected('A', 1, 2));
}

static void a_copy_lies_where_the_argument_expects_it(void **state) {
  (void)state;
  bytes[8] = 1, bytes[9] = 2;
  struct work work = {bytes + 7, 2, NULL, 0, 'A', 0};
  struct lazy_region region = {bytes + 7, 2, LAZY_READS | LAZY_COPIES, 0, 0, NULL};
  struct lazy_node *node = call_in(&copying, &work, NULL, &region, 1);
  const struct work_and_copy *inside = payload(node);
  assert_ptr_equal(inside->work.in, inside->copy);
  take_long(node);
  work.in = bytes; /* it is read from the middle on */
  region.p = bytes + 8;
  region.access = LAZY_READS | LAZY_COPIES;
  node = call_in(&copying, &work, NULL, &region, 1);
  inside = payload(node);
  assert_ptr_equal(inside->work.in, inside->copy - 8);
  assert_memory_equal(inside->copy, bytes + 8, 2);
  take_long(node);
}

static void what_is_still_to_be_written_is_not_copied(void **state) {
  (void)state;
  writes('A', bytes, 8);
  struct lazy_node *node = copies_from(&copying, 'B', bytes, 0, 2, NULL, 0);
  assert_int_equal(runs, 0);
  __lazy_touch(&scope, bytes, 1, LAZY_WRITES);
  assert_string_equal(ran, "AB");
  take_long(node);
}

static void what_the_call_itself_writes_is_not_copied(void **state) {
  (void)state;
  bytes[0] = 1, bytes[1] = 2;
  struct lazy_node *node = copies_from(&copying, 'A', bytes, 0, 2, bytes + 1, 1);
  assert_false(nothing_is_pending());
  assert_int_equal(take_long(node), expected('A', 1, 2));
  node = copies_from(&copying, 'B', bytes, 0, 2, bytes + 2, 1); /* side by side */
  bytes[1] = 99;
  take_long(node);
}

static void deferred_stores_come_before_the_copy(void **state) {
  (void)state;
  struct lazy_node *seven = __lazy_open(&number);
  struct pair *arguments = payload(seven);
  arguments->a = 3, arguments->b = 4;
  __lazy_start(seven);
  __lazy_defer_store(&scope, seven, bytes, 0, 8);
  struct lazy_node *node = copies_from(&copying, 'A', bytes, 0, 1, NULL, 0);
  unsigned char first = bytes[0];
  assert_int_not_equal(first, 0);
  bytes[0] = 0;
  assert_int_equal(take_long(node), (long)'A' * 31 + first);
}

static void what_may_be_computed_again_has_no_copy(void **state) {
  (void)state;
  bytes[0] = 1, bytes[1] = 2;
  struct lazy_node *node = copies_from(&copying_kept, 'A', bytes, 0, 2, NULL, 0);
  assert_false(nothing_is_pending());
  const struct work_and_copy *inside = payload(node);
  assert_ptr_equal(inside->work.in, bytes);
  __lazy_touch(&scope, bytes, 2, LAZY_WRITES);
  bytes[0] = 77;
  assert_int_equal(runs, 1);
  assert_int_equal(take_long(node), expected('A', 1, 2));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_is_copied_is_waited_for_by_nobody),    TEST(a_copy_lies_where_the_argument_expects_it),
      TEST(what_is_still_to_be_written_is_not_copied), TEST(what_the_call_itself_writes_is_not_copied),
      TEST(deferred_stores_come_before_the_copy),      TEST(what_may_be_computed_again_has_no_copy),
  };
  setenv("LAZY", "defer", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
