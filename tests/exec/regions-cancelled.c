// A thread is cancelled in the C library, and its clean-up looks at memory that calls were pending on.
// RUN: %lazy_equiv %s
// mock: no
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

LAZY static void fill(LAZY_OUT(n) unsigned *to, int n, unsigned seed) {
  for (int round = 0; round < 300; round++)
    for (int i = 0; i < n; i++)
      to[i] = seed = seed * 1664525u + 1013904223u;
}

enum { N = 500 };
static FILE *nobody_writes;

static void report(void *a) { printf("cancelled, %u\n", ((unsigned *)a)[N - 1]); }

__attribute__((noinline)) static int wait_for(unsigned *a, int unused) {
  fill(a, N, 1);
  fill(a, N / 2, 2);
  int c = fgetc(nobody_writes);
  return c + unused;
}

static void *thread(void *unused) {
  static unsigned a[N];
  int got = 0;
  pthread_cleanup_push(report, a);
  got = wait_for(a, got);
  pthread_cleanup_pop(0);
  return unused;
}

int main(void) {
  int ends[2];
  pthread_t id;
  if (pipe(ends) != 0)
    return 1;
  nobody_writes = fdopen(ends[0], "r");
  for (int i = 0; i < 5; i++) {
    pthread_create(&id, NULL, thread, NULL);
    pthread_cancel(id);
    pthread_join(id, NULL);
  }
  puts("over");
  return 0;
}
