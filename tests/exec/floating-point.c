// The same bits: rounding modes, long chains of additions, contraction left as the compiler had it, NaN and signed
// zero, tables of constants.  (Without -frounding-math a changed mode is undefined behaviour: clang folds constants.)
// RUN: %lazy_equiv %s -frounding-math
// mock: no
#include <fenv.h>
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>

static const double weights[8] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};

LAZY static double series(double x, int n) {
  double s = 0;
  for (int i = 1; i <= n; i++)
    s += x / i * weights[i & 7];
  return s;
}
LAZY static double third(double x) { return x / 3; }
LAZY static long double third_long(long double x) { return x / 3; }
LAZY static float mixed(float a, double b) { return a * b + a; }
LAZY static double transcendental(double x) {
  return sin(x) * exp(x / 10) + pow(fabs(x), 0.3) + sqrt(x * x) + log(x * x + 1);
}
LAZY static double nan_of(double x) { return x - x == 0 ? copysign(x, -1) : x; }

static void sums(void) {
  double s = 0, out[100];
  for (int i = 0; i < 100; i++) {
    double a = series(i, 50), b = series(i + 0.5, 60), c = transcendental(i), d = third(i);
    s += a * b + c - d;
    out[i] = third(s);
  }
  double t = 0;
  for (int i = 0; i < 100; i++)
    t = t * 0.5 + out[i];
  printf("%a %a\n", s, t);
}

int main(void) {
  static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
  sums();
  for (int m = 0; m < 4; m++) {
    fesetround(modes[m]);
    double x[20];
    for (int i = 0; i < 20; i++)
      x[i] = third(i + 1);
    double a = third(1), b = third(-1), c = series(1, 1000), d = series(2, 1000);
    long double l = third_long(1), k = third_long(-2);
    float f = mixed(0.1f, 0.3), g = mixed(1.1f, 1e-9);
    fesetround(FE_TONEAREST);
    double e = third(1), h = third(2);
    printf("%a %a %a %a %La %La %a %a %a %a\n", a, b, c, d, l, k, f, g, e, h);
    for (int i = 0; i < 20; i++)
      printf("%a ", x[i]);
    puts("");
  }
  double n1 = nan_of(NAN), n2 = nan_of(0.0), n3 = nan_of(INFINITY);
  printf("%f %f %f\n", n1, n2, n3);
  return 0;
}
