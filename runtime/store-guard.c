/* store-guard.c - a damaged file is not to end the program.
 *
 * 1. Who is about to walk through the file arms a guard: a place to come back to.
 * 2. An access to a page that is not there any more is a signal.  Our handlers (signals.c) hand it to the guard first,
 *    if the address is in the file's map.  Where LMDB itself finds something impossible, it says so by a call.
 * 3. Both lead back, and whatever LMDB was doing is left as it is.
 *
 * The same stretch of code is LMDB's, which MemorySanitizer has not seen: it is told not to look.
 *
 * Given up: where the handlers are not ours (sanitizers, a program that installs its own past the C library), the
 * program ends as any would whose mapped file is cut off.
 */
#include "store-file.h"

#include <signal.h>

static _Thread_local struct lz_guard *armed __attribute__((tls_model("initial-exec")));
static _Thread_local bool unwatched __attribute__((tls_model("initial-exec")));

/* The program's MemorySanitizer, if it has one. */
void __msan_scoped_disable_interceptor_checks(void) __attribute__((weak));
void __msan_scoped_enable_interceptor_checks(void) __attribute__((weak));

void lz_guard_arm(struct lz_guard *guard, const struct lz_file *file) {
  if (__msan_scoped_disable_interceptor_checks && !unwatched) {
    unwatched = true;
    __msan_scoped_disable_interceptor_checks();
  }
  guard->map = file->map;
  guard->map_end = file->map ? file->map + file->map_size : (const char *)UINTPTR_MAX; /* not known yet */
  armed = guard;
}

void lz_guard_disarm(void) {
  armed = NULL;
  if (__msan_scoped_enable_interceptor_checks && unwatched) {
    unwatched = false;
    __msan_scoped_enable_interceptor_checks();
  }
}

static void back(void) {
  struct lz_guard *guard = armed;
  armed = NULL;
  siglongjmp(guard->back, 1);
}

void lz_guard_hit(void) {
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, SIGSEGV);
  sigaddset(&ours, SIGBUS);
  sigaddset(&ours, SIGFPE);
  pthread_sigmask(SIG_UNBLOCK, &ours, NULL); /* the handler was left before its end */
}

void lz_guard_catch(const void *address) {
  const char *at = address;
  if (armed && armed->map <= at && at < armed->map_end)
    back();
}

void lz_guard_failed(MDB_env *env, const char *message) {
  (void)env, (void)message;
  if (armed)
    back();
}
