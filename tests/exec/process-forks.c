// Threads fork, spawn and run commands while others compute; handlers of forks make lazy calls, too.
// RUN: %lazy_equiv --fast %s
// UNSUPPORTED: sanitized
// mock: no
#include "Inputs/many.h"
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static volatile unsigned sink;

static void handler(void) { sink = many(9); }

__attribute__((constructor(101))) static void before_all_others(void) { pthread_atfork(handler, handler, handler); }

static unsigned status_of(pid_t pid) {
  int status = -1;
  waitpid(pid, &status, 0);
  return (unsigned)status;
}

static void *forks(void *number) {
  unsigned s = 0;
  for (unsigned i = 0; i < 12; i++) {
    s += many(i);
    if (i % 4 == (uintptr_t)number) {
      pid_t pid = fork();
      if (pid == 0)
        _Exit((int)(many(i) & 63));
      s += status_of(pid);
    }
  }
  return (void *)(uintptr_t)s;
}

int main(void) {
  char *const command[] = {"sh", "-c", "exit 5", NULL};
  pthread_t threads[3];
  unsigned s = 0;
  pthread_atfork(handler, handler, handler);
  for (uintptr_t i = 0; i < 3; i++)
    pthread_create(&threads[i], NULL, forks, (void *)i);
  for (unsigned i = 0; i < 4; i++) {
    unsigned a = f(i), b = f(i + 7), statuses;
    char text[20] = "";
    pid_t pid;
    statuses = (unsigned)system("exit 3");
    FILE *pipe = popen("echo there", "r");
    if (!fgets(text, sizeof text, pipe))
      puts("no output");
    pclose(pipe);
    posix_spawn(&pid, "/bin/sh", NULL, NULL, command, environ);
    statuses += status_of(pid);
    pid = vfork();
    if (pid == 0) {
      execv("/bin/sh", command);
      _exit(9);
    }
    printf("%u %u %u %s", statuses, status_of(pid), a ^ b, text);
  }
  for (int i = 0; i < 3; i++) {
    void *result;
    pthread_join(threads[i], &result);
    s += (unsigned)(uintptr_t)result;
  }
  printf("%u\n", s);
  return 0;
}
