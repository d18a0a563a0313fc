// Results in memory of their own: pending pointers are handed from call to call, and forced by whoever looks.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned mix(unsigned x) {
  for (int i = 0; i < 300; i++)
    x = x * 1664525u + 1013904223u;
  return x >> 8;
}

LAZY static unsigned *make(int n, unsigned seed) {
  unsigned *a = malloc((size_t)n * sizeof *a);
  if (!a)
    return NULL;
  for (int i = 0; i < n; i++)
    a[i] = seed = mix(seed);
  return a;
}
LAZY static unsigned *smooth(const unsigned *a, int n) {
  unsigned *b = calloc((size_t)n, sizeof *b);
  for (int i = 1; i < n - 1; i++)
    b[i] = a[i - 1] / 4 + a[i] / 2 + a[i + 1] / 4 + mix(a[i]) % 2;
  return b;
}
LAZY static void scale(unsigned *a, int n, unsigned by) {
  for (int i = 0; i < n; i++)
    a[i] = a[i] * by + mix(a[i]) % 5;
}
LAZY static unsigned total(LAZY_IN(n) const unsigned *a, int n) {
  unsigned h = 0;
  for (int i = 0; i < n; i++)
    h = h * 31 + mix(a[i]);
  return h;
}
LAZY static unsigned both(const unsigned *a, const unsigned *b, int n) {
  unsigned h = 0;
  for (int i = 0; i < n; i++)
    h = h * 31 + (a[i] ^ b[i]) + mix(h) % 3;
  return h;
}

// A chain, a tree, in place, twice the same, read in between.
static void chains(int n) {
  unsigned *a = make(n, 1), *b = smooth(a, n), *c = smooth(b, n);
  printf("chain %u\n", total(c, n));
  unsigned *d = make(n, 2), *e = smooth(make(n, 3), n);
  scale(d, n, 3);
  scale(e, n, 5);
  scale(d, n, 7);
  unsigned before = total(d, n), pair = both(d, e, n), same = both(d, d, n);
  scale(d, n, 11);
  printf("tree %u %u %u %u\n", before, pair, same, total(d, n));
  printf("looked at %u %u\n", d[n / 2], e[1]);
  d[n / 2]++, e[1] = d[0];
  scale(d, n, 13);
  printf("and again %u %u\n", total(d, n), both(e, d, n));
  free(a), free(b), free(c), free(d), free(e);
}

// Written and then freed, freed while read; dropped without a look; in loops.
static void ends(int n) {
  unsigned kept[40], none = 0;
  for (int i = 0; i < 40; i++) {
    unsigned *a = make(n, (unsigned)i), *b = smooth(a, n);
    scale(a, n, (unsigned)i);
    kept[i] = total(a, n) + total(b, n);
    if (i % 3 == 0)
      scale(b, n, 2);
    free(a);
    free(b);
  }
  for (int i = 0; i < 40; i++)
    none = none * 31 + kept[i];
  printf("ends %u\n", none);
}

// By other names: through variables that change, through memory, as part of another pointer, given back by a call.
LAZY static unsigned *itself(unsigned *a, LAZY_OPAQUE void *mark) { return mark && mix(3) ? a : NULL; }
LAZY static unsigned *later(LAZY_INOUT(n) unsigned *a, int n) {
  a[0] += mix(a[0]);
  return a + (n > 1);
}
struct holder {
  unsigned *a;
  int n;
};
static void names(int n) {
  unsigned *a = make(n, 4), *b = a, *table[3];
  scale(a, n, 3);
  if (n % 2)
    b = make(n, 5);
  scale(b, n, 7);
  printf("names %u %u\n", total(a, n), total(b, n));
  table[0] = make(n, 6);
  scale(table[0], n, 3);
  table[1] = table[0];
  table[2] = itself(table[1], table);
  scale(table[1], n, 5);
  table[2][1]++;
  printf("table %u %u\n", total(table[0], n), total(table[2], n));
  unsigned *c = make(n, 8);
  scale(c, n, 9);
  unsigned *d = itself(c, c);
  d[0] = 1;
  scale(c, n, 9);
  unsigned *e = later(c, n);
  scale(e, n - 1, 3);
  e[0] ^= 5;
  printf("given back %u %u\n", total(c, n), total(d, n));
  struct holder h = {make(n, 10), n};
  scale(h.a, h.n, 2);
  struct holder copy = h;
  copy.a[2] = 0;
  scale(h.a + 1, n - 2, 2);
  printf("held %u\n", total(copy.a, n));
  if (b != a)
    free(b);
  free(a), free(table[0]), free(c), free(h.a);
}

// The pointer of a call that may have run in place, and of one that returns null.
static unsigned paths(int n, int way) {
  unsigned *a = way & 1 ? make(n, 11) : NULL;
  unsigned *b = make(way & 2 ? n : 0, 12);
  scale(b, way & 2 ? n : 0, 3);
  unsigned h = way & 4 ? total(b, way & 2 ? n : 0) : 0;
  if (a) {
    scale(a, n, 3);
    h += total(a, n);
  }
  if (way & 2)
    memset(b, 1, sizeof *b);
  h += total(b, way & 2 ? n : 0);
  free(a);
  free(b);
  return h;
}

// As text, and where the number itself lies there.
struct text {
  int n;
  char s[60];
};
LAZY static char *letters(int n) {
  char *s = malloc((size_t)n + 1);
  for (int i = 0; i < n; i++)
    s[i] = (char)('a' + mix((unsigned)i) % 26);
  s[n] = 0;
  return s;
}
LAZY static unsigned hash(LAZY_STR const char *s) {
  unsigned h = 0;
  for (; *s; s++)
    h = h * 31 + mix((unsigned)*s);
  return h;
}
LAZY static struct text *boxed(int n) {
  struct text *t = malloc(sizeof *t);
  t->n = n;
  memset(t->s, (int)mix((unsigned)n) % 100, sizeof t->s);
  return t;
}
LAZY static unsigned inside(LAZY_IN(1) const struct text *t) { return t->s[t->n] + mix((unsigned)t->n); }
LAZY static unsigned reach(LAZY_OUT(t->n) char *to, LAZY_IN(1) const struct text *t) {
  for (int i = 0; i < t->n; i++)
    to[i] = t->s[i] + (char)i;
  return mix((unsigned)t->n);
}
static void texts(void) {
  char to[64] = "";
  char *s = letters(30);
  printf("hash %u\n", hash(s));
  s[4] = 0;
  struct text *t = boxed(20), *u = boxed(40);
  unsigned first = inside(t) + inside(u) + hash(s);
  first += reach(to, t);
  t->n++;
  first += reach(to + 10, u);
  printf("%u %u %d %s\n", first, inside(t), to[15], s);
  free(s), free(t), free(u);
}

int main(void) {
  chains(50);
  ends(30);
  names(21);
  names(20);
  for (int way = 0; way < 8; way++)
    printf("%u\n", paths(17, way));
  texts();
  return 0;
}
