// Objects with pointers inside, whose visitors tell what else they consist of.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Matrices: chains, arrays of them, numbers that two of them share, buffers that change hands while calls are pending.
struct matrix {
  int rows, columns;
  double *data;
};
LAZY_VISITOR static void visit_matrix(const struct matrix *m, lazy_visit *to) {
  lazy_visit_memory(to, m->data, (size_t)m->rows * (size_t)m->columns * sizeof *m->data);
}

LAZY static void multiply(struct matrix *c, const struct matrix *a, const struct matrix *b) {
  for (int i = 0; i < c->rows; i++)
    for (int j = 0; j < c->columns; j++) {
      double s = 0;
      for (int k = 0; k < a->columns; k++)
        s += a->data[i * a->columns + k] * b->data[k * b->columns + j];
      c->data[i * c->columns + j] = s / a->columns;
    }
}
LAZY static void blend(LAZY_INOUT(1) const struct matrix *to, const struct matrix *from, double by) {
  for (int i = 0; i < to->rows * to->columns; i++)
    to->data[i] = to->data[i] * (1 - by) + from->data[i] * by;
}
LAZY static void copy(struct matrix *to, const struct matrix *from) {
  memcpy(to->data, from->data, sizeof *to->data * (size_t)(to->rows * to->columns));
}
LAZY static double norm(const struct matrix *m) {
  double s = 0;
  for (int i = 0; m->data && i < m->rows * m->columns; i++)
    s += m->data[i] * m->data[i];
  return s;
}
// The same, said; the body is not looked at.
LAZY LAZY_TRUSTED static double trace(LAZY_IN(n) const struct matrix *m, int n) {
  double s = 0;
  for (; n-- > 0; m++)
    for (int i = 0; i < m->rows && i < m->columns; i++)
      s = s * 0.5 + m->data[i * m->columns + i];
  return s;
}
LAZY static void all(LAZY_INOUT(n) struct matrix *m, int n, double by) {
  for (int k = 0; k < n; k++)
    for (int i = 0; i < m[k].rows * m[k].columns; i++)
      m[k].data[i] += by * (k + 1);
}
// Makes the objects themselves.
LAZY static void narrow(LAZY_INOUT(1) struct matrix *m, int rows) { m->rows = rows; }
LAZY static void swap(LAZY_INOUT(1) struct matrix *a, LAZY_INOUT(1) struct matrix *b) {
  struct matrix t = *a;
  *a = *b;
  *b = t;
  a->data[0] += 1;
  b->data[1] -= 1;
}
LAZY static void make(LAZY_OUT(1) struct matrix *m, int rows, int columns, double *data) {
  *m = (struct matrix){rows, columns, data};
}

enum { SIDE = 12 };
static void fill(struct matrix *m, int count, unsigned seed) {
  for (int k = 0; k < count; k++) {
    m[k] = (struct matrix){SIDE, SIDE, malloc(sizeof(double) * SIDE * SIDE)};
    for (int i = 0; i < SIDE * SIDE; i++) {
      seed = seed * 1664525u + 1013904223u;
      m[k].data[i] = seed / 4294967296.0;
    }
  }
}
static void release(struct matrix *m, int count) {
  for (int k = 0; k < count; k++)
    free(m[k].data);
}

static void chains(void) {
  struct matrix m[6];
  fill(m, 6, 1);
  for (int round = 0; round < 8; round++) {
    multiply(&m[round % 6], &m[(round + 1) % 6], &m[(round + 2) % 6]);
    multiply(&m[(round + 3) % 6], &m[(round + 1) % 6], &m[(round + 2) % 6]);
    blend(&m[(round + 4) % 6], &m[round % 6], 0.25);
    if (round % 3 == 0)
      m[round % 6].data[round] += 1;
    all(m + round % 3, 3, 0.125);
    copy(&m[5], &m[round % 5]);
    if (round % 4 == 1)
      printf("%a %a\n", norm(&m[round % 6]), trace(m, 6));
  }
  double one = norm(&m[2]), two = norm(&m[3]), three = trace(m + 1, 4);
  printf("chains %a %a %a\n", one, two, three);
  release(m, 6);
}

static void sharing(void) {
  struct matrix m[3], view, part, half;
  fill(m, 3, 2);
  view = m[0];
  part = (struct matrix){SIDE / 2, SIDE, m[0].data + SIDE * SIDE / 2};
  half = (struct matrix){SIDE / 2, SIDE, m[1].data};
  multiply(&view, &m[1], &m[2]);
  blend(&m[0], &m[1], 0.5);
  blend(&part, &m[2], 0.25);
  double *data = m[0].data;
  multiply(&half, &part, &m[2]);
  data[SIDE * SIDE - 1] = 3;
  blend(&m[2], &view, 0.75);
  printf("sharing %a %a %a %a\n", norm(&view), norm(&part), norm(&m[2]), data[7]);
  release(m, 3);
}

static void changing_hands(void) {
  struct matrix m[3], none = {SIDE, SIDE, NULL}, empty = {0, SIDE, &(double){7}};
  fill(m, 3, 3);
  for (int round = 0; round < 6; round++) {
    double *old = m[0].data;
    multiply(&m[0], &m[1], &m[2]);
    m[0].data = m[1].data; // the call has the old one
    m[1].data = old;
    multiply(&m[2], &m[0], &m[1]);
    narrow(&m[0], SIDE - round);
    blend(&m[0], &m[2], 0.125);
    swap(&m[0], &m[2]);
    blend(&m[2], &m[1], 0.5);
    narrow(&m[2], SIDE);
    m[0].rows = SIDE;
    struct matrix other;
    make(&other, SIDE, round, m[round % 3].data);
    all(&other, 1, 1);
    printf("%a %a %a\n", norm(&none), norm(&empty), norm(&other));
  }
  // Freed, and its place used again, while calls are pending.
  multiply(&m[0], &m[1], &m[2]);
  blend(&m[1], &m[0], 0.5);
  free(m[0].data);
  m[0].data = calloc(SIDE * SIDE, sizeof(double));
  blend(&m[1], &m[0], 0.5);
  printf("hands %a\n", norm(&m[1]));
  release(m, 3);
}

// Lists: of any length, in circles, with strings; and a list that is itself pending.
struct list {
  struct list *next;
  char *name;
  int value;
};
LAZY_VISITOR static void visit_list(const struct list *l, lazy_visit *to) {
  lazy_visit_string(to, l->name);
  lazy_visit_objects(to, l->next, 1, visit_list);
}
LAZY static unsigned sum(const struct list *l) { return l ? (unsigned)(l->value + l->name[0]) + 3 * sum(l->next) : 0; }
LAZY static unsigned around(const struct list *first) {
  unsigned s = 0;
  const struct list *l = first;
  do {
    s = s * 31 + (unsigned)l->value;
    l = l->next;
  } while (l && l != first);
  return s;
}
LAZY static void scale(struct list *l, long by) {
  for (int most = 100; l && most--; l = l->next) {
    l->value = (int)(l->value * by % 10007);
    l->name[0]++;
  }
}
LAZY static void reverse(LAZY_INOUT(1) struct list *head) {
  struct list *done = NULL, *l = head->next;
  while (l) {
    struct list *next = l->next;
    l->next = done;
    done = l;
    l = next;
  }
  head->next = done;
}

static void lists(void) {
  enum { LENGTH = 40 };
  static struct list l[2][LENGTH];
  static char names[2][LENGTH][4];
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < LENGTH; i++) {
      memcpy(names[k][i], i % 3 ? "ab" : "xyz", i % 3 ? 3 : 4);
      l[k][i] = (struct list){i + 1 < LENGTH ? &l[k][i + 1] : NULL, names[k][i], i * (k + 3)};
    }
  for (int round = 1; round < 6; round++) {
    scale(&l[0][0], round + 1);
    scale(&l[1][0], round + 2);
    names[0][7][1] = '\0';
    reverse(&l[0][0]);
    scale(&l[1][round], 3);
    unsigned one = sum(&l[0][0]), two = sum(&l[1][0]), three = sum(&l[0][LENGTH - 1]), four = sum(NULL);
    l[1][2].value++;
    printf("lists %u %u %u %u\n", one, two, three, four);
  }
  l[1][LENGTH - 1].next = &l[1][0];
  scale(&l[1][0], 5);
  scale(&l[1][5], 7);
  printf("circle %u %u\n", around(&l[1][3]), around(&l[1][9]));
}

// A list too long to be visited: the calls run in place, and say so.
static void long_list(void) {
  enum { LENGTH = 5000 };
  struct list *l = calloc(LENGTH, sizeof *l);
  char name[] = "a";
  for (int i = 0; i < LENGTH; i++)
    l[i] = (struct list){i + 1 < LENGTH ? &l[i + 1] : NULL, name, i};
  scale(l + LENGTH - 50, 3);
  scale(l, 5);
  printf("long %u %d\n", around(l), name[0]);
  free(l);
}

// A tree that is worked on from its leaves, part by part, by a stack of its own; tables of pointers.
struct tree {
  struct tree *child[2];
  unsigned key;
};
LAZY_VISITOR static void visit_tree(const struct tree *t, lazy_visit *to) {
  lazy_visit_objects(to, t->child[0], 1, visit_tree);
  lazy_visit_objects(to, t->child[1], 1, visit_tree);
}
LAZY static void stir(struct tree *t, unsigned by) {
  struct tree *stack[64];
  int n = 0;
  stack[n++] = t;
  while (n) {
    struct tree *now = stack[--n];
    now->key = now->key * 1664525u + by++;
    for (int i = 0; i < 2; i++)
      if (now->child[i])
        stack[n++] = now->child[i];
  }
}
LAZY static unsigned hash(const struct tree *t) {
  unsigned h = t->key;
  for (int i = 0; i < 2; i++)
    if (t->child[i])
      h = h * 31 + hash(t->child[i]);
  return h;
}
static struct tree *grow(struct tree *from, int depth) {
  struct tree *t = from;
  t->key = (unsigned)depth * 17;
  for (int i = 0; i < 2; i++)
    t->child[i] = depth ? grow(from + 1 + i * ((1 << depth) - 1), depth - 1) : NULL;
  return t;
}

struct table {
  int count;
  struct tree **trees;
};
static void visit_entry(struct tree *const *t, lazy_visit *to) { lazy_visit_objects(to, *t, 1, visit_tree); }
LAZY_VISITOR static void visit_table(const struct table *t, lazy_visit *to) {
  lazy_visit_objects(to, t->trees, (size_t)t->count, visit_entry);
}
LAZY static unsigned total(const struct table *t) {
  unsigned h = 0;
  for (int i = 0; i < t->count; i++)
    h = h * 31 + hash(t->trees[i]);
  return h;
}

static void trees(void) {
  static struct tree nodes[63];
  struct tree *root = grow(nodes, 5), *entries[] = {root->child[1], root, root->child[0]->child[1]};
  struct table table = {3, entries};
  for (unsigned round = 0; round < 5; round++) {
    stir(root->child[0], round);
    stir(root->child[1], round + 1);
    root->key++;
    if (round % 2)
      stir(root, 3);
    unsigned one = hash(root->child[0]->child[round % 2]), two = total(&table);
    root->child[1]->key ^= 5;
    entries[0] = root->child[round % 2];
    printf("trees %u %u %u\n", one, two, hash(root));
  }
}

int main(void) {
  chains();
  sharing();
  changing_hands();
  lists();
  long_list();
  trees();
  return 0;
}
