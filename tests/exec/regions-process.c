// Memory that pending calls touch, and the process around it: threads of the program's own, each with calls pending;
// fork, signals and jumps out of them meanwhile; the end of threads and of the process.
// RUN: %lazy_equiv --fast %s
// UNSUPPORTED: sanitized
// mock: no
#include <lazy/lazy.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N = 64, ROWS = 12, THREADS = 4 };

LAZY static void fill(LAZY_OUT(n) unsigned *to, int n, unsigned seed) {
  for (int round = 0; round < 40; round++)
    for (int i = 0; i < n; i++)
      to[i] = seed = seed * 1664525u + 1013904223u;
}
LAZY static unsigned total(LAZY_IN(n) const unsigned *a, int n) {
  unsigned h = 0;
  for (int round = 0; round < 40; round++)
    for (int i = 0; i < n; i++)
      h = h * 31 + a[i];
  return h;
}
LAZY static void add(LAZY_INOUT(n) unsigned *to, LAZY_IN(n) const unsigned *a, int n) {
  for (int i = 0; i < n; i++)
    to[i] += a[i] * 3;
}

// Each thread has rows of its own; the main thread adds them up when they are done.
static unsigned rows[THREADS][ROWS][N];
static void *work(void *p) {
  unsigned (*mine)[N] = p, local[N];
  for (int r = 0; r < ROWS; r++)
    fill(mine[r], N, (unsigned)(r + (mine - rows[0])));
  for (int r = 1; r < ROWS; r++)
    add(mine[r], mine[r - 1], N);
  fill(local, N, 3);
  add(local, mine[ROWS - 1], N);
  mine[0][0] += total(local, N);
  fill(mine[1], N, 7);
  if (mine[0][0] % 2)
    pthread_exit(mine); /* with calls pending */
  return mine;
}
static void threads(void) {
  pthread_t thread[THREADS];
  unsigned h = 0;
  for (int t = 0; t < THREADS; t++)
    if (pthread_create(&thread[t], NULL, work, rows[t]))
      exit(1);
  for (int t = 0; t < THREADS; t++) {
    pthread_join(thread[t], NULL);
    for (int r = 0; r < ROWS; r++)
      h = h * 31 + total(rows[t][r], N);
  }
  printf("threads %u\n", h);
}

// The child has what was pending, and pending calls of its own; the parent's go on.
static void forks(void) {
  unsigned a[N], b[N];
  int status;
  fill(a, N, 1);
  fill(b, N, 2);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    add(a, b, N);
    fill(b, N, 3);
    add(a, b, N);
    _exit(total(a, N) % 100);
  }
  add(b, a, N);
  waitpid(child, &status, 0);
  printf("forks %d %u %u\n", WEXITSTATUS(status), total(a, N), total(b, N));
}

// A handler with calls of its own, on memory of its own.
static unsigned handled[N];
static volatile sig_atomic_t signals;
static void handler(int signal) {
  (void)signal;
  fill(handled, N, 5);
  signals += total(handled, N) % 2 + 1;
}
static void raises(void) {
  unsigned a[N], b[N];
  signal(SIGUSR1, handler);
  for (int i = 0; i < 5; i++) {
    fill(a, N, (unsigned)i);
    fill(b, N, (unsigned)i + 1);
    raise(SIGUSR1);
    add(a, b, N);
    printf("raised %u\n", total(a, N));
  }
  printf("signals %d %u\n", (int)signals, total(handled, N));
}

// Out of a function with calls pending on its caller's memory, from a handler.
static sigjmp_buf back;
static void jump(int signal) {
  (void)signal;
  siglongjmp(back, 1);
}
static void until_signal(unsigned *a) {
  fill(a, N, 8);
  fill(a + N, N, 9);
  raise(SIGUSR2);
  a[0] = 0;
}
static void jumps(void) {
  static unsigned a[2 * N];
  signal(SIGUSR2, jump);
  if (!sigsetjmp(back, 1))
    until_signal(a);
  printf("jumped %u %u\n", total(a, N), total(a + N, N));
}

static unsigned last[N];
static void at_exit(void) {
  add(last, last, N);
  printf("at exit %u\n", total(last, N));
}

int main(void) {
  atexit(at_exit);
  threads();
  forks();
  raises();
  jumps();
  fill(last, N, 10);
  exit((int)(total(last, N) % 50));
}
