/* no-openmp.c - takes the place of openmp.c in liblazy.a: the region is one of plain threads.
 *
 * LLVM's OpenMP library seldom comes as an archive (Debian has none), and a program that is linked statically can use
 * no other.  The number of threads is OpenMP's here too (env.c); its other variables (OMP_PLACES, OMP_STACKSIZE, ...)
 * mean nothing.
 */
#include "team.h"

void lz_region_init(void) {}

void lz_region_run(int threads, size_t stack) {
  lz_pthreads_region(threads, stack);
}
