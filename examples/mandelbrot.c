/* mandelbrot.c - the Mandelbrot set in letters.
 *
 *     mandelbrot [ITERATIONS]
 *
 * What to notice: render_row() returns a whole row of the picture, a struct of 128 bytes, by value; the loop that
 * fills `rows` runs on every core, and rows through the middle of the set, which take far longer than those at its
 * edge, do not hold up the others.
 */
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 100, HEIGHT = 40 };

struct row {
  char text[128];
};

static int escape(double x, double y, int iterations) {
  double re = 0, im = 0;
  for (int i = 0; i < iterations; i++) {
    double next = re * re - im * im + x;
    im = 2 * re * im + y;
    re = next;
    if (re * re + im * im > 4)
      return i;
  }
  return iterations;
}

LAZY static struct row render_row(int row, int iterations) {
  static const char shades[] = " .:-=+*%";
  struct row r = {{0}};
  for (int column = 0; column < WIDTH; column++) {
    int steps = escape(-2.2 + 3.2 * column / WIDTH, -1.2 + 2.4 * row / HEIGHT, iterations);
    r.text[column] = steps == iterations ? '@' : shades[steps < 28 ? steps / 4 : 7];
  }
  return r;
}

int main(int argc, char **argv) {
  int iterations = argc > 1 ? atoi(argv[1]) : 50000;
  struct row rows[HEIGHT];
  for (int y = 0; y < HEIGHT; y++)
    rows[y] = render_row(y, iterations);
  for (int y = 0; y < HEIGHT; y++)
    puts(rows[y].text);
  return 0;
}
