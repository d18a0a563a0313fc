// Loops whose calls run in batches: sums, maxima, prefix sums, several calls of one iteration, calls of calls, calls under
// conditions, nested loops, lists, tables, structs, breaks and continues, effects between, sums in memory.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct pair {
  double a;
  int b;
};
struct large {
  unsigned long v[6];
};
struct item {
  struct item *next;
  int value;
};

static const int table[16] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
static int changing[16];
static int seen;

LAZY static double f(int i) {
  double s = 0;
  for (int k = 1; k < 20 + i % 13; k++)
    s += 1.0 / (k + i);
  return s;
}
LAZY static int g(int x, double y) { return (int)(y * 1000) ^ x; }
LAZY static struct pair make(int i) { return (struct pair){f(i) * 2, i * 7}; }
LAZY static struct large wide(struct large l, int i) {
  for (int k = 0; k < 6; k++)
    l.v[k] = l.v[k] * 31 + (unsigned)i;
  return l;
}
LAZY static int reads(int i) { return changing[i & 15] * 3 + i; }
LAZY static __int128 big(__int128 x, signed char c) { return x * c + 1; }

static void sums(int n) {
  double sum = 0, best = -1, prefix[64] = {0};
  float rough = 0;
  int at = -1, count = 0;
  for (int i = 0; i < n; i++) {
    double v = f(i);
    sum += v;
    rough += (float)v;
    if (v > best) {
      best = v;
      at = i;
    }
    count += v > 1.5 ? 1 : -1;
    prefix[i & 63] = sum;
  }
  printf("%.17g %.9g %.17g %d %d %.17g\n", sum, rough, best, at, count, prefix[n / 2 & 63]);
}

static void several(int n) {
  double s = 1;
  long t = 0;
  for (int i = 0; i < n; i++) {
    double v = f(i) + f(i + 1) * s;
    t += g(i, f(2 * i) * 0.5 + 1);
    s = v / 3;
  }
  printf("%.17g %ld\n", s, t);
}

static void conditions(int n) {
  double odd = 0, even = 0, rest = 0;
  for (int i = 0; i < n; i++) {
    if (table[i & 15] == 9)
      continue;
    if (i & 1)
      odd += f(i);
    else
      even -= f(i + 3);
    switch (i % 5) {
    case 0: rest += f(i); break;
    case 1: rest *= 0.5; break;
    case 3:
      if (i > 40)
        return (void)printf("early %.17g %.17g %.17g\n", odd, even, rest);
    }
  }
  printf("%.17g %.17g %.17g\n", odd, even, rest);
}

static void nested(int n) {
  double m[8][9], total = 0;
  for (int y = 0; y < 8; y++) {
    double row = 0;
    for (int x = 0; x < 9; x++)
      if ((x ^ y) != 3)
        row += m[y][x] = f(y * n + x);
      else
        m[y][x] = 0;
    total += row * (y + 1);
    for (int k = 0; k < y; k++)
      total += m[k][y];
  }
  printf("%.17g\n", total);
}

static void lists(int n) {
  struct item *first = NULL;
  for (int i = 0; i < n; i++) {
    struct item *item = malloc(sizeof *item);
    *item = (struct item){first, i * i % 17};
    first = item;
  }
  double sum = 0;
  int steps = 0;
  for (struct item *p = first; p; p = p->next, steps++)
    sum = sum * 0.99 + f(p->value);
  printf("%.17g %d\n", sum, steps);
  while (first) {
    struct item *next = first->next;
    sum -= f(first->value); // the list goes while the loop goes on
    free(first);
    first = next;
  }
  printf("%.17g\n", sum);
}

static void structs(int n) {
  double a = 0;
  int b = 0;
  struct large l = {{1, 2, 3, 4, 5, 6}}, sum = {{0}};
  for (int i = 0; i < n; i++) {
    struct pair p = make(i);
    a += p.a;
    b ^= p.b;
  }
  for (int i = 0; i < n; i++) {
    struct large w = wide(l, i);
    for (int k = 0; k < 6; k++)
      sum.v[k] ^= w.v[(k + i) % 6];
  }
  for (int i = 0; i < n; i++)
    l = wide(l, i);
  printf("%.17g %d %lu %lu %lu\n", a, b, sum.v[0], sum.v[5], l.v[3]);
}

static void memory(int n, double *sum, int *index) {
  *sum = 0;
  for (int i = 0; i < n; i++) {
    *sum += f(i);
    seen++;
  }
  for (int i = 0; i < n; i++) { // the next argument depends on the last result
    *sum += f(*index);
    *index = (int)*sum & 31;
  }
  long total = 0;
  for (int i = 0; i < n; i++) { // what the function reads is written by the loop
    total += reads(i);
    changing[i + 1 & 15] = (int)total & 63;
  }
  for (int i = 0; i < n; i++)
    total = (total & 0xffffff) * 3 + reads(i);
  __int128 x = 1;
  for (int i = 0; i < n; i++)
    x ^= big((__int128)i << 70 | 5, (signed char)i);
  printf("%.17g %d %ld %d %llx %llx\n", *sum, *index, total, seen, (unsigned long long)(x >> 64),
         (unsigned long long)x);
}

static void printing(int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) {
    sum += f(i);
    printf("%d:%.3g ", i, sum);
    if (sum > 30) // an exit that the slice cannot foresee
      break;
  }
  printf("\n");
  for (int i = 0; i < n; i++) {
    sum += f(i);
    printf("%d:%.3g ", i, sum);
  }
  printf("\n");
}

struct statistics {
  double sum, least;
  int count;
};
static void note(struct statistics *s, double v) {
  s->sum += v;
  s->least = v < s->least ? v : s->least;
  s->count++;
}
static void quit_if(int now, double v) {
  if (now) {
    printf("quit %.17g\n", v);
    exit(0);
  }
}

static void helpers(int n) {
  struct statistics s = {0, 1e9, 0};
  for (int i = 0; i < n; i++)
    note(&s, f(i));
  for (int i = 0; i < n; i++)
    quit_if(n == 127 && i == 100, s.sum += f(i) / (100 - i + (i > 100)));
  printf("%.17g %.17g %d\n", s.sum, s.least, s.count);
}

static int recursive(int n) {
  int sum = n;
  for (int i = 1; i < n; i++)
    sum += g(recursive(n - i), i) & 15;
  return sum;
}

static void unsteady(int n) {
  double sum = 0;
  unsigned state = 1;
  while (n-- > 0) {
    state = state * 1664525 + 1013904223;
    int inner = (int)(state >> 29);
    for (int i = 0; i < inner; i++)
      sum += f(i + n);
    if (inner == 5)
      n--;
  }
  printf("%.17g %u\n", sum, state);
}

int main(void) {
  double sum;
  int index = 3;
  for (int n = 0; n <= 130; n = n * 2 + 1) {
    sums(n);
    several(n);
    conditions(n);
    nested(n);
    lists(n);
    structs(n);
    memory(n, &sum, &index);
    printing(n);
    unsteady(n);
    if (n == 127)
      printf("%d\n", recursive(9));
    helpers(n);
  }
  return 0;
}
