// Destructors of thread-specific values make lazy calls, after the runtime's own destructor and as often as there are
// rounds of them.
// RUN: %lazy_equiv --fast %s
// mock: no
#include "Inputs/many.h"
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_key_t key;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned total;

static void add(unsigned n) {
  pthread_mutex_lock(&mutex);
  total += n;
  pthread_mutex_unlock(&mutex);
}

static void ends(void *value) {
  unsigned round = (unsigned)(uintptr_t)value, a = f(7), b = f(round);
  add(a + b);
  if (round < 9)
    pthread_setspecific(key, (char *)value + 1);
}

static void *begins(void *unused) {
  unsigned a = f(1), b = f(2);
  pthread_setspecific(key, (void *)1);
  add(a + b);
  return unused;
}

int main(void) {
  pthread_key_create(&key, ends);
  for (int i = 0; i < 200; i++) {
    pthread_t a, b;
    pthread_create(&a, NULL, begins, NULL);
    pthread_create(&b, NULL, begins, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
  }
  printf("%u\n", total);
  return 0;
}
