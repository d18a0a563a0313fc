/* keep.c - lazy_get, lazy_set, lazy_changed, executors: nodes whose values may change.
 *
 * 1. Time is counted in epochs; every lazy_set() begins one, and so does every lazy_changed().  A node's stamp is the
 *    last epoch in which it, or anything it depends on, memory too (reads.c), was set or changed.  Its value is fresh
 *    as of an epoch if it is what computing it from the values of that epoch gives.
 * 2. Changes are not pushed to dependents but pulled: before a kept node's value is used, the stamps of all it depends
 *    on are brought up to date, inputs first.  A node that is done is stale if an input's stamp, or the last change of
 *    memory that it reads, is later than its value is fresh; it is undone, that is, becomes OPEN again, and is computed
 *    again like any other node.
 * 3. A run is as fresh as the least fresh of the inputs it copied.  So a value computed from what was being changed at
 *    that very moment is found stale the next time.
 * 4. Values of kept nodes change, and are copied, under one mutex.  A consumer that finds an input undone when it
 *    comes to copy it goes back to waiting (graph.c).
 * 5. The walk over the inputs keeps its path in the nodes, so it takes constant stack.
 * 6. The program's writes wait for a node that reads memory (regions.c) until it is computed for the first time.  After
 *    that none does, so it must be computed again while somebody waits for what depends on it, not beside the program.
 *    Therefore from the first change on, of memory or while such nodes exist, no kept node starts before its value is
 *    wanted, but for those without inputs; and the first lazy_changed() waits for what has started.
 *
 * Sound: what lazy_get() returns was computed from one state of its inputs, not older than the last lazy_set() that
 * came before it.  A thread that runs a node is never made to wait for it.  Given up: speed; a set costs the next use a
 * walk over all that is depended on.  What had started before the first lazy_set(), or before a first lazy_changed() in
 * an executor, may still compute such a node again beside the program (6).
 */
#include "keep.h"

#include "graph.h"
#include "hands.h"
#include "overflow.h"
#include "reads.h"
#include "record.h"
#include "schedule.h"
#include "stats.h"

#include <lazy/lazy.h>
#include <pthread.h>
#include <string.h>

enum phase {
  NOT_BEGUN,
  EXECUTOR, /* the executor has it: a value may be given from any thread */
  FUNCTION, /* the function is writing the result */
  FINISHED
};

/* Invariants, under the mutex
 *   fresh <= epoch, stamp <= epoch, checked <= epoch
 *   the node is valid  <=>  it is done and fresh == epoch
 *   checked == epoch    =>  stamp is up to date
 *   given               =>  not done, and the result is there */
struct kept {
  _Atomic uint64_t fresh;
  uint64_t stamp, checked, set_at;
  struct lz_reads *reads; /* NULL: no memory */
  lazy_executor *executor;
  void *data;
  struct lazy_node *parent; /* the walk's path back */
  uint32_t cursor;          /* the walk's next input */
  enum phase phase;
  bool given;            /* lazy_set() before the run: the run has nothing to do */
  bool supplied;         /* the executor has given the node its value */
  _Atomic bool computed; /* it has been done, and may have been undone */
  pthread_t runner;
};

enum { WAIT = 1 }; /* neither done nor failed: another thread is at it */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static _Atomic uint64_t epoch = 1;
static uint64_t readers;    /* nodes that read memory */
static _Atomic bool pulled; /* step 6 */

static size_t kept_at(const struct lazy_site *site) {
  return lz_edges_at(site) + site->inputs * sizeof(struct lz_edge);
}

static struct kept *kept_of(struct lazy_node *node) {
  return (struct kept *)((char *)node + kept_at(node->site));
}

size_t lz_kept_size(const struct lazy_site *site) {
  return site->flags & LAZY_SITE_KEPT ? sizeof(struct kept) : 0;
}

void lz_keep_open(struct lazy_node *node) {
  *kept_of(node) = (struct kept){0};
}

void lz_keep_close(struct lazy_node *node) {
  struct lz_reads *reads = kept_of(node)->reads;
  if (!reads)
    return;
  lz_keep_lock();
  readers--;
  lz_reads_free(reads);
  lz_keep_unlock();
}

void lz_keep_lock(void) {
  pthread_mutex_lock(&mutex);
}

void lz_keep_unlock(void) {
  pthread_mutex_unlock(&mutex);
}

/* --- validity --- */

/* Back to before it was demanded.  `consumers` last: who finds it empty registers, then demands, and must find OPEN. */
static void undo(struct lazy_node *node) {
  struct lz_hand *hand = lz_hand();
  kept_of(node)->phase = NOT_BEGUN;
  lz_overflow_remove(hand, node);
  lz_count(hand, LZ_OPENED);
  if (lz_is_recorded(node))
    lz_record_node(hand, node, LZ_UNDONE);
  LZ_STORE(&node->state, LZ_OPEN, release);
  LZ_STORE(&node->consumers, NULL, release);
}

/* Brings stamp and validity of one node up to date, whose inputs are. */
static void judge(struct lazy_node *node, uint64_t now) {
  struct kept *kept = kept_of(node);
  struct lz_edge *edges = lz_edges(node);
  uint64_t latest = lz_reads_changed_at(kept->reads);
  for (uint32_t i = 0; i < node->inputs; i++) {
    struct lazy_node *producer = edges[i].producer;
    if (lz_is_kept(producer) && kept_of(producer)->stamp > latest)
      latest = kept_of(producer)->stamp;
  }
  kept->stamp = latest > kept->set_at ? latest : kept->set_at;
  kept->checked = now;
  if (!lz_is_done(node))
    return;
  if (latest > LZ_LOAD(&kept->fresh, relaxed))
    undo(node);
  else
    LZ_STORE(&kept->fresh, now, release);
}

static bool is_judged(struct lazy_node *node, uint64_t now) {
  struct kept *kept = kept_of(node);
  return kept->checked == now && (!lz_is_done(node) || LZ_LOAD(&kept->fresh, relaxed) == now);
}

static void walk(struct lazy_node *root) {
  uint64_t now = LZ_LOAD(&epoch, relaxed);
  struct lazy_node *node = root;
  kept_of(root)->parent = NULL;
  kept_of(root)->cursor = 0;
  while (node) {
    struct kept *kept = kept_of(node);
    if (!is_judged(node, now) && kept->cursor < node->inputs) {
      struct lazy_node *producer = lz_edges(node)[kept->cursor++].producer;
      if (lz_is_kept(producer) && !is_judged(producer, now)) {
        kept_of(producer)->parent = node;
        kept_of(producer)->cursor = 0;
        node = producer;
      }
    } else {
      if (!is_judged(node, now))
        judge(node, now);
      node = kept->parent;
    }
  }
}

static bool valid_now(struct lazy_node *node) {
  /* acquire: pairs with judge() */
  return lz_is_done(node) && LZ_LOAD(&kept_of(node)->fresh, acquire) == LZ_LOAD(&epoch, acquire);
}

void lz_keep_validate(struct lazy_node *node) {
  if (valid_now(node))
    return;
  lz_keep_lock();
  walk(node);
  lz_keep_unlock();
}

bool lz_keep_valid(struct lazy_node *node) {
  lz_keep_validate(node);
  return valid_now(node);
}

bool lz_keep_computed(const struct lazy_node *node) {
  /* acquire: pairs with lz_keep_run(), for the program is about to write what the run has read */
  return LZ_LOAD(&kept_of((struct lazy_node *)node)->computed, acquire);
}

bool lz_keep_starts(const struct lazy_node *node) {
  return node->inputs == 0 || !LZ_LOAD(&pulled, relaxed);
}

LZ_PUBLIC void __lazy_reads(struct lazy_node *node, const struct lazy_region *regions, uint32_t count) {
  lz_keep_lock();
  readers++;
  kept_of(node)->reads = lz_reads_new(regions, count);
  lz_keep_unlock();
}

/* --- runs --- */

bool lz_keep_lock_inputs(struct lazy_node *node) {
  struct lz_edge *edges = lz_edges(node);
  lz_keep_lock();
  uint64_t fresh = LZ_LOAD(&epoch, relaxed);
  for (uint32_t i = 0; i < node->inputs; i++) {
    struct lazy_node *producer = edges[i].producer;
    if (!lz_is_kept(producer))
      continue;
    if (!lz_is_done(producer)) {
      lz_keep_unlock();
      return false;
    }
    if (LZ_LOAD(&kept_of(producer)->fresh, relaxed) < fresh)
      fresh = LZ_LOAD(&kept_of(producer)->fresh, relaxed);
  }
  if (lz_is_kept(node) && !kept_of(node)->given)
    LZ_STORE(&kept_of(node)->fresh, fresh, relaxed);
  return true;
}

void lz_keep_unlock_inputs(void) {
  lz_keep_unlock();
}

static void set_phase(struct kept *kept, enum phase phase) {
  lz_keep_lock();
  kept->phase = phase;
  if (phase == FINISHED)
    LZ_STORE(&kept->computed, true, release);
  lz_keep_unlock();
}

void lz_keep_run(struct lazy_node *node) {
  struct kept *kept = kept_of(node);
  lz_keep_lock();
  lazy_executor *executor = kept->executor;
  void *data = kept->data;
  bool given = kept->given;
  kept->given = kept->supplied = false;
  kept->phase = given ? FINISHED : executor ? EXECUTOR : FUNCTION;
  if (given)
    LZ_STORE(&kept->computed, true, release);
  kept->runner = pthread_self();
  if (node->inputs == 0 && !given)
    LZ_STORE(&kept->fresh, LZ_LOAD(&epoch, relaxed), relaxed);
  lz_keep_unlock();
  if (given)
    return;
  if (executor) {
    executor(node, data);
    set_phase(kept, FUNCTION);
  }
  if (!kept->supplied) /* nobody changes it in this phase */
    node->site->function->run(lz_payload(node));
  set_phase(kept, FINISHED);
}

/* --- the explicit API --- */

LZ_PUBLIC int lazy_done(lazy_ref node) {
  if (!node)
    return 1;
  return lz_is_kept(node) ? lz_keep_valid(node) : lz_is_done(node);
}

/* Under the mutex: is the calling thread in the middle of running the node? */
static bool runs_here(const struct kept *kept) {
  return (kept->phase == EXECUTOR || kept->phase == FUNCTION) && pthread_equal(kept->runner, pthread_self());
}

/* Under the mutex.  An executor that has given its node a value may look at it. */
static int read_value(struct lazy_node *node, void *value, size_t size) {
  struct kept *kept = kept_of(node);
  walk(node);
  bool here = runs_here(kept);
  if (!lz_is_done(node) && !(here && kept->supplied))
    return here ? LAZY_EBUSY : WAIT;
  memcpy(value, lz_result(node), size);
  return LAZY_OK;
}

LZ_PUBLIC int lazy_get(lazy_ref node, void *value, size_t size) {
  if (!node)
    return LAZY_ENOHANDLE;
  if (size != node->site->function->result.size)
    return LAZY_ESIZE;
  if (!lz_is_kept(node)) {
    memcpy(value, __lazy_force(node), size);
    return LAZY_OK;
  }
  for (;;) {
    lz_keep_lock();
    int outcome = read_value(node, value, size);
    lz_keep_unlock();
    if (outcome != WAIT)
      return outcome;
    lz_wait_for(lz_hand(), node);
  }
}

static void begin_epoch(struct kept *kept) {
  uint64_t now = LZ_LOAD(&epoch, relaxed) + 1;
  if (readers > 0)
    LZ_STORE(&pulled, true, relaxed);
  kept->set_at = now;
  LZ_STORE(&kept->fresh, now, relaxed);
  LZ_STORE(&epoch, now, release);
}

/* Under the mutex.  `completed`: it had not been demanded, and is now the caller's, to complete. */
static int overwrite(struct lazy_node *node, const void *value, size_t size, bool *completed) {
  struct kept *kept = kept_of(node);
  uint32_t open = LZ_OPEN;
  if (lz_is_done(node)) {
    begin_epoch(kept);
  } else if (kept->phase == EXECUTOR) {
    kept->supplied = true; /* not a change, but the run's outcome */
  } else if (kept->phase != NOT_BEGUN) {
    return runs_here(kept) ? LAZY_EBUSY : WAIT;
  } else if (atomic_compare_exchange_strong(&node->state, &open, LZ_CLAIMED)) {
    begin_epoch(kept);
    kept->phase = FINISHED;
    LZ_STORE(&kept->computed, true, release);
    *completed = true;
  } else {
    begin_epoch(kept);
    kept->given = true;
  }
  memcpy(lz_result(node), value, size);
  return LAZY_OK;
}

LZ_PUBLIC int lazy_set(lazy_ref node, const void *value, size_t size) {
  if (!node)
    return LAZY_ENOHANDLE;
  if (size != node->site->function->result.size)
    return LAZY_ESIZE;
  if (!lz_is_kept(node))
    return LAZY_ENOTKEPT;
  struct lz_hand *hand = lz_hand();
  int outcome;
  for (;;) {
    bool completed = false;
    lz_keep_lock();
    outcome = overwrite(node, value, size, &completed);
    lz_keep_unlock();
    if (completed) {
      struct lazy_node *next = lz_complete(hand, node);
      lz_count(hand, LZ_RAN);
      if (next)
        lz_offer(hand, next);
    }
    if (outcome != WAIT)
      return outcome;
    lz_wait_for(hand, node);
  }
}

/* The compiler makes the calling function wait, in front of the call, for what is pending on these bytes. */
LZ_PUBLIC void lazy_changed(const void *p, size_t size) {
  if (size == 0)
    return;
  if (!atomic_exchange(&pulled, true))
    lz_wait_for_all(lz_hand());
  lz_keep_lock();
  uint64_t now = LZ_LOAD(&epoch, relaxed) + 1;
  lz_reads_change(lz_range(p, size), now);
  LZ_STORE(&epoch, now, release);
  lz_keep_unlock();
}

LZ_PUBLIC int lazy_set_executor(lazy_ref node, lazy_executor *run, void *data) {
  if (!node)
    return LAZY_ENOHANDLE;
  if (!lz_is_kept(node))
    return LAZY_ENOTKEPT;
  lz_keep_lock();
  kept_of(node)->executor = run;
  kept_of(node)->data = data;
  lz_keep_unlock();
  return LAZY_OK;
}

LZ_PUBLIC int lazy_run(lazy_ref node) {
  if (!node)
    return LAZY_ENOHANDLE;
  if (!lz_is_kept(node))
    return LAZY_EBUSY;
  struct kept *kept = kept_of(node);
  lz_keep_lock();
  bool runs = kept->phase == EXECUTOR && !kept->supplied && pthread_equal(kept->runner, pthread_self());
  if (runs)
    kept->phase = FUNCTION;
  lz_keep_unlock();
  if (!runs)
    return LAZY_EBUSY;
  node->site->function->run(lz_payload(node));
  lz_keep_lock();
  kept->phase = EXECUTOR;
  kept->supplied = true;
  lz_keep_unlock();
  return LAZY_OK;
}
