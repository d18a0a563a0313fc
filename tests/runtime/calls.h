/* calls.h - calls that read and write memory themselves, lowered by hand.
 *
 * LAZY=defer makes every call a node.  With one thread nothing runs before somebody waits for it, so that what has run,
 * and in which order, is known exactly; where results count alone, tests take more threads.
 */
#ifndef CALLS_H
#define CALLS_H

#include "lowered.h"

#include <stdatomic.h>

/* Reads `in`, reads and writes `out`; finds any change in the order of two calls that meet. */
struct work {
  const unsigned char *in;
  long in_size;
  unsigned char *out;
  long out_size;
  long y, result;
};
static const struct lazy_slot work_slots[] = {SLOT(struct work, in), SLOT(struct work, in_size), SLOT(struct work, out),
                                              SLOT(struct work, out_size), SLOT(struct work, y)};
enum { Y = 4 }; /* the argument */

static char ran[64]; /* letters of the calls, in the order in which they ended */
static _Atomic unsigned runs;

static inline void work_run(void *p) {
  struct work *x = p;
  unsigned long sum = (unsigned long)x->y;
  for (long i = 0; i < x->in_size; i++)
    sum = sum * 31 + x->in[i];
  for (long i = 0; i < x->out_size; i++)
    x->out[i] = (unsigned char)(x->out[i] * 31 + sum);
  x->result = (long)sum;
  unsigned run = runs++;
  if (run < sizeof ran - 1)
    ran[run] = (char)x->y;
}
FUNCTION(work, struct work, 5);

SITE(roomy, work, CERTAIN, 8);
SITE(narrow, work, CERTAIN, 1);
SITE(tight, work, CERTAIN, 0);
SITE(number, mix, CERTAIN, 0);

static struct lazy_scope scope;
static unsigned char bytes[64];
static unsigned refused; /* by __lazy_regions() */

static inline bool nothing_is_pending(void) {
  return scope.lo == UINTPTR_MAX && scope.hi == 0 && !scope.ring && !scope.regions;
}

static inline void forget(void) {
  memset(ran, 0, sizeof ran);
  runs = 0;
}

static inline int begin(void **state) {
  (void)state;
  attach();
  lazy_set_threads(1);
  scope = (struct lazy_scope)LAZY_SCOPE_INIT;
  memset(bytes, 0, sizeof bytes);
  forget();
  return 0;
}

static inline int end(void **state) {
  (void)state;
  __lazy_settle(&scope);
  assert_true(nothing_is_pending());
  return 0;
}

/* A call as compiled code makes it.  `y` comes from `producer`, if there is one.  The caller owns the node; NULL: it has
 * run in place. */
static inline struct lazy_node *call_in(struct lazy_site *site, struct work *work, struct lazy_node *producer,
                                        struct lazy_region *regions, uint32_t count) {
  struct lazy_node *node = __lazy_open(site);
  if (node) {
    memcpy(payload(node), work, sizeof *work);
    if (producer)
      __lazy_input(node, Y, producer, 0);
    if (__lazy_regions(&scope, node, regions, count)) {
      __lazy_start(node);
      return node;
    }
    assert_true(nothing_is_pending());
    __lazy_release(node);
    refused++;
  } else {
    __lazy_touch_regions(&scope, regions, count);
  }
  if (producer)
    work->y = force_long(producer);
  work_run(work);
  return NULL;
}

static inline struct lazy_node *call(struct lazy_site *site, char name, const void *in, long in_size, void *out,
                                     long out_size) {
  struct work work = {in, in_size, out, out_size, name, 0};
  struct lazy_region regions[] = {{in, in_size, LAZY_READS, 0, 0, NULL},
                                  {out, out_size, LAZY_READS | LAZY_WRITES, 0, 0, NULL}};
  return call_in(site, &work, NULL, regions, 2);
}

static inline void reads(char name, const void *p, long size) { __lazy_release(call(&roomy, name, p, size, NULL, 0)); }
static inline void writes(char name, void *p, long size) { __lazy_release(call(&roomy, name, NULL, 0, p, size)); }

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif /* CALLS_H */
