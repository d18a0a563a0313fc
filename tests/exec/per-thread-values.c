// What a function declared const gives within a thread only.
// RUN: %lazy_equiv --fast %s -lpthread
// mock: no
#include <errno.h>
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdio.h>
LAZY static __attribute__((noinline)) int f(int k) {
  unsigned s = k;
  for (int r = 0; r < 200000; r++)
    s = s * 31 + r;
  return errno == ERANGE ? (int)s : -1;
}
pthread_t me;
LAZY static __attribute__((noinline)) int g(int k) {
  unsigned s = k;
  for (int r = 0; r < 200000; r++)
    s = s * 31 + r;
  return pthread_equal(pthread_self(), me) ? (int)s : -1;
}
int main() {
  me = pthread_self();
  for (int i = 0; i < 20; i++) {
    errno = ERANGE;
    int a = f(i), b = f(i + 1), c = f(i + 2);
    printf("%d %d %d\n", a, b, c);
  }
  for (int i = 0; i < 20; i++) {
    int a = g(i), b = g(i + 1), c = g(i + 2);
    printf("%d %d %d\n", a, b, c);
  }
}
