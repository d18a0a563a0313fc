// The main thread leaves by pthread_exit(): the process ends with the program's last thread, whatever workers there are.
// ThreadSanitizer's own thread would be counted among the program's.
// RUN: %lazy_equiv --fast %s
// UNSUPPORTED: sanitized
// mock: no
#include "Inputs/many.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
