/* nqueens.c - in how many ways do N queens stand on an N x N board without attacking each other?
 *
 *     nqueens [N]
 *
 * The board is filled row by row; three bit masks say which squares of the next row are attacked along columns and
 * along either diagonal.
 *
 * What to notice: `a + b` of two calls is all the parallelism there is, and it is enough: the tree below the first
 * free square of a row and the tree below the others are counted at once.  The trees differ widely in size, and nobody
 * said where to stop splitting.
 */
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

/* Solutions with a queen on one of the squares in `free`, of the row that the three masks attack. */
LAZY static long solutions(unsigned board, unsigned columns, unsigned left, unsigned right, unsigned free) {
  if (!free)
    return 0;
  unsigned queen = free & -free, others = free ^ queen;
  unsigned c = columns | queen, l = (left | queen) << 1, r = (right | queen) >> 1;
  if (c == board)
    return 1;
  return solutions(board, c, l, r, board & ~(c | l | r)) + solutions(board, columns, left, right, others);
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 13;
  if (n < 1 || n > 20) {
    fprintf(stderr, "usage: nqueens [N], with N from 1 to 20\n");
    return 2;
  }
  unsigned board = (1u << n) - 1;
  printf("%d queens: %ld solutions\n", n, solutions(board, 0, 0, 0, board));
  return 0;
}
