/* test_commit.c - the reorder buffer: stores of lazy values land in program order, when touched, and all at the end. */
#include "lowered.h"

#include "run.h"

SITE(maybe, mix, MAYBE, 2);
SITE(certain, mix, CERTAIN, 2);

static struct lazy_scope scope;

static int begin(void **state) {
  (void)state;
  scope = (struct lazy_scope)LAZY_SCOPE_INIT;
  return 0;
}

static int end(void **state) {
  (void)state;
  __lazy_settle(&scope);
  assert_true(scope.lo == UINTPTR_MAX && scope.hi == 0 && !scope.ring);
  return 0;
}

static void defer(struct lazy_site *site, long a, long *to) {
  struct lazy_node *node = open_pair(site, NULL, a, NULL, 1);
  if (node) {
    __lazy_defer_store(&scope, node, to, 0, sizeof *to);
  } else { /* a plain store, guarded as compiled code guards it */
    if ((uintptr_t)to < scope.hi && (uintptr_t)(to + 1) > scope.lo)
      __lazy_touch(&scope, to, sizeof *to, LAZY_WRITES);
    *to = mix(a, 1);
  }
}

static void settling_stores_everything(void **state) {
  (void)state;
  enum { N = 5000 };
  static long out[N];
  for (int round = 0; round < 2; round++) {
    memset(out, 0, sizeof out);
    for (long i = 0; i < N; i++)
      defer(round ? &certain : &maybe, i, &out[i]);
    __lazy_settle(&scope);
    for (long i = 0; i < N; i++)
      assert_int_equal(out[i], mix(i, 1));
  }
}

static void bounds_tell_whether_anything_is_pending(void **state) {
  (void)state;
  long out[4] = {0};
  defer(&maybe, 1, &out[1]);
  defer(&maybe, 2, &out[2]);
  assert_true(scope.lo == (uintptr_t)&out[1] && scope.hi == (uintptr_t)&out[3]);
  __lazy_touch(&scope, &out[1], sizeof out[1], LAZY_READS);
  assert_int_equal(out[1], mix(1, 1));
  assert_int_equal(out[2], 0);
  assert_true(scope.lo == (uintptr_t)&out[2] && scope.hi == (uintptr_t)&out[3]);
  __lazy_touch(&scope, (char *)&out[3] - 1, 1, LAZY_READS);
  assert_int_equal(out[2], mix(2, 1));
  assert_true(scope.lo == UINTPTR_MAX && scope.hi == 0);
}

static void a_touch_stores_up_to_the_last_overlap_only(void **state) {
  (void)state;
  enum { N = 200 };
  long out[N] = {0};
  for (long i = 0; i < N; i++)
    defer(&maybe, i, &out[i]);
  __lazy_touch(&scope, &out[N], 100, LAZY_READS);   /* beside */
  __lazy_touch(&scope, out, 0, LAZY_READS);         /* nothing */
  __lazy_touch(&scope, &out[0] - 1, 8, LAZY_READS); /* before */
  assert_int_equal(out[0], 0);
  __lazy_touch(&scope, (char *)&out[99] + 7, 1, LAZY_READS);
  for (long i = 0; i < N; i++)
    assert_int_equal(out[i], i < 100 ? mix(i, 1) : 0);
  __lazy_touch(&scope, &out[150], SIZE_MAX, LAZY_WRITES); /* the end of it lies beyond the end of memory */
  for (long i = 0; i < N; i++)
    assert_int_equal(out[i], mix(i, 1));
}

static void later_stores_to_one_place_win(void **state) {
  (void)state;
  long value = 0;
  for (long i = 0; i < 3000; i++)
    defer(&certain, i, &value);
  __lazy_settle(&scope);
  assert_int_equal(value, mix(2999, 1));
}

static void parts_of_a_result_are_stored_apart(void **state) {
  (void)state;
  unsigned char bytes[sizeof(long)] = {0};
  long expected = mix(5, 1);
  struct lazy_node *node = open_pair(&maybe, NULL, 5, NULL, 1);
  for (uint32_t i = 0; i < sizeof(long); i++)
    __lazy_defer_store(&scope, __lazy_retain(node), &bytes[i], i, 1);
  __lazy_release(node);
  __lazy_settle(&scope);
  assert_memory_equal(bytes, &expected, sizeof expected);
}

static void fields_beside_pending_ones_are_free(void **state) {
  (void)state;
  enum { N = SANITIZED ? 10000 : 200000 }; /* more than may wait */
  static struct {
    long x, y;
  } a[N];
  for (long i = 0; i < N; i++) {
    a[i].x = i;
    defer(&maybe, i, &a[i].y);
    __lazy_touch(&scope, &a[i / 2].x, sizeof a[0].x, LAZY_WRITES);
  }
  assert_int_equal(a[N - 1].y, 0);
  __lazy_touch(&scope, &a[N - 1], sizeof a[0], LAZY_READS);
  for (long i = 0; i < N; i++)
    assert_int_equal(a[i].y, mix(i, 1));
}

static uint32_t seed = 1;
static uint32_t draw(uint32_t below) {
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % below;
}

/* One number after the other. */
static void check_run(const struct lz_run *run, struct lz_range range) {
  uint32_t overlap = 0;
  uintptr_t byte = UINTPTR_MAX;
  struct lz_range bounds = LZ_NOWHERE;
  for (uint32_t i = 0; i < run->count; i++) {
    struct lz_range store = {lz_run_at(run, i), lz_run_at(run, i) + run->size};
    bounds = lz_range_join(bounds, store);
    if (lz_range_overlaps(store, range))
      overlap = i + 1;
    if (store.hi > range.lo && store.lo < byte)
      byte = store.lo > range.lo ? store.lo : range.lo;
  }
  assert_true(bounds.lo == lz_run_bounds(run).lo && bounds.hi == lz_run_bounds(run).hi);
  assert_int_equal(overlap, lz_run_overlap(run, range));
  assert_true(byte == lz_run_next_byte(run, range.lo));
}

static void runs_answer_as_their_stores_would(void **state) {
  (void)state;
  for (int step = 0; step < 300000; step++) {
    struct lz_run run = {
        .next = 1000 + draw(50), .stride = (intptr_t)draw(41) - 20, .size = 1 + draw(16), .count = draw(8)};
    uintptr_t lo = 800 + draw(450);
    check_run(&run, (struct lz_range){lo, lo + 1 + draw(draw(2) ? 8 : 100)});
  }
}

/* Stores of several loops at once, forwards, backwards, on the spot, into each other, and touches in between. */
static void runs_that_cross_are_stored_in_program_order(void **state) {
  (void)state;
  enum { N = 4000, LOOPS = 6 };
  static unsigned char lazy[N + 8], plain[N + 8];
  static struct lazy_site sites[LOOPS];
  long at[LOOPS], stride[LOOPS], size[LOOPS];
  memset(lazy, 0, sizeof lazy);
  memset(plain, 0, sizeof plain);
  for (int i = 0; i < LOOPS; i++)
    sites[i] = maybe;
  for (int round = 0; round < (SANITIZED ? 20 : 200); round++) {
    for (int i = 0; i < LOOPS; i++) {
      at[i] = draw(N);
      stride[i] = (long)draw(33) - 16;
      size[i] = 1 + draw(8);
    }
    for (int step = 0; step < 2000; step++) {
      uint32_t i = draw(LOOPS), touched = draw(N), bytes = 1 + draw(8);
      long value = mix(step, 1);
      if (at[i] < 0 || at[i] >= N)
        at[i] = draw(N);
      memcpy(&plain[at[i]], &value, (size_t)size[i]);
      __lazy_defer_store(&scope, open_pair(&sites[i], NULL, step, NULL, 1), &lazy[at[i]], 0, (uint32_t)size[i]);
      at[i] += stride[i];
      if (draw(50) == 0) {
        __lazy_touch(&scope, &lazy[touched], bytes, LAZY_READS);
        assert_memory_equal(&lazy[touched], &plain[touched], bytes);
      }
    }
    __lazy_settle(&scope);
    assert_memory_equal(lazy, plain, sizeof lazy);
  }
}

/* Text whose parts are still to be stored is as long as it will be. */
static void text_ends_where_a_run_has_put_its_end(void **state) {
  (void)state;
  enum { N = 1000 };
  static char text[4 * N + 1];
  memset(text, 'x', 4 * N);
  for (long i = 0; i < N; i++) { /* every fourth letter; one of them is 0 */
    struct lazy_node *node = open_pair(&maybe, NULL, i, NULL, 1);
    long value = mix(i, 1);
    __lazy_defer_store(&scope, node, &text[4 * i], 0, 1);
    if ((char)value == 0) {
      assert_int_equal(__lazy_touch_text(&scope, text), 4 * i + 1);
      return;
    }
  }
  fail();
}

/* Random stores, overlapping, of random widths, and touches, against memory that is written at once. */
static void random_stores_and_touches_equal_plain_ones(void **state) {
  (void)state;
  enum { N = 256 };
  static unsigned char lazy[N + 8], plain[N + 8];
  for (int step = 0; step < (SANITIZED ? 20000 : 300000); step++) {
    seed = seed * 1664525u + 1013904223u;
    uint32_t at = seed >> 8 & (N - 1), size = 1 + (seed >> 16 & 7), what = seed >> 20 & 31;
    if (what == 0) {
      __lazy_touch(&scope, &lazy[at], size, LAZY_READS);
      assert_memory_equal(&lazy[at], &plain[at], size);
    } else if (what == 1 && (seed >> 25) % 16 == 0) {
      __lazy_settle(&scope);
      assert_memory_equal(lazy, plain, sizeof lazy);
    } else {
      long value = mix(step, 1);
      struct lazy_node *node = open_pair(what & 1 ? &maybe : &certain, NULL, step, NULL, 1);
      memcpy(&plain[at], (char *)&value + (sizeof value - size), size);
      if (node) {
        __lazy_defer_store(&scope, node, &lazy[at], sizeof value - size, size);
      } else {
        __lazy_touch(&scope, &lazy[at], size, LAZY_WRITES);
        memcpy(&lazy[at], (char *)&value + (sizeof value - size), size);
      }
    }
  }
  __lazy_settle(&scope);
  assert_memory_equal(lazy, plain, sizeof lazy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(settling_stores_everything, begin, end),
      cmocka_unit_test_setup_teardown(bounds_tell_whether_anything_is_pending, begin, end),
      cmocka_unit_test_setup_teardown(a_touch_stores_up_to_the_last_overlap_only, begin, end),
      cmocka_unit_test_setup_teardown(later_stores_to_one_place_win, begin, end),
      cmocka_unit_test_setup_teardown(parts_of_a_result_are_stored_apart, begin, end),
      cmocka_unit_test_setup_teardown(fields_beside_pending_ones_are_free, begin, end),
      cmocka_unit_test(runs_answer_as_their_stores_would),
      cmocka_unit_test_setup_teardown(runs_that_cross_are_stored_in_program_order, begin, end),
      cmocka_unit_test_setup_teardown(text_ends_where_a_run_has_put_its_end, begin, end),
      cmocka_unit_test_setup_teardown(random_stores_and_touches_equal_plain_ones, begin, end),
  };
  attach();
  lazy_set_threads(3);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
