// A thread with the smallest stack there can be makes lazy calls while others make some that need more.
// RUN: %lazy_equiv --fast %s
// UNSUPPORTED: sanitized
// mock: no
#include "Inputs/many.h"
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

LAZY LAZY_TRUSTED static __attribute__((noinline)) unsigned needs_stack(unsigned k) {
  volatile unsigned char a[100000];
  unsigned s = 0;
  for (unsigned i = 0; i < sizeof a; i += 100)
    a[i] = (unsigned char)(k + i);
  for (unsigned i = 0; i < sizeof a; i += 100)
    s = s * 31 + a[i];
  return s;
}

static void *on_little(void *result) {
  unsigned s = 0;
  for (unsigned i = 0; i < 100; i++) {
    unsigned a = f(i), b = f(i + 1);
    s += a ^ b;
  }
  *(unsigned *)result = s;
  return NULL;
}

int main(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, (size_t)sysconf(_SC_THREAD_STACK_MIN));
  for (int round = 0; round < 5; round++) {
    pthread_t threads[4];
    unsigned results[4] = {0}, s = 0, x[300];
    for (int i = 0; i < 4; i++)
      pthread_create(&threads[i], &attributes, on_little, &results[i]);
    for (unsigned i = 0; i < 300; i++)
      x[i] = needs_stack(i);
    for (unsigned i = 0; i < 300; i++)
      s += x[i];
    for (int i = 0; i < 4; i++) {
      pthread_join(threads[i], NULL);
      s += results[i];
    }
    printf("%u\n", s);
  }
  return 0;
}
