/* test_visit.c - objects with pointers inside: what their visitors tell is ordered like any memory. */
#include "calls.h"

struct object {
  unsigned char *p;
  size_t size;
  const struct object *next;
  const char *text;
};

static unsigned visits;
static void visit_object(const void *p, lazy_visit *to) {
  const struct object *object = p;
  visits++;
  lazy_visit_memory(to, object->p, object->size);
  lazy_visit_string(to, object->text);
  __lazy_visit_objects(to, object->next, 1, sizeof *object, visit_object);
}
static const struct lazy_objects read_inside = {visit_object, sizeof(struct object), LAZY_READS},
                                 write_inside = {visit_object, sizeof(struct object), LAZY_WRITES};

/* A call of `name` that looks at `count` objects, and does to what is inside what `kind` says.  It touches nothing:
 * what ran in which order is seen all the same. */
static void takes(char name, const struct object *objects, long count, const struct lazy_objects *kind) {
  struct work work = {.y = name};
  struct lazy_region region = {objects, count * (long)sizeof *objects, LAZY_READS, 0, 0, kind};
  struct lazy_node *node = call_in(&roomy, &work, NULL, &region, 1);
  if (node)
    __lazy_release(node);
}

/* The program is about to do that to a byte. */
static void touch(void *p, uint32_t access) { __lazy_touch(&scope, p, 1, access); }

static int start(void **state) {
  visits = 0;
  return begin(state);
}
#define VISIT_TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

static void what_is_told_is_waited_for(void **state) {
  (void)state;
  struct object a = {.p = &bytes[0], .size = 8}, b = {.p = &bytes[8], .size = 8};
  takes('A', &a, 1, &write_inside);
  takes('B', &b, 1, &write_inside);
  takes('r', &b, 1, &read_inside);
  assert_int_equal(visits, 3);
  touch(&bytes[16], LAZY_WRITES);
  touch(&a, LAZY_READS);
  assert_int_equal(runs, 0);
  touch(&bytes[7], LAZY_READS);
  assert_string_equal(ran, "A");
  touch(&bytes[8], LAZY_READS);
  assert_string_equal(ran, "AB");
  __lazy_settle(&scope);
}

static void calls_that_meet_inside_are_ordered(void **state) {
  (void)state;
  struct object a = {.p = &bytes[0], .size = 8}, b = {.p = &bytes[4], .size = 8};
  takes('A', &a, 1, &write_inside);
  takes('B', &b, 1, &write_inside);
  writes('C', &bytes[11], 1);
  __lazy_touch(&scope, &bytes[11], 1, LAZY_READS);
  assert_string_equal(ran, "ABC");
}

static void an_object_that_is_being_written_is_waited_for(void **state) {
  (void)state;
  struct object a = {.p = &bytes[0], .size = 8};
  writes('A', &a.size, 1);
  bytes[0] = 1;
  takes('B', &a, 1, &read_inside);
  assert_string_equal(ran, "A");
}

static void nobody_changes_the_object_before_the_call_has_run(void **state) {
  (void)state;
  struct object a = {.p = &bytes[0], .size = 8}, b = {.p = &bytes[32], .size = 4, .next = &a};
  takes('A', &b, 1, &write_inside);
  touch(&a.p, LAZY_READS); /* inside: it may write there */
  assert_string_equal(ran, "A");
  takes('B', &b, 1, &write_inside);
  touch(&b.p, LAZY_WRITES);
  assert_string_equal(ran, "AB");
}

static void nothing_is_nothing(void **state) {
  (void)state;
  struct object empty[2] = {{.size = 8}, {.p = &bytes[0]}};
  takes('A', NULL, 1, &write_inside);
  takes('B', empty, 0, &write_inside);
  takes('C', empty, 2, &write_inside);
  assert_int_equal(visits, 2);
  touch(&bytes[0], LAZY_WRITES);
  assert_int_equal(runs, 0);
}

static void objects_stand_in_rows(void **state) {
  (void)state;
  struct object grid[3][4];
  for (int i = 0; i < 12; i++)
    grid[i / 4][i % 4] = (struct object){.p = &bytes[i], .size = 1};
  struct work work = {.y = 'A'};
  struct lazy_region region = {grid[2], 2 * sizeof grid[0][0], LAZY_READS, 2, -(int64_t)sizeof grid[0], &write_inside};
  __lazy_release(call_in(&roomy, &work, NULL, &region, 1));
  assert_int_equal(visits, 4);
  for (int i = 0; i < 12; i++)
    if (i / 4 == 0 || i % 4 > 1)
      touch(&bytes[i], LAZY_WRITES);
  assert_int_equal(runs, 0);
  touch(&bytes[5], LAZY_READS);
  assert_int_equal(runs, 1);
}

static void circles_are_visited_once(void **state) {
  (void)state;
  struct object ring[100];
  for (int i = 0; i < 100; i++)
    ring[i] = (struct object){.p = &bytes[i % 64], .size = 1, .next = &ring[(i + 1) % 100]};
  takes('A', &ring[3], 1, &read_inside);
  assert_int_equal(visits, 100);
  takes('B', ring, 100, &write_inside);
  assert_int_equal(visits, 200);
  touch(&ring[50], LAZY_READS);
  assert_string_equal(ran, "AB");
}

static void strings_are_measured_when_they_are_written(void **state) {
  (void)state;
  char text[16] = "abc";
  struct object a = {.text = text};
  struct work work = {.out = (unsigned char *)text, .out_size = 1, .y = 'C'}; /* no letter 0 */
  struct lazy_region region = {text, 1, LAZY_WRITES, 0, 0, NULL};
  __lazy_release(call_in(&roomy, &work, NULL, &region, 1));
  takes('B', &a, 1, &write_inside);
  assert_string_equal(ran, "C");
  touch(&text[4], LAZY_WRITES);
  assert_string_equal(ran, "C");
  touch(&text[3], LAZY_READS);
  assert_string_equal(ran, "CB");
}

static void in_place_calls_wait_as_well(void **state) {
  (void)state;
  struct object a = {.p = &bytes[0], .size = 8}, b = {.p = &bytes[7], .size = 2};
  struct lazy_region region = {&b, sizeof b, LAZY_READS, 0, 0, &read_inside};
  takes('A', &a, 1, &write_inside);
  writes('B', &bytes[9], 1);
  writes('C', &b.size, 0);
  __lazy_touch_regions(&scope, &region, 1);
  assert_string_equal(ran, "A");
}

static void what_nobody_knows_runs_in_place(void **state) {
  (void)state;
  struct object a = {.p = &bytes[0], .size = 8};
  struct work work = {.y = 'B'};
  struct lazy_region regions[] = {{&a, LAZY_EVERYWHERE, LAZY_READS, 0, 0, &read_inside},
                                  {NULL, LAZY_NOBODY_KNOWS, LAZY_READS, 0, 0, NULL}};
  for (int i = 0; i < 2; i++) {
    refused = 0;
    writes('A', &bytes[0], 8);
    assert_null(call_in(&roomy, &work, NULL, &regions[i], 1));
    assert_int_equal(refused, 1);
  }
  assert_string_equal(ran, "ABAB");
}

static void other_threads_write_objects(void **state) {
  (void)state;
  struct object objects[8];
  lazy_set_threads(3);
  for (int round = 0; round < 100; round++) {
    for (int i = 0; i < 8; i++)
      objects[i] = (struct object){.p = &bytes[i * 8], .size = 8, .next = i ? &objects[i - 1] : NULL};
    for (int i = 0; i < 8; i++)
      writes((char)('a' + i), &bytes[i * 8], 8);
    for (int i = 0; i < 8; i++)
      takes('A', &objects[i], 1, i % 2 ? &read_inside : &write_inside);
    touch(&objects[round % 8], LAZY_WRITES);
  }
}

/* --- in a process of their own: messages --- */

static void too_many(void) {
  static struct object list[5000];
  attach();
  for (int i = 0; i < 5000; i++)
    list[i].next = i + 1 < 5000 ? &list[i + 1] : NULL;
  roomy.file = "p.c";
  roomy.line = 7;
  roomy.column = 3;
  writes('A', &bytes[0], 8);
  takes('B', list, 1, &read_inside);
  CHECK(refused == 1 && strcmp(ran, "AB") == 0 && nothing_is_pending());
  writes('C', &bytes[0], 8);
  struct lazy_region region = {list, sizeof list[0], LAZY_READS, 0, 0, &read_inside};
  __lazy_touch_regions(&scope, &region, 1);
  CHECK(strcmp(ran, "ABC") == 0 && nothing_is_pending());
}

static void too_many_parts_settle_everything_and_are_told_once(void **state) {
  (void)state;
  assert_int_equal(in_child(too_many, "OMP_NUM_THREADS=1"), 0);
  assert_string_equal(said, "lazy: an argument of 'work', called at p.c:7:3, consists of more than 4096 parts, say its "
                            "visitors; the call runs in place\n");
}

static void negative(void) {
  struct object a = {.p = &bytes[0], .size = (size_t)-3};
  attach();
  writes('A', &bytes[0], 8);
  takes('B', &a, 1, &read_inside);
  CHECK(refused == 1 && strcmp(ran, "AB") == 0 && nothing_is_pending());
}

static void negative_sizes_settle_everything(void **state) {
  (void)state;
  assert_int_equal(in_child(negative, "OMP_NUM_THREADS=1"), 0);
  assert_non_null(strstr(said, "points to -3 bytes, say its annotations; the call runs in place\n"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(too_many_parts_settle_everything_and_are_told_once),
      cmocka_unit_test(negative_sizes_settle_everything),
      VISIT_TEST(what_is_told_is_waited_for),
      VISIT_TEST(calls_that_meet_inside_are_ordered),
      VISIT_TEST(an_object_that_is_being_written_is_waited_for),
      VISIT_TEST(nobody_changes_the_object_before_the_call_has_run),
      VISIT_TEST(nothing_is_nothing),
      VISIT_TEST(objects_stand_in_rows),
      VISIT_TEST(circles_are_visited_once),
      VISIT_TEST(strings_are_measured_when_they_are_written),
      VISIT_TEST(in_place_calls_wait_as_well),
      VISIT_TEST(what_nobody_knows_runs_in_place),
      VISIT_TEST(other_threads_write_objects),
  };
  setenv("LAZY", "defer", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
