// The main thread leaves by pthread_exit(): the process ends with the program's last thread, whatever workers there are.
// ThreadSanitizer's own thread would be counted among the program's.
// RUN: %lazy_equiv --fast %s
// UNSUPPORTED: sanitized
// mock: no
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

LAZY static __attribute__((noinline)) unsigned f(unsigned k) {
  for (unsigned r = 0; r < 4000; r++)
    k = k * 31 + r;
  return k;
}

static unsigned many(unsigned n) {
  unsigned s = 0, o[100];
  for (unsigned i = 0; i < 100; i++)
    o[i] = f(i + n);
  for (unsigned i = 0; i < 100; i++)
    s ^= o[i];
  return s;
}

static void bye(void) { printf("bye %u\n", many(3)); }

static void *go_on(void *unused) {
  usleep(30000);
  printf("%u\n", many(2));
  return unused;
}

int main(void) {
  pthread_t thread;
  atexit(bye);
  printf("%u\n", many(1));
  pthread_create(&thread, NULL, go_on, NULL);
  pthread_detach(thread);
  pthread_exit(NULL);
}
