/* quiet.h - what the library writes must not end the program.
 *
 * A write to a pipe that nobody reads, or to a file that has grown as far as it may, is a signal.  Between begin and
 * end the calling thread has none of these: they are errors of the write, as in any library.
 */
#ifndef LZ_QUIET_H
#define LZ_QUIET_H

#include <signal.h>
#include <time.h>

struct lz_quiet {
  sigset_t before, pending;
};

static inline void lz_quiet_set(sigset_t *signals) {
  sigemptyset(signals);
  sigaddset(signals, SIGPIPE);
  sigaddset(signals, SIGXFSZ);
}

static inline void lz_quiet_begin(struct lz_quiet *quiet) {
  sigset_t signals;
  lz_quiet_set(&signals);
  sigpending(&quiet->pending);
  pthread_sigmask(SIG_BLOCK, &signals, &quiet->before);
}

static inline void lz_quiet_end(const struct lz_quiet *quiet) {
  static const struct timespec now; /* static: MemorySanitizer has not seen it made */
  sigset_t ours;
  sigemptyset(&ours);
  for (int k = 0; k < 2; k++) {
    int number = k ? SIGXFSZ : SIGPIPE;
    if (!sigismember(&quiet->pending, number)) /* else it is not ours */
      sigaddset(&ours, number);
  }
  while (sigtimedwait(&ours, NULL, &now) > 0)
    ;
  pthread_sigmask(SIG_SETMASK, &quiet->before, NULL);
}

#endif /* LZ_QUIET_H */
