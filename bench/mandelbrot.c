/* mandelbrot WIDTH ITERATIONS: a call a pixel, from a few nanoseconds to some microseconds each. */
#include "measure.h"

#include <lazy/lazy.h>
#include <stdlib.h>

LAZY static uint64_t escape(double x, double y, long iterations) {
  double re = 0, im = 0;
  for (long i = 0; i < iterations; i++) {
    double next = re * re - im * im + x;
    im = 2 * re * im + y;
    re = next;
    if (re * re + im * im > 4)
      return (uint64_t)i;
  }
  return (uint64_t)iterations;
}

int main(int argc, char **argv) {
  long width = measure_argument(argc, argv, 1, "WIDTH"), iterations = measure_argument(argc, argv, 2, "ITERATIONS");
  long height = width * 3 / 4;
  uint64_t *image = calloc((size_t)(width * height), sizeof *image);
  if (!image)
    return 1;
  measure_start();
  for (long y = 0; y < height; y++)
    for (long x = 0; x < width; x++)
      image[y * width + x] = escape(-2.2 + 3.2 * x / width, -1.2 + 2.4 * y / height, iterations);
  measure_stop(measure_sum(image, width * height));
  free(image);
  return 0;
}
