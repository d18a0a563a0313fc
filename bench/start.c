/* start [SUMS]: how long the last of so many f(a) + g(b) takes: with 1 the first node of the program, and what starts
 * when it is made.  Without SUMS no call is made.  The result is how many threads the process has then. */
#include "measure.h"

#include <dirent.h>
#include <lazy/lazy.h>

LAZY static uint64_t f(uint64_t x, long rounds) {
  return measure_load(x + 1, rounds);
}
LAZY static uint64_t g(uint64_t x, long rounds) {
  return measure_load(x + 2, rounds);
}

static uint64_t threads(void) {
  DIR *tasks = opendir("/proc/self/task");
  uint64_t count = 0;
  if (!tasks)
    return 0;
  for (struct dirent *entry = readdir(tasks); entry; entry = readdir(tasks))
    count += entry->d_name[0] != '.';
  closedir(tasks);
  return count;
}

int main(int argc, char **argv) {
  long sums = argc > 1 ? measure_argument(argc, argv, 1, "SUMS") : 0;
  static volatile uint64_t sum;
  measure_start();
  for (long i = 0; i < sums; i++) {
    measure_start();
    sum = f(sum, argc) + g(sum, argc);
  }
  measure_stop(threads());
  return 0;
}
