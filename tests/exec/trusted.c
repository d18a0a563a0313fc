// Functions taken at their word: they are deferred, and what they read is ordered all the same.
// RUN: %lazy_equiv %s
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdio.h>

/* A table of past results, behind a lock: nobody can tell. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long known[100];
static long slow_square(long x) {
  long s = 0;
  for (long i = 0; i < x; i++)
    s += 2 * i + 1;
  return s;
}
LAZY LAZY_TRUSTED static long square(long x) {
  pthread_mutex_lock(&lock);
  if (!known[x])
    known[x] = slow_square(x);
  long s = known[x];
  pthread_mutex_unlock(&lock);
  return s;
}

/* The callee alone is vouched for; what it reads changes. */
static int scale = 1, calls;
LAZY_TRUSTED static int scaled(int x) {
  __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
  return x * scale;
}
LAZY static int twice(int x) { return scaled(x) + scaled(x); }

int main(void) {
  long squares[40];
  for (int i = 0; i < 40; i++)
    squares[i] = square(i % 13);
  long s = 0;
  for (int i = 0; i < 40; i++)
    s = s * 3 + squares[i];
  printf("%ld\n", s);
  int a = twice(1), b = twice(2);
  scale = 10;
  int c = twice(3), d = twice(a);
  scale = 100;
  printf("%d %d %d %d %d\n", a, b, c, d, calls > 0);
  return 0;
}
