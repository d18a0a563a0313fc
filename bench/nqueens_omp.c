/* nqueens N, by an OpenMP expert: a task for each queen of the first rows, a plain loop from there on. */
#include "measure.h"

enum { TASK_ROWS = 3 }; /* tuned */

static uint64_t solutions(unsigned board, unsigned columns, unsigned left, unsigned right) {
  uint64_t count = 0;
  if (columns == board)
    return 1;
  for (unsigned free = board & ~(columns | left | right); free; free &= free - 1) {
    unsigned queen = free & -free;
    count += solutions(board, columns | queen, (left | queen) << 1, (right | queen) >> 1);
  }
  return count;
}

static uint64_t solution_tasks(unsigned board, unsigned columns, unsigned left, unsigned right, int rows) {
  uint64_t counts[32], count = 0;
  int tasks = 0;
  if (rows == 0 || columns == board)
    return solutions(board, columns, left, right);
  for (unsigned free = board & ~(columns | left | right); free; free &= free - 1) {
    unsigned queen = free & -free;
    uint64_t *to = &counts[tasks++];
#pragma omp task firstprivate(queen, to)
    *to = solution_tasks(board, columns | queen, (left | queen) << 1, (right | queen) >> 1, rows - 1);
  }
#pragma omp taskwait
  for (int i = 0; i < tasks; i++)
    count += counts[i];
  return count;
}

int main(int argc, char **argv) {
  unsigned board = (1u << measure_argument(argc, argv, 1, "N")) - 1;
  uint64_t result = 0;
  measure_start();
#pragma omp parallel
#pragma omp single
  result = solution_tasks(board, 0, 0, 0, TASK_ROWS);
  measure_stop(result);
  return 0;
}
