// Static, inline, weak, extern; address taken; called before main and after it; from user threads; in another file.
// RUN: %lazy_equiv %s %S/Inputs/linkage-other.c -lpthread
// mock: no
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

LAZY int elsewhere(int x);
LAZY __attribute__((const)) int elsewhere_pure(int x);
extern int shared_value;
LAZY static inline int in_line(int x) { return x + 1; }
LAZY __attribute__((weak)) int weak(int x) { return x + 2; }
LAZY int global(int x) { return x + 3; }
LAZY __attribute__((noinline)) static int deep(int n) { return n < 2 ? 1 : deep(n - 1) + deep(n - 2); }
int by_pointer(int (*f)(int), int x);

static int before;
__attribute__((constructor)) static void early(void) {
  int a = deep(10), b = deep(11);
  before = a * b;
}
static void late(void) {
  int a = deep(9), b = deep(8);
  printf("late %d\n", a + b);
}
__attribute__((destructor)) static void later(void) {
  int a = deep(7), b = deep(8);
  printf("later %d\n", a + b);
}

static void *work(void *p) {
  long n = (long)p, s = 0;
  for (int i = 0; i < 50; i++) {
    int a = deep(12), b = deep(11), c = in_line(i);
    s += a + b * c + n;
  }
  return (void *)s;
}

int main(void) {
  atexit(late);
  pthread_t t[4];
  for (long i = 0; i < 4; i++)
    pthread_create(&t[i], NULL, work, (void *)i);
  int a = elsewhere(1), b = elsewhere(2), c = in_line(3), d = weak(4), e = global(5);
  shared_value = 100;
  int f = elsewhere(1), p = elsewhere_pure(3), q = elsewhere_pure(p);
  int out[30];
  for (int i = 0; i < 30; i++)
    out[i] = elsewhere_pure(i);
  printf("%d %d %d %d %d %d %d %d\n", a, b, c, d, e, f, q, out[20]);
  printf("%d %d\n", by_pointer(deep, 10), by_pointer(global, 3));
  for (long i = 0; i < 4; i++) {
    void *r;
    pthread_join(t[i], &r);
    printf("%ld\n", (long)r);
  }
  printf("%d\n", before);
  return 0;
}
