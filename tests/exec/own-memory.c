// Lists, trees, tables and buffers that a lazy function makes for itself are nobody else's business, also where it finds
// its way through pointers in them: its calls are deferred, without a warning.
// RUN: %lazy_equiv --fast %s
// RUN: %clang_lazy -O0 -Werror -c -o %t.o %s
// RUN: %clang_lazy -O2 -Werror -c -o %t.o %s
#define _GNU_SOURCE
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p) {
  if (!p)
    abort();
  return p;
}

/* A list, all in one function. */
struct link {
  long value;
  struct link *next;
};
LAZY static long list(long n) {
  struct link *head = NULL;
  long s = 0;
  for (long i = 0; i < 20; i++) {
    struct link *e = must(malloc(sizeof *e));
    e->value = n * i;
    e->next = head;
    head = e;
  }
  for (struct link *e = head; e; e = e->next)
    s += e->value ^= s;
  while (head) {
    struct link *next = head->next;
    free(head);
    head = next;
  }
  return s;
}

/* The same by way of others. */
static struct link *make(long value, struct link *next) {
  struct link *e = must(malloc(sizeof *e));
  *e = (struct link){.value = value, .next = next};
  return e;
}
static void push(struct link **head, long value) { *head = make(value, *head); }
static void reverse(struct link **head) {
  struct link *done = NULL;
  for (struct link *e = *head, *next; e; e = next) {
    next = e->next;
    e->next = done;
    done = e;
  }
  *head = done;
}
LAZY static long reversed(long n) {
  struct link *head = NULL;
  long s = 0;
  for (long i = 0; i < 20; i++)
    push(&head, n + i);
  reverse(&head);
  while (head) {
    struct link *next = head->next;
    s = s * 3 + head->value;
    free(head);
    head = next;
  }
  return s;
}

/* A tree, recursively. */
struct tree {
  int key;
  struct tree *left, *right;
};
static struct tree *insert(struct tree *t, int key) {
  if (!t) {
    t = must(calloc(1, sizeof *t));
    t->key = key;
  } else if (key < t->key)
    t->left = insert(t->left, key);
  else
    t->right = insert(t->right, key);
  return t;
}
static long fell(struct tree *t) {
  if (!t)
    return 0;
  long s = fell(t->left) * 3 + t->key + fell(t->right);
  free(t);
  return s;
}
LAZY static long sorted(int n) {
  struct tree *t = NULL;
  for (int i = 0; i < 30; i++)
    t = insert(t, (i * 7919 + n) % 101);
  return fell(t);
}

/* Arrays that grow, and of arrays. */
struct vector {
  int *items;
  size_t size, room;
};
static void append(struct vector *v, int x) {
  if (v->size == v->room) {
    v->room = v->room * 2 + 4;
    v->items = must(realloc(v->items, v->room * sizeof *v->items));
  }
  v->items[v->size++] = x;
}
LAZY static int appended(int n) {
  struct vector v = {0};
  int s = 0;
  for (int i = 0; i < 50; i++)
    append(&v, i * n);
  for (size_t i = 0; i < v.size; i++)
    s ^= v.items[i];
  free(v.items);
  return s;
}
LAZY static double trace(int n) {
  double **m = must(malloc(10 * sizeof *m)), s = 0;
  for (int i = 0; i < 10; i++) {
    m[i] = must(malloc(10 * sizeof **m));
    for (int j = 0; j < 10; j++)
      m[i][j] = i * j + n;
  }
  for (int i = 0; i < 10; i++) {
    s += m[i][i];
    free(m[i]);
  }
  free(m);
  return s;
}

/* An allocator on a buffer of its own. */
struct arena {
  char *base;
  size_t used;
};
static void *take(struct arena *a, size_t size) {
  void *p = a->base + a->used;
  a->used += (size + 15) & ~(size_t)15;
  return p;
}
LAZY static int bump(int n) {
  _Alignas(16) char buffer[400];
  struct arena a = {buffer, 0};
  int *x = take(&a, 10 * sizeof *x), *y = take(&a, 10 * sizeof *y);
  for (int i = 0; i < 10; i++)
    y[i] = (x[i] = n + i) * 2;
  return x[3] * y[4];
}

/* Functions through pointers, all of them known. */
static int increment(int x) { return x + 1; }
static int twice(int x) { return x * 2; }
static long add(long a, long b) { return a + b; }
static int (*const operations[])(int) = {increment, twice};
static const struct {
  const char *name;
  int (*f)(int);
} named[] = {{"increment", increment}, {"twice", twice}};
static const struct {
  int (*one)(int);
  long (*two)(long, long);
} table = {increment, add};
static int apply(int (*f)(int), int x) { return f(x); }
LAZY static long through_pointers(int x) {
  return operations[x & 1](x) + named[x & 1].f(3) + table.one(x) + table.two(x, 3) +
         apply(increment, x) * apply(twice, x);
}

/* The library calls back, and keeps its state here. */
static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}
LAZY static int searched(int n) {
  int a[10];
  for (int i = 0; i < 10; i++)
    a[i] = (n * i) % 7;
  qsort(a, 10, sizeof *a, compare);
  int *found = bsearch(&n, a, 10, sizeof *a, compare);
  return found ? *found : a[n & 7];
}
LAZY static int words(int n) {
  char text[50], *rest = NULL;
  int s = 0;
  snprintf(text, sizeof text, "%d,%d", n, n + 1);
  for (char *w = strtok_r(text, ",", &rest); w; w = strtok_r(NULL, ",", &rest)) {
    s = s * 10 + atoi(w);
    w[0] = 0;
  }
  return s;
}
LAZY static int random_numbers(unsigned seed) { return rand_r(&seed) ^ rand_r(&seed); }

/* What others write is still read in order, also by such a way. */
static long shared[4] = {1, 2, 3, 4};
LAZY static long points(long n) {
  struct {
    long copy, *at;
  } *h = must(calloc(4, sizeof *h));
  long s = 0;
  for (int i = 0; i < 4; i++)
    h[i].at = &shared[i];
  for (int i = 0; i < 4; i++)
    h[i].copy = *h[i].at * n;
  for (int i = 0; i < 4; i++)
    s = s * 10 + h[i].copy;
  free(h);
  return s;
}

int main(void) {
  long s = 0, out[12];
  double d = 0;
  for (int i = 0; i < 12; i++) {
    s = s * 5 + list(i) + reversed(i) + sorted(i) + appended(i) + bump(i) + through_pointers(i);
    d += trace(i);
    out[i] = searched(i) + words(i) + random_numbers((unsigned)i);
  }
  for (int i = 0; i < 12; i++)
    printf("%ld ", out[i]);
  printf("%ld %g\n", s, d);
  for (int i = 0; i < 12; i++) {
    long a = points(i), b = points(i + 1);
    shared[i & 3] += 7;
    printf("%ld\n", a ^ b ^ points(i + 2));
  }
}
