/* hands.c - threads come, end and fork.
 *
 * 1. A thread becomes a hand when it first touches the graph.  The table grows in blocks of doubling size that never
 *    move, so thieves read it without a lock.
 * 2. When the thread ends, its hand stays in the table, for there may be entries in its deque, and waits on a list for
 *    the next new thread.  Destructors of the program's own may run after that: their calls run in place.
 * 3. fork() leaves the child with one thread.  What other hands were doing would be lost: so the parent first waits
 *    until no other hand is busy (one that runs a node may finish it and what it waits for; none begins another).
 *    Their deques are then whole, and the child steals from them as ever.  Between our handlers the forking thread
 * holds every lock of the runtime's, so the calls of handlers the program has installed run in place.
 * 4. The child has no workers, and gets none if its parent had some (team.c says why).
 *
 * Given up: fork() inside a lazy function does not wait, so the child of such a fork must not use the graph but exec;
 * and nodes another thread of the program is just about to demand are lost to the child.
 */
#include "hands.h"

#include "cache.h"
#include "deque.h"
#include "fingerprint.h"
#include "keep.h"
#include "memo.h"
#include "merkle.h"
#include "module.h"
#include "overflow.h"
#include "pool.h"
#include "progress.h"
#include "record.h"
#include "schedule.h"
#include "sleep.h"
#include "team.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/resource.h>

#define FIRST_BLOCK 64
#define BLOCKS 24 /* 64 * 2^24 threads: more than a system has */

_Thread_local struct lz_hand *lz_self __attribute__((tls_model("initial-exec")));

/* A thread that is no hand yet has no work at all; one that is ending takes none. */
static const uint32_t always = 1, never = 0;
LZ_PUBLIC _Thread_local const uint32_t *__lazy_hungry = &always;
LZ_PUBLIC _Thread_local uint32_t __lazy_calls;

_Thread_local unsigned lz_in_place __attribute__((tls_model("initial-exec")));
static _Thread_local bool retired;

static struct {
  pthread_mutex_t mutex;
  struct lz_hand *idle; /* hands whose thread has ended */
  _Atomic(_Atomic(struct lz_hand *) *) blocks[BLOCKS];
  _Atomic uint32_t count;
  _Atomic bool forking;
  pthread_key_t key;
} table = {.mutex = PTHREAD_MUTEX_INITIALIZER};

uint32_t lz_hand_count(void) {
  return LZ_LOAD(&table.count, acquire); /* pairs with the release in enlist() */
}

/* Block b holds indices FIRST_BLOCK * (2^b - 1) up to FIRST_BLOCK * (2^(b+1) - 1). */
static uint32_t block_of(uint32_t index) {
  return 31u - (uint32_t)__builtin_clz(index / FIRST_BLOCK + 1);
}

static uint32_t block_start(uint32_t block) {
  return FIRST_BLOCK * ((1u << block) - 1);
}

struct lz_hand *lz_hand_at(uint32_t index) {
  uint32_t b = block_of(index);
  return LZ_LOAD(&LZ_LOAD(&table.blocks[b], relaxed)[index - block_start(b)], relaxed);
}

/* Under the mutex.  False: out of memory. */
static bool enlist(struct lz_hand *hand) {
  uint32_t index = LZ_LOAD(&table.count, relaxed), b = block_of(index);
  if (b >= BLOCKS)
    return false;
  _Atomic(struct lz_hand *) *block = LZ_LOAD(&table.blocks[b], relaxed);
  if (!block) {
    block = calloc((size_t)FIRST_BLOCK << b, sizeof *block);
    if (!block)
      return false;
    LZ_STORE(&table.blocks[b], block, relaxed);
  }
  hand->index = index;
  hand->random = index * 2654435761u + 1;
  LZ_STORE(&block[index - block_start(b)], hand, relaxed);
  LZ_STORE(&table.count, index + 1, release); /* pairs with the acquire in lz_hand_count() */
  return true;
}

/* The main thread's stack grows downwards from a place the kernel leaves at the top of it.  (pthread_getattr_np() would
 * read all of /proc/self/maps.) */
static uintptr_t main_stack_end(void) {
  struct rlimit limit;
  uintptr_t top = getauxval(AT_EXECFN);
  if (!top || getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= top)
    return 0;
  return top - limit.rlim_cur;
}

static uintptr_t own_stack_end(bool *narrow) {
  pthread_attr_t attributes;
  void *end = NULL;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    if (pthread_attr_getstack(&attributes, &end, &size) != 0)
      end = NULL;
    pthread_attr_destroy(&attributes);
  }
  *narrow = size < lz_team_stack() - lz_team_stack() / 8;
  return (uintptr_t)end;
}

static void measure_stack(struct lz_hand *hand) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  hand->main = (pid_t)syscall(SYS_gettid) == getpid();
  hand->narrow = false;
  hand->stack = hand->main ? main_stack_end() : own_stack_end(&hand->narrow);
  hand->middle = hand->stack && hand->stack < here ? hand->stack + (here - hand->stack) / 2 : hand->stack;
}

struct lz_hand *lz_hand_new(void) {
  if (retired)
    return NULL;
  lz_runtime_init();
  pthread_mutex_lock(&table.mutex);
  struct lz_hand *hand = table.idle;
  if (hand)
    table.idle = hand->link;
  pthread_mutex_unlock(&table.mutex);
  if (!hand) {
    hand = aligned_alloc(_Alignof(struct lz_hand), sizeof *hand);
    if (!hand)
      goto out;
    *hand = (struct lz_hand){0};
    bool enlisted = lz_deque_init(&hand->deque);
    pthread_mutex_lock(&table.mutex);
    enlisted = enlisted && enlist(hand);
    pthread_mutex_unlock(&table.mutex);
    if (!enlisted) {
      free(LZ_LOAD(&hand->deque.buffer, relaxed));
      free(hand);
      hand = NULL;
      goto out;
    }
  }
  hand->nest = 0;
  hand->worker = false;
  measure_stack(hand);
  pthread_setspecific(table.key, hand);
  lz_self = hand;
  LZ_STORE(&hand->deque.hungry, 1, relaxed);
  __lazy_hungry = (const uint32_t *)&hand->deque.hungry;
out:
  return hand;
}

/* The thread ends. */
static void retire(void *self) {
  struct lz_hand *hand = self;
  lz_merkle_abandon(hand);
  lz_self = NULL;
  __lazy_hungry = &never;
  retired = true;
  pthread_mutex_lock(&table.mutex);
  hand->link = table.idle;
  table.idle = hand;
  pthread_mutex_unlock(&table.mutex);
}

/* --- fork --- */

void lz_enter(struct lz_hand *hand) {
  if (!hand || hand->nest > 0 || hand->sheltered)
    return;
  for (;;) {
    atomic_store_explicit(&hand->busy, 1, LZ_FENCED);
    lz_fence(); /* pairs with the fence in before_fork() */
    if (LZ_LIKELY(!atomic_load_explicit(&table.forking, LZ_FENCED)))
      return;
    LZ_STORE(&hand->busy, 0, release);
    sched_yield();
  }
}

void lz_leave(struct lz_hand *hand) {
  if (hand && hand->nest == 0 && !hand->sheltered)
    LZ_STORE(&hand->busy, 0, release); /* pairs with the acquire in before_fork() */
}

bool lz_fork_waits(void) {
  return LZ_LOAD(&table.forking, relaxed);
}

/* Handlers run in the reverse order of their installation before a fork, and in that order after it.  Ours are there
 * twice, around libomp's; the outermost pair does the work. */
static _Thread_local int forks_begun;

static void begin_fork(bool first) {
  if (forks_begun++ > 0)
    return;
  lz_team_lock(first);
  if (!lz_self || lz_self->nest == 0) {
    atomic_store_explicit(&table.forking, true, LZ_FENCED);
    lz_fence(); /* pairs with the fence in lz_enter() */
    for (uint32_t i = 0; i < lz_hand_count(); i++)
      while (lz_hand_at(i) != lz_self && atomic_load(&lz_hand_at(i)->busy))
        sched_yield();
  }
  lz_keep_lock();
  pthread_mutex_lock(&table.mutex);
  lz_overflow_lock();
  lz_pool_lock();
  lz_cache_lock();
  lz_fingerprint_lock();
  lz_memo_lock();
  lz_in_place++;
}

static void end_fork(bool child) {
  if (--forks_begun > 0)
    return;
  lz_in_place--;
  for (uint32_t i = 0; child && i < lz_hand_count(); i++) {
    struct lz_hand *hand = lz_hand_at(i);
    LZ_STORE(&hand->asleep, LZ_AWAKE, relaxed);
    if (hand != lz_self) {
      LZ_STORE(&hand->busy, 0, relaxed);
      hand->withheld = (struct lz_withheld){0}; /* nobody is left who would need them */
    }
  }
  if (child) {
    lz_progress_after_fork();
    lz_record_after_fork();
    lz_sleep_after_fork();
    lz_team_after_fork();
  }
  lz_memo_unlock();
  lz_fingerprint_unlock();
  lz_cache_unlock(child);
  lz_pool_unlock();
  lz_overflow_unlock();
  pthread_mutex_unlock(&table.mutex);
  lz_keep_unlock();
  LZ_STORE(&table.forking, false, relaxed);
  lz_team_unlock();
}

static void before_fork(void) {
  begin_fork(false);
}

static void before_fork_first(void) {
  begin_fork(true);
}

static void after_fork(void) {
  end_fork(false);
}

static void after_fork_in_child(void) {
  end_fork(true);
}

void lz_hands_init(void) {
  pthread_key_create(&table.key, retire);
  pthread_atfork(before_fork, after_fork, after_fork_in_child);
}

static void watch_fork_first(void) {
  pthread_atfork(before_fork_first, after_fork, after_fork_in_child);
}

void lz_hands_watch_fork_first(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, watch_fork_first);
}
