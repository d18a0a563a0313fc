/* nodes_fan CALLS ROUNDS, with a oneTBB task a call: no expert would, but it is what a task costs. */
#include "measure.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_group.h>
#include <vector>

int main(int argc, char **argv) {
  long calls = measure_argument(argc, argv, 1, "CALLS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  tbb::global_control threads(tbb::global_control::max_allowed_parallelism, (size_t)measure_threads());
  std::vector<uint64_t> out((size_t)calls);
  measure_start();
  tbb::task_group group;
  for (long i = 0; i < calls; i++)
    group.run([&out, i, rounds] { out[(size_t)i] = measure_mix((uint64_t)i, 1, rounds); });
  group.wait();
  measure_stop(measure_sum(out.data(), calls));
  return 0;
}
