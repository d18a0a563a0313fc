// Lazy functions whose bodies show what memory they touch.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(const char *what, const void *p, size_t size) {
  const unsigned char *byte = p;
  unsigned h = 2166136261u;
  for (size_t i = 0; i < size; i++)
    h = (h ^ byte[i]) * 16777619u;
  printf("%s %u\n", what, h);
}

LAZY static void stencil(double *out, const double *in, int n) {
  for (int i = 1; i < n - 1; i++)
    out[i] = in[i - 1] * 0.25 + in[i] * 0.5 + in[i + 1] * 0.25;
}
static void stencils(void) {
  enum { N = 3000, BLOCK = 500 };
  static double a[N], b[N];
  double *from = a, *to = b;
  for (int i = 0; i < N; i++)
    a[i] = i * 37 % 101;
  for (int step = 0; step < 20; step++) {
    for (int i = 0; i + BLOCK <= N; i += BLOCK - 2)
      stencil(to + i, from + i, BLOCK);
    double *other = from;
    from = to, to = other;
  }
  stencil(a, a, N); // in place
  stencil(a, b, 0), stencil(NULL, NULL, -5), stencil(b, a, INT32_MIN + 2);
  show("stencils", a, sizeof a), show("stencils", b, sizeof b);
}

LAZY static void multiply(int *c, const int *a, const int *b, int n, int ld) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      int s = 0;
      for (int k = 0; k < n; k++)
        s += a[i * ld + k] * b[k * ld + j];
      c[i * ld + j] += s;
    }
}
static void tiles(void) {
  enum { N = 96, T = 24 };
  static int a[N][N], b[N][N], c[N][N];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      a[i][j] = i * j % 7, b[i][j] = i + j;
  for (int i = 0; i < N; i += T)
    for (int j = 0; j < N; j += T)
      for (int k = 0; k < N; k += T)
        multiply(&c[i][j], &a[i][k], &b[k][j], T, N);
  multiply(&c[0][0], &c[0][0], &c[T][T], T, N);
  multiply(&c[5][0], &c[0][5], &c[5][5], T, N);              // overlap in part
  multiply(&c[N - 1][0], &a[N - 1][0], &b[N - 1][0], T, -N); // upwards
  multiply(&c[3][3], &a[3][3], &b[3][3], 1, 0);
  multiply(NULL, NULL, NULL, 0, 1 << 30), multiply(NULL, NULL, NULL, -1, -1);
  show("tiles", c, sizeof c);
}

LAZY static void relax(double *first, long rows, long columns, long width) {
  for (long y = 0; y < rows; y++)
    for (long x = 0; x < columns; x++) {
      double *here = first + y * width + x;
      *here = (here[-width] + here[width] + here[-1] + here[1]) * 0.25;
    }
}
LAZY static void heat(double *to, const double *from, int y0, int y1, int w) {
  for (int y = y0; y < y1; y++)
    for (int x = 1; x < w - 1; x++)
      to[y * w + x] = from[(y - 1) * w + x] + from[(y + 1) * w + x] - from[y * w + x - 1] * from[y * w + x + 1];
}
static void stencils_by_tiles(void) {
  enum { W = 81, T = 20 };
  static double a[W * W], b[W * W];
  double *from = a, *to = b;
  for (int i = 0; i < W * W; i++)
    a[i] = i % 31 / 32.0;
  for (int step = 0; step < 5; step++) {
    for (int y = 1; y + T <= W; y += T - 1)
      for (int x = 1; x + T <= W; x += T - 1)
        relax(from + y * W + x, T - 1, T - 1, W);
    for (int y = 1; y + T < W; y += T)
      heat(to, from, y, y + T, W);
    double *other = from;
    from = to, to = other;
  }
  relax(NULL, 0, 5, W), relax(a, 5, -1, 1L << 50), heat(NULL, NULL, 7, 7, W), heat(a, b, 9, 2, 3);
  show("tiles", a, sizeof a), show("tiles", b, sizeof b);
}

LAZY static void histogram(unsigned *count, const unsigned char *p, size_t n) {
  for (size_t i = 0; i < n; i++)
    count[p[i]]++;
}
LAZY static size_t until(const char *p, size_t n) { // n may be anything
  for (size_t i = 0; i < n; i++)
    if (!p[i])
      return i;
  return n;
}
LAZY static void every(long step, int *p, long n) {
  for (long i = 0; i < n; i++)
    p[i * step] += (int)i;
}
LAZY static void backwards(int *p, size_t n) {
  for (size_t i = n; i-- > 0;)
    p[i] = p[i] * 3 + (int)i;
}
LAZY static void between(int *p, int *end) {
  while (p < end)
    *p++ ^= 21;
}
LAZY static void triangle(int *a, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      a[i * n + j] += (int)(i * j);
}
static void odds(void) {
  enum { N = 2000 };
  static int a[N];
  static unsigned count[256];
  static unsigned char text[N];
  for (int i = 0; i < N; i++)
    text[i] = (unsigned char)(i * i % 251 + 1);
  text[N - 7] = 0;
  for (int i = 0; i < 10; i++)
    histogram(count, text + i * (N / 10), N / 10);
  size_t end = until((char *)text, SIZE_MAX) + until((char *)text, 40);
  text[3] = 0;
  printf("until %zu %zu\n", end, until((char *)text, SIZE_MAX / 2 + 1));
  for (long step = -3; step <= 3; step++)
    every(step, a + N / 2, 300);
  every(LONG_MAX / 2, a, 1), every(1L << 40, a, 0), every(LONG_MIN, a, -1);
  for (int i = 0; i < 8; i++)
    backwards(a + i * 100, 150), between(a + i * 90, a + i * 90 + 95), triangle(a + i, 40);
  between(a + 9, a), between(NULL, NULL), backwards(NULL, 0);
  show("odds", a, sizeof a), show("odds", count, sizeof count);
}

// Helpers, and structs of pointers and sizes, by value.
struct view {
  int *p;
  int rows, columns, stride;
};
static int *element(struct view v, int i, int j) { return &v.p[i * v.stride + j]; }
LAZY static void scale(int *p, int n, int stride, int by) {
  struct view v = {p, n, n, stride};
  for (int i = 0; i < v.rows; i++)
    for (int j = 0; j < v.columns; j++)
      *element(v, i, j) = *element(v, i, j) * by + i - j;
}
static void first(int *p) { p[0]++; }
static void both(int *p, int n) { first(p), first(p + n - 1); }
LAZY static void ends(int *p, int n) {
  both(p, n);
  if (n > 10)
    memset(p + 2, n, 4 * sizeof *p);
  else
    memcpy(p, p + n, (size_t)n * sizeof *p);
}
LAZY static void looks(const int *p, int n) { // for nothing
  int s = 0;
  for (int i = 0; i < n; i++)
    s += p[i];
}
static void helpers(void) {
  enum { N = 80 };
  static int a[N][N];
  for (int k = 1; k < 4; k++)
    for (int i = 0; i < N; i += 20)
      for (int j = 0; j < N; j += 20) {
        scale(&a[i][j], 20, N, k);
        ends(&a[i][j], k * 5);
        looks(a[i], N);
      }
  show("helpers", a, sizeof a);
}

// Values come from calls that are pending themselves.
LAZY static int rank(int x) {
  for (int i = 0; i < 100; i++)
    x = x * 1103515245 + 12345;
  return (x >> 16) & 63;
}
static void pending_numbers(void) {
  static int a[1000];
  for (int i = 0; i < 12; i++) {
    int n = rank(i);
    backwards(a + rank(i + 50), (size_t)n);
    between(a + n, a + 500 + rank(n));
  }
  show("numbers", a, sizeof a);
}

// A plain function whose arguments are pending says with them what it touches.
static int peek(const int *p, int i, int n) {
  int s = 0;
  for (int k = 0; k < n; k++)
    s = s * 3 + p[i + k];
  return s;
}
struct part {
  long from, size, others[6];
};
LAZY static struct part choose(int x) {
  struct part p = {rank(x), rank(x + 1), {x}};
  return p;
}
static void poke(const struct part *p, int *a) {
  for (long i = 0; i < p->size; i++)
    a[p->from + i] += (int)p->others[0];
}
static void pending_arguments(void) {
  static int a[200];
  int h = 0;
  for (int i = 0; i < 20; i++) {
    backwards(a + i, 100);
    int n = rank(i), k = rank(i + 9);
    struct part p = choose(i);
    h = h * 5 + peek(a, k, n);
    backwards(a + 50, 70);
    poke(&p, a);
  }
  printf("arguments %d\n", h);
  show("arguments", a, sizeof a);
}

int main(void) { stencils(), tiles(), stencils_by_tiles(), odds(), helpers(), pending_numbers(), pending_arguments(); }
