/* progress.c - how far the program is, on a line of the terminal.
 *
 * 1. A thread of the library's own wakes up ten times a second, adds up what the hands have counted, and writes one
 *    line over the last one.  Nothing else is done for it: whoever works does not know.
 * 2. All calls are those that there are so far; the time that is left is that of those, at the rate since the start.
 * 3. When the program ends the line stays, with what has been done.
 */
#include "progress.h"

#include "quiet.h"
#include "stats.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EVERY_NS 100000000
#define STACK ((size_t)256 << 10)

static struct {
  pthread_mutex_t mutex;
  pthread_cond_t stop;
  pthread_t thread;
  bool runs, stopped;
  uint64_t start;
} progress = {.mutex = PTHREAD_MUTEX_INITIALIZER, .stop = PTHREAD_COND_INITIALIZER};

static uint64_t seconds_left(uint64_t done, uint64_t all, uint64_t ns) {
  return done ? (uint64_t)((double)(all - done) / (double)done * (double)ns * 1e-9 + 0.5) : 0;
}

static void write_line(bool last) {
  char line[256];
  uint64_t found = lz_stats_sum(LZ_FOUND);
  uint64_t done = lz_stats_sum(LZ_RAN) + lz_stats_sum(LZ_DROPPED) + lz_stats_sum(LZ_CHUNKED) + found;
  uint64_t all = lz_stats_sum(LZ_OPENED) + lz_stats_sum(LZ_BATCHED), ns = lz_now() - progress.start;
  all = all > done ? all : done; /* others go on meanwhile */
  double rate = ns ? (double)done / ((double)ns * 1e-9) : 0;
  int length = snprintf(line, sizeof line, "\rlazy: %" PRIu64 " of %" PRIu64 " calls (%.0f %%), %.0f a second", done,
                        all, all ? 100.0 * (double)done / (double)all : 100.0, rate);
  if (!last && all > done)
    length +=
        snprintf(line + length, sizeof line - (size_t)length, ", %" PRIu64 " s left", seconds_left(done, all, ns));
  if (found)
    length += snprintf(line + length, sizeof line - (size_t)length, ", %" PRIu64 " from the cache", found);
  length += snprintf(line + length, sizeof line - (size_t)length, last ? "\033[K\n" : "\033[K");
  struct lz_quiet quiet;
  lz_quiet_begin(&quiet);
  if (write(STDERR_FILENO, line, (size_t)length) < 0) /* nobody to tell */
    progress.stopped = true;
  lz_quiet_end(&quiet);
}

static void *work(void *unused) {
  (void)unused;
  pthread_mutex_lock(&progress.mutex);
  while (!progress.stopped) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += EVERY_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&progress.stop, &progress.mutex, &until);
    if (!progress.stopped)
      write_line(false);
  }
  pthread_mutex_unlock(&progress.mutex);
  return NULL;
}

void lz_progress_begin(void) {
  pthread_attr_t attributes;
  sigset_t all, before;
  progress.start = lz_now();
  sigfillset(&all);
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  atomic_fetch_add(&lz.helpers, 1);
  progress.runs = pthread_create(&progress.thread, &attributes, work, NULL) == 0;
  if (!progress.runs)
    atomic_fetch_sub(&lz.helpers, 1);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
}

void lz_progress_end(void) {
  if (!progress.runs)
    return;
  pthread_mutex_lock(&progress.mutex);
  bool failed = progress.stopped;
  progress.stopped = true;
  pthread_cond_signal(&progress.stop);
  pthread_mutex_unlock(&progress.mutex);
  pthread_join(progress.thread, NULL);
  progress.runs = false;
  if (!failed)
    write_line(true);
}

void lz_progress_after_fork(void) {
  progress.runs = false;
}
