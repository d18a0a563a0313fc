/* tree_search.c - looks a number of moves ahead in Connect Four.
 *
 *     tree_search [DEPTH]
 *
 * Negamax: a position is worth the best of the moves to the player whose turn it is; a move is worth the negative of
 * what the position behind it is worth to the other.  A position is two bit sets of seven bits a column (six squares
 * and an always empty one), passed by value.
 *
 * What to notice: the replies to all moves are asked for in one loop, `reply[column] = search(...)`, under an `if`;
 * they run at once and are stored in order.  The second loop, which reads them, is where the program waits.
 */
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS = 7, ROWS = 6, STRIDE = ROWS + 1, WIN = 1000 };

struct position {
  uint64_t mine, all; /* squares of the player to move, squares of both */
};

struct outcome {
  int score;
  long positions; /* looked at */
};

static int has_four(uint64_t stones) {
  static const int steps[] = {1, STRIDE - 1, STRIDE, STRIDE + 1};
  for (int i = 0; i < 4; i++) {
    uint64_t pairs = stones & stones >> steps[i];
    if (pairs & pairs >> 2 * steps[i])
      return 1;
  }
  return 0;
}

static int is_open(struct position p, int column) {
  return !(p.all >> (column * STRIDE + ROWS - 1) & 1);
}

static struct position drop(struct position p, int column) {
  return (struct position){p.all ^ p.mine, p.all | (p.all + ((uint64_t)1 << column * STRIDE))};
}

/* Stones in the middle are worth more. */
static int worth(uint64_t stones) {
  static const int worths[COLUMNS] = {0, 1, 2, 4, 2, 1, 0};
  int sum = 0;
  for (int column = 0; column < COLUMNS; column++)
    sum += worths[column] * __builtin_popcountll(stones >> column * STRIDE & 0x3f);
  return sum;
}

LAZY static struct outcome search(struct position p, int depth) {
  struct outcome reply[COLUMNS], best = {-WIN - 1, 1};
  if (has_four(p.all ^ p.mine))
    return (struct outcome){-WIN - depth, 1};
  if (depth == 0)
    return (struct outcome){worth(p.mine) - worth(p.all ^ p.mine), 1};
  for (int column = 0; column < COLUMNS; column++)
    if (is_open(p, column))
      reply[column] = search(drop(p, column), depth - 1);
  for (int column = 0; column < COLUMNS; column++)
    if (is_open(p, column)) {
      best.positions += reply[column].positions;
      if (-reply[column].score > best.score)
        best.score = -reply[column].score;
    }
  return best.score < -WIN ? (struct outcome){0, 1} : best; /* no move left: a draw */
}

int main(int argc, char **argv) {
  int depth = argc > 1 ? atoi(argv[1]) : 8;
  if (depth < 1 || depth > COLUMNS * ROWS) {
    fprintf(stderr, "usage: tree_search [DEPTH], with DEPTH from 1 to %d\n", COLUMNS * ROWS);
    return 2;
  }
  static const int opening[] = {3, 3, 2, 4};
  struct position p = {0, 0};
  for (int i = 0; i < 4; i++)
    p = drop(p, opening[i]);
  for (int column = 0; column < COLUMNS; column++) {
    struct outcome o = search(drop(p, column), depth - 1);
    printf("column %d: %5d  (%ld positions)\n", column + 1, -o.score, o.positions);
  }
  return 0;
}
