/* library.c - what the program is about to do by means of the C library, as far as only the library can say what that
 * touches.
 *
 * 1. An allocation reaches as far as malloc_usable_size() says, if that function and malloc() come from one library;
 *    a program with a malloc() of its own may have brought no such function along.  Then everything is settled.
 * 2. A stream without a file descriptor leads to memory or functions of the program's (fmemopen, open_memstream,
 *    fopencookie), so everything is settled first.
 * 3. Streams are also where a thread may be cancelled: it ends, its stack and what its clean-up frees with it.  Threads
 *    that the program has made settle first; nobody ends workers.
 *
 * Given up: cancelling the main thread.  It may then end while calls that it has made write what it has freed.
 */
#include "hands.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

/* Weak: the first would bring the C library's malloc() into a static program with its own, where none is called the
 * second is not there. */
#pragma weak malloc_usable_size
#pragma weak dladdr

/* Where there is no dynamic linking there is one library only. */
static bool find_out(void) {
  union {
    void *(*function)(size_t);
    void *address;
  } first = {.function = malloc};
  union {
    size_t (*function)(void *);
    void *address;
  } second = {.function = malloc_usable_size};
  Dl_info one, other;
  if (!second.address || !dladdr)
    return second.address != NULL;
  return dladdr(first.address, &one) && dladdr(second.address, &other) && one.dli_fbase == other.dli_fbase;
}

static bool sizes_are_known(void) {
  enum { UNKNOWN, NO, YES };
  static _Atomic int known;
  int answer = LZ_LOAD(&known, relaxed);
  if (answer == UNKNOWN) {
    answer = find_out() ? YES : NO;
    LZ_STORE(&known, answer, relaxed);
  }
  return answer == YES;
}

LZ_PUBLIC void __lazy_touch_allocation(struct lazy_scope *scope, const void *p) {
  if (sizes_are_known())
    __lazy_touch(scope, p, malloc_usable_size((void *)(uintptr_t)p), LAZY_WRITES);
  else if (p)
    __lazy_settle(scope);
}

static bool leads_out(FILE *stream) {
  int error = errno;
  bool out = fileno(stream) >= 0;
  errno = error;
  return out;
}

LZ_PUBLIC void __lazy_use_stream(struct lazy_scope *scope, void *stream) {
  const struct lz_hand *hand = lz_hand();
  bool stays = hand && (hand->main || LZ_LOAD(&hand->worker, relaxed));
  bool out = stream ? leads_out(stream) : leads_out(stdin) && leads_out(stdout) && leads_out(stderr);
  if (!stays || !out)
    __lazy_settle(scope);
}
