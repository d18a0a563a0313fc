/* test_env.c - the environment: what each variable does, and what is said of those that make no sense. */
#include "lowered.h"

SITE(maybe, add, MAYBE, 2);
SITE(certain, add, CERTAIN, 2);

static int wanted_mode, wanted_threads;

static void check_mode(void) {
  attach();
  CHECK(module.mode == (uint32_t)wanted_mode);
  CHECK(lazy_threads() == wanted_threads);
  struct lazy_node *node = open_pair(&maybe, NULL, 1, NULL, 2);
  CHECK((node != NULL) == (wanted_mode != LAZY_MODE_SERIAL));
  CHECK(!node || take_long(node) == 3);
}

static void expect(const char *variables, int mode, int threads, const char *said_of_it) {
  wanted_mode = mode;
  wanted_threads = threads;
  assert_int_equal(in_child(check_mode, variables), 0);
  assert_string_equal(said, said_of_it);
}

static void the_mode_follows_from_the_environment(void **state) {
  (void)state;
  expect("OMP_NUM_THREADS=3", LAZY_MODE_PARALLEL, 3, "");
  expect("OMP_NUM_THREADS=1", LAZY_MODE_DEFER, 1, "");
  expect("OMP_NUM_THREADS=4,2", LAZY_MODE_PARALLEL, 4, "");
  expect("OMP_NUM_THREADS=4 OMP_THREAD_LIMIT=2", LAZY_MODE_PARALLEL, 2, "");
  expect("OMP_NUM_THREADS=3 LAZY=auto", LAZY_MODE_PARALLEL, 3, "");
  expect("OMP_NUM_THREADS=3 LAZY=serial", LAZY_MODE_SERIAL, 1, "");
  expect("OMP_NUM_THREADS=1 LAZY=defer", LAZY_MODE_PARALLEL, 1, "");
}

static void checking_is_serial_and_wants_code_for_it(void **state) {
  (void)state;
  char line[400];
  snprintf(line, sizeof line,
           "lazy: LAZY=check: %s was not compiled for it, so its calls run serially and unchecked; compile with lazycc "
           "--check, or -fplugin-arg-lazypass-instrument\n"
           "lazy: LAZY=check: no call was checked\n",
           module.file);
  expect("OMP_NUM_THREADS=3 LAZY=check", LAZY_MODE_SERIAL, 1, line);
}

static void nonsense_is_reported_and_the_default_taken(void **state) {
  (void)state;
  expect("OMP_NUM_THREADS=1 LAZY=on", LAZY_MODE_DEFER, 1,
         "lazy: LAZY=on is not understood (accepted: auto, serial, check or defer); using auto\n");
  expect("OMP_NUM_THREADS=1 LAZY_STATS=yes", LAZY_MODE_DEFER, 1,
         "lazy: LAZY_STATS=yes is not understood (accepted: 0, 1 or a file that ends in .json); using 0\n");
  static const char *const bad[] = {"0", "-1", "1e6", "x", "99999999999999999999999"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    char variables[100], line[200];
    snprintf(variables, sizeof variables, "OMP_NUM_THREADS=1 LAZY_MAX_PENDING=%s", bad[i]);
    snprintf(line, sizeof line,
             "lazy: LAZY_MAX_PENDING=%s is not understood (accepted: a number from 1); using 1048576\n", bad[i]);
    expect(variables, LAZY_MODE_DEFER, 1, line);
  }
}

static void check_alone(void) {
  check_mode();
  CHECK(lazy_set_threads(2) == LAZY_ENOTHREADS);
  CHECK(lazy_set_threads(1) == LAZY_OK);
  for (int i = 0; i < 1000; i++) {
    struct lazy_node *node = open_pair(&certain, NULL, i, NULL, 1);
    CHECK(!node || take_long(node) == i + 1);
  }
}

static void expect_alone(const char *variables, int mode, const char *said_of_it) {
  wanted_mode = mode;
  wanted_threads = 1;
  assert_int_equal(in_child(check_alone, variables), 0);
  assert_string_equal(said, said_of_it);
}

/* libomp aborts on most of these as soon as it is started. */
static void openmp_is_not_started_on_numbers_that_it_cannot_read(void **state) {
  (void)state;
  static const char *const bad[] = {"",    "-3",  "0",  "0x4", "abc",  "4x",        "+4",
                                    "1e3", "4;2", "4,", ",4",  "4,-1", "100000000", "99999999999999999999"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    char variables[100], line[200];
    snprintf(variables, sizeof variables, "OMP_NUM_THREADS=%s", bad[i]);
    snprintf(line, sizeof line,
             "lazy: OMP_NUM_THREADS=%s is not understood (accepted: a number from 1 to 65536, or several with commas "
             "between); using 1 thread\n",
             bad[i]);
    expect_alone(variables, LAZY_MODE_DEFER, line);
    snprintf(variables, sizeof variables, "LAZY=defer OMP_NUM_THREADS=%s", bad[i]);
    expect_alone(variables, LAZY_MODE_PARALLEL, line);
  }
  expect_alone("OMP_NUM_THREADS=4 OMP_THREAD_LIMIT=", LAZY_MODE_DEFER,
               "lazy: OMP_THREAD_LIMIT= is not understood (accepted: a number from 1); using 1 thread\n");
}

static void openmp_is_started_on_numbers_that_it_can_read(void **state) {
  (void)state;
  expect("OMP_NUM_THREADS=\t3\t,\t2\t", LAZY_MODE_PARALLEL, 3, "");
  expect("OMP_NUM_THREADS=03", LAZY_MODE_PARALLEL, 3, "");
  expect("OMP_NUM_THREADS=65536 OMP_THREAD_LIMIT=2", LAZY_MODE_PARALLEL, 2, "");
  expect("OMP_NUM_THREADS=2 OMP_THREAD_LIMIT=2147483647", LAZY_MODE_PARALLEL, 2, "");
}

static void unknown_names_are_reported_with_the_nearest_known_one(void **state) {
  (void)state;
  expect("OMP_NUM_THREADS=1 LAZY_STAT=1", LAZY_MODE_DEFER, 1,
         "lazy: unknown environment variable LAZY_STAT; did you mean LAZY_STATS?\n");
  expect("OMP_NUM_THREADS=1 LAZY_MAXPENDING=1", LAZY_MODE_DEFER, 1,
         "lazy: unknown environment variable LAZY_MAXPENDING; did you mean LAZY_MAX_PENDING?\n");
  expect("OMP_NUM_THREADS=1 LAZY_WEATHER_REPORT=1", LAZY_MODE_DEFER, 1,
         "lazy: unknown environment variable LAZY_WEATHER_REPORT\n");
  expect("OMP_NUM_THREADS=1 LAZY_X=1", LAZY_MODE_DEFER, 1, "lazy: unknown environment variable LAZY_X\n");
}

/* Without the underscore a name may be somebody else's, unless it is hardly another than one of ours. */
static void slips_are_told_from_names_of_other_programs(void **state) {
  (void)state;
  expect("OMP_NUM_THREADS=1 LAZYY=serial", LAZY_MODE_DEFER, 1,
         "lazy: unknown environment variable LAZYY; did you mean LAZY?\n");
  expect("OMP_NUM_THREADS=1 LAZYSTATS=1", LAZY_MODE_DEFER, 1,
         "lazy: unknown environment variable LAZYSTATS; did you mean LAZY_STATS?\n");
  expect("OMP_NUM_THREADS=1 LAZYMAXPENDING=1", LAZY_MODE_DEFER, 1,
         "lazy: unknown environment variable LAZYMAXPENDING; did you mean LAZY_MAX_PENDING?\n");
  expect("OMP_NUM_THREADS=1 LAZYCC=x LAZYCC_CLANG=x LAZYGIT=x LAZYGIT_CONFIG=x LAZYVIM=x LAZYSTART=x LAZARUS=x LAZ=x",
         LAZY_MODE_DEFER, 1, "");
}

static void use_a_little(void) {
  attach();
  for (int i = 0; i < 10; i++) {
    __lazy_release(open_pair(&maybe, NULL, 1, NULL, 2));
    struct lazy_node *node = open_pair(&certain, NULL, 1, NULL, i);
    CHECK(!node || take_long(node) == 1 + i);
  }
}

static long statistic(const char *what) {
  const char *line = strstr(said, what);
  assert_non_null(line);
  return atol(line + strlen(what));
}

static void statistics_are_printed_at_exit(void **state) {
  (void)state;
  assert_int_equal(in_child(use_a_little, "OMP_NUM_THREADS=1 LAZY=defer LAZY_STATS=1"), 0);
  assert_int_equal(statistic("lazy: nodes created "), 20);
  assert_int_equal(statistic("lazy: nodes dropped, never needed "), 10);
  assert_int_equal(statistic("lazy: runs by the program's threads "), 10);
  assert_int_equal(statistic("lazy: nodes pending at exit "), 0);
  assert_int_equal(in_child(use_a_little, "OMP_NUM_THREADS=1 LAZY=defer LAZY_STATS=0"), 0);
  assert_string_equal(said, "");
}

static void every_call_deferred(void) {
  struct lazy_node *nodes[1000];
  attach();
  for (int i = 0; i < 1000; i++)
    CHECK((nodes[i] = open_pair(&certain, NULL, i, NULL, 1)));
  for (int i = 999; i >= 0; i--)
    CHECK(take_long(nodes[i]) == i + 1);
}

static void lazy_defer_refuses_no_call(void **state) {
  (void)state;
  assert_int_equal(in_child(every_call_deferred, "OMP_NUM_THREADS=1 LAZY=defer"), 0);
  assert_int_equal(in_child(every_call_deferred, "OMP_NUM_THREADS=4 LAZY=defer"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_mode_follows_from_the_environment),
      cmocka_unit_test(checking_is_serial_and_wants_code_for_it),
      cmocka_unit_test(nonsense_is_reported_and_the_default_taken),
      cmocka_unit_test(openmp_is_not_started_on_numbers_that_it_cannot_read),
      cmocka_unit_test(openmp_is_started_on_numbers_that_it_can_read),
      cmocka_unit_test(unknown_names_are_reported_with_the_nearest_known_one),
      cmocka_unit_test(slips_are_told_from_names_of_other_programs),
      cmocka_unit_test(statistics_are_printed_at_exit),
      cmocka_unit_test(lazy_defer_refuses_no_call),
  };
  /* each test says what it wants */
  unsetenv("OMP_NUM_THREADS");
  unsetenv("OMP_THREAD_LIMIT");
  unsetenv("LAZY");
  return cmocka_run_group_tests(tests, NULL, NULL);
}
