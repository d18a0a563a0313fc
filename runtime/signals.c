/* signals.c - lazy calls inside signal handlers, and the names of what crashes.
 *
 * A handler may interrupt the runtime, or malloc(), anywhere; nothing here could make nodes then.  So calls made by a
 * handler run in place, as in the serial program.  That takes knowing that one is inside a handler:
 *
 * 1. sigaction() and signal() are ours, in front of the C library's.  They remember the program's handler and install
 *    enter(), which notes where on the stack it stands, calls the handler, and takes the note back.
 * 2. What the program asks about it is answered as it would be without us.
 * 3. __lazy_open() makes no node while there is a note.  A handler left by siglongjmp() leaves its note behind: the
 * first call from a frame that is older than the note's throws it away.
 * 4. Crashes whose disposition is the default when the runtime starts get a handler that, if the thread is running a
 *    node, says which; then it restores the default and returns, and the crash happens again: same status, same core.
 *    The program never sees this handler: asked, the answer is SIG_DFL.
 * 5. Both look first if it was the file of the cache that is not what it was (store-guard.c).
 *
 * Given up: handlers installed by sigset(), by the system call itself, or through another copy of the C library's
 * functions than the program's; and under sanitizers, which have a sigaction() of their own.  A thread that jumps out
 * of a handler on a stack of its own, or to a deeper place, runs its calls in place until it is back above the note. A
 * crash for want of stack on a thread of the program is not named: there is no stack to say so.
 */
#include "signals.h"

#include "error.h"
#include "store-file.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>

_Thread_local const struct lazy_site *lz_running __attribute__((tls_model("initial-exec")));
_Thread_local uintptr_t lz_in_handler __attribute__((tls_model("initial-exec")));

#if defined(__GLIBC__) && !defined(LZ_ASAN) && !defined(LZ_TSAN)

/* The C library's own, under the name it also has. */
int __sigaction(int number, const struct sigaction *action, struct sigaction *before);

typedef void handler(int, siginfo_t *, void *);
static _Atomic(handler *) handlers[NSIG];

/* It may be one to the file of the cache, or by what stands there. */
static bool is_access(int number) {
  return number == SIGSEGV || number == SIGBUS || number == SIGFPE;
}

static void enter(int number, siginfo_t *info, void *context) {
  if (is_access(number))
    lz_guard_catch(info->si_addr);
  uintptr_t before = lz_in_handler;
  lz_in_handler = (uintptr_t)__builtin_frame_address(0);
  LZ_LOAD(&handlers[number], relaxed)(number, info, context);
  lz_in_handler = before;
}

/* --- crashes --- */

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

static void crash(int number, siginfo_t *info, void *context) {
  if (is_access(number))
    lz_guard_catch(info->si_addr);
  static const struct sigaction standard = {.sa_handler = SIG_DFL};
  (void)context;
  const struct lazy_site *site = lz_running;
  if (site)
    lz_say("crash (SIG%s) in '%s', called at %s:%u:%u", sigabbrev_np(number), site->function->name,
           site->file ? site->file : "?", site->line, site->column);
  __sigaction(number, &standard, NULL);
  if (info->si_code <= 0) /* sent, not caused: it will not happen again by itself */
    syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), number, info);
}

void lz_signals_init(void) {
  struct sigaction before, action = {.sa_sigaction = crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
    if (__sigaction(crashes[i], NULL, &before) == 0 && !(before.sa_flags & SA_SIGINFO) && before.sa_handler == SIG_DFL)
      __sigaction(crashes[i], &action, NULL);
}

void lz_signals_stack(void) {
  size_t size = (size_t)64 << 10;
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED)
    sigaltstack(&(stack_t){.ss_sp = memory, .ss_size = size}, NULL);
}

/* --- the program's handlers --- */

static bool is_handler(const struct sigaction *action) {
  return (action->sa_flags & SA_SIGINFO) || (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

LZ_PUBLIC int sigaction(int number, const struct sigaction *action, struct sigaction *before) {
  struct sigaction ours, theirs;
  handler *remembered = number > 0 && number < NSIG ? LZ_LOAD(&handlers[number], relaxed) : NULL;
  if (action && is_handler(action) && action->sa_sigaction != enter && number > 0 && number < NSIG) {
    ours = *action;
    LZ_STORE(&handlers[number], action->sa_sigaction, relaxed);
    ours.sa_sigaction = enter; /* called with three arguments whatever the flags say: the kernel always passes them */
    action = &ours;
  }
  int error = __sigaction(number, action, &theirs);
  if (error && action == &ours)
    LZ_STORE(&handlers[number], remembered, relaxed);
  if (error || !before)
    return error;
  if (theirs.sa_sigaction == enter)
    theirs.sa_sigaction = remembered;
  else if (theirs.sa_sigaction == crash)
    theirs = (struct sigaction){.sa_handler = SIG_DFL};
  *before = theirs;
  return 0;
}

LZ_PUBLIC __sighandler_t signal(int number, __sighandler_t handler) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, before;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, number);
  if (handler == SIG_ERR) {
    errno = EINVAL;
    return SIG_ERR;
  }
  return sigaction(number, &action, &before) == 0 ? before.sa_handler : SIG_ERR;
}

#else

void lz_signals_init(void) {}
void lz_signals_stack(void) {}

#endif
