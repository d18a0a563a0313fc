// Memory that a lazy function touches in roundabout ways, all of it named: by helpers, callbacks, pointers to functions,
// copies of arguments, memory of its own, other lazy functions.  Mostly for LAZY=check, which must find nothing to say.
// RUN: %lazy_equiv --fast %s -lpthread
// mock: no
#include <alloca.h>
#include <lazy/lazy.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct big {
  int v[40];
};
struct mat {
  long rows, cols;
  double *p;
  struct mat *next;
};
static const int primes[] = {2, 3, 5, 7, 11};
static int table[16];
static const char *const words[] = {"ab", "cde", "f"};

static int at(const int *p, int i) { return p[i]; }
static void set(int *p, int i, int v) { p[i] = v; }
LAZY static struct big byval(struct big b, LAZY_IN(n) const int *a, int n) {
  struct big r = b;
  for (int i = 0; i < n; i++)
    set(r.v, i % 40, at(a, i) + at(b.v, i % 40) + at(primes, i % 5) + at(table, i % 16));
  set(b.v, 3, 4);
  r.v[0] += at(b.v, 3);
  return r;
}
LAZY static int recurse(LAZY_INOUT(n) int *a, int n) {
  int local[n + 1];
  int *al = alloca(8 * sizeof *al);
  if (n < 2)
    return n ? a[0] : 0;
  memcpy(local, a, n * sizeof *a);
  for (int i = 0; i < 8; i++)
    al[i] = i;
  int x = recurse(local, n / 2), y = recurse(a + n / 2, n - n / 2), z = recurse(al, 8 < n ? 8 : 0);
  a[0] = x + y + z;
  return a[0] ^ local[n - 1];
}
static int cmp(const void *a, const void *b) { return (*(int *)a > *(int *)b) - (*(int *)a < *(int *)b); }
LAZY static void order(LAZY_INOUT(n) int *a, int n) { qsort(a, n, sizeof *a, cmp); }
typedef int op(const int *, int);
static int op1(const int *p, int i) { return p[i] * 2; }
static int op2(const int *p, int i) {
  int *q = malloc(8);
  q[0] = p[i];
  int r = q[0] + 1;
  free(q);
  return r;
}
static op *const ops[] = {op1, op2};
LAZY static int pointers(LAZY_IN(n) const int *a, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s += ops[i & 1](a, i);
  return s;
}
static void fail(jmp_buf b, int v) {
  if (v > 3)
    longjmp(b, v);
}
LAZY static int inner(LAZY_IN(n) const int *a, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s += a[i];
  return s;
}
LAZY static int jumps(LAZY_IN(n) const int *a, int n) {
  jmp_buf b;
  volatile int s = 0;
  if (setjmp(b) == 0)
    for (int i = 0; i < n; i++) {
      s += inner(a, i);
      fail(b, a[i]);
    }
  return s + a[n - 1];
}
static int many(int n, ...) {
  va_list l;
  va_start(l, n);
  int s = 0;
  while (n--)
    s += *va_arg(l, const int *);
  va_end(l);
  return s;
}
LAZY static int variadic(LAZY_IN(3) const int *a) { return many(3, a, a + 1, a + 2) + (int)strlen(words[a[0] % 3]); }
LAZY static double member(LAZY_IN(1) const struct mat *m, LAZY_IN(m->rows * m->cols) const double *p) {
  double s = 0;
  for (long i = 0; m && i < m->rows * m->cols; i++)
    s += p[i];
  return s;
}
LAZY static size_t text(LAZY_STR const char *s, LAZY_OUT(n) char *to, size_t n) {
  if (!s)
    return 0;
  char *d = strdup(s), *e = realloc(d, 100);
  strcat(e, "x");
  strncpy(to, e, n);
  size_t l = strlen(e) + strnlen(s, 3) + (strchr(s, 'b') != NULL);
  free(e);
  return l;
}
struct list {
  struct list *next;
  int v;
};
LAZY static int lists(LAZY_IN(n) const int *a, int n) {
  struct list *l = NULL, *k;
  for (int i = 0; i < n; i++) {
    k = malloc(sizeof *k);
    k->next = l;
    k->v = a[i];
    l = k;
  }
  int s = 0;
  while (l) {
    s = s * 3 + l->v;
    k = l->next;
    free(l);
    l = k;
  }
  return s;
}
LAZY static struct list *made(LAZY_IN(n) const int *a, int n) {
  struct list *l = calloc(n, sizeof *l);
  for (int i = 0; i < n; i++) {
    l[i].v = at(a, i);
    l[i].next = i + 1 < n ? l + i + 1 : NULL;
  }
  return l;
}
LAZY static int outer_made(LAZY_IN(n) const int *a, int n) {
  struct list *l = made(a, n), *k;
  int s = 0;
  for (k = l; k; k = k->next)
    s += k->v++;
  free(l);
  return s;
}
__attribute__((pure)) LAZY static int pure(LAZY_IN(n) const int *a, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s += a[i];
  return s;
}
LAZY static void rev(LAZY_OUT(rows, 4, -8) int *last, int rows) {
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < 4; c++)
      last[-8 * r + c] = r;
}
typedef float v4 __attribute__((vector_size(16)));
LAZY static void vec(LAZY_INOUT(n) v4 *a, LAZY_INOUT(1) _Complex double *z, LAZY_INOUT(1) __int128 *w, int n) {
  for (int i = 0; i < n; i++)
    a[i] *= 2;
  *z *= 2;
  *w += 1;
}
LAZY static int nothing(LAZY_IN(n) const int *a, int n) { return n ? a[0] : -1; }
/* Numbers for printf are no text. */
LAZY static void label(LAZY_OUT(16) char *to, LAZY_STR const char *name, int k, double x) {
  snprintf(to, 16, "%s%d %g", name, k, x);
}
/* What the body shows is only a part of what it reads, and what lies beside it is nobody's mistake. */
struct place {
  double value, mean;
  struct place **next;
};
LAZY static void relax(struct place *p) {
  double s = 0;
  for (int k = 1; k < 300; k++)
    for (int i = 0; i < 2; i++)
      s += p->next[i]->value / k;
  p->mean = s;
}
static void *work(void *x) {
  int *a = x;
  int s = inner(a, 10) + recurse(a, 10);
  return (void *)(long)s;
}
int main(void) {
  int a[16], c[9];
  struct big b = {{1, 2, 3}};
  for (int i = 0; i < 16; i++)
    a[i] = table[i] = i * 7 % 11;
  b = byval(b, a, 16);
  printf("%d %d\n", b.v[0], b.v[15]);
  printf("%d\n", recurse(a, 16));
  order(a, 16);
  order(table, 7);
  printf("%d %d %d\n", a[3], pointers(a, 16), jumps(a, 16));
  printf("%d\n", variadic(a + 2));
  double p[6] = {1, 2, 3, 4, 5, 6};
  struct mat m = {2, 3, p, &m};
  printf("%g %g\n", member(&m, p), member(NULL, p));
  char t[20];
  printf("%zu %s %zu\n", text("hubbub", t, 20), t, text(NULL, t, 0));
  printf("%d %d %d\n", lists(a, 16), outer_made(a, 16), pure(a, 16) + pure(a, 16));
  int g[4][8] = {{0}};
  rev(g[3], 4);
  printf("%d\n", g[0][3]);
  v4 v[2] = {{1, 2}, {3}};
  _Complex double z = 3;
  __int128 w = 4;
  vec(v, &z, &w, 2);
  printf("%g %g %d\n", v[1][0], __real__ z, (int)w);
  printf("%d %d\n", nothing(NULL, 0), nothing(c, 0));
  char labels[4][16];
  struct place places[4], *next[4][2];
  for (int i = 0; i < 4; i++) {
    next[i][0] = &places[(i + 1) % 4];
    next[i][1] = &places[(i + 2) % 4];
    places[i] = (struct place){i, 0, next[i]};
    label(labels[i], t, i, i / 2.);
  }
  for (int i = 0; i < 4; i++)
    relax(&places[i]);
  for (int i = 0; i < 4; i++)
    printf("%s %.12g\n", labels[i], places[i].mean);
  pthread_t th[3];
  long s = 0;
  int d[3][10];
  for (int i = 0; i < 3; i++) {
    for (int k = 0; k < 10; k++)
      d[i][k] = i + k;
    pthread_create(&th[i], NULL, work, d[i]);
  }
  for (int i = 0; i < 3; i++) {
    void *r;
    pthread_join(th[i], &r);
    s += (long)r;
  }
  int (*f)(const int *, int) = inner;
  printf("%ld %d\n", s, f(a, 16));
}
