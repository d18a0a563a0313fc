// Another thread looks at memory that calls are pending on, when it is told that it may: by what stdio writes after
// lazy_sync(), and in all the ways that need none.
// RUN: %lazy_equiv --fast %s
// UNSUPPORTED: sanitized
#include <lazy/lazy.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

LAZY static void fill(LAZY_OUT(n) unsigned *to, int n, unsigned seed) {
  for (int round = 0; round < 200; round++)
    for (int i = 0; i < n; i++)
      to[i] = seed = seed * 1664525u + 1013904223u;
}

enum { PARTS = 4, N = 300 };
static unsigned memory[PARTS][N];
static FILE *in, *out;
static int ends[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int told;
static atomic_int announced;
static unsigned answer;

static unsigned last(int part) { return memory[part][N - 1]; }

static void *listen(void *unused) {
  unsigned h = (unsigned)fgetc(in) + last(1);
  char c;
  while (read(ends[0], &c, 1) != 1)
    ;
  h = h * 31 + last(2);
  pthread_mutex_lock(&mutex);
  while (!told)
    pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
  h = h * 31 + last(0);
  while (!atomic_load(&announced))
    ;
  answer = h * 31 + last(3);
  return unused;
}

static void tell(void) {
  fill(memory[0], N, 1);
  fill(memory[1], N, 2);
  lazy_sync(memory[1], sizeof memory[1]);
  fputc('x', out);
  fill(memory[2], N, 3);
  while (write(ends[1], "y", 1) != 1)
    ;
  fill(memory[0], N / 2, 4);
  fill(memory[0] + N / 2, N - N / 2, 5);
  pthread_mutex_lock(&mutex);
  told = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  fill(memory[3], N, 6);
  atomic_store(&announced, 1);
}

int main(void) {
  int words[2];
  pthread_t thread;
  if (pipe(words) != 0 || pipe(ends) != 0)
    return 1;
  in = fdopen(words[0], "r");
  out = fdopen(words[1], "w");
  setvbuf(out, NULL, _IONBF, 0);
  for (int i = 0; i < 20; i++) {
    told = announced = 0;
    pthread_create(&thread, NULL, listen, NULL);
    tell();
    pthread_join(thread, NULL);
    printf("%u\n", answer);
    for (int part = 0; part < PARTS; part++)
      fill(memory[part], N, (unsigned)(part + i));
  }
  return 0;
}
