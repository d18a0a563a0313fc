/* team.c - the workers.
 *
 * 1. The first certain node asks for them.  A thread of our own, the conductor, enters an OpenMP region and so becomes
 *    one of its threads; all of them run lz_work() until the region is to be replaced by a larger one.  So libomp's
 *    start-up, a millisecond, is on nobody's way, and its variables (OMP_PROC_BIND, OMP_PLACES, ...) hold.
 * 2. libomp ends the process when it cannot have a thread.  So where the region needs more than the conductor, as many
 *    threads as it would start are started before, held until all are there, and let go; it asks for as many as came.
 * 3. Fewer threads than the region has: those with high numbers rest.  More: the generation changes, everybody leaves
 *    the region as soon as idle, and the conductor enters the next.
 * 4. A worker runs what the program would have run on its main thread, so its stack is as large as that one's may
 *    grow.  One that got less, because the program had started OpenMP before with smaller stacks, takes no work.
 * 5. libomp must neither be torn down, by exit(), nor copied, by fork(), while it is just being initialised, or
 * starting or ending a region.  exit() waits until it is done with either, and once it has begun no region is entered
 * any more.  fork() waits too: before libomp's own handlers, which take its locks, for both; behind them, for the first
 * only (hands.c registers its handlers once at the start and again after libomp has).
 * 6. The child of a process with a team has one hand and keeps to it: libomp's locks are as the parent's threads left
 * them, and a new region may wait for one for ever.
 * 7. Workers block all signals but those a thread raises itself: the program's handlers run on the program's threads.
 *
 * No conductor to be had: the modes fall back to LAZY_MODE_DEFER, as with one thread.
 */
#include "team.h"

#include "env.h"
#include "hands.h"
#include "module.h"
#include "schedule.h"
#include "signals.h"
#include "sleep.h"

#include <lazy/lazy.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#define UNLIMITED_STACK ((size_t)256 << 20)
#define LEAST_STACK ((size_t)1 << 20)

static struct {
  pthread_mutex_t mutex;
  _Atomic uint32_t generation; /* of the region; the futex resting workers sleep on */
  int size;                    /* threads asked for in the region there is or will be, the program's own included */
  bool forked;                 /* the child of a process with a team: none here */
  bool initialising;           /* the conductor is about to initialise libomp, or doing so */
  bool moving;                 /* into a region, and not everybody has arrived, or out, and everybody has left */
  int forks;                   /* under way, or waiting for one of the two above to end */
  _Atomic uint32_t entered;    /* the generation of the region, the same for all its members */
  int arrived, left;           /* members that have entered it and left it so far */
  int most;                    /* members of the largest region so far; libomp keeps its threads */
  pthread_cond_t complete;     /* one of these two has ended */
} team = {.mutex = PTHREAD_MUTEX_INITIALIZER, .complete = PTHREAD_COND_INITIALIZER};

uint32_t lz_team_processors(void) {
  cpu_set_t set;
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return (uint32_t)CPU_COUNT(&set);
  return online > 0 ? (uint32_t)online : 1;
}

int lz_team_default(void) {
  long threads = lz.omp_num_threads, limit = lz.omp_thread_limit;
  if (lz.teamless)
    return 1;
  if (!threads)
    threads = lz.processors;
  if (limit && threads > limit)
    threads = limit;
  return threads < LZ_MAX_THREADS ? (int)threads : LZ_MAX_THREADS;
}

size_t lz_team_stack(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return UNLIMITED_STACK;
  size_t page = 65536, size = limit.rlim_cur > LEAST_STACK ? limit.rlim_cur : LEAST_STACK;
  return (size + page - 1) & ~(page - 1);
}

static bool stack_by_user(void) {
  return getenv("OMP_STACKSIZE") || getenv("KMP_STACKSIZE") || getenv("GOMP_STACKSIZE");
}

/* Under the mutex: until something that exit() or fork() waits for has ended. */
static void wait_for_change(void) {
  int cancel = lz_cancel_disable();
  pthread_cond_wait(&team.complete, &team.mutex);
  lz_cancel_restore(cancel);
}

/* --- threads --- */

/* The caller's signal mask is inherited: blocked around the creation but for what a thread raises itself. */
static int create(pthread_t *thread, void *(*run)(void *), void *argument) {
  pthread_attr_t attributes;
  sigset_t all, before;
  sigfillset(&all);
  sigdelset(&all, SIGSEGV);
  sigdelset(&all, SIGBUS);
  sigdelset(&all, SIGFPE);
  sigdelset(&all, SIGILL);
  sigdelset(&all, SIGABRT);
  sigdelset(&all, SIGTRAP);
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, lz_team_stack());
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(thread, &attributes, run, argument);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return error;
}

static void *wait_for_gate(void *gate) {
  pthread_mutex_lock(gate);
  pthread_mutex_unlock(gate);
  return NULL;
}

/* How many of `wanted` threads are to be had at once? */
static int probe(int wanted) {
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  pthread_t threads[LZ_MAX_THREADS]; /* no heap: the child of a fork just now could never free it */
  int got = 0;
  pthread_mutex_lock(&gate);
  while (got < wanted && create(&threads[got], wait_for_gate, &gate) == 0)
    got++;
  pthread_mutex_unlock(&gate);
  for (int i = 0; i < got; i++)
    pthread_join(threads[i], NULL);
  return got;
}

/* --- the region --- */

struct member {
  uint32_t generation;
  int index;
};

/* A worker works while its region is the current one and its number among those wanted. */
static bool stays(const void *argument) {
  const struct member *member = argument;
  return LZ_LOAD(&team.generation, acquire) == member->generation && member->index + 1 < LZ_LOAD(&lz.threads, acquire);
}

static bool cramped(void) {
  pthread_attr_t attributes;
  void *end;
  size_t size = 0;
  if (stack_by_user() || pthread_getattr_np(pthread_self(), &attributes) != 0)
    return false;
  bool known = pthread_attr_getstack(&attributes, &end, &size) == 0;
  pthread_attr_destroy(&attributes);
  return known && size < lz_team_stack() - lz_team_stack() / 8;
}

static void arrive(int size) {
  pthread_mutex_lock(&team.mutex);
  if (++team.arrived == size) {
    team.moving = false;
    team.most = size > team.most ? size : team.most;
    pthread_cond_broadcast(&team.complete);
  }
  pthread_mutex_unlock(&team.mutex);
}

static void sleep_for_ever(void) {
  for (;;)
    pause();
}

/* The last member lets the region end; while exit() shuts libomp down it may not. */
static void leave(int size) {
  pthread_mutex_lock(&team.mutex);
  if (LZ_LOAD(&lz.exiting, relaxed)) {
    pthread_mutex_unlock(&team.mutex);
    sleep_for_ever();
  }
  if (++team.left == size)
    team.moving = true;
  pthread_mutex_unlock(&team.mutex);
}

void lz_team_member(int index, int size) {
  struct member member = {LZ_LOAD(&team.entered, acquire), index};
  struct lz_hand *hand = cramped() ? NULL : lz_hand();
  arrive(size);
  if (hand) {
    lz_signals_stack();
    hand->worker = true;
    hand->narrow = false; /* whoever asked for smaller stacks knows what they are to hold */
  }
  while (LZ_LOAD(&team.generation, acquire) == member.generation) {
    if (hand && stays(&member))
      lz_work(hand, stays, &member);
    else
      lz_futex_wait(&team.generation, member.generation);
  }
  leave(size);
}

static void *conduct(void *argument) {
  (void)argument;
  lz_region_init();
  lz_hands_watch_fork_first();
  pthread_mutex_lock(&team.mutex);
  team.initialising = false;
  pthread_cond_broadcast(&team.complete);
  pthread_mutex_unlock(&team.mutex);
  for (;;) {
    pthread_mutex_lock(&team.mutex);
    int workers = team.size - 1;
    LZ_STORE(&team.entered, LZ_LOAD(&team.generation, relaxed), release); /* pairs with lz_team_member() */
    pthread_mutex_unlock(&team.mutex);
    if (workers > 1)
      workers = 1 + probe(workers - 1);
    pthread_mutex_lock(&team.mutex);
    while (team.forks > 0) /* one that began before libomp had its handlers must find nobody in libomp */
      wait_for_change();
    if (LZ_LOAD(&lz.exiting, relaxed))
      break;
    team.moving = true;
    team.arrived = team.left = 0;
    pthread_mutex_unlock(&team.mutex);
    lz_region_run(workers, stack_by_user() ? 0 : lz_team_stack());
    pthread_mutex_lock(&team.mutex);
    team.moving = false;
    pthread_cond_broadcast(&team.complete);
    pthread_mutex_unlock(&team.mutex);
  }
  pthread_mutex_unlock(&team.mutex);
  sleep_for_ever(); /* libomp would shut down when this thread ends, while exit() has it do just that */
  return NULL;
}

bool lz_team_thread(void *(*run)(void *)) {
  pthread_t thread;
  if (create(&thread, run, NULL) != 0)
    return false;
  pthread_detach(thread);
  return true;
}

int lz_team_workers(void) {
  pthread_mutex_lock(&team.mutex);
  int workers = team.initialising || team.moving ? -1 : team.most;
  pthread_mutex_unlock(&team.mutex);
  return workers;
}

/* Under the mutex. */
static bool start(void) {
  team.initialising = lz_team_thread(conduct);
  return team.initialising;
}

void lz_team_start(void) {
  pthread_mutex_lock(&team.mutex);
  if (!LZ_LOAD(&lz.team, relaxed) && !LZ_LOAD(&lz.exiting, relaxed)) {
    team.size = LZ_LOAD(&lz.threads, relaxed);
    if (team.size > 1 && !start()) {
      team.size = 1;
      LZ_STORE(&lz.threads, 1, release);
      lz_modes_update();
    }
    LZ_STORE(&lz.team, true, release);
  }
  pthread_mutex_unlock(&team.mutex);
}

int lz_team_resize(int threads) {
  int error = LAZY_OK, cancel = lz_cancel_disable();
  pthread_mutex_lock(&team.mutex);
  if (LZ_LOAD(&lz.exiting, relaxed) || ((team.forked || lz.teamless) && threads > 1)) {
    error = LAZY_ENOTHREADS;
    goto out;
  }
  bool running = LZ_LOAD(&lz.team, relaxed) && team.size > 1, larger = !running || threads > team.size;
  if (threads > 1 && larger && probe(threads - 1) < threads - 1) {
    error = LAZY_ENOTHREADS;
    goto out;
  }
  LZ_STORE(&lz.threads, threads, release);
  if (running) {
    /* the generation must change in any case for those who rest on it to look again */
    if (larger)
      team.size = threads;
    atomic_fetch_add(&team.generation, 1);
    lz_futex_wake(&team.generation, INT_MAX);
    lz_wake_all();
  } else {
    LZ_STORE(&lz.team, false, release);
  }
  lz_modes_update();
out:
  pthread_mutex_unlock(&team.mutex);
  lz_cancel_restore(cancel);
  return error;
}

void lz_team_close(void) {
  pthread_mutex_lock(&team.mutex);
  while (team.initialising || team.moving)
    wait_for_change();
  LZ_STORE(&lz.exiting, true, relaxed);
  pthread_mutex_unlock(&team.mutex);
}

void lz_team_lock(bool first) {
  pthread_mutex_lock(&team.mutex);
  team.forks++;
  while (team.initialising || (first && team.moving))
    wait_for_change();
}

void lz_team_unlock(void) {
  if (--team.forks == 0)
    pthread_cond_broadcast(&team.complete);
  pthread_mutex_unlock(&team.mutex);
}

void lz_team_after_fork(void) {
  team.initialising = team.moving = false;
  team.most = 0;
  team.forks = 1;                                           /* this one, until lz_team_unlock() */
  team.complete = (pthread_cond_t)PTHREAD_COND_INITIALIZER; /* threads the child does not have may wait on it */
  if (!LZ_LOAD(&lz.team, relaxed) || team.size <= 1)
    return; /* the parent has no team, so nothing of libomp's is under way */
  team.forked = true;
  team.size = 1;
  LZ_STORE(&lz.threads, 1, relaxed);
  lz_modes_after_fork();
}
