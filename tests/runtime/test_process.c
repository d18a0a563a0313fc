/* test_process.c - what a process does besides computing: threads end and are cancelled while nodes are about. */
#include "lowered.h"

#include <stdatomic.h>

struct slow {
  long microseconds, result;
};
static const struct lazy_slot slow_slots[] = {SLOT(struct slow, microseconds)};
static _Atomic int begun;
/* sleeps, and so may be cancelled anywhere */
static void slow_run(void *p) {
  struct slow *x = p;
  begun++;
  usleep((useconds_t)x->microseconds);
  x->result = x->microseconds;
}
FUNCTION(slow, struct slow, 1);
SITE(slow_certain, slow, CERTAIN, 0);
SITE(slow_maybe, slow, MAYBE, 0);

static struct lazy_node *open_slow(struct lazy_site *site, long microseconds) {
  struct lazy_node *node = __lazy_open(site);
  if (node) {
    ((struct slow *)payload(node))->microseconds = microseconds;
    __lazy_start(node);
  }
  return node;
}

/* --- cancellation --- */

#define VICTIMS 4
static struct lazy_node *shared[VICTIMS];

static void *forces_for_ever(void *number) {
  uintptr_t i = (uintptr_t)number;
  take_long(shared[i]);
  for (;;) {
    struct lazy_node *node = open_slow(i % 2 ? &slow_maybe : &slow_certain, 300);
    if (node)
      take_long(node);
    pthread_testcancel();
  }
}

static void cancelled(void) {
  pthread_t threads[VICTIMS];
  attach();
  for (int round = 0; round < (SANITIZED ? 5 : 20); round++) {
    int before = begun;
    for (uintptr_t i = 0; i < VICTIMS; i++) {
      while (!(shared[i] = open_slow(&slow_maybe, 500)))
        ;
      __lazy_retain(shared[i]);
      CHECK(pthread_create(&threads[i], NULL, forces_for_ever, (void *)i) == 0);
    }
    while (begun < before + 2)
      usleep(10);
    usleep((useconds_t)round * 100);
    for (int i = 0; i < VICTIMS; i++)
      CHECK(pthread_cancel(threads[i]) == 0);
    for (int i = 0; i < VICTIMS; i++) /* whoever was at it when the request came has finished it */
      CHECK(take_long(shared[i]) == 500);
    for (int i = 0; i < VICTIMS; i++) {
      void *value;
      CHECK(pthread_join(threads[i], &value) == 0 && value == PTHREAD_CANCELED);
    }
  }
  lazy_wait();
}

static void a_thread_is_not_cancelled_in_the_middle_of_a_node(void **state) {
  (void)state;
  assert_int_equal(in_child(cancelled, "OMP_NUM_THREADS=1"), 0);
  assert_int_equal(in_child(cancelled, "OMP_NUM_THREADS=3"), 0);
  assert_int_equal(in_child(cancelled, "OMP_NUM_THREADS=3 LAZY=defer"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_thread_is_not_cancelled_in_the_middle_of_a_node),
  };
  unsetenv("LAZY");
  return cmocka_run_group_tests(tests, NULL, NULL);
}
