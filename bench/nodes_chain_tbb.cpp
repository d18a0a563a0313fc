/* nodes_chain CALLS ROUNDS, with a node of oneTBB's flow graph a call. */
#include "measure.h"

#include <deque>
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>

using node = tbb::flow::continue_node<tbb::flow::continue_msg>;

int main(int argc, char **argv) {
  long calls = measure_argument(argc, argv, 1, "CALLS"), rounds = measure_argument(argc, argv, 2, "ROUNDS");
  tbb::global_control threads(tbb::global_control::max_allowed_parallelism, (size_t)measure_threads());
  uint64_t x = 1;
  measure_start();
  {
    tbb::flow::graph graph;
    std::deque<node> nodes;
    for (long i = 0; i < calls; i++) {
      nodes.emplace_back(graph,
                         [&x, i, rounds](const tbb::flow::continue_msg &) { x = measure_mix(x, (uint64_t)i, rounds); });
      if (i > 0)
        tbb::flow::make_edge(nodes[(size_t)i - 1], nodes.back());
    }
    nodes.front().try_put(tbb::flow::continue_msg());
    graph.wait_for_all();
  }
  measure_stop(x);
  return 0;
}
