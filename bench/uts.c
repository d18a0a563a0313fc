/* uts ROOTS ROUNDS: an unbalanced tree, searched.  A hash decides how many children a node has; subtrees of equal depth
 * differ in size by orders of magnitude, and nothing tells beforehand.  A node takes ROUNDS. */
#include "measure.h"

#include <lazy/lazy.h>

enum {
  CHILDREN = 4,
  CHANCE = 65405 /* in 65536 / CHILDREN: nodes that have children, so that subtrees have some 500 */
};

LAZY static uint64_t search(uint64_t seed, long rounds) {
  uint64_t hash = measure_load(seed, rounds), count = 1;
  if ((hash >> 32) % (65536 * CHILDREN) < CHANCE)
    for (uint64_t k = 1; k <= CHILDREN; k++)
      count += search(hash + k, rounds);
  return count;
}

int main(int argc, char **argv) {
  long roots = measure_argument(argc, argv, 1, "ROOTS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  uint64_t count = 0;
  measure_start();
  for (long i = 1; i <= roots; i++)
    count += search((uint64_t)i, rounds);
  measure_stop(count);
  return 0;
}
