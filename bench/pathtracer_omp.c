/* The example's path tracer, by an OpenMP expert: rows handed out one by one.  All of it but its render() and main().
 */
#define main serial_main
#include "../examples/pathtracer/pathtracer.c"
#undef main

static struct rgb *render_shared(void) {
  struct rgb *image = malloc((size_t)width * height * sizeof *image);
  if (!image)
    return NULL;
#pragma omp parallel for schedule(dynamic)
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      image[(size_t)y * width + x] = render_pixel(x, y);
  return image;
}

int main(int argc, char **argv) {
  read_arguments(argc, argv);
  return finish(argv[2], render_shared());
}
