/* test_chain.c - graphs of ten million nodes, on a stack of 128 KiB: demanding, running, dropping never recurse. */
#include "lowered.h"

#define MANY (SANITIZED ? 100000L : 10000000L)
#define FEWER (SANITIZED ? 20000L : 1000000L)
#define STACK ((size_t)128 << 10)

SITE(maybe, add, MAYBE, 2);
SITE(certain, add, CERTAIN, 2);

/* As compiled code does it: a refused call runs in place. */
static struct lazy_node *chain(struct lazy_site *site, long length, long *value) {
  struct lazy_node *last = NULL;
  *value = 0;
  for (long i = 0; i < length; i++) {
    struct lazy_node *node = open_pair(site, last, *value, NULL, 1);
    if (!node) {
      if (last)
        *value = force_long(last);
      *value += 1;
    }
    __lazy_release(last);
    last = node;
  }
  return last;
}

static long count;

static void forced_chain(struct lazy_site *site) {
  long value;
  struct lazy_node *last = chain(site, count, &value);
  CHECK((last ? take_long(last) : value) == count);
}

static void dropped_chain(void) {
  long value;
  __lazy_release(chain(&maybe, count, &value));
}

static void tree(void) {
  long width = count / 2, total = 0;
  struct lazy_node **nodes = malloc((size_t)width * sizeof *nodes);
  for (long i = 0; i < width; i++) {
    nodes[i] = open_pair(&maybe, NULL, i, NULL, 0);
    total += i;
  }
  for (long n = width; n > 1; n = (n + 1) / 2) {
    for (long i = 0; i < n / 2; i++) {
      struct lazy_node *p = nodes[2 * i], *q = nodes[2 * i + 1];
      nodes[i] = open_pair(&maybe, p, 0, q, 0);
      __lazy_release(p);
      __lazy_release(q);
    }
    if (n % 2)
      nodes[n / 2] = nodes[n - 1];
  }
  CHECK(take_long(nodes[0]) == total);
  free(nodes);
}

/* One producer of very many: its list of consumers. */
static void fan(void) {
  struct lazy_node *root = open_pair(&maybe, NULL, 1, NULL, 2), **nodes = malloc((size_t)count / 10 * sizeof *nodes);
  for (long i = 0; i < count / 10; i++)
    nodes[i] = open_pair(&maybe, root, 0, NULL, i);
  __lazy_release(root);
  for (long i = 0; i < count / 10; i++)
    CHECK(take_long(nodes[i]) == 3 + i);
  free(nodes);
}

static void *all(void *unused) {
  (void)unused;
  forced_chain(&maybe);
  forced_chain(&certain);
  dropped_chain();
  tree();
  fan();
  return NULL;
}

static void on_a_small_stack(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  attach();
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK * (SANITIZED ? 4 : 1));
  CHECK(pthread_create(&thread, &attributes, all, NULL) == 0);
  pthread_join(thread, NULL);
}

static void one_thread(void **state) {
  (void)state;
  count = MANY;
  assert_int_equal(in_child(on_a_small_stack, "OMP_NUM_THREADS=1"), 0);
}

static void two_threads(void **state) {
  (void)state;
  count = FEWER;
  assert_int_equal(in_child(on_a_small_stack, "OMP_NUM_THREADS=2"), 0);
}

static void everything_deferred(void **state) {
  (void)state;
  count = MANY;
  assert_int_equal(in_child(on_a_small_stack, "OMP_NUM_THREADS=1 LAZY=defer"), 0);
  count = FEWER;
  assert_int_equal(in_child(on_a_small_stack, "OMP_NUM_THREADS=3 LAZY=defer"), 0);
}

static void few_may_be_pending(void **state) {
  (void)state;
  count = FEWER;
  assert_int_equal(in_child(on_a_small_stack, "OMP_NUM_THREADS=2 LAZY=defer LAZY_MAX_PENDING=1"), 0);
  assert_int_equal(in_child(on_a_small_stack, "OMP_NUM_THREADS=2 LAZY_MAX_PENDING=100"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_thread),
      cmocka_unit_test(two_threads),
      cmocka_unit_test(everything_deferred),
      cmocka_unit_test(few_may_be_pending),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
