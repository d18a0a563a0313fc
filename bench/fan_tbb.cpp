/* fan CALLS ROUNDS, by a oneTBB expert: parallel_for, which finds its own grain. */
#include "measure.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <vector>

static uint64_t f(long i, long rounds) {
  return measure_load((uint64_t)i + 1, rounds);
}

int main(int argc, char **argv) {
  long calls = measure_argument(argc, argv, 1, "CALLS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  tbb::global_control threads(tbb::global_control::max_allowed_parallelism, (size_t)measure_threads());
  std::vector<uint64_t> out((size_t)calls);
  measure_start();
  tbb::parallel_for(0L, calls, [&out, rounds](long i) { out[(size_t)i] = f(i, rounds); });
  measure_stop(measure_sum(out.data(), calls));
  return 0;
}
