/* mutual.c - two pairs of functions that call each other.
 *
 *     mutual [N]
 *
 * 1. Tilings of a 3 x 2N board with dominoes: whole(n) counts those of a board of n columns, notched(n) those of one
 *    that lacks a corner.
 * 2. Hofstadter's female and male sequences: F(n) = n - M(F(n-1)), M(n) = n - F(M(n-1)).
 *
 * What to notice: the tilings are sums of independent calls and run on every core.  Hofstadter's functions feed each
 * other, so there is nothing to run at once: the inner call is simply the argument of the outer one, an edge of the
 * graph, and the answer comes at the serial program's price.
 */
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

LAZY static long notched(int n);

LAZY static long whole(int n) {
  if (n < 2)
    return n == 0;
  return whole(n - 2) + 2 * notched(n - 1);
}

LAZY static long notched(int n) {
  if (n < 2)
    return n == 1;
  return whole(n - 1) + notched(n - 2);
}

LAZY static int male(int n);

LAZY static int female(int n) {
  return n == 0 ? 1 : n - male(female(n - 1));
}

LAZY static int male(int n) {
  return n == 0 ? 0 : n - female(male(n - 1));
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 18;
  if (n < 0 || n > 30) {
    fprintf(stderr, "usage: mutual [N], with N from 0 to 30\n");
    return 2;
  }
  printf("tilings of a 3 x %d board: %ld\n", 2 * n, whole(2 * n));
  printf("Hofstadter: F(%d) = %d, M(%d) = %d\n", 5 * n, female(5 * n), 5 * n, male(5 * n));
  return 0;
}
