/* openmp.c - the one file that knows OpenMP: a parallel region whose threads are our workers.
 *
 * The runtime's functions are declared here because not every package of clang comes with omp.h.
 *
 * libomp notes in /dev/shm, under the number of the process, that it is there, and ends a process that finds a note
 * with nothing in it: what one left that was killed at the wrong moment, when the system comes to its number again.  An
 * empty note that is older than the moment it takes to fill it is removed first.
 */
#include "team.h"

#include "quiet.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

int omp_get_thread_num(void);
int omp_get_num_threads(void);
void kmp_set_stacksize_s(size_t size);
size_t kmp_get_stacksize_s(void);

static void remove_stale_note(void) {
  char name[64], first = 0;
  struct stat note;
  snprintf(name, sizeof name, "/__KMP_REGISTERED_LIB_%d_%d", (int)getpid(), (int)getuid());
  int file = shm_open(name, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0)
    return;
  bool empty = pread(file, &first, 1, 0) >= 0 && first == 0;
  if (empty && fstat(file, &note) == 0 && time(NULL) - note.st_mtime > 1)
    shm_unlink(name);
  close(file);
}

void lz_region_init(void) {
  if (lz_is_watched())
    return;
  struct lz_quiet quiet;
  lz_quiet_begin(&quiet); /* it may not be able to leave its note */
  remove_stale_note();
  kmp_get_stacksize_s(); /* of all functions the one that initialises libomp and does no more */
  lz_quiet_end(&quiet);
}

void lz_region_run(int threads, size_t stack) {
  if (lz_is_watched()) {
    lz_pthreads_region(threads, stack);
    return;
  }
  if (stack)
    kmp_set_stacksize_s(stack); /* without effect if the program has run a region before */
#pragma omp parallel num_threads(threads)
  lz_team_member(omp_get_thread_num(), omp_get_num_threads());
}
