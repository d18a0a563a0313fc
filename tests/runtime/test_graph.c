/* test_graph.c - nodes one by one: what runs, with which inputs, in which environment, and what does not run. */
#include "lowered.h"

#include <stdatomic.h>

#include <fenv.h>

static _Atomic int runs;

static void counted_run(void *p) {
  struct pair *x = p;
  runs++;
  x->result = add(x->a, x->b);
}
#define counted_slots pair_slots
FUNCTION(counted, struct pair, 2);

SITE(maybe, counted, MAYBE, 2);
SITE(certain, counted, CERTAIN, 2);
SITE(mix_maybe, mix, MAYBE, 2);
SITE(mix_certain, mix, CERTAIN, 2);

static int begin(void **state) {
  (void)state;
  runs = 0;
  return 0;
}

static void a_value_is_computed_when_forced_and_once(void **state) {
  (void)state;
  struct lazy_node *node = open_pair(&maybe, NULL, 20, NULL, 22);
  assert_non_null(node);
  assert_int_equal(runs, 0);
  assert_int_equal(lazy_done(node), 0);
  assert_int_equal(force_long(node), 42);
  assert_int_equal(force_long(node), 42);
  assert_int_equal(lazy_done(node), 1);
  __lazy_release(node);
  assert_int_equal(runs, 1);
}

static void a_value_nobody_needs_is_not_computed(void **state) {
  (void)state;
  struct lazy_node *first = open_pair(&maybe, NULL, 1, NULL, 2);
  struct lazy_node *second = open_pair(&maybe, first, 0, first, 0);
  __lazy_release(first);
  __lazy_release(second);
  lazy_wait();
  assert_int_equal(runs, 0);
}

static void a_certain_value_is_computed_without_being_forced(void **state) {
  (void)state;
  struct lazy_node *need = open_pair(&maybe, NULL, 1, NULL, 2);
  struct lazy_node *node = open_pair(&certain, need, 0, NULL, 4);
  if (node) {
    lazy_wait();
    assert_int_equal(lazy_done(node), 1);
    assert_int_equal(runs, 2);
    assert_int_equal(take_long(node), 7);
  }
  __lazy_release(need);
}

static void inputs_outlive_their_handles(void **state) {
  (void)state;
  struct lazy_node *p = open_pair(&mix_maybe, NULL, 1, NULL, 2);
  struct lazy_node *q = open_pair(&mix_maybe, NULL, 3, NULL, 4);
  struct lazy_node *node = open_pair(&mix_maybe, p, 0, q, 0);
  __lazy_release(p);
  __lazy_release(q);
  assert_int_equal(take_long(node), mix(mix(1, 2), mix(3, 4)));
}

static void a_done_producer_is_an_input_too(void **state) {
  (void)state;
  struct lazy_node *p = open_pair(&mix_maybe, NULL, 1, NULL, 2);
  force_long(p);
  struct lazy_node *node = open_pair(&mix_maybe, NULL, 5, p, 0);
  __lazy_release(p);
  assert_int_equal(take_long(node), mix(5, mix(1, 2)));
}

static void null_is_no_node(void **state) {
  (void)state;
  assert_null(__lazy_retain(NULL));
  __lazy_release(NULL);
  lazy_release(NULL);
  assert_null(lazy_retain(NULL));
  assert_int_equal(lazy_done(NULL), 1);
  assert_int_equal(lazy_get(NULL, NULL, 0), LAZY_ENOHANDLE);
  assert_string_equal(lazy_function_name(NULL), "");
  assert_string_equal(lazy_source_file(NULL), "");
  assert_int_equal(lazy_source_line(NULL), 0);
}

static void a_node_tells_where_it_comes_from(void **state) {
  (void)state;
  struct lazy_node *node = lazy_retain(open_pair(&maybe, NULL, 1, NULL, 2));
  assert_string_equal(lazy_function_name(node), "counted");
  assert_string_equal(lazy_source_file(node), __FILE__);
  assert_int_equal(lazy_source_line(node), maybe.line);
  lazy_release(node);
  long value = 0;
  assert_int_equal(lazy_get(node, &value, sizeof value - 1), LAZY_ESIZE);
  assert_int_equal(lazy_get(node, &value, sizeof value), LAZY_OK);
  assert_int_equal(value, 3);
  assert_int_equal(lazy_set(node, &value, sizeof value), LAZY_ENOTKEPT);
  assert_int_equal(lazy_set_executor(node, NULL, NULL), LAZY_ENOTKEPT);
  lazy_release(node);
}

/* A struct result whose halves become arguments, in the other order. */
struct split {
  long a, b;
  struct {
    long low, high;
  } result;
};
static const struct lazy_slot split_slots[] = {SLOT(struct split, a), SLOT(struct split, b)};
static void split_run(void *p) {
  struct split *x = p;
  x->result.low = x->a + x->b;
  x->result.high = x->a - x->b;
}
FUNCTION(split, struct split, 2);
SITE(split_site, split, MAYBE, 0);

static void an_input_may_be_a_piece_of_a_result(void **state) {
  (void)state;
  for (int done = 0; done < 2; done++) {
    struct lazy_node *pieces = __lazy_open(&split_site);
    *(struct split *)payload(pieces) = (struct split){.a = 10, .b = 3};
    __lazy_start(pieces);
    if (done)
      __lazy_force(pieces);
    struct lazy_node *node = __lazy_open(&mix_maybe);
    __lazy_input(node, 0, pieces, sizeof(long));
    __lazy_input(node, 1, pieces, 0);
    __lazy_start(node);
    __lazy_release(pieces);
    assert_int_equal(take_long(node), mix(7, 13));
  }
}

/* Payloads of every size class and beyond. */
#define LARGEST 10000
struct large {
  unsigned char in[LARGEST];
  unsigned char result[LARGEST];
};
static uint32_t large_size;
static void large_run(void *p) {
  unsigned char *in = p, *out = in + large_size;
  for (uint32_t i = 0; i < large_size; i++)
    out[i] = (unsigned char)(in[i] + 1);
}

static void results_of_any_size_pass_whole(void **state) {
  (void)state;
  for (large_size = 1; large_size <= LARGEST; large_size += large_size / 3 + 1) {
    struct lazy_slot slot = {0, large_size};
    struct lazy_function function = {"large", large_run, &slot, 1, 2 * large_size, {large_size, large_size},
                                     {0, 0},  NULL,      NULL,  0, NULL,           NULL};
    struct lazy_site site = {&function, __FILE__, __LINE__, 1, MAYBE, 1, 0, 0, 0, 0};
    struct lazy_node *last = NULL;
    for (int k = 0; k < 4; k++) {
      struct lazy_node *node = __lazy_open(&site);
      assert_int_equal((uintptr_t)payload(node) % LAZY_PAYLOAD_ALIGN, 0);
      if (last)
        __lazy_input(node, 0, last, 0);
      else
        for (uint32_t i = 0; i < large_size; i++)
          ((unsigned char *)payload(node))[i] = (unsigned char)i;
      __lazy_start(node);
      __lazy_release(last);
      last = node;
    }
    unsigned char *result = __lazy_force(last);
    for (uint32_t i = 0; i < large_size; i++)
      assert_int_equal(result[i], (unsigned char)(i + 4));
    __lazy_release(last);
  }
}

static void nothing_run(void *p) {
  (void)p;
  runs++;
}

static void a_function_may_have_no_arguments_and_no_result(void **state) {
  (void)state;
  struct lazy_function function = {"nothing", nothing_run, NULL, 0, 0, {0, 0}, {0, 0}, NULL, NULL, 0, NULL, NULL};
  struct lazy_site site = {&function, NULL, 0, 0, MAYBE, 0, 0, 0, 0, 0};
  struct lazy_node *node = __lazy_open(&site);
  __lazy_start(node);
  __lazy_force(node);
  assert_string_equal(lazy_source_file(node), "");
  __lazy_release(node);
  assert_int_equal(runs, 1);
}

/* The rounding mode of the call, not of the force, nor of the thread that runs it. */
struct third {
  double x;
  long double y;
  struct {
    double x;
    long double y;
  } result;
};
static const struct lazy_slot third_slots[] = {SLOT(struct third, x), SLOT(struct third, y)};
static void third_run(void *p) {
  struct third *t = p;
  volatile double x = t->x;
  volatile long double y = t->y;
  t->result.x = x / 3;
  t->result.y = y / 3;
}
FUNCTION(third, struct third, 2);

static void the_rounding_mode_is_that_of_the_call(void **state) {
  (void)state;
  static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
  for (int flags = 0; flags <= 1; flags++) {
    struct lazy_site site = {&third_function, __FILE__, __LINE__, 1, flags ? CERTAIN : MAYBE, 0, 0, 0, 0, 0};
    struct lazy_node *nodes[4];
    volatile double one = 1;
    volatile long double long_one = 1;
    double expected[4];
    long double long_expected[4];
    for (int i = 0; i < 4; i++) {
      fesetround(modes[i]);
      expected[i] = one / 3;
      long_expected[i] = long_one / 3;
      if ((nodes[i] = __lazy_open(&site))) {
        struct third *t = payload(nodes[i]);
        t->x = one;
        t->y = long_one;
        __lazy_start(nodes[i]);
      }
    }
    fesetround(FE_UPWARD);
    for (int i = 0; i < 4; i++) {
      if (!nodes[i])
        continue;
      struct third *t = payload(nodes[i]);
      __lazy_force(nodes[i]);
      assert_true(t->result.x == expected[i]);
      assert_true(t->result.y == long_expected[i]);
      __lazy_release(nodes[i]);
    }
    assert_int_equal(fegetround(), FE_UPWARD);
    fesetround(FE_TONEAREST);
  }
}

/* --- random graphs against serial evaluation --- */

#define MOST 400

static uint32_t seed;
static uint32_t any(uint32_t n) {
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % n;
}

static void random_graph(uint32_t number) {
  struct lazy_node *nodes[MOST];
  long values[MOST];
  int count = 2 + (int)any(MOST - 2);
  seed = number;
  for (int i = 0; i < count; i++) {
    uint32_t near = i < 8 || any(2) ? (uint32_t)i : 8; /* wide graphs and long ones */
    int p = i && any(4) ? i - 1 - (int)any(near) : -1, q = i && any(4) ? i - 1 - (int)any(near) : -1;
    long a = p >= 0 ? values[p] : (long)any(1000), b = q >= 0 ? values[q] : (long)any(1000);
    struct lazy_node *from = p >= 0 ? nodes[p] : NULL, *other = q >= 0 ? nodes[q] : NULL;
    values[i] = mix(a, b);
    nodes[i] = NULL;
    if (any(16))
      nodes[i] = open_pair(any(2) ? &mix_maybe : &mix_certain, from, a, other, b);
    if (nodes[i] && any(12) == 0)
      assert_int_equal(force_long(nodes[i]), values[i]);
    if (any(10) == 0) { /* a handle dies early: its value is concrete from now on */
      int k = (int)any((uint32_t)i + 1);
      __lazy_release(nodes[k]);
      nodes[k] = NULL;
    }
  }
  for (int i = 0; i < count; i++) {
    int k = (int)any((uint32_t)count);
    if (nodes[k] && any(3))
      assert_int_equal(force_long(nodes[k]), values[k]);
  }
  for (int i = 0; i < count; i++)
    __lazy_release(nodes[i]);
}

static void random_graphs_give_what_serial_evaluation_gives(void **state) {
  (void)state;
  for (uint32_t i = 0; i < (SANITIZED ? 300 : 3000); i++)
    random_graph(i);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_value_is_computed_when_forced_and_once, begin),
      cmocka_unit_test_setup(a_value_nobody_needs_is_not_computed, begin),
      cmocka_unit_test_setup(a_certain_value_is_computed_without_being_forced, begin),
      cmocka_unit_test(inputs_outlive_their_handles),
      cmocka_unit_test(a_done_producer_is_an_input_too),
      cmocka_unit_test(null_is_no_node),
      cmocka_unit_test_setup(a_node_tells_where_it_comes_from, begin),
      cmocka_unit_test(an_input_may_be_a_piece_of_a_result),
      cmocka_unit_test(results_of_any_size_pass_whole),
      cmocka_unit_test_setup(a_function_may_have_no_arguments_and_no_result, begin),
      cmocka_unit_test(the_rounding_mode_is_that_of_the_call),
      cmocka_unit_test(random_graphs_give_what_serial_evaluation_gives),
  };
  attach();
  lazy_set_threads(4);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
