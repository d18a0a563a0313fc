// Every way a process may end, with calls and stores pending; handlers of the end make lazy calls, too.
// RUN: %lazy_equiv --fast %s
// UNSUPPORTED: sanitized
// mock: no
#include "Inputs/many.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *who, unsigned n) {
  printf("%s %u\n", who, many(n));
  fflush(stdout);
}

static void at_exit(void) { say("atexit", 3); }
static void at_end(void) { say("at_quick_exit", 4); }
__attribute__((destructor)) static void destructor(void) { say("destructor", 5); }

static unsigned end(const char *how, unsigned *restrict out) {
  unsigned a = f(1), b = f(2);
  for (unsigned i = 0; i < 50; i++)
    out[i] = f(i);
  if (strcmp(how, "exit") == 0)
    exit(3);
  if (strcmp(how, "quick_exit") == 0)
    quick_exit(4);
  if (strcmp(how, "_Exit") == 0)
    _Exit(5);
  if (strcmp(how, "abort") == 0)
    abort();
  if (strcmp(how, "pthread_exit") == 0)
    pthread_exit(NULL);
  if (strcmp(how, "SIGTERM") == 0)
    raise(SIGTERM);
  if (strcmp(how, "SIGSEGV") == 0)
    raise(SIGSEGV);
  if (strcmp(how, "exec") == 0)
    execl("/bin/sh", "sh", "-c", "echo other; kill -TERM $$", (char *)NULL);
  return a + b + out[7];
}

int main(void) {
  static const char *const ways[] = {"exit",   "quick_exit", "_Exit",   "abort", "pthread_exit",
                                     "return", "SIGTERM",    "SIGSEGV", "exec"};
  static unsigned out[50];
  for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    int status = 0;
    pid_t pid = fork(); /* before this process has made a lazy call: the child may have workers */
    if (pid == 0) {
      atexit(at_exit);
      at_quick_exit(at_end);
      say("main", 1);
      printf("%u\n", end(ways[i], out));
      return 6;
    }
    waitpid(pid, &status, 0);
    printf("%s: %x\n", ways[i], (unsigned)status & 0xff7f); /* a core or none, that is the system's */
    fflush(stdout);
  }
  _exit(0);
}
