/* squares PREFIX: a graph of four calls, drawn before anything is computed, when `c` has been needed, and when all has.
 *
 * The pictures are PREFIX-1.svg, PREFIX-2.svg and PREFIX-3.svg; without Graphviz, use .dot for .svg.  Functions as
 * small as these are worth no node, but in a function that takes handles every call is one, kept for whoever asks. */
#include <lazy/lazy.h>
#include <stdio.h>

LAZY static int square(int x) {
  return x * x;
}
LAZY static int mul(int x, int y) {
  return x * y;
}
LAZY static int add(int x, int y) {
  return x + y;
}

static void draw(const char *prefix, int number) {
  char path[4096];
  snprintf(path, sizeof path, "%s-%d.svg", prefix, number);
  int error = lazy_draw(path);
  if (error)
    fprintf(stderr, "squares: %s: %s\n", path, lazy_strerror(error));
}

int main(int argc, char **argv) {
  const char *prefix = argc > 1 ? argv[1] : "squares";
  int a = square(3), b = square(4);
  int c = add(a, b), d = mul(c, a);
  lazy_ref kept = lazy_handle(d);
  draw(prefix, 1);
  printf("c = %d\n", c);
  draw(prefix, 2);
  printf("d = %d\n", d);
  draw(prefix, 3);
  lazy_release(kept);
  return 0;
}
