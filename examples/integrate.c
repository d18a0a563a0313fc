/* integrate.c - adaptive quadrature: the integral of sin(1/x)/x by Simpson's rule.
 *
 *     integrate [DIGITS]
 *
 * An interval on which one step of Simpson's rule and two of half the width disagree is split in the middle.
 *
 * What to notice: the recursion is deep where the function is wild and shallow where it is tame, so no division of the
 * work made beforehand would be a fair one.  All 17 digits of the sum are the serial program's: the additions are those
 * of the source, in the source's order, wherever the terms were computed.
 */
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double f(double x) {
  return sin(1 / x) / x;
}

static double simpson(double width, double left, double middle, double right) {
  return width / 6 * (left + 4 * middle + right);
}

/* The integral from `a` to `b`; `fa`, `fm` and `fb` are the function's values there and halfway. */
LAZY static double integrate(double a, double b, double fa, double fm, double fb, double tolerance) {
  double m = (a + b) / 2, fl = f((a + m) / 2), fr = f((m + b) / 2);
  double one = simpson(b - a, fa, fm, fb), two = simpson(m - a, fa, fl, fm) + simpson(b - m, fm, fr, fb);
  if (fabs(two - one) <= 15 * tolerance || m - a < 1e-12)
    return two + (two - one) / 15;
  return integrate(a, m, fa, fl, fm, tolerance / 2) + integrate(m, b, fm, fr, fb, tolerance / 2);
}

int main(int argc, char **argv) {
  int digits = argc > 1 ? atoi(argv[1]) : 12;
  double a = 0.001, b = 1;
  printf("%.17g\n", integrate(a, b, f(a), f((a + b) / 2), f(b), pow(10, -digits)));
  return 0;
}
