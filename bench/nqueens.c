/* nqueens N: solutions on a board of N x N; a binary recursion, tree sizes uneven, no cut-off. */
#include "measure.h"

#include <lazy/lazy.h>

LAZY static uint64_t solutions(unsigned board, unsigned columns, unsigned left, unsigned right, unsigned free) {
  if (!free)
    return 0;
  unsigned queen = free & -free, others = free ^ queen;
  unsigned c = columns | queen, l = (left | queen) << 1, r = (right | queen) >> 1;
  if (c == board)
    return 1;
  return solutions(board, c, l, r, board & ~(c | l | r)) + solutions(board, columns, left, right, others);
}

int main(int argc, char **argv) {
  unsigned board = (1u << measure_argument(argc, argv, 1, "N")) - 1;
  measure_start();
  measure_stop(solutions(board, 0, 0, 0, board));
  return 0;
}
