// Lazy functions that use the C library: strings, memory, conversions, mathematics with results through pointers.
// RUN: %lazy_equiv %s
#include <complex.h>
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char name[16] = "table";

LAZY static int text(int x) {
  char a[64], b[64], *end;
  snprintf(a, sizeof a, "%d:%s", x, name);
  strcpy(b, a);
  strcat(b, "!");
  long n = strtol(b, &end, 10);
  return (int)(n * 100 + (end - b) * 10 + (int)strlen(b) + (strcmp(end, ":table!") == 0));
}
LAZY static double numbers(double x) {
  double whole;
  int exponent, quotient;
  double part = modf(x, &whole), mantissa = frexp(x, &exponent), rest = remquo(x, 0.75, &quotient);
  return part * 3 + whole + mantissa * exponent + rest + quotient + cabs(x + 2 * I);
}
LAZY static int heap(int n) {
  int *p = malloc(sizeof *p * (n + 1)), s = 0;
  if (!p)
    abort();
  for (int i = 0; i <= n; i++)
    p[i] = i * n;
  p = realloc(p, sizeof *p * (2 * n + 1));
  if (!p)
    abort();
  memcpy(p + n + 1, p, sizeof *p * n);
  for (int i = 0; i <= 2 * n; i++)
    s = s * 3 + p[i];
  free(p);
  return s & 0xffff;
}

int main(void) {
  int a = text(12), b = text(-7);
  name[0] = 'c'; /* after the calls that read it */
  int c = text(12);
  printf("%d %d %d\n", a, b, c);
  double out[20];
  for (int i = 0; i < 20; i++)
    out[i] = numbers(i * 1.37 - 5);
  for (int i = 0; i < 20; i++)
    printf("%a %d\n", out[i], heap(i));
  return 0;
}
