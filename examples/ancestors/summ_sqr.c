/* summ_sqr.c - values that are written down first and computed when somebody looks.
 *
 *     summ_sqr [all]
 *
 * What to notice: no call runs where it stands.  The calls nested in one another are edges of one graph; the four
 * squares run at once; and `dear`, which only the word "all" makes anybody look at, is never computed without it,
 * while the serial program computes it all the same.  stderr says how long it took.
 */
#include <lazy/lazy.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#ifndef MILLISECONDS
#define MILLISECONDS 50 /* that a simple call takes */
#endif

/* The plugin cannot see into nanosleep(), but it is harmless: nothing but time passes. */
static void work(int times) {
  struct timespec time = {0, times * MILLISECONDS * 1000000L};
  nanosleep(&time, NULL);
}

LAZY static long sqr(long a) {
  work(1);
  return a * a;
}

LAZY static long summ(long a, long b, long c) {
  work(1);
  return a + b + c;
}

LAZY static long toil(long a) {
  work(10);
  return -a;
}

int main(int argc, char **argv) {
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);

  long one = sqr(2), two = sqr(3);
  long sum = summ(summ(one, two, 1), sqr(4), summ(two, sqr(5), one));
  long dear = toil(summ(sum, one, two));

  printf("%ld\n", sum);
  printf("%ld\n", one);
  if (argc > 1 && strcmp(argv[1], "all") == 0)
    printf("%ld\n", dear);

  clock_gettime(CLOCK_MONOTONIC, &end);
  fprintf(stderr, "%.2f s\n", (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9);
  return 0;
}
