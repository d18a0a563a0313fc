// Handlers of signals make lazy calls, whatever they interrupt, and see what is installed as if nobody else were there.
// RUN: %lazy_equiv --fast %s
// UNSUPPORTED: sanitized
// mock: no
#define ROUNDS 400
#include "Inputs/many.h"
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

LAZY static __attribute__((noinline)) unsigned fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static volatile sig_atomic_t handled, wrong;
static volatile unsigned right;

static void on_alarm(int number) {
  unsigned a = f(5), b = f(6);
  if (number != SIGALRM || ((a ^ b) + many(7)) != right)
    wrong = 1;
  handled++;
}

static sigjmp_buf out;
static void jumps(int number) {
  right = f((unsigned)number) + f(1);
  siglongjmp(out, 1);
}

static void on_value(int number, siginfo_t *info, void *context) {
  (void)context;
  printf("%d %d %u\n", number, info->si_value.sival_int, f(1) + f(2));
}

static void show(int number) {
  struct sigaction action;
  sigaction(number, NULL, &action);
  printf("%d: %s %x\n", number,
         action.sa_flags & SA_SIGINFO    ? (action.sa_sigaction == on_value ? "on_value" : "another")
         : action.sa_handler == SIG_DFL  ? "default"
         : action.sa_handler == SIG_IGN  ? "ignored"
         : action.sa_handler == on_alarm ? "on_alarm"
                                         : "another",
         (unsigned)action.sa_flags & (SA_SIGINFO | SA_RESTART | SA_NODEFER | (unsigned)SA_RESETHAND));
}

int main(void) {
  struct sigaction action;
  struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
  unsigned s = 0;
  right = (f(5) ^ f(6)) + many(7);
  memset(&action, 0, sizeof action);
  action.sa_handler = on_alarm;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &often, NULL);
  for (unsigned i = 0; i < 200; i++) {
    s += fib(12) + many(i);
    free(malloc(i * 100));
  }
  while (handled <= 5) /* a fast machine */
    free(malloc(many(3) % 100 + 1));
  setitimer(ITIMER_REAL, &never, NULL);
  printf("%u %d\n", s, (int)wrong);

  show(SIGSEGV);
  show(SIGALRM);
  printf("%d\n", signal(SIGALRM, SIG_IGN) == on_alarm);
  show(SIGALRM);
  printf("%d\n", signal(SIGALRM, on_alarm) == SIG_IGN);
  show(SIGALRM);
  action.sa_sigaction = on_value;
  action.sa_flags = SA_SIGINFO | (int)SA_RESETHAND;
  sigaction(SIGUSR1, &action, &action);
  show(SIGUSR1);
  sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 42});
  show(SIGUSR1);
  printf("%d %d\n", sigaction(SIGKILL, &action, NULL), sigaction(12345, &action, NULL));

  signal(SIGUSR2, jumps);
  for (int i = 0; i < 3; i++)
    if (!sigsetjmp(out, 1))
      raise(SIGUSR2);
  printf("%u %u\n", right, many(8));
  return 0;
}
