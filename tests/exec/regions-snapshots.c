// Small inputs, changed as soon as the call is made: the node has a copy of them, unless somebody could tell it from the
// original.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 60 };
static double out[N];

static unsigned long mix(unsigned long seed) {
  for (int i = 0; i < 2000; i++)
    seed = seed * 6364136223846793005ul + 1442695040888963407ul;
  return seed >> 20;
}
static void show(const char *what) {
  printf("%s", what);
  for (int i = 0; i < N; i += 7)
    printf(" %.17g", out[i]);
  printf("\n");
}

// A struct on the stack, a variable, an array.
struct point {
  int tag;
  long double x;
  double y;
  char name[5];
};
LAZY static double simulate(const struct point *p) {
  return (double)mix((unsigned long)p->tag) + (double)p->x / 3 + p->y + p->name[2];
}
static struct point everywhere;
LAZY static double norm(const double *x, int n) {
  double s = 0;
  for (int i = 0; i < n; i++)
    s += x[i] * (double)mix((unsigned long)x[i]);
  return s;
}
LAZY static double said(LAZY_IN(n) const double *x, int n) { return norm(x, n) / 2; }
static void changed_after_the_call(void) {
  struct point p = {0, 1, 2, "abc"};
  for (int i = 0; i < N; i++) {
    p.tag = i, p.x = i / 3.0L, p.name[2] = (char)i;
    out[i] = simulate(&p);
  }
  show("struct");
  for (int i = 0; i < N; i++) {
    everywhere.tag += i, everywhere.y = i;
    out[i] = simulate(&everywhere);
    memset(&everywhere, i, 4);
  }
  show("variable");
  for (int i = 0; i < N; i++) {
    double x[4] = {i, i + 1, i + 2, i + 3};
    out[i] = i % 2 ? norm(x, 3) : said(x + 1, 2);
    x[1] = x[2] = 9;
  }
  show("array");
}

// Only some of it is read; in front of where the pointer points; from a place that is not aligned.
LAZY static double second(const struct point *p) { return (double)mix((unsigned long)p->y); }
LAZY static double before(const double *p) { return p[-1] * (double)mix((unsigned long)p[-2]); }
LAZY static double odd(const char *p) {
  double x;
  memcpy(&x, p + 3, sizeof x);
  return x * (double)mix((unsigned char)p[2]);
}
struct __attribute__((packed)) packed {
  char a;
  double b;
  long double c;
};
LAZY static double tight(const struct packed *p) { return p->b + (double)mix((unsigned long)p->c); }
static void parts(void) {
  struct point p = {0};
  double around[5] = {0};
  char text[24] = {0};
  struct packed q[2] = {{0, 0, 0}, {0, 0, 0}};
  for (int i = 0; i < N; i++) {
    double x = i * 1.5;
    p.y = i, around[i % 3] += i, q[1].b = i, q[1].c = x;
    memcpy(text + 3 + i % 8, &x, sizeof x);
    switch (i % 4) {
    case 0: out[i] = second(&p); break;
    case 1: out[i] = before(around + 3); break;
    case 2: out[i] = odd(text + i % 8); break;
    default: out[i] = tight(&q[1]);
    }
  }
  show("parts");
}

// Who looks at the pointer itself gets the original.
struct found {
  const double *where;
  double what;
};
LAZY static struct found largest(const double *x, int n) {
  struct found f = {x, x[0] + (double)mix(7)};
  for (int i = 1; i < n; i++)
    if (x[i] > *f.where)
      f.where = &x[i];
  return f;
}
LAZY static double same(const double *x, const double *y) {
  return (double)mix((unsigned long)(x[0] + y[0])) + (x == y);
}
LAZY static double inner(const double *x, LAZY_OPAQUE const double *mark) { return x[0] + (double)mix(x == mark); }
LAZY static double passed_on(const double *x, LAZY_OPAQUE const double *mark) { return inner(x, mark) + 1; }
LAZY static double parity(const double *x) { return x[0] + (double)mix((unsigned long)x % 64 / 32); }
static void identity(void) {
  double x[4] = {3, 1, 4, 1}, y[4] = {2, 7, 1, 8};
  for (int i = 0; i < N; i += 4) {
    struct found f = largest(x, 4);
    out[i] = f.what + (double)(f.where - x);
    out[i + 1] = same(x, i % 3 ? x : y);
    out[i + 2] = passed_on(x, x);
    out[i + 3] = parity(x) - parity(x);
    x[i / 4 % 4] += i, y[0] += i;
  }
  show("identity");
}

// Read and written by the same call, by the one before, by nobody; there or not.
LAZY static void turn(const double *x, double *y) {
  for (int i = 0; i < 4; i++)
    y[(i + 1) % 4] = x[i] / 2 + (double)mix((unsigned long)y[i]);
}
LAZY static void grow(double *x) {
  for (int i = 0; i < 4; i++)
    x[i] += (double)mix((unsigned long)i);
}
LAZY static double maybe(const double *x) { return x ? x[1] + (double)mix((unsigned long)x[0]) : -1; }
static void both(void) {
  double x[4] = {1, 2, 3, 4}, y[8] = {5, 6, 7, 8, 9, 10, 11, 12};
  for (int i = 0; i < N; i++) {
    turn(x, y);
    turn(y, x);
    turn(x, x);
    turn(y + 2, y + 1);
    out[i] = norm(y, 8);
    y[i % 8] = i;
    grow(y + i % 4);
    x[i % 4] = norm(y + 1, 3);
    out[i] += maybe(i % 5 ? x : NULL) + maybe(&y[6]);
    y[7] = -i;
  }
  for (int i = 0; i < 4; i++)
    printf(" %.17g %.17g", x[i], y[2 * i]);
  printf("\n");
  show("both");
}

// What is left pending when the object is gone; calls within calls; memory from malloc, which may not be there.
static double left(int i) {
  double x[3] = {i, i * 2.0, i * 3.0};
  double a = norm(x, 3);
  x[0] = 1;
  double b = norm(x, 3);
  memset(x, 0, sizeof x);
  return a - b;
}
LAZY static double within(int i) {
  struct point p = {i, i, i, "xy"};
  double a = simulate(&p);
  p.tag++;
  return a + simulate(&p) + left(i);
}
static void scopes(void) {
  for (int i = 0; i < N; i++) {
    double *x = malloc(3 * sizeof *x);
    x[0] = i, x[1] = 2, x[2] = 3;
    out[i] = within(i) + left(i);
    out[i] += norm(x, 3);
    x[1] = 0;
    free(x);
  }
  show("scopes");
}

int main(void) {
  changed_after_the_call();
  parts();
  identity();
  both();
  scopes();
  return 0;
}
