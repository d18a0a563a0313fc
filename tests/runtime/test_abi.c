/* test_abi.c - modules: what they are told, when, and what becomes of those of another ABI. */
#include "lowered.h"

SITE(certain, add, CERTAIN, 2);

static void other_abi(void) {
  struct lazy_module old = {LAZY_ABI_VERSION + 7, 0, "old.c", "9.9.9", NULL, NULL, 0, 0};
  __lazy_attach(&old);
  CHECK(old.mode == LAZY_MODE_SERIAL);
  lazy_set_threads(5);
  CHECK(old.mode == LAZY_MODE_SERIAL);
  __lazy_detach(&old);
}

static void a_module_of_another_abi_stays_serial_and_is_told_so(void **state) {
  (void)state;
  char line[300];
  snprintf(line, sizeof line,
           "lazy: old.c was compiled by lazypass 9.9.9 for ABI %d; this liblazy (%s) speaks ABI %d, so its calls run "
           "serially; rebuild it with the matching plugin\n",
           LAZY_ABI_VERSION + 7, LAZY_VERSION, LAZY_ABI_VERSION);
  assert_int_equal(in_child(other_abi, "OMP_NUM_THREADS=2"), 0);
  assert_string_equal(said, line);
}

static void several(void) {
  struct lazy_module a = {LAZY_ABI_VERSION, 0, "a.c", "1", NULL, NULL, 0, 0}, b = a, c = a;
  __lazy_attach(&a);
  __lazy_attach(&b);
  CHECK(a.mode == LAZY_MODE_PARALLEL && b.mode == LAZY_MODE_PARALLEL);
  CHECK(lazy_set_threads(1) == LAZY_OK && lazy_threads() == 1);
  CHECK(a.mode == LAZY_MODE_DEFER && b.mode == LAZY_MODE_DEFER);
  __lazy_attach(&c);
  CHECK(c.mode == LAZY_MODE_DEFER);
  __lazy_detach(&b);
  CHECK(b.mode == LAZY_MODE_SERIAL);
  CHECK(lazy_set_threads(3) == LAZY_OK && lazy_threads() == 3);
  CHECK(a.mode == LAZY_MODE_PARALLEL && b.mode == LAZY_MODE_SERIAL && c.mode == LAZY_MODE_PARALLEL);
  CHECK(lazy_set_threads(0) == LAZY_EINVAL && lazy_set_threads(1025) == LAZY_EINVAL && lazy_threads() == 3);
  __lazy_detach(&a);
  __lazy_detach(&c);
  __lazy_detach(&c);
}

static void modes_follow_the_number_of_threads(void **state) {
  (void)state;
  assert_int_equal(in_child(several, "OMP_NUM_THREADS=2"), 0);
}

static void none(void) {
  attach();
  CHECK(lazy_set_threads(1) == LAZY_OK && lazy_set_threads(2) == LAZY_ENOTHREADS && lazy_threads() == 1);
  CHECK(!__lazy_open(&certain));
}

static void serial_stays_serial(void **state) {
  (void)state;
  assert_int_equal(in_child(none, "LAZY=serial"), 0);
}

struct slow {
  long n, result;
};
static _Atomic int finished;
static const struct lazy_slot slow_slots[] = {SLOT(struct slow, n)};
static void slow_run(void *p) {
  usleep(1000);
  finished++;
  ((struct slow *)p)->result = 0;
}
FUNCTION(slow, struct slow, 1);
SITE(slow_site, slow, CERTAIN, 0);

static void unload(void) {
  int opened = 0;
  attach();
  for (int i = 0; i < 20; i++) {
    struct lazy_node *node = __lazy_open(&slow_site);
    if (!node)
      continue;
    opened++;
    ((struct slow *)payload(node))->n = i;
    __lazy_start(node);
    if (i % 2 == 0) {
      __lazy_force(node);
      __lazy_release(node);
    }
  }
  __lazy_detach(&module);
  CHECK(finished == opened);
}

static void a_module_that_is_unloaded_waits_for_its_code_to_end(void **state) {
  (void)state;
  assert_int_equal(in_child(unload, "OMP_NUM_THREADS=3"), 0);
}

static void errors_have_texts(void **state) {
  (void)state;
#define LAZY_X(name, value, text)                                                                                      \
  assert_int_equal(name, value);                                                                                       \
  assert_string_equal(lazy_strerror(name), text);
  LAZY_ERRORS(LAZY_X)
#undef LAZY_X
  assert_string_equal(lazy_strerror(LAZY_OK), "no error");
  assert_string_equal(lazy_strerror(-1000), "unknown error");
  assert_string_equal(lazy_version(), LAZY_VERSION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_module_of_another_abi_stays_serial_and_is_told_so),
      cmocka_unit_test(modes_follow_the_number_of_threads),
      cmocka_unit_test(serial_stays_serial),
      cmocka_unit_test(a_module_that_is_unloaded_waits_for_its_code_to_end),
      cmocka_unit_test(errors_have_texts),
  };
  unsetenv("LAZY");
  return cmocka_run_group_tests(tests, NULL, NULL);
}
