/* test_loops.c - loops in ranges: each iteration runs, and runs once, on any number of threads, one loop within the
 * other; what is asked for in front of them is answered. */
#include "lowered.h"

#define MOST 5000

/* What a loop works with, as its function finds it. */
struct frame {
  unsigned char *times; /* that each iteration has run */
  unsigned long *sum;   /* of them all */
  unsigned rounds;
};

SITE(here, mix, CERTAIN, 0);
SITE(there, mix, CERTAIN, 0);

static void run(void *data, uint64_t first, uint64_t end) {
  struct frame *frame = data;
  unsigned long sum = 0;
  assert_true(first < end);
  for (uint64_t i = first; i != end; i++) {
    spin(frame->rounds);
    frame->times[i]++;
    sum += (unsigned long)mix((long)i, 1);
  }
  __atomic_fetch_add(frame->sum, sum, __ATOMIC_RELAXED);
}
static const struct lazy_loop flat = {&here, run, 0};
static const struct lazy_loop leaf = {&here, run, 0};

/* for (i = 0; i < n; i++) sum += f(i), as the compiler would have it. */
static unsigned long run_loop(const struct lazy_loop *loop, uint64_t n, unsigned rounds) {
  unsigned char *times = calloc(n + 1, 1);
  unsigned long sum = 0;
  struct frame frame = {times, &sum, rounds};
  assert_non_null(times);
  if (n < 2 || __lazy_loop_choose(loop, n) != LAZY_LOOP_SHARED) {
    if (n > 0)
      loop->run(&frame, 0, n);
  } else {
    __lazy_loop_run(loop, &frame, n);
  }
  for (uint64_t i = 0; i < n; i++)
    assert_int_equal(times[i], 1);
  assert_int_equal(times[n], 0);
  free(times);
  return sum;
}

static void run_nested(void *data, uint64_t first, uint64_t end) {
  struct frame *frame = data;
  for (uint64_t i = first; i != end; i++) {
    frame->times[i]++;
    __atomic_fetch_add(frame->sum, run_loop(&leaf, i % 70, frame->rounds), __ATOMIC_RELAXED);
  }
}
static const struct lazy_loop outer = {&there, run_nested, LAZY_LOOP_NESTED};

static unsigned long expected(uint64_t n) {
  unsigned long sum = 0;
  for (uint64_t i = 0; i < n; i++)
    sum += (unsigned long)mix((long)i, 1);
  return sum;
}

static void every_iteration_runs_once(void **state) {
  (void)state;
  static const unsigned rounds[] = {0, 10, 1000, 100000};
  for (int threads = 1; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (int r = 0; r < 4; r++)
      for (uint64_t n = 0; n < (r == 3 ? 40 : MOST); n = n + n / 3 + 1)
        assert_int_equal(run_loop(&flat, n, rounds[r]), expected(n));
  }
}

/* Iterations of any cost, in front or at the end, and a measure of it that is wrong or missing. */
static void run_uneven(void *data, uint64_t first, uint64_t end) {
  struct frame *frame = data;
  for (uint64_t i = first; i != end; i++)
    spin(i % frame->rounds == 0 ? 20000 : 1);
  run(&(struct frame){frame->times, frame->sum, 0}, first, end);
}
static const struct lazy_loop uneven = {&here, run_uneven, 0};

static void costs_do_not_matter(void **state) {
  (void)state;
  static const uint64_t costs[] = {0, 1, 100, 1000000, UINT64_MAX / 2};
  for (int threads = 2; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (int c = 0; c < 5; c++)
      for (unsigned every = 2; every < 2000; every *= 5) {
        unsigned char *times = calloc(2000, 1);
        unsigned long sum = 0;
        __atomic_store_n(&here.cost, costs[c], __ATOMIC_RELAXED);
        __lazy_loop_run(&uneven, &(struct frame){times, &sum, every}, 2000);
        assert_int_equal(sum, expected(2000));
        for (int i = 0; i < 2000; i++)
          assert_int_equal(times[i], 1);
        free(times);
      }
  }
}

static void loops_nest(void **state) {
  (void)state;
  unsigned long right = 0;
  for (uint64_t i = 0; i < 300; i++)
    right += expected(i % 70);
  for (int threads = 2; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (unsigned round = 0; round < 20; round++)
      assert_int_equal(run_loop(&outer, 300, round * 10), right);
  }
}

static void the_choice_is_among_three(void **state) {
  (void)state;
  for (int threads = 1; threads <= 8; threads *= 2) {
    assert_int_equal(lazy_set_threads(threads), LAZY_OK);
    for (uint64_t n = 2; n < (uint64_t)1 << 48; n *= 3)
      for (uint64_t cost = 0; cost < 1000000000; cost = cost * 10 + 1) {
        __atomic_store_n(&here.cost, cost, __ATOMIC_RELAXED);
        __atomic_store_n(&there.cost, cost, __ATOMIC_RELAXED);
        assert_in_range(__lazy_loop_choose(&flat, n), LAZY_LOOP_IN_PLACE, LAZY_LOOP_NODES);
        assert_in_range(__lazy_loop_choose(&outer, n), LAZY_LOOP_IN_PLACE, LAZY_LOOP_NODES);
      }
  }
}

static void *sums(void *sum) {
  for (int i = 0; i < 50; i++)
    *(unsigned long *)sum += run_loop(i % 5 ? &flat : &outer, i % 5 ? 300 : 60, 100);
  return NULL;
}

static void threads_of_the_program_have_loops_of_their_own(void **state) {
  (void)state;
  enum { THREADS = 6 };
  pthread_t thread[THREADS];
  unsigned long sum[THREADS] = {0}, nested = 0, right = 0;
  for (uint64_t i = 0; i < 60; i++)
    nested += expected(i % 70);
  for (int i = 0; i < 50; i++)
    right += i % 5 ? expected(300) : nested;
  for (int t = 0; t < THREADS; t++)
    assert_int_equal(pthread_create(&thread[t], NULL, sums, &sum[t]), 0);
  for (int t = 0; t < THREADS; t++) {
    pthread_join(thread[t], NULL);
    assert_int_equal(sum[t], right);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_iteration_runs_once),
      cmocka_unit_test(costs_do_not_matter),
      cmocka_unit_test(loops_nest),
      cmocka_unit_test(the_choice_is_among_three),
      cmocka_unit_test(threads_of_the_program_have_loops_of_their_own),
  };
  attach();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
