// Pointers as values: handed on and returned without being looked through, vouched for or seen; fresh memory returned;
// pointers to functions; pending pointers as addresses of loads, stores, copies and calls.
// RUN: %lazy_equiv %s %S/Inputs/pointers-other.c
// mock: no
#include <lazy/lazy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct item {
  int key, value;
  struct item *next;
};
struct tagged {
  long tag;
  struct item *item;
};
struct wide {
  long n[6];
  const char *name;
};

static struct item items[8];
static const char *const names[] = {"zero", "one", "two", "three"};

struct pair {
  double x;
  long n;
};
LAZY int elsewhere(struct pair by_value, LAZY_OPAQUE struct item *p, long n);
LAZY int elsewhere_front(LAZY_OPAQUE const void *p, struct pair by_value, LAZY_OPAQUE void *q);

LAZY static struct item *pick(struct item *a, struct item *b, int k) { return k % 3 ? a : b; }
LAZY static struct item *find(int key) {
  for (int i = 0; i < 8; i++)
    if (items[i].key == key)
      return &items[i];
  return NULL;
}
LAZY static const char *name(int k) { return names[k & 3]; }
LAZY static int *fresh(int n) {
  int *p = malloc(4 * sizeof *p);
  for (int i = 0; i < 4; i++)
    p[i] = n * i;
  return p;
}
LAZY static struct tagged tag(struct tagged t, struct item *p) { return (struct tagged){t.tag + (p != NULL), p}; }
LAZY static struct wide widen(struct wide w, int k) {
  w.n[k & 3] += k;
  w.name = w.n[k & 3] & 1 ? names[1] : w.name;
  return w;
}
static int twice(int x) { return x * 2; }
static int thrice(int x) { return x * 3; }
LAZY static int (*operation(int k))(int) { return k & 1 ? twice : thrice; }
LAZY static unsigned distance(const char *from, const char *to) { return (unsigned)(uintptr_t)(to - from); }
LAZY static int looks(const int *p) { return *p; } /* in place */

static int sum(struct wide w) { return (int)(w.n[0] + w.n[1] + w.n[2] + w.n[3]) + w.name[0]; }

int main(void) {
  for (int i = 0; i < 8; i++)
    items[i] = (struct item){i, i * i, &items[(i + 3) & 7]};
  char text[40];
  for (int k = 0; k < 8; k++) {
    struct item *a = find(k), *b = find(7 - k), *c = pick(a, b, k), *none = find(99);
    struct tagged t = tag((struct tagged){k, a}, c), u = tag(t, none);
    const char *s = name(k), *other = name(k + 1);
    int *p = fresh(k), *q = fresh(k + 1), *r = k & 1 ? p : q;
    unsigned d = distance(text, text + k);
    int e = elsewhere((struct pair){k, k}, c, k), f = elsewhere_front(&t, (struct pair){k, k}, NULL);
    printf("%d %d %s %s %u %d %d\n", c->value, none == NULL, s, other, d, e, f);
    c->value += 100;
    c->next->key ^= 0;
    *r = p[1] + q[2];
    *find(k) = *c;
    *fresh(k) = 5; /* leaks, as it does without the plugin */
    printf("%d %ld %ld %d\n", r[0] + p[3] + q[3], t.tag, u.tag, t.item->value);
    int (*op)(int) = operation(k);
    printf("%d %d\n", op(k), looks(p));
    struct wide w = widen((struct wide){{1, 2, 3, 4}, s}, k), x = widen(w, k + 1);
    printf("%d %d %s\n", sum(w), sum(x), x.name);
    free(p);
    free(q);
  }
  struct item *list[8];
  for (int i = 0; i < 8; i++)
    list[i] = pick(&items[i], &items[7 - i], i);
  list[3]->value = -1;
  for (int i = 0; i < 8; i++)
    printf("%d ", list[i]->value);
  printf("\n");
  return 0;
}
