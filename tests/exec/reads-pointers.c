// Lazy functions that read lists and arrays through pointers they find in globals.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct node {
  int v;
  struct node *next;
};
static struct node *list;
static struct {
  int n;
  int *data;
} vec;
LAZY static int total(int k) {
  int s = k;
  for (struct node *n = list; n; n = n->next)
    s += n->v;
  return s;
}
LAZY static int at(int i) { return vec.data[i % vec.n]; }
LAZY static int len(int which) {
  static const char *names[] = {"a", "bcd", "efghij"};
  return (int)strlen(names[which % 3]);
}
static void push(int v) {
  struct node *n = malloc(sizeof *n);
  n->v = v;
  n->next = list;
  list = n;
}
int main(void) {
  for (int i = 0; i < 5; i++)
    push(i);
  int a = total(1), b = total(2);
  push(100);
  int c = total(3);
  list->v = 7;
  int d = total(4), e = total(5);
  printf("%d %d %d %d %d\n", a, b, c, d, e);
  vec.n = 10;
  vec.data = calloc(20, sizeof(int));
  for (int i = 0; i < 10; i++)
    vec.data[i] = at(i) + i; /* reads what it writes, through a pointer */
  for (int i = 1; i < 10; i++)
    vec.data[i] = at(i - 1) * 2 + i;
  int out[10];
  for (int i = 0; i < 10; i++) {
    out[i] = at(i);
    vec.data[(i * 3) % 10] += out[i];
  }
  for (int i = 0; i < 10; i++)
    printf("%d %d,", out[i], vec.data[i]);
  int l = len(1), m = len(2), x = at(3);
  free(vec.data);
  vec.data = &x;
  vec.n = 1;
  int y = at(0), z = at(5);
  x = 99;
  int w = at(1);
  printf("\n%d %d %d %d %d %d\n", l, m, x, y, z, w);
  while (list) {
    struct node *n = list->next;
    int t = total(0);
    free(list);
    list = n;
    printf("%d ", t);
  }
  puts("");
  return 0;
}
