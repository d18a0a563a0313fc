/* nqueens N, by a oneTBB expert: a task for each queen of the first rows, a plain loop from there on. */
#include "measure.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_group.h>

static const int task_rows = 3; /* tuned */

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
  if (rows == 0 || columns == board)
    return solutions(board, columns, left, right);
  uint64_t counts[32], count = 0;
  int tasks = 0;
  tbb::task_group group;
  for (unsigned free = board & ~(columns | left | right); free; free &= free - 1) {
    unsigned queen = free & -free;
    uint64_t *to = &counts[tasks++];
    group.run(
        [=] { *to = solution_tasks(board, columns | queen, (left | queen) << 1, (right | queen) >> 1, rows - 1); });
  }
  group.wait();
  for (int i = 0; i < tasks; i++)
    count += counts[i];
  return count;
}

int main(int argc, char **argv) {
  unsigned board = (1u << measure_argument(argc, argv, 1, "N")) - 1;
  tbb::global_control threads(tbb::global_control::max_allowed_parallelism, (size_t)measure_threads());
  measure_start();
  measure_stop(solution_tasks(board, 0, 0, 0, task_rows));
  return 0;
}
