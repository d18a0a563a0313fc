/* test_keep.c - the explicit API: looking, overwriting, computing again what depends on it and nothing else. */
#include "lowered.h"

#include <stdatomic.h>

static _Atomic int runs;

static void sum_run(void *p) {
  struct pair *x = p;
  runs++;
  x->result = add(x->a, x->b);
}
#define sum_slots pair_slots
FUNCTION(sum, struct pair, 2);

SITE(kept, sum, KEPT, 2);
SITE(kept_certain, sum, KEPT | CERTAIN, 2);
SITE(not_kept, sum, MAYBE, 2);

static int begin(void **state) {
  (void)state;
  lazy_wait();
  runs = 0;
  return 0;
}

static long get(lazy_ref node) {
  long value = -1;
  assert_int_equal(lazy_get(node, &value, sizeof value), LAZY_OK);
  return value;
}

static void set(lazy_ref node, long value) { assert_int_equal(lazy_set(node, &value, sizeof value), LAZY_OK); }

/* a -> c <- b, c -> e <- d */
struct five {
  lazy_ref a, b, c, d, e;
};

static struct five open_five(struct lazy_site *site) {
  struct five f;
  f.a = open_pair(site, NULL, 1, NULL, 0);
  f.b = open_pair(site, NULL, 2, NULL, 0);
  f.c = open_pair(site, f.a, 0, f.b, 0);
  f.d = open_pair(site, NULL, 4, NULL, 0);
  f.e = open_pair(site, f.c, 0, f.d, 0);
  return f;
}

static void close_five(struct five *f) {
  lazy_release(f->a);
  lazy_release(f->b);
  lazy_release(f->c);
  lazy_release(f->d);
  lazy_release(f->e);
}

static void what_depends_on_a_change_is_computed_again_and_nothing_else(void **state) {
  (void)state;
  for (int certain = 0; certain < 2; certain++) {
    struct five f = open_five(certain ? &kept_certain : &kept);
    runs = 0;
    if (certain)
      lazy_wait();
    assert_int_equal(get(f.e), 7);
    runs = 0;
    set(f.a, 10);
    assert_int_equal(lazy_done(f.a), 1);
    assert_int_equal(lazy_done(f.b), 1);
    assert_int_equal(lazy_done(f.c), 0);
    assert_int_equal(lazy_done(f.d), 1);
    assert_int_equal(lazy_done(f.e), 0);
    assert_int_equal(runs, 0);
    assert_int_equal(get(f.e), 16);
    assert_int_equal(runs, 2);
    assert_int_equal(force_long(f.e), 16);
    assert_int_equal(get(f.c), 12);
    assert_int_equal(runs, 2);
    set(f.d, 0);
    assert_int_equal(force_long(f.e), 12);
    assert_int_equal(runs, 3);
    close_five(&f);
  }
}

static void a_value_set_before_it_is_computed_is_not_computed(void **state) {
  (void)state;
  struct five f = open_five(&kept);
  set(f.c, 100);
  assert_int_equal(lazy_done(f.c), 1);
  assert_int_equal(get(f.e), 104);
  assert_int_equal(runs, 2); /* d and e */
  assert_int_equal(get(f.a), 1);
  assert_int_equal(get(f.e), 104); /* computing a first of all changed nothing */
  close_five(&f);
}

static void a_value_set_is_computed_again_once_its_inputs_change(void **state) {
  (void)state;
  struct five f = open_five(&kept);
  assert_int_equal(get(f.e), 7);
  set(f.c, 100);
  assert_int_equal(get(f.e), 104);
  set(f.a, 5);
  assert_int_equal(get(f.c), 7);
  assert_int_equal(get(f.e), 11);
  set(f.e, 1);
  assert_int_equal(get(f.e), 1);
  assert_int_equal(get(f.c), 7);
  close_five(&f);
}

static void a_plain_node_takes_the_value_of_the_moment(void **state) {
  (void)state;
  lazy_ref a = open_pair(&kept, NULL, 1, NULL, 0);
  assert_int_equal(get(a), 1);
  lazy_ref early = open_pair(&not_kept, a, 0, NULL, 0), late = open_pair(&not_kept, a, 0, NULL, 0);
  assert_int_equal(force_long(early), 1);
  set(a, 2);
  assert_int_equal(force_long(early), 1);
  assert_int_equal(force_long(late), 2);
  long value = 3;
  assert_int_equal(lazy_set(late, &value, sizeof value), LAZY_ENOTKEPT);
  lazy_release(early);
  lazy_release(late);
  lazy_release(a);
}

static void errors_are_reported(void **state) {
  (void)state;
  lazy_ref a = open_pair(&kept, NULL, 1, NULL, 0);
  long value = 3;
  assert_int_equal(lazy_set(NULL, &value, sizeof value), LAZY_ENOHANDLE);
  assert_int_equal(lazy_set(a, &value, 1), LAZY_ESIZE);
  assert_int_equal(lazy_get(a, &value, 1), LAZY_ESIZE);
  assert_int_equal(lazy_run(NULL), LAZY_ENOHANDLE);
  assert_int_equal(lazy_run(a), LAZY_EBUSY);
  assert_int_equal(lazy_set_executor(NULL, NULL, NULL), LAZY_ENOHANDLE);
  assert_int_equal(get(a), 1);
  lazy_release(a);
  assert_null(__lazy_handle_at(&value));
}

/* --- executors --- */

static int calls;

static void gives(lazy_ref node, void *data) {
  calls++;
  assert_int_equal(lazy_done(node), 0);
  assert_int_equal(lazy_set(node, data, sizeof(long)), LAZY_OK);
  assert_int_equal(lazy_run(node), LAZY_EBUSY);
}

static void runs_it(lazy_ref node, void *data) {
  (void)data;
  calls++;
  assert_int_equal(lazy_run(node), LAZY_OK);
  assert_int_equal(lazy_run(node), LAZY_EBUSY);
}

static void does_nothing(lazy_ref node, void *data) {
  (void)node;
  (void)data;
  calls++;
}

/* A remote engine: another thread gives the value while the executor waits for it. */
static void *remote(void *node) {
  long value = 77;
  return (void *)(intptr_t)lazy_set(node, &value, sizeof value);
}

static void asks_remote(lazy_ref node, void *data) {
  pthread_t thread;
  void *error;
  (void)data;
  calls++;
  assert_int_equal(pthread_create(&thread, NULL, remote, node), 0);
  pthread_join(thread, &error);
  assert_null(error);
}

static void executors_compute_the_node_every_time(void **state) {
  (void)state;
  long given = 50;
  const struct {
    lazy_executor *executor;
    long value;
    int own_runs;
  } cases[] = {{gives, 50, 0}, {runs_it, 5, 1}, {does_nothing, 5, 1}, {asks_remote, 77, 0}, {NULL, 5, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    lazy_ref a = open_pair(&kept, NULL, 1, NULL, 0), b = open_pair(&kept, a, 0, NULL, 4);
    assert_int_equal(lazy_set_executor(b, cases[i].executor, &given), LAZY_OK);
    assert_int_equal(get(a), 1);
    calls = runs = 0;
    assert_int_equal(get(b), cases[i].value);
    assert_int_equal(get(b), cases[i].value);
    assert_int_equal(runs, cases[i].own_runs);
    assert_int_equal(calls, cases[i].executor != NULL);
    set(a, 1);
    assert_int_equal(get(b), cases[i].value);
    assert_int_equal(calls, 2 * (cases[i].executor != NULL));
    lazy_release(a);
    lazy_release(b);
  }
}

/* An executor that comes to a value that is there computes it the next time. */
static void an_executor_may_come_at_any_time(void **state) {
  (void)state;
  long given = 50;
  lazy_ref a = open_pair(&kept, NULL, 1, NULL, 0), b = open_pair(&kept, a, 0, NULL, 4);
  assert_int_equal(get(b), 5);
  assert_int_equal(lazy_set_executor(b, gives, &given), LAZY_OK);
  calls = 0;
  assert_int_equal(get(b), 5);
  assert_int_equal(calls, 0);
  set(a, 2);
  assert_int_equal(get(b), 50);
  assert_int_equal(calls, 1);
  assert_int_equal(lazy_set_executor(b, NULL, NULL), LAZY_OK);
  assert_int_equal(get(b), 50);
  set(a, 3);
  assert_int_equal(get(b), 7);
  lazy_release(a);
  lazy_release(b);
}

/* Waiting for oneself would be for ever. */
static void reads_itself(lazy_ref node, void *data) {
  long value = -1;
  lazy_ref below = data;
  assert_int_equal(lazy_get(node, &value, sizeof value), LAZY_EBUSY);
  if (below) /* an outer node, whose executor is forcing this one */
    assert_int_equal(lazy_get(below, &value, sizeof value), LAZY_EBUSY);
  lazy_wait();
  assert_int_equal(lazy_run(node), LAZY_OK);
  assert_int_equal(lazy_get(node, &value, sizeof value), LAZY_OK);
  assert_int_equal(value, 5);
  value = 6;
  assert_int_equal(lazy_set(node, &value, sizeof value), LAZY_OK);
  assert_int_equal(lazy_get(node, &value, sizeof value), LAZY_OK);
  assert_int_equal(value, 6);
}

static void forces_another(lazy_ref node, void *inner) {
  assert_int_equal(lazy_set_executor(inner, reads_itself, node), LAZY_OK);
  assert_int_equal(get(inner), 6);
}

static void an_executor_never_waits_for_itself(void **state) {
  (void)state;
  lazy_ref a = open_pair(&kept, NULL, 2, NULL, 3), b = open_pair(&kept, NULL, 2, NULL, 3);
  lazy_ref c = open_pair(&kept, NULL, 4, NULL, 1);
  assert_int_equal(lazy_set_executor(a, reads_itself, NULL), LAZY_OK);
  assert_int_equal(get(a), 6);
  assert_int_equal(lazy_set_executor(c, forces_another, b), LAZY_OK);
  assert_int_equal(get(c), 5);
  lazy_release(a);
  lazy_release(b);
  lazy_release(c);
}

/* A function that asks for its own node: it has no value yet, and none can be given. */
static lazy_ref own;
static int outcomes[2];
static void asks_itself_run(void *p) {
  struct pair *x = p;
  long value = 1;
  outcomes[0] = lazy_get(own, &value, sizeof value);
  outcomes[1] = lazy_set(own, &value, sizeof value);
  x->result = x->a;
}
#define asks_itself_slots pair_slots
FUNCTION(asks_itself, struct pair, 2);
SITE(asks_itself_kept, asks_itself, KEPT, 0);

static void a_function_never_waits_for_itself(void **state) {
  (void)state;
  own = open_pair(&asks_itself_kept, NULL, 9, NULL, 0);
  assert_int_equal(get(own), 9);
  assert_int_equal(outcomes[0], LAZY_EBUSY);
  assert_int_equal(outcomes[1], LAZY_EBUSY);
  lazy_release(own);
}

/* An executor that changes another node, on which its own does not depend. */
static lazy_ref other;
static void sets_other(lazy_ref node, void *data) {
  (void)data;
  set(other, 1000);
  assert_int_equal(lazy_run(node), LAZY_OK);
}

static void an_executor_may_set_other_nodes(void **state) {
  (void)state;
  struct five f = open_five(&kept);
  other = f.a;
  assert_int_equal(get(f.e), 7);
  lazy_ref x = open_pair(&kept, NULL, 8, NULL, 9);
  assert_int_equal(lazy_set_executor(x, sets_other, NULL), LAZY_OK);
  assert_int_equal(get(x), 17);
  assert_int_equal(get(f.e), 1006);
  lazy_release(x);
  close_five(&f);
}

/* --- many nodes, many threads --- */

static void a_long_chain_is_walked_without_recursion(void **state) {
  (void)state;
  long length = SANITIZED ? 20000 : 1000000;
  lazy_ref first = open_pair(&kept, NULL, 0, NULL, 0), last = lazy_retain(first);
  for (long i = 0; i < length; i++) {
    lazy_ref next = open_pair(&kept, last, 0, NULL, 1);
    lazy_release(last);
    last = next;
  }
  assert_int_equal(get(last), length);
  set(first, 5);
  assert_int_equal(lazy_done(last), 0);
  assert_int_equal(get(last), length + 5);
  lazy_release(first);
  lazy_release(last);
}

/* A grid over two sources that a thread changes in lockstep: c = a + b, with b always a * 3 after both sets, must never
 * be seen half updated once the sets have returned. */
#define WIDTH 16
static lazy_ref source, leaves[WIDTH], root;
static _Atomic bool stop;
static _Atomic long low; /* the value of the last set that has returned */

static void *reader(void *unused) {
  (void)unused;
  while (!atomic_load(&stop)) {
    long before = atomic_load(&low), value;
    if (lazy_get(root, &value, sizeof value) != LAZY_OK || value % WIDTH != 0 || value / WIDTH < before)
      return &stop;
  }
  return NULL;
}

static void values_are_consistent_while_another_thread_sets(void **state) {
  (void)state;
  pthread_t readers[3];
  source = open_pair(&kept, NULL, 0, NULL, 0);
  lazy_ref level[WIDTH];
  for (int i = 0; i < WIDTH; i++)
    level[i] = leaves[i] = open_pair(i % 2 ? &kept : &kept_certain, source, 0, NULL, 0);
  for (int n = WIDTH; n > 1; n /= 2)
    for (int i = 0; i < n / 2; i++) {
      lazy_ref p = level[2 * i], q = level[2 * i + 1];
      level[i] = open_pair(&kept, p, 0, q, 0);
      lazy_release(p);
      lazy_release(q);
    }
  root = level[0];
  for (int i = 0; i < 3; i++)
    assert_int_equal(pthread_create(&readers[i], NULL, reader, NULL), 0);
  for (long i = 1; i <= (SANITIZED ? 300 : 3000); i++) {
    set(source, i);
    atomic_store(&low, i);
    if (i % 16 == 0)
      assert_int_equal(get(root), WIDTH * i);
  }
  atomic_store(&stop, true);
  for (int i = 0; i < 3; i++) {
    void *error;
    pthread_join(readers[i], &error);
    assert_null(error);
  }
  lazy_release(root);
  lazy_release(source);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(what_depends_on_a_change_is_computed_again_and_nothing_else, begin),
      cmocka_unit_test_setup(a_value_set_before_it_is_computed_is_not_computed, begin),
      cmocka_unit_test_setup(a_value_set_is_computed_again_once_its_inputs_change, begin),
      cmocka_unit_test_setup(a_plain_node_takes_the_value_of_the_moment, begin),
      cmocka_unit_test_setup(errors_are_reported, begin),
      cmocka_unit_test_setup(executors_compute_the_node_every_time, begin),
      cmocka_unit_test_setup(an_executor_may_come_at_any_time, begin),
      cmocka_unit_test_setup(an_executor_never_waits_for_itself, begin),
      cmocka_unit_test_setup(a_function_never_waits_for_itself, begin),
      cmocka_unit_test_setup(an_executor_may_set_other_nodes, begin),
      cmocka_unit_test_setup(a_long_chain_is_walked_without_recursion, begin),
      cmocka_unit_test_setup(values_are_consistent_while_another_thread_sets, begin),
  };
  attach();
  lazy_set_threads(3);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
