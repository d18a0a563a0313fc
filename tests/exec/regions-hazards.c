// Memory that pending calls touch, and everything that can happen to it meanwhile.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

LAZY static void increase(LAZY_INOUT(n) int *a, int n, int by) {
  for (int round = 0; round < 50; round++)
    for (int i = 0; i < n; i++)
      a[i] += by;
}
LAZY static long total(int n, const int a[n]) {
  long sum = 0;
  for (int i = 0; i < n; i++)
    sum += a[i];
  return sum;
}

// A struct that is read while its successor is written; bytes of it change.
struct image {
  int width;
  unsigned char pixel[40][40];
};
LAZY static void blur(LAZY_OUT(1) struct image *to, LAZY_IN(1) const struct image *from) {
  to->width = from->width;
  for (int y = 1; y < 39; y++)
    for (int x = 1; x < 39; x++)
      to->pixel[y][x] =
          (unsigned char)((from->pixel[y - 1][x] + from->pixel[y + 1][x] + from->pixel[y][x - 1] + 1) / 3);
}
static void images(void) {
  static struct image a, b, c;
  a.width = 40;
  for (int i = 0; i < 1600; i++)
    a.pixel[i / 40][i % 40] = (unsigned char)(i * 37);
  for (int i = 0; i < 10; i++) {
    blur(&b, &a);
    blur(&c, &b);
    blur(&a, &c);
  }
  struct image copy = a;
  copy.pixel[3][3]++;
  blur(&b, &copy);
  copy.pixel[4][3] = 0;
  printf("images %d %d %d\n", a.pixel[20][20], b.pixel[3][4], b.width);
}

LAZY static void scale(int rows, int columns, double m[rows][columns], const double by[columns], double factor) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      m[i][j] = m[i][j] * factor + by[j];
}
static void matrix(void) {
  double m[6][5], by[5] = {1, 2, 3, 4, 5};
  memset(m, 0, sizeof m);
  for (int i = 0; i < 7; i++) {
    scale(6, 5, m, by, 1.5);
    by[i % 5] += 1;
    scale(2, 5, m + 2, m[4], 0.5);
  }
  for (int i = 0; i < 6; i++)
    printf("%a ", m[i][i % 5]);
  puts("");
}

// The function that made the calls is left for good.
static jmp_buf out;
static int *seen;
static void check(int x) {
  if (x > 2)
    longjmp(out, seen[5]);
}
static int left(int n) {
  int a[200] = {0};
  seen = a;
  for (int i = 0; i < n; i++) {
    increase(a, 200, i + 1);
    check(i);
  }
  return a[5];
}
static void leaving(void) {
  int how = setjmp(out);
  if (how == 0)
    printf("stayed %d\n", left(9));
  else
    printf("left %d\n", how);
}

// Memory that is given back.
struct item {
  struct item *next;
  int value[8];
};
static int freeing(int n) {
  struct item *list = NULL;
  for (int i = 0; i < n; i++) {
    struct item *item = malloc(sizeof *item);
    item->next = list;
    for (int k = 0; k < 8; k++)
      item->value[k] = i;
    list = item;
  }
  for (struct item *item = list; item; item = item->next)
    increase(item->value, 8, 3);
  int sum = 0;
  while (list) {
    struct item *item = list;
    list = list->next;
    sum = (sum * 3 + item->value[7]) % 1000007;
    free(item);
  }
  int *grown = calloc(10, sizeof *grown);
  increase(grown, 10, 3);
  grown = realloc(grown, 100 * sizeof *grown);
  increase(grown, 10, 1);
  sum += grown[9];
  increase(grown, 10, 2);
  free(grown);
  return sum;
}

// Locals of varying size, blocks that end, clean-up.
static int cleaned;
static void clean(int (*a)[4]) { cleaned += (*a)[0]; }
static int scopes(int n) {
  int sum = 0;
  for (int i = 1; i < n; i++) {
    int a[i];
    for (int k = 0; k < i; k++)
      a[k] = k;
    increase(a, i, i);
    if (i % 3 == 0)
      continue;
    sum += a[i - 1];
    __attribute__((cleanup(clean))) int b[4] = {i};
    increase(b, 4, 2);
  }
  return sum + cleaned;
}

static int switches(int k, int *a) {
  switch (k % 4) {
  case 0: increase(a, 3, 1); break;
  case 1: increase(a + 1, 3, 2);
  case 2: increase(a + 2, 2, 3);
  default: a[0] += 4;
  }
  return a[k % 3];
}

// Other types through the same bytes.
union bytes {
  int word[4];
  float real[4];
  unsigned char byte[16];
};
LAZY static void scramble(LAZY_INOUT(n) void *p, unsigned char n) {
  unsigned char *byte = p;
  for (int i = 0; i < n; i++)
    byte[i] ^= (unsigned char)(i * 7);
}
static void aliases(void) {
  union bytes u = {.word = {1, 2, 3, 4}};
  scramble(&u, sizeof u);
  u.real[1] = 2.5f;
  scramble(u.byte + 3, 9);
  printf("aliases %d %d\n", u.word[0], u.word[3]);
}

static void pointers_that_change_places(void) {
  int first[64] = {1}, second[64] = {2}, *p = first, *q = second;
  for (int i = 0; i < 9; i++) {
    increase(p, 64, i);
    q[i] += p[i];
    int *t = p;
    p = q;
    q = t;
  }
  printf("places %d %d\n", first[3], second[3]);
}

static int halves(int *a, int n) {
  if (n < 4) {
    increase(a, n, n);
    return a[0];
  }
  increase(a, n / 2, 1);
  int left_half = halves(a, n / 2);
  increase(a + n / 2, n - n / 2, 2);
  return left_half + halves(a + n / 2, n - n / 2) + a[n - 1];
}

// Many at once, and looked at from the far end.
static long many(void) {
  static int a[300];
  long sum = 0;
  for (int i = 0; i < 300; i++)
    increase(&a[i], 1, i);
  for (int i = 299; i >= 0; i--)
    sum += (long)a[i] * i;
  sum += total(300, a) - 2 * total(5, a + 5);
  a[7] = 100;
  sum += total(8, a);
  increase(a, 300, 1);
  return sum;
}

// How far a plain function reaches depends on a value that is pending itself.
LAZY static int reach(int seed) {
  for (int i = 0; i < 100; i++)
    seed = (seed * 31 + 7) % 1000003;
  return seed % 20 + 3;
}
__attribute__((noinline)) static void triple(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = a[i] * 3 % 10007 + n;
}
static void reaching(void) {
  int a[64] = {0};
  for (int k = 0; k < 20; k++) {
    increase(a, 64, k);
    int n = reach(k);
    triple(a, n);
    triple(a + n, n);
    printf("reaching %d %d %d\n", n, a[3], a[n]);
  }
}

// The same functions called through pointers; callers with arguments of any number, that are pointers to what is pending.
static void (*volatile through)(int *, int, int) = increase;
static int *sum_of(int *a, int count, ...) {
  va_list list;
  va_start(list, count);
  increase(a, 64, count);
  for (int i = 0; i < count; i++) {
    int *other = va_arg(list, int *);
    increase(other, 32, 1);
    a[i] += other[i];
  }
  va_end(list);
  increase(a + 1, 8, 2);
  return a;
}
static void roundabout(void) {
  int a[64] = {0}, b[64] = {0};
  for (int k = 0; k < 10; k++) {
    increase(a, 64, k);
    through(a + 5, 20, 2);
    (k % 2 ? increase : through)(b, 64, k);
    increase(a, 10, 3);
    int *p = sum_of(b, 3, a, a + 8, b + 16);
    printf("roundabout %ld %ld %d\n", total(64, a), total(64, b), p[2]);
  }
}

// Pending when the process ends: what others see by then is settled.
static int last[50];
static void at_exit(void) { printf("at exit %ld\n", total(50, last)); }

int main(void) {
  atexit(at_exit);
  images();
  matrix();
  leaving();
  printf("freeing %d\n", freeing(50));
  printf("scopes %d\n", scopes(40));
  int a[24] = {0}, sum = 0;
  for (int k = 0; k < 30; k++)
    sum = sum % 10007 * 5 + switches(k, a + k % 5);
  printf("switches %d\n", sum);
  aliases();
  pointers_that_change_places();
  int h[100] = {0};
  printf("halves %d\n", halves(h, 100));
  printf("many %ld\n", many());
  reaching();
  roundabout();
  increase(last, 50, 3);
  increase(last + 10, 10, 1);
  exit(7);
}
