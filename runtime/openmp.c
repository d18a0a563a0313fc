/* openmp.c - the one file that knows OpenMP: a parallel region whose threads are our workers.
 *
 * The runtime's functions are declared here because not every package of clang comes with omp.h.
 */
#include "team.h"

int omp_get_thread_num(void);
int omp_get_num_threads(void);
void kmp_set_stacksize_s(size_t size);
size_t kmp_get_stacksize_s(void);

void lz_region_init(void) {
  if (!lz_is_watched())
    kmp_get_stacksize_s(); /* of all functions the one that initialises libomp and does no more */
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
