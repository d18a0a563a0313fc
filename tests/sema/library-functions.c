// What is known of the C library needs no vouching.
// RUN: %clang_lazy -O0 -c -o %t.o %s -Xclang -verify
// RUN: %clang_lazy -O2 -D_FORTIFY_SOURCE=2 -c -o %t.o %s -Xclang -verify
// expected-no-diagnostics
#define _GNU_SOURCE
#include <assert.h>
#include <complex.h>
#include <lazy/lazy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

LAZY double math(double x) {
  double whole;
  int exponent, quotient;
  return sin(x) + hypot(x, 2) + modf(x, &whole) + frexp(x, &exponent) + remquo(x, 3, &quotient) + nan("") +
         ldexp(x, 3) + whole + exponent + quotient + cabs(cexp(x)) + isnan(x) + fma(x, x, x);
}
LAZY float mathf(float x) { return sinf(x) + cabsf(x + 1.0f * I) + powf(x, x) + roundf(x) + lroundf(x); }
LAZY long double mathl(long double x) { return sinl(x) + cabsl(csqrtl(x)) + powl(x, x) + nexttowardl(x, 1) + lrintl(x); }
LAZY int integers(int x) { return abs(x) + (int)labs(x) + div(x, 3).rem + (int)ldiv(x, 4).quot; }
LAZY int strings(int x) {
  char a[64], b[64], *end;
  assert(x < 1000);
  snprintf(a, sizeof a, "%d %s", x, "x");
  sprintf(b, "%5.3f", (double)x);
  strcpy(b, a);
  strncpy(a, b, sizeof a - 1);
  strcat(b, a);
  memmove(a, a + 1, 10);
  return atoi(a) + (int)strtol(a, &end, 10) + (int)strtod(b, NULL) + (int)(end - a) + (int)strspn(a, "12") +
         strcasecmp(a, b) + (getenv("HOME") != NULL);
}
LAZY int heap(int n) {
  int *p = malloc(sizeof *p * 10), *q = calloc(10, sizeof *q);
  char *s = strdup("text");
  if (!p || !q || !s)
    abort();
  p[0] = n;
  q[1] = p[0];
  s[2] = 3;
  p = realloc(p, 20 * sizeof *p);
  p[1] = s[2] + q[1];
  n = p[1];
  free(p), free(q), free(s);
  return n;
}
LAZY int reentrant(int x) {
  char text[64], *rest;
  struct tm broken;
  time_t when = x;
  unsigned seed = (unsigned)x;
  int sign, s = rand_r(&seed) + (int)lgamma_r(x, &sign);
  s += gmtime_r(&when, &broken)->tm_year + (asctime_r(&broken, text) != NULL) + (strerror_r(x, text, sizeof text) != 0);
  for (char *w = strtok_r(text, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
    s += (int)strlen(w);
  return s;
}
LAZY int process(int x) { return x + getpid() + getppid() + getpagesize(); }
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
LAZY int sorts(int x) {
  int a[] = {3, x, 1}, *found;
  qsort(a, 3, sizeof *a, compare);
  found = bsearch(&x, a, 3, sizeof *a, compare);
  return found ? *found : 0;
}
static void release(int *p) { free(p); }
LAZY int elsewhere_freed(int n) {
  int *p = malloc(sizeof *p);
  *p = n;
  n = *p;
  release(p);
  return n;
}
