/* pthreads.c - a region of plain threads, where there is no OpenMP, or it will not do.
 *
 * liblazy.a has no other (no-openmp.c says why).  liblazy.so takes it under ThreadSanitizer (sync.h): libomp is not
 * instrumented, so that sees the locks and the memory of its threads but not the atomic operations that order them, and
 * reports races inside it.
 *
 * 1. Start the threads, and hold them at a gate until it is known how many came.
 * 2. Open it, and be one of them.
 */
#include "team.h"

#include <pthread.h>

static struct {
  pthread_mutex_t gate;
  int size; /* set before the gate opens */
} region = {.gate = PTHREAD_MUTEX_INITIALIZER};

static void *work(void *index) {
  pthread_mutex_lock(&region.gate);
  pthread_mutex_unlock(&region.gate);
  lz_team_member((int)(intptr_t)index, region.size);
  return NULL;
}

void lz_pthreads_region(int threads, size_t stack) {
  pthread_t workers[LZ_MAX_THREADS];
  pthread_attr_t attributes;
  int size = 1;
  pthread_attr_init(&attributes);
  if (stack)
    pthread_attr_setstacksize(&attributes, stack);
  pthread_mutex_lock(&region.gate);
  while (size < threads && pthread_create(&workers[size], &attributes, work, (void *)(intptr_t)size) == 0)
    size++;
  region.size = size;
  pthread_mutex_unlock(&region.gate);
  pthread_attr_destroy(&attributes);
  lz_team_member(0, size);
  for (int i = 1; i < size; i++)
    pthread_join(workers[i], NULL);
}
