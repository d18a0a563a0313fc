/* team.h - the workers: how many, from when, until when. */
#ifndef LZ_TEAM_H
#define LZ_TEAM_H

#include "types.h"

/* Asks for the workers.  Returns at once; they come when they come. */
void lz_team_start(void);

/* Changes the number of threads (1 .. LZ_MAX_THREADS).  LAZY_OK, LAZY_ENOTHREADS. */
int lz_team_resize(int threads);
#define LZ_MAX_THREADS 1024

/* How many processors this process may use. */
uint32_t lz_team_processors(void);

/* What the environment (env.c) and the machine say: OMP_NUM_THREADS, OMP_THREAD_LIMIT, lz.processors. */
int lz_team_default(void);

/* exit() begins: no region is entered from now on, and the one there is has begun for all its threads. */
void lz_team_close(void);

/* fork(): nobody enters a region until unlocked.  `first`: no handler of libomp's has run yet in this fork, so who is
 * entering one already may be waited for. */
void lz_team_lock(bool first);
void lz_team_unlock(void);
void lz_team_after_fork(void);

/* Bytes of stack that a lazy function may count on: what the main thread's may grow to. */
size_t lz_team_stack(void);

/* Threads of the runtime's own there are by now; -1: about to change. */
int lz_team_workers(void);

/* Starts a detached thread that takes none of the program's signals.  False: there is none to be had. */
bool lz_team_thread(void *(*run)(void *));

/* ending.c: sees to it that the process ends with the program's last thread. */
void lz_ending_init(void);

/* A worker of the team: every thread of the region runs this. */
void lz_team_member(int index, int size);

/* The region, by openmp.c in liblazy.so and by no-openmp.c in liblazy.a: what it needs, all but for its threads. */
void lz_region_init(void);

/* Runs lz_team_member() on `threads` threads with stacks of `stack` bytes (0: as the user said), the caller being one
 * of them.  Returns when all have returned. */
void lz_region_run(int threads, size_t stack);

/* pthreads.c: the same, by plain threads. */
void lz_pthreads_region(int threads, size_t stack);

#endif /* LZ_TEAM_H */
