/* wavefront SIDE ROUNDS, with a node of oneTBB's flow graph a cell. */
#include "measure.h"

#include <deque>
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <vector>

using node = tbb::flow::continue_node<tbb::flow::continue_msg>;

int main(int argc, char **argv) {
  long side = measure_argument(argc, argv, 1, "SIDE"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  long width = side + 1;
  tbb::global_control threads(tbb::global_control::max_allowed_parallelism, (size_t)measure_threads());
  std::vector<uint64_t> cells((size_t)(width * width));
  for (long k = 0; k < width; k++)
    cells[(size_t)k] = cells[(size_t)(k * width)] = (uint64_t)k;
  measure_start();
  {
    tbb::flow::graph graph;
    std::deque<node> nodes;
    for (long y = 1; y < width; y++)
      for (long x = 1; x < width; x++) {
        uint64_t *to = &cells[(size_t)(y * width + x)];
        nodes.emplace_back(graph, [to, width, rounds](const tbb::flow::continue_msg &) {
          *to = measure_mix(to[-width], to[-1], rounds);
        });
        if (y > 1)
          tbb::flow::make_edge(nodes[nodes.size() - 1 - (size_t)side], nodes.back());
        if (x > 1)
          tbb::flow::make_edge(nodes[nodes.size() - 2], nodes.back());
      }
    nodes.front().try_put(tbb::flow::continue_msg());
    graph.wait_for_all();
  }
  measure_stop(measure_sum(&cells[(size_t)(side * width + 1)], side));
  return 0;
}
