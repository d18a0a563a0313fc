// out[i] = f(i): stores wait, in program order; reads between, overlaps, early exits, aliases.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rgb {
  unsigned char r, g, b;
};
struct row {
  short v[40];
};

LAZY static int f(int x) {
  int s = x;
  for (int i = 0; i < 50; i++)
    s = s * 1103515245 + 12345;
  return s >> 8;
}
LAZY static struct rgb paint(int x, int y) { return (struct rgb){x + y, x * y, x - y}; }
LAZY static struct row row(int y) {
  struct row r;
  for (int i = 0; i < 40; i++)
    r.v[i] = y * i;
  return r;
}
LAZY static double half(double x) { return x / 2; }

static unsigned sum(const void *p, size_t n) {
  const unsigned char *c = p;
  unsigned s = 0;
  while (n--)
    s = s * 31 + *c++;
  return s;
}

static int global[300];
static struct rgb image[30][40];

static void in_place(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = f(a[i]);
}
static void shifted(int *a, int *b, int n) { /* may overlap */
  for (int i = 0; i < n; i++)
    a[i] = f(b[i]);
}
static int with_reads(int *a, int n) {
  int s = 0;
  for (int i = 0; i < n; i++) {
    a[i] = f(i);
    if (i >= 5 && i % 7 == 0)
      s += a[i - 5];
    if (s > 1 << 28)
      break;
  }
  return s;
}
static void scattered(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[(i * 17) % n] = f(i);
  for (int i = 0; i < n; i++)
    a[i % 10] = f(i); /* last one wins */
}
static int local(int n) {
  int a[64];
  for (int i = 0; i < 64; i++)
    a[i] = f(i + n);
  return a[n % 64];
}
static int *escaped;
static void look(void) { printf("%d\n", *escaped); }
static void calls(void) {
  int x;
  escaped = &x;
  x = f(1);
  look();
  x = f(2);
  int y = f(3);
  look();
  printf("%d\n", y);
}
static double swapping(double *p, double *q, int n) {
  for (int i = 0; i < n; i++) {
    p[0] = half(q[0] + i);
    double *t = p;
    p = q;
    q = t;
  }
  return p[0] + q[0];
}
static void fields(struct row *rows, int n) {
  for (int i = 0; i < n; i++) {
    rows[i] = row(i);
    rows[i].v[0] = f(i);
  }
}
static void freed(int n) {
  for (int k = 0; k < n; k++) {
    int *a = malloc(100 * sizeof *a);
    for (int i = 0; i < 100; i++)
      a[i] = f(i * k);
    if (k % 3 == 0)
      a = realloc(a, 200 * sizeof *a);
    if (k % 2)
      printf("%u\n", sum(a, 100 * sizeof *a));
    free(a);
  }
}
static void overwritten(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = f(i);
  memset(a + 10, 1, 40);
  a[3] = 5;
  memmove(a + 20, a + 18, 100);
}
static int vla(int n) {
  int s = 0;
  for (int k = 1; k < n; k++) {
    int a[k];
    for (int i = 0; i < k; i++)
      a[i] = f(i);
    s += a[k / 2];
  }
  return s;
}

int main(void) {
  int *a = malloc(300 * sizeof *a), b[300];
  struct row *rows = calloc(50, sizeof *rows);
  for (int i = 0; i < 300; i++)
    global[i] = f(i);
  printf("%u\n", sum(global, sizeof global));
  in_place(global, 300);
  printf("%u\n", sum(global, sizeof global));
  shifted(global, global + 1, 299);
  shifted(global + 1, global, 299);
  printf("%u\n", sum(global, sizeof global));
  printf("%d\n", with_reads(b, 300));
  scattered(a, 300);
  printf("%u\n", sum(a, 300 * sizeof *a));
  printf("%d %d\n", local(3), local(40));
  calls();
  for (int y = 0; y < 30; y++)
    for (int x = 0; x < 40; x++)
      image[y][x] = paint(x, y);
  printf("%u\n", sum(image, sizeof image));
  for (int x = 0; x < 40; x++)
    for (int y = 29; y >= 0; y--)
      image[y][x] = paint(y, x);
  printf("%u\n", sum(image, sizeof image));
  double p[1] = {1}, q[1] = {2};
  printf("%.17g\n", swapping(p, q, 9));
  fields(rows, 50);
  printf("%u\n", sum(rows, 50 * sizeof *rows));
  freed(8);
  overwritten(a, 300);
  printf("%u\n", sum(a, 300 * sizeof *a));
  printf("%d\n", vla(30));
  free(a);
  free(rows);
  return 0;
}
