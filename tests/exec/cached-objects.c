// Objects with pointers inside: what they hold counts, not where they lie.
// RUN: %lazy_equiv %s
// RUN: %clang_lazy -O1 %s -o %t -L%liblazy_dir -llazy -Wl,-rpath,%liblazy_dir
// RUN: rm -rf %t.kept
// RUN: env LAZY_CACHE=%t.kept LAZY_STATS=1 %t 2>&1 | %FileCheck --check-prefix=FIRST %s
// RUN: env LAZY_CACHE=%t.kept LAZY_STATS=1 %t 2>&1 | %FileCheck --check-prefix=NEXT %s
// RUN: %clang_lazy -O0 -g %s -o %t.o0 -L%liblazy_dir -llazy -Wl,-rpath,%liblazy_dir
// RUN: env LAZY_CACHE=%t.kept LAZY_STATS=1 %t.o0 > %t.first 2>&1 && env LAZY_CACHE=%t.kept LAZY_STATS=1 %t.o0 2>&1 | %FileCheck --check-prefix=NEXT %s
// FIRST-DAG: lazy: sum: 9 calls, 1 found, 8 computed
// FIRST-DAG: lazy: nulls: 4 calls, 0 found, 4 computed
// FIRST-DAG: lazy: scale: 4 calls, 2 found, 2 computed
// FIRST-DAG: lazy: blend: 3 calls, 1 found, 2 computed
// FIRST-DAG: lazy: grow: 2 calls, 1 found, 1 computed
// FIRST-DAG: lazy: depth: 6 calls, 1 found, 5 computed
// FIRST-DAG: lazy: spell: 3 calls, 1 found, 2 computed
// NEXT-DAG: lazy: sum: 9 calls, 9 found, 0 computed
// NEXT-DAG: lazy: nulls: 4 calls, 4 found, 0 computed
// NEXT-DAG: lazy: scale: 4 calls, 4 found, 0 computed
// NEXT-DAG: lazy: blend: 3 calls, 3 found, 0 computed
// NEXT-DAG: lazy: grow: 2 calls, 2 found, 0 computed
// NEXT-DAG: lazy: depth: 6 calls, 6 found, 0 computed
// NEXT-DAG: lazy: spell: 3 calls, 3 found, 0 computed
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct matrix {
  char tag; /* and padding behind it */
  int rows, columns;
  double *data;
  unsigned flags : 3, more : 13;
};
LAZY_VISITOR static void visit_matrix(const struct matrix *m, lazy_visit *to) {
  lazy_visit_memory(to, m->data, (size_t)m->rows * (size_t)m->columns * sizeof *m->data);
}

LAZY LAZY_CACHED static double sum(const struct matrix *m) {
  double s = m->tag + m->flags;
  for (int i = 0; i < m->rows * m->columns; i++)
    s = s * 0.5 + m->data[i];
  return s;
}

struct two {
  const int *a, *b;
};
LAZY_VISITOR static void visit_two(const struct two *t, lazy_visit *to) {
  lazy_visit_memory(to, t->a, sizeof *t->a);
  lazy_visit_memory(to, t->b, sizeof *t->b);
}
/* Which of them is there counts; the same is told of both. */
LAZY LAZY_CACHED static int nulls(const struct two *t) { return (t->a ? 10 * *t->a : 0) + (t->b ? *t->b : 0); }

LAZY LAZY_CACHED static void scale(struct matrix *m, double by) {
  m->flags++;
  for (int i = 0; i < m->rows * m->columns; i++)
    m->data[i] *= by;
}

/* What overlaps counts. */
LAZY LAZY_CACHED static void blend(LAZY_INOUT(1) const struct matrix *to, const struct matrix *from) {
  for (int i = 0; i < to->rows * to->columns; i++)
    to->data[i] = to->data[i] * 0.5 + from->data[i];
}

/* Its size is what it was when the call was made. */
LAZY LAZY_CACHED static int grow(struct matrix *m) {
  m->data[0] += 1;
  return ++m->rows;
}

static struct matrix *matrix(int rows, int columns, int first, int dirt) {
  struct matrix *m = malloc(sizeof *m);
  memset(m, dirt, sizeof *m);
  m->tag = 'm';
  m->rows = rows;
  m->columns = columns;
  m->flags = 1;
  m->more = 5;
  m->data = malloc((size_t)rows * (size_t)columns * sizeof *m->data);
  for (int i = 0; i < rows * columns; i++)
    m->data[i] = first + i;
  return m;
}
/* A pointer that is not there any more cannot be kept; nor is an object that is gone. */
LAZY LAZY_CACHED static int forget(struct matrix *m) {
  int n = m->rows * m->columns + (int)m->data[0];
  m->data = NULL;
  return n;
}
LAZY LAZY_CACHED static int wipe(LAZY_INOUT(1) struct matrix *m) {
  int n = m->rows + (int)m->data[1];
  memset(m, 0, sizeof *m);
  return n;
}
LAZY LAZY_CACHED static int destroy(LAZY_INOUT(1) struct matrix *m) {
  int n = m->columns + (int)m->data[1];
  m->rows = 0;
  free(m->data);
  return n;
}

static void gone(void) {
  for (int i = 0; i < 3; i++) {
    struct matrix *a = matrix(2, 3, 1, 0), *b = matrix(2, 3, 1, 0), *c = matrix(2, 3, 1, 0);
    double *a_data = a->data, *b_data = b->data;
    int n = forget(a);
    printf("%d %d\n", n, a->data == NULL);
    n = wipe(b);
    printf("%d %d %d\n", n, b->data == NULL, b->rows);
    n = destroy(c);
    printf("%d %d\n", n, c->rows);
    free(a_data);
    free(b_data);
    free(a);
    free(b);
    free(c);
  }
}

struct tree {
  int value;
  struct tree *left, *right;
};
LAZY_VISITOR static void visit_tree(const struct tree *t, lazy_visit *to) {
  lazy_visit_objects(to, t->left, 1, visit_tree);
  lazy_visit_objects(to, t->right, 1, visit_tree);
}
static int walk(const struct tree *t, int depth) {
  if (!t || depth > 6)
    return 0;
  return t->value * depth + 3 * walk(t->left, depth + 1) + 5 * walk(t->right, depth + 1);
}
LAZY LAZY_CACHED static int depth(LAZY_IN(1) const struct tree *t) { return walk(t, 1); }

struct word {
  const char *text;
  struct word *next;
};
LAZY_VISITOR static void visit_word(const struct word *w, lazy_visit *to) {
  lazy_visit_string(to, w->text);
  lazy_visit_objects(to, w->next, 1, visit_word);
}
LAZY LAZY_CACHED static unsigned spell(LAZY_IN(1) const struct word *w) {
  unsigned h = 1;
  for (; w; w = w->next)
    for (const char *s = w->text; s && *s; s++)
      h = h * 31 + (unsigned char)*s;
  return h;
}

static void drop(struct matrix *m) {
  free(m->data);
  free(m);
}

static void matrices(void) {
  struct matrix *a = matrix(3, 4, 1, 0), *b = matrix(3, 4, 1, 0x5a), *c = matrix(4, 3, 1, 0);
  printf("%g %g %g\n", sum(a), sum(b), sum(c)); /* b is as a is, but for its padding */
  b->data[5] += 1;
  printf("%g\n", sum(b));
  b->tag = 'n';
  printf("%g\n", sum(b));
  b->flags = 2;
  printf("%g\n", sum(b));
  b->more = 9; /* not read, but counts */
  printf("%g\n", sum(b));
  b->rows = 2;
  printf("%g\n", sum(b));
  b->rows = 0;
  printf("%g\n", sum(b));

  struct matrix *d = matrix(2, 2, 1, 0), *e = matrix(2, 2, 1, 1), *f = matrix(2, 2, 2, 0);
  scale(d, 3);
  scale(e, 3);
  scale(f, 3);
  printf("%g %g %g %d %d\n", d->data[3], e->data[3], f->data[3], d->flags, e->flags);
  e->data[0] = 1, e->data[1] = 2, e->data[2] = 3, e->data[3] = 4, e->flags = 1;
  scale(e, 3);
  printf("%g %d\n", e->data[3], e->flags);

  struct matrix *g = matrix(2, 2, 1, 0), *h = matrix(2, 2, 1, 0), *i = matrix(2, 2, 1, 0), *j = matrix(2, 2, 1, 0);
  blend(g, h);
  blend(i, j);
  printf("%g %g\n", g->data[3], i->data[3]);
  double *own = j->data;
  j->data = h->data; /* one memory, and the same in it */
  blend(h, j);
  printf("%g %g\n", h->data[3], j->data[3]);
  j->data = own;

  struct matrix *k = matrix(2, 2, 1, 0), *l = matrix(2, 2, 1, 0);
  printf("%d %d %g %d\n", grow(k), grow(l), k->data[0] + l->data[0], k->rows + l->rows);
  struct matrix *all[] = {a, b, c, d, e, f, g, h, i, j, k, l};
  for (size_t n = 0; n < sizeof all / sizeof *all; n++)
    drop(all[n]);
}

static void pairs(void) {
  static const int x = 7, y = 7;
  struct two t[] = {{&x, &y}, {&x, &x}, {&x, NULL}, {NULL, &x}};
  for (int i = 0; i < 4; i++)
    printf("%d ", nulls(&t[i]));
  printf("\n");
}

static void trees(void) {
  struct tree leaf = {1, NULL, NULL}, other = {1, NULL, NULL};
  struct tree left = {2, &leaf, NULL}, right = {2, NULL, &leaf}, both = {2, &leaf, &other}, twice = {2, &leaf, &leaf};
  struct tree again = {2, &other, NULL}, circle = {3, NULL, NULL};
  circle.left = &circle;
  printf("%d %d %d %d %d %d\n", depth(&left), depth(&right), depth(&both), depth(&twice), depth(&again),
         depth(&circle));
}

static void words(void) {
  char a[] = "some", b[] = "words", c[] = "some", d[] = "words", e[] = "swords";
  struct word w2 = {b, NULL}, w1 = {a, &w2}, x2 = {d, NULL}, x1 = {c, &x2}, y2 = {e, NULL}, y1 = {"some", &y2};
  printf("%u %u %u\n", spell(&w1), spell(&x1), spell(&y1));
}

int main(void) {
  matrices();
  pairs();
  trees();
  words();
  gone();
  return 0;
}
