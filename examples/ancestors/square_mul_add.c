/* square_mul_add.c - a small graph of slow functions: what runs at once, what is kept, what is computed again.
 *
 * 1. at_once(): d = add(square(a), mul(a, 5)).  Square and product do not depend on each other: two steps, not three.
 * 2. kept(): c needs b; d needs both.  Whoever has asked for c has paid for b as well, and d costs one step more.
 * 3. overwritten(): the explicit interface.  b gets another value by hand; d, which was computed from it, is computed
 *    again, c, which was not, is not.
 *
 * What to notice: stdout is the same with and without the plugin; stderr says how long each value took to come.
 */
#include <lazy/lazy.h>
#include <stdio.h>
#include <time.h>

#ifndef MILLISECONDS
#define MILLISECONDS 100 /* that a call takes */
#endif

/* The plugin cannot see into nanosleep(), but it is harmless: nothing but time passes. */
static void work(void) {
  struct timespec pause = {0, MILLISECONDS * 1000000L};
  nanosleep(&pause, NULL);
}

LAZY static int square(int x) {
  work();
  return x * x;
}

LAZY static int mul(int x, int y) {
  work();
  return x * y;
}

LAZY static int add(int x, int y) {
  work();
  return x + y;
}

static double last; /* seconds, when the last value came */

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void start(const char *title) {
  puts(title);
  last = now();
}

static void show(const char *name, int value) {
  printf("  %s = %d\n", name, value);
  double came = now();
  fprintf(stderr, "  %s came after %.1f s\n", name, came - last);
  last = came;
}

static void at_once(int a) {
  start("at once:");
  int b = square(a);
  int c = mul(a, 5);
  int d = add(b, c);
  show("d", d);
}

static void kept(int a) {
  start("kept:");
  int b = square(a);
  int c = mul(b, 5);
  int d = add(b, c);
  show("c", c);
  show("b", b);
  show("d", d);
}

static void overwritten(int a) {
  start("overwritten:");
  int b = square(a);
  int c = mul(a, 5);
  int d = add(b, c), other = 1000;
  lazy_ref handle = lazy_handle(b);
  show("d", d);
  if (lazy_set(handle, &other, sizeof other) != LAZY_OK) { /* a serial program has to say what depends on b */
    b = other;
    d = add(b, c);
  }
  show("b", b);
  show("c", c);
  show("d", d);
  lazy_release(handle);
}

int main(void) {
  at_once(3);
  kept(4);
  overwritten(5);
  return 0;
}
