/* test_threads.c - many threads: fork and join, oversubscription, user threads, resizing, exit, fork, and want. */
#include "lowered.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TSAN 1
#endif
#endif
#ifndef TSAN
#define TSAN 0
#endif

/* --- fib, forking at every level --- */

struct fib {
  int n;
  long result;
};
static long fib(int n);
static const struct lazy_slot fib_slots[] = {SLOT(struct fib, n)};
static void fib_run(void *p) {
  struct fib *x = p;
  x->result = fib(x->n);
}
FUNCTION(fib, struct fib, 1);
SITE(fib_certain, fib, CERTAIN, 0);

static long fib(int n) {
  if (n < 2)
    return n;
  struct lazy_node *node = __lazy_open(&fib_certain);
  long left = 0;
  if (node) {
    ((struct fib *)payload(node))->n = n - 1;
    __lazy_start(node);
  } else {
    left = fib(n - 1);
  }
  long right = fib(n - 2);
  if (node) {
    left = *(long *)__lazy_force(node);
    __lazy_release(node);
  }
  return left + right;
}

static void fork_and_join(void) { CHECK(fib(SANITIZED ? 20 : 27) == (SANITIZED ? 6765 : 196418)); }

static void attach_and_fork(void) {
  attach();
  fork_and_join();
}

static void recursion_is_right_with_any_number_of_threads(void **state) {
  (void)state;
  assert_int_equal(in_child(attach_and_fork, "OMP_NUM_THREADS=1"), 0);
  assert_int_equal(in_child(attach_and_fork, "OMP_NUM_THREADS=2"), 0);
  assert_int_equal(in_child(attach_and_fork, "OMP_NUM_THREADS=8"), 0);
  assert_int_equal(in_child(attach_and_fork, "OMP_NUM_THREADS=64"), 0);
  assert_int_equal(in_child(attach_and_fork, "OMP_NUM_THREADS=1 LAZY=defer"), 0);
  assert_int_equal(in_child(attach_and_fork, "OMP_NUM_THREADS=8 LAZY=defer"), 0);
}

static void *fork_and_join_here(void *unused) {
  (void)unused;
  fork_and_join();
  return NULL;
}

/* Half of the stack is gone at once, so waiting hands help only with what they wait for. */
static void on_a_tiny_stack(void) {
  pthread_attr_t attributes;
  pthread_t threads[4];
  attach();
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, (size_t)(SANITIZED ? 256 : 32) << 10);
  for (int i = 0; i < 4; i++)
    CHECK(pthread_create(&threads[i], &attributes, fork_and_join_here, NULL) == 0);
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
}

static void little_stack_is_enough(void **state) {
  (void)state;
  assert_int_equal(in_child(on_a_tiny_stack, "OMP_NUM_THREADS=4"), 0);
  assert_int_equal(in_child(on_a_tiny_stack, "OMP_NUM_THREADS=4 LAZY=defer"), 0);
}

/* --- threads of the program --- */

SITE(maybe, mix, MAYBE, 2);
SITE(certain, mix, CERTAIN, 2);

#define SHARED 500
#define THREADS 8
static struct lazy_node *shared[SHARED];
static long expected[SHARED];

static void make_shared(void) {
  for (int i = 0; i < SHARED; i++) {
    int p = i - 1 - i % 7, q = i - 1 - i % 31;
    long a = p >= 0 ? expected[p] : i, b = q >= 0 ? expected[q] : i;
    expected[i] = mix(a, b);
    struct lazy_node *from = p >= 0 ? shared[p] : NULL, *other = q >= 0 ? shared[q] : NULL;
    shared[i] = i % 3 ? NULL : open_pair(&certain, from, a, other, b);
    if (!shared[i]) /* all are wanted as nodes here */
      shared[i] = open_pair(&maybe, from, a, other, b);
  }
}

static void *force_shared(void *number) {
  uint32_t seed = (uint32_t)(uintptr_t)number;
  for (int i = 0; i < SHARED; i++) {
    seed = seed * 1664525u + 1013904223u;
    uint32_t k = (seed >> 8) % SHARED;
    struct lazy_node *node = __lazy_retain(shared[k]);
    CHECK(take_long(node) == expected[k]);
    if (i % 50 == 0)
      CHECK(fib(10) == 55);
  }
  return NULL;
}

static void many_threads_share(void) {
  pthread_t threads[THREADS];
  attach();
  for (int round = 0; round < (SANITIZED ? 10 : 100); round++) {
    make_shared();
    for (uintptr_t i = 0; i < THREADS; i++)
      CHECK(pthread_create(&threads[i], NULL, force_shared, (void *)(i + (uintptr_t)round * THREADS)) == 0);
    for (int i = 0; i < THREADS; i++)
      pthread_join(threads[i], NULL);
    for (int i = 0; i < SHARED; i++)
      __lazy_release(shared[i]);
  }
}

static void threads_of_the_program_force_the_same_nodes(void **state) {
  (void)state;
  assert_int_equal(in_child(many_threads_share, "OMP_NUM_THREADS=1"), 0);
  assert_int_equal(in_child(many_threads_share, "OMP_NUM_THREADS=2"), 0);
  assert_int_equal(in_child(many_threads_share, "OMP_NUM_THREADS=8"), 0);
  assert_int_equal(in_child(many_threads_share, "OMP_NUM_THREADS=4 LAZY=defer"), 0);
}

/* A thread starts certain work and never comes back to it; another needs it. */
static void *start_and_leave(void *unused) {
  (void)unused;
  make_shared();
  return NULL;
}

static void abandoned(void) {
  pthread_t thread;
  attach();
  for (int round = 0; round < 20; round++) {
    CHECK(pthread_create(&thread, NULL, start_and_leave, NULL) == 0);
    pthread_join(thread, NULL);
    CHECK(force_long(shared[SHARED - 1]) == expected[SHARED - 1]);
    for (int i = 0; i < SHARED; i++)
      __lazy_release(shared[i]);
    lazy_wait();
  }
}

static void work_outlives_the_thread_that_started_it(void **state) {
  (void)state;
  assert_int_equal(in_child(abandoned, "OMP_NUM_THREADS=2"), 0);
  assert_int_equal(in_child(abandoned, "OMP_NUM_THREADS=1 LAZY=defer"), 0);
}

/* --- resizing --- */

static void *resize(void *stop) {
  static const int sizes[] = {3, 1, 8, 2, 16, 5, 1, 4};
  for (unsigned i = 0; !atomic_load((_Atomic bool *)stop); i++) {
    CHECK(lazy_set_threads(sizes[i % 8]) == LAZY_OK);
    usleep(2000);
  }
  return NULL;
}

static void resized(void) {
  static _Atomic bool stop;
  pthread_t thread;
  attach();
  CHECK(pthread_create(&thread, NULL, resize, &stop) == 0);
  for (int i = 0; i < 20; i++)
    fork_and_join();
  atomic_store(&stop, true);
  pthread_join(thread, NULL);
}

static void the_number_of_threads_may_change_at_any_time(void **state) {
  (void)state;
  assert_int_equal(in_child(resized, "OMP_NUM_THREADS=2"), 0);
}

/* --- the end --- */

static struct lazy_node *slow_node(void);

struct slow {
  long milliseconds, result;
};
static const struct lazy_slot slow_slots[] = {SLOT(struct slow, milliseconds)};
static _Atomic int begun;
static void slow_run(void *p) {
  struct slow *x = p;
  begun++;
  for (long i = 0; i < x->milliseconds; i++)
    usleep(1000);
  x->result = x->milliseconds;
}
FUNCTION(slow, struct slow, 1);
SITE(slow_certain, slow, CERTAIN, 0);

static struct lazy_node *slow_node(void) {
  struct lazy_node *node = __lazy_open(&slow_certain);
  CHECK(node);
  ((struct slow *)payload(node))->milliseconds = 1000000;
  __lazy_start(node);
  return node;
}

static void exit_while_running(void) {
  attach();
  slow_node();
  slow_node();
  while (begun == 0)
    usleep(100);
  exit(0);
}

static void exit_while_pending(void) {
  attach();
  fork_and_join();
  make_shared();
  exit(0);
}

static void *exit_here(void *unused) {
  (void)unused;
  exit_while_pending();
  return NULL;
}

static void exit_from_thread(void) {
  pthread_t thread;
  attach();
  pthread_create(&thread, NULL, exit_here, NULL);
  pthread_join(thread, NULL);
}

static void exit_at_once(void) {
  attach();
  __lazy_release(open_pair(&certain, NULL, 1, NULL, 2)); /* the team is just starting */
  exit(0);
}

static void the_process_ends_whatever_is_under_way(void **state) {
  (void)state;
  for (int i = 0; i < (SANITIZED ? 2 : 10); i++) {
    assert_int_equal(in_child(exit_while_running, "OMP_NUM_THREADS=2"), 0);
    assert_int_equal(in_child(exit_while_running, "OMP_NUM_THREADS=6"), 0);
    assert_int_equal(in_child(exit_while_pending, "OMP_NUM_THREADS=4"), 0);
    assert_int_equal(in_child(exit_from_thread, "OMP_NUM_THREADS=4"), 0);
    assert_int_equal(in_child(exit_at_once, "OMP_NUM_THREADS=4"), 0);
  }
}

static void forks(void) {
  attach();
  fork_and_join();
  for (int i = 0; i < 10; i++) {
    make_shared();
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
      if (i % 3 == 0)
        _exit(0);
      for (int k = 0; k < SHARED; k++)
        CHECK(take_long(shared[k]) == expected[k]);
      fork_and_join();
      exit(0);
    }
    for (int k = 0; k < SHARED; k++)
      CHECK(take_long(shared[k]) == expected[k]);
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  fork_and_join();
}

static void parent_and_child_of_a_fork_both_go_on(void **state) {
  (void)state;
  assert_int_equal(in_child(forks, "OMP_NUM_THREADS=1"), 0);
  if (TSAN)
    skip(); /* it does not let the child of a threaded process start threads */
  assert_int_equal(in_child(forks, "OMP_NUM_THREADS=2"), 0);
  assert_int_equal(in_child(forks, "OMP_NUM_THREADS=5"), 0);
}

/* --- signals --- */

static _Atomic int signals, elsewhere;
static pid_t main_thread;

static void on_alarm(int number) {
  (void)number;
  signals++;
  if ((pid_t)syscall(SYS_gettid) != main_thread)
    elsewhere++;
}

static void with_signals(void) {
  struct sigaction action = {.sa_handler = on_alarm};
  main_thread = (pid_t)syscall(SYS_gettid);
  sigaction(SIGUSR1, &action, NULL);
  attach();
  for (int i = 0; i < 50; i++) {
    fib(15);
    kill(getpid(), SIGUSR1);
  }
  CHECK(signals > 0 && elsewhere == 0);
}

static void handlers_run_on_the_programs_threads(void **state) {
  (void)state;
  assert_int_equal(in_child(with_signals, "OMP_NUM_THREADS=4"), 0);
}

/* --- want --- */

static void limit_memory(size_t more) {
  long pages;
  FILE *file = fopen("/proc/self/statm", "r");
  CHECK(file && fscanf(file, "%ld", &pages) == 1);
  fclose(file);
  struct rlimit limit = {(size_t)pages * 4096 + more, RLIM_INFINITY};
  CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
}

static void without_threads(void) {
  attach();
  limit_memory((size_t)4 << 20); /* less than one stack */
  for (int i = 0; i < 3; i++)
    CHECK(fib(20) == 6765);
  CHECK(lazy_threads() == 1 && module.mode == LAZY_MODE_DEFER);
  CHECK(lazy_set_threads(4) == LAZY_ENOTHREADS && lazy_threads() == 1);
}

static void with_few_threads(void) {
  attach();
  limit_memory((size_t)100 << 20);
  CHECK(lazy_set_threads(100) == LAZY_ENOTHREADS);
  CHECK(fib(20) == 6765);
}

static void without_memory(void) {
  struct lazy_node *last = NULL;
  long value = 0, refused = 0;
  attach();
  __lazy_release(open_pair(&maybe, NULL, 0, NULL, 0));
  limit_memory((size_t)8 << 20);
  for (long i = 0; i < 200000; i++) {
    struct lazy_node *node = open_pair(&maybe, last, value, NULL, i);
    if (!node) {
      value = mix(last ? force_long(last) : value, i);
      refused++;
    }
    __lazy_release(last);
    last = node;
  }
  if (last)
    value = take_long(last);
  CHECK(refused > 0);
  long plain = 0;
  for (long i = 0; i < 200000; i++)
    plain = mix(plain, i);
  CHECK(value == plain);
}

static void without_threads_or_memory_the_program_is_serial(void **state) {
  (void)state;
  if (SANITIZED)
    skip(); /* their shadow does not fit within the limit */
  assert_int_equal(in_child(without_threads, "OMP_NUM_THREADS=4"), 0);
  assert_int_equal(in_child(with_few_threads, "OMP_NUM_THREADS=2"), 0);
  assert_int_equal(in_child(without_memory, "OMP_NUM_THREADS=2"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(recursion_is_right_with_any_number_of_threads),
      cmocka_unit_test(little_stack_is_enough),
      cmocka_unit_test(threads_of_the_program_force_the_same_nodes),
      cmocka_unit_test(work_outlives_the_thread_that_started_it),
      cmocka_unit_test(the_number_of_threads_may_change_at_any_time),
      cmocka_unit_test(the_process_ends_whatever_is_under_way),
      cmocka_unit_test(parent_and_child_of_a_fork_both_go_on),
      cmocka_unit_test(handlers_run_on_the_programs_threads),
      cmocka_unit_test(without_threads_or_memory_the_program_is_serial),
  };
  unsetenv("LAZY");
  return cmocka_run_group_tests(tests, NULL, NULL);
}
