/* lowered.h - programs as the compiler would lower them, by hand: descriptors, sites, and the dance of a call.
 *
 *     LOWER(add, double, double, double) { return a + b; }
 *
 * would hide what is tested, so everything is spelt out: a payload struct, a thunk, a descriptor, sites.
 */
#ifndef LOWERED_H
#define LOWERED_H

#include <lazy/abi.h>
#include <lazy/lazy.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* What libomp, which is not instrumented, leaves behind at exit is not the runtime's; nor, in the child of a fork, what
 * dlsym() keeps for threads that are not there. */
const char *__lsan_default_suppressions(void);
__attribute__((used)) const char *__lsan_default_suppressions(void) { return "leak:libomp.so\nleak:_dlerror_run\n"; }
const char *__tsan_default_suppressions(void);
/* libomp initialises the mutexes of threads it takes from one team into the next while it may look at them. */
__attribute__((used)) const char *__tsan_default_suppressions(void) {
  return "thread:libomp.so\nrace:pthread_mutex_lock\n";
}

#define MAYBE 0
#define CERTAIN LAZY_SITE_CERTAIN
#define KEPT LAZY_SITE_KEPT

/* The payload of a node. */
static inline void *payload(struct lazy_node *node) { return (char *)node + LAZY_NODE_PAYLOAD; }

#define SLOT(type, field) {offsetof(type, field), sizeof(((type *)0)->field)}

/* Every function here has the slots of its arguments first and that of its result last. */
#define FUNCTION(id, type, count)                                                                                      \
  static const struct lazy_function id##_function = {                                                                  \
      #id,    id##_run, id##_slots, count, sizeof(type), {offsetof(type, result), sizeof(((type *)0)->result)},        \
      {0, 0}, NULL,     NULL,       0,     NULL,         NULL}

#define SITE(id, function, flags, inputs)                                                                              \
  static struct lazy_site id = {&function##_function, __FILE__, __LINE__, 1, flags, inputs, 0, 0, 0, 0}

/* --- long f(long a, long b) of several kinds --- */

struct pair {
  long a, b, result;
};
static const struct lazy_slot pair_slots[] = {SLOT(struct pair, a), SLOT(struct pair, b)};
#define add_slots pair_slots
#define mix_slots pair_slots

static inline long add(long a, long b) { return a + b; }
static inline void add_run(void *p) {
  struct pair *x = p;
  x->result = add(x->a, x->b);
}
FUNCTION(add, struct pair, 2);

/* Neither commutative nor associative: finds inputs that were swapped or taken from elsewhere. */
static inline long mix(long a, long b) {
  unsigned long x = (unsigned long)a * 0x9e3779b97f4a7c15u ^ (unsigned long)b * 0xc2b2ae3d27d4eb4fu;
  x ^= x >> 29;
  return (long)(x * 0xbf58476d1ce4e5b9u + 7);
}
static inline void mix_run(void *p) {
  struct pair *x = p;
  x->result = mix(x->a, x->b);
}
FUNCTION(mix, struct pair, 2);

/* A pair node; `p` and `q` are producers or NULL, then `a` and `b` are the values. */
static inline struct lazy_node *open_pair(struct lazy_site *site, struct lazy_node *p, long a, struct lazy_node *q,
                                          long b) {
  struct lazy_node *node = __lazy_open(site);
  if (!node)
    return NULL;
  struct pair *x = payload(node);
  if (p)
    __lazy_input(node, 0, p, 0);
  else
    x->a = a;
  if (q)
    __lazy_input(node, 1, q, 0);
  else
    x->b = b;
  __lazy_start(node);
  return node;
}

static inline long force_long(struct lazy_node *node) { return *(long *)__lazy_force(node); }

static inline long take_long(struct lazy_node *node) {
  long value = force_long(node);
  __lazy_release(node);
  return value;
}

/* Work that no compiler removes. */
static inline void spin(unsigned rounds) {
  for (volatile unsigned i = 0; i < rounds; i++)
    ;
}

/* --- modules --- */

static struct lazy_module module = {LAZY_ABI_VERSION, 0, __FILE__, "by hand", NULL, NULL, 0, 0};

/* The environment is read at the first attach, so a test that sets it runs in a process of its own. */
static inline void attach(void) {
  static bool attached;
  if (!attached)
    __lazy_attach(&module);
  attached = true;
}

/* What the last child wrote on its standard error output. */
static char said[8192];

static inline void read_all(int from) {
  size_t used = 0;
  ssize_t got;
  while (used < sizeof said - 1 && (got = read(from, said + used, sizeof said - 1 - used)) > 0)
    used += (size_t)got;
  said[used] = '\0';
}

/* Runs `test` in a child that begins with `variables` ("A=1 B=2") set; its exit status, or -signal.  Meant for tests
 * whose own process has not touched the runtime, so that the child is the first to. */
static inline int in_child(void (*test)(void), const char *variables) {
  int ends[2], status;
  fflush(NULL);
  assert_int_equal(pipe(ends), 0);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    char text[256];
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    snprintf(text, sizeof text, "%s", variables);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
      char *value = strchr(word, '=');
      *value++ = '\0';
      setenv(word, value, 1);
    }
    test();
    exit(0);
  }
  close(ends[1]);
  read_all(ends[0]);
  close(ends[0]);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  if (status)
    fputs(said, stderr);
  return status;
}

/* In a child: cmocka's assertions would jump into the parent's frames. */
#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                  \
      _exit(99);                                                                                                       \
    }                                                                                                                  \
  } while (0)

#endif /* LOWERED_H */
