/* test_pipelines.c - rows of a nest, one behind the other: each column runs once, and finds done what it may count on;
 * on any number of threads, one pipeline within the other, and several at once. */
#include "lowered.h"
#include <sys/wait.h>
#include <unistd.h>

SITE(here, mix, CERTAIN, 0);
SITE(inside, mix, CERTAIN, 0);

/* A nest as its function finds it. */
struct nest {
  uint64_t rows, columns, lag;
  unsigned char *times; /* that each column of each row has run */
  unsigned slow;        /* one column in so many takes long; 0: none */
  uint64_t depth;       /* of pipelines inside */
};

static void run_nest(struct nest *nest);

static void check_above(const struct nest *nest, uint64_t y, uint64_t x) {
  uint64_t last = x + nest->lag < nest->columns ? x + nest->lag : nest->columns - 1;
  if (y > 0)
    for (uint64_t k = last + 1 > 4 ? last - 3 : 0; k <= last; k++)
      assert_int_equal(nest->times[(y - 1) * nest->columns + k], 1);
}

/* for (y...) for (x...) ..., as the compiler would have it. */
static void run(void *data, uint64_t first, uint64_t end) {
  struct nest *nest = data;
  for (uint64_t y = first; y != end; y++)
    for (uint64_t x = 0, limit = 0; x != nest->columns; x++) {
      if (x == limit) {
        limit = __lazy_loop_step(x);
        assert_true(limit > x);
      }
      check_above(nest, y, x);
      spin(nest->slow && (y * 31 + x * 7) % nest->slow == 0 ? 20000 : 100);
      if (nest->depth > 0 && (x + y) % 50 == 0)
        run_nest(&(struct nest){9, 40, 1, NULL, 13, nest->depth - 1});
      assert_int_equal(nest->times[y * nest->columns + x]++, 0);
    }
}
static const struct lazy_loop flat = {&here, run, LAZY_LOOP_PIPELINED};
static const struct lazy_loop deep = {&inside, run, LAZY_LOOP_PIPELINED};

static void run_nest(struct nest *nest) {
  uint64_t size = nest->rows * nest->columns;
  nest->times = calloc(size + 1, 1);
  assert_non_null(nest->times);
  const struct lazy_loop *loop = nest->depth ? &deep : &flat;
  if (nest->rows < 2 || __lazy_loop_choose(loop, nest->rows) != LAZY_LOOP_SHARED)
    loop->run(nest, 0, nest->rows);
  else
    __lazy_loop_pipeline(loop, nest, nest->rows, nest->columns, nest->lag);
  for (uint64_t k = 0; k < size; k++)
    assert_int_equal(nest->times[k], 1);
  assert_int_equal(nest->times[size], 0);
  free(nest->times);
}

static void rows_stay_behind_those_above(void **state) {
  (void)state;
  static const uint64_t sizes[][2] = {{1, 1}, {1, 90}, {90, 1}, {2, 2}, {3, 500}, {500, 3}, {130, 130}, {40, 700}};
  for (int threads = 1; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++)
      for (uint64_t lag = 0; lag < sizes[s][1]; lag = lag * 3 + 1)
        run_nest(&(struct nest){sizes[s][0], sizes[s][1], lag, NULL, (unsigned)(lag % 3) * 40, 0});
  }
}

static void costs_do_not_matter(void **state) {
  (void)state;
  static const uint64_t costs[] = {0, 1, 10000, 1000000, UINT64_MAX / 2};
  for (int threads = 2; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (int c = 0; c < 5; c++) {
      __atomic_store_n(&here.cost, costs[c], __ATOMIC_RELAXED);
      run_nest(&(struct nest){60, 300, 2, NULL, 11, 0});
    }
  }
}

static void pipelines_nest(void **state) {
  (void)state;
  for (int threads = 1; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (int round = 0; round < 5; round++)
      run_nest(&(struct nest){30, 60, 1, NULL, 17, 2});
  }
}

static void *run_some(void *data) {
  (void)data;
  for (int round = 0; round < 8; round++)
    run_nest(&(struct nest){20, 60, 1, NULL, 17, (uint64_t)round % 2});
  return NULL;
}

static void threads_of_the_program_have_pipelines_of_their_own(void **state) {
  (void)state;
  enum { THREADS = 6 };
  pthread_t thread[THREADS];
  assert_int_equal(lazy_set_threads(4), LAZY_OK);
  for (int t = 0; t < THREADS; t++)
    assert_int_equal(pthread_create(&thread[t], NULL, run_some, NULL), 0);
  for (int t = 0; t < THREADS; t++)
    assert_int_equal(pthread_join(thread[t], NULL), 0);
}

static _Atomic bool enough;
static void *fork_often(void *data) {
  int *children = data;
  while (!enough) {
    pid_t child = fork();
    if (child == 0)
      _exit(0);
    if (child > 0 && waitpid(child, NULL, 0) == child)
      ++*children;
  }
  return NULL;
}

/* Whoever is in a row and comes to a node must not wait for a fork, which waits for the rows behind. */
static void forks_let_rows_end(void **state) {
  (void)state;
  pthread_t thread;
  int children = 0;
  assert_int_equal(lazy_set_threads(4), LAZY_OK);
  enough = false;
  assert_int_equal(pthread_create(&thread, NULL, fork_often, &children), 0);
  for (int round = 0; round < 40; round++)
    run_nest(&(struct nest){20, 100, 1, NULL, 17, 1});
  enough = true;
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_true(children > 0);
}

/* Elsewhere nobody need be asked. */
static void outside_of_a_row_all_may_go_on(void **state) {
  (void)state;
  assert_true(__lazy_loop_step(0) == UINT64_MAX);
  assert_true(__lazy_loop_step(17) == UINT64_MAX);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_stay_behind_those_above),
      cmocka_unit_test(costs_do_not_matter),
      cmocka_unit_test(pipelines_nest),
      cmocka_unit_test(threads_of_the_program_have_pipelines_of_their_own),
      cmocka_unit_test(forks_let_rows_end),
      cmocka_unit_test(outside_of_a_row_all_may_go_on),
  };
  attach();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
