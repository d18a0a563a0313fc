/* tree LEVELS ROUNDS: a binary recursion of 2^LEVELS leaves, each with a load of ROUNDS. */
#include "measure.h"

#include <lazy/lazy.h>

LAZY static uint64_t tree(long levels, uint64_t seed, long rounds) {
  if (levels == 0)
    return measure_load(seed, rounds);
  return tree(levels - 1, 2 * seed, rounds) + tree(levels - 1, 2 * seed + 1, rounds);
}

int main(int argc, char **argv) {
  long levels = measure_argument(argc, argv, 1, "LEVELS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  measure_start();
  measure_stop(tree(levels, 1, rounds));
  return 0;
}
