// A loop whose calls are rare does not run ahead for ever: what it prints in between comes, and so does its way out.
// RUN: %lazy_equiv %s -lm
#include <fenv.h>
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>

LAZY static double f(int i) {
  double s = 0;
  for (int k = 1; k < 30; k++)
    s += 1.0 / (k + i);
  return s;
}

static void leave(double sum) {
  printf("%.17g\n", sum);
  exit(7);
}

/* The slice alone would go round three million times before the loop says that it is still there. */
static void rare(void) {
  double sum = 0;
  for (unsigned long k = 1;; k++) {
    if (k % 400009 == 1)
      sum += f((int)(k & 15));
    if (k % 100000 == 0)
      puts("still there");
    if (k == 3000000)
      break;
  }
  printf("%.17g\n", sum);
}

static void rounding(void) {
  static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
  double sum = 0;
  for (int i = 0; i < 40; i++) {
    fesetround(modes[i & 3]);
    sum = sum * 0.5 + f(i);
  }
  fesetround(FE_TONEAREST);
  printf("%.17g\n", sum);
}

int main(void) {
  double sum = 0;
  rounding();
  rare();
  for (unsigned long k = 0;; k++) {
    if (k == 5)
      sum = f(3);
    if (k == 2500000)
      leave(sum); /* may not return, and is not foreseen */
  }
}
