/* ending.c - the process ends with the last thread of the program.
 *
 * A main thread may leave by pthread_exit().  The C library then ends the process when the last thread ends, but the
 * workers never do.
 *
 * 1. A thread-specific value of the main thread has a destructor, which starts a watcher.
 * 2. The watcher asks the kernel, every few milliseconds, whether the main thread is gone and how many threads there
 *    are: the workers, the library's other threads, the watcher and what is left of the main thread make a number that
 *    is known.
 * 3. No more than those: it calls exit(0), as the last thread would have.
 *
 * Sound: threads of anybody else, libomp's for regions of the program among them, keep the process alive, as they do in
 * the serial program.  Given up: where /proc is not to be had, or no thread for the watcher, the process stays.
 */
#include "team.h"

#include "hands.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LOOK_EVERY_NS 5000000

static bool main_thread_is_gone(void) {
  char text[256];
  FILE *file = fopen("/proc/self/stat", "re");
  if (!file)
    return false;
  size_t size = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[size] = '\0';
  const char *name_end = strrchr(text, ')'); /* "pid (name) state ..." */
  return name_end && name_end[1] && name_end[2] == 'Z';
}

/* All threads there are, what is left of the main thread included; 0: unknown. */
static long threads_alive(void) {
  struct stat tasks; /* a folder with one sub-folder for each thread */
  return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink > 2 ? (long)tasks.st_nlink - 2 : 0;
}

static void *watch(void *unused) {
  struct timespec pause = {0, LOOK_EVERY_NS};
  (void)unused;
  for (;;) {
    int workers = lz_team_workers();
    long alive = threads_alive();
    if (workers >= 0 && alive > 0 && alive <= workers + LZ_LOAD(&lz.helpers, relaxed) + 2 && main_thread_is_gone())
      exit(0);
    nanosleep(&pause, NULL);
  }
}

static void main_thread_ends(void *unused) {
  (void)unused;
  lz_team_thread(watch);
}

void lz_ending_init(void) {
  pthread_key_t key;
  if ((pid_t)syscall(SYS_gettid) == getpid() && pthread_key_create(&key, main_thread_ends) == 0)
    pthread_setspecific(key, &lz);
}
