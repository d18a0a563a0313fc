/* The example of a climate, by an OpenMP expert: one parallel loop over all cells; the statistics are not worth one. */
#define main serial_main
#include "../examples/ancestors/climate.c"
#undef main

static void simulate_shared(struct state state) {
#pragma omp parallel for collapse(2) schedule(dynamic)
  for (int lat = 0; lat < LATITUDES; lat++)
    for (int lon = 0; lon < LONGITUDES; lon++)
      results[lat][lon] = process(lat, lon, state);
}

int main(int argc, char **argv) {
  fill_daylight();
  simulate_shared(read_arguments(argc, argv));
  report();
  return 0;
}
