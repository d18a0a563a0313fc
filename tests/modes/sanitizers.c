// A program under sanitizers, with the liblazy that everybody uses, which is under none: no false alarm.
// RUN: %lazy_equiv --stderr --fast %s -lpthread --level="-O1 -fsanitize=thread" --level="-O1 -fsanitize=memory" \
// RUN:   --level="-O1 -fsanitize=address,undefined -fno-sanitize-recover=all" --level="-O2 -fsanitize=leak"
// A true one stays: ThreadSanitizer sees threads of the program's own race, as ever (unless a node happens to order them).
// RUN: %clang_lazy -O1 -g -fsanitize=thread -DRACE %s -o %t -L%liblazy_dir -llazy -lpthread
// RUN: env LD_LIBRARY_PATH=%liblazy_dir %not %t 2>&1 | %FileCheck %s
// CHECK: WARNING: ThreadSanitizer: data race
// CHECK: work {{.*}}sanitizers.c:
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct big {
  int v[200];
};
struct huge { /* more than the pool of nodes takes */
  int v[3000];
};

/* Written by the program between the rounds, read by nodes. */
static int table[1000];
static double weights[64];
static int racing;

static __attribute__((noinline)) int look(int i) { return table[i % 1000]; }
LAZY static int reads(int i) {
  unsigned s = 0;
  for (int k = 0; k < 300; k++)
    s = s * 31 + (unsigned)look(i + k);
  return (int)(s >> 1);
}
LAZY static struct big big(int n) {
  struct big b;
  for (int i = 0; i < 200; i++)
    b.v[i] = n * i + look(i);
  return b;
}
LAZY static struct big next(struct big b) {
  for (int i = 0; i < 200; i++)
    b.v[i] = b.v[i] / 3 + i;
  return b;
}
LAZY static int sum(struct big b) {
  int s = 0;
  for (int i = 0; i < 200; i++)
    s ^= b.v[i];
  return s;
}
LAZY static struct huge huge(int n) {
  struct huge h;
  for (int i = 0; i < 3000; i++)
    h.v[i] = n ^ i;
  return h;
}
LAZY static int total(struct huge h) {
  int s = 0;
  for (int i = 0; i < 3000; i++)
    s ^= h.v[i];
  return s;
}
LAZY static double weigh(int n) {
  double *p = malloc(64 * sizeof *p), s = 0;
  for (int i = 0; i < 64; i++)
    p[i] = weights[i] * n;
  for (int i = 0; i < 64; i++)
    s += p[i];
  free(p);
  return s;
}
LAZY static int fib(int n) { return n < 2 ? table[n] : fib(n - 1) + fib(n - 2); }

static void *work(void *p) {
  long n = (long)p, s = 0;
#ifdef RACE
  racing++;
#endif
  for (int r = 0; r < 4; r++) {
    int a = fib(10 + (int)n), b = fib(9), c = reads((int)n + r);
    s += a + b + c;
  }
  return (void *)s;
}

static int in_graph(void) {
  int s = 0;
  for (int i = 0; i < 20; i++) {
    struct big b = next(big(i));
    int x = sum(b), y = sum(next(b));
    struct huge h = huge(i);
    int z = total(h);
    s ^= (i % 3 ? x : y) + z;
  }
  return s;
}

int main(void) {
  static int out[200];
  static struct big bigs[20];
  double w[50], t = 0;
  long q = 0;
  pthread_t threads[4];
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 1000; i++)
      table[i] = i * round;
    for (int i = 0; i < 64; i++)
      weights[i] = i * 0.5 + round;
    for (int i = 0; i < 200; i++)
      out[i] = reads(i);
    for (int i = 0; i < 20; i++)
      bigs[i] = next(next(big(i)));
    for (int i = 0; i < 50; i++)
      w[i] = weigh(i);
    for (long i = 0; i < 4; i++)
      pthread_create(&threads[i], NULL, work, (void *)i);
    int s = in_graph();
    for (int i = 0; i < 200; i++)
      s ^= out[i];
    for (int i = 0; i < 20; i++)
      s ^= bigs[i].v[i];
    for (int i = 0; i < 50; i++)
      t += w[i];
    for (int i = 0; i < 4; i++) {
      void *result;
      pthread_join(threads[i], &result);
      q += (long)result;
    }
    printf("%d %a %ld %d\n", s, t, q, racing);
  }
  return 0;
}
