/* signals.h - is the calling thread inside a signal handler, and which node is it running? */
#ifndef LZ_SIGNALS_H
#define LZ_SIGNALS_H

#include "hands.h"

/* The site whose call the calling thread is in; NULL: none. */
extern _Thread_local const struct lazy_site *lz_running __attribute__((tls_model("initial-exec")));

/* The stack address of the innermost signal handler the calling thread is in, or has jumped out of; 0: none. */
extern _Thread_local uintptr_t lz_in_handler __attribute__((tls_model("initial-exec")));

static inline bool lz_inside_handler(void) {
  if (LZ_LIKELY(lz_in_handler == 0))
    return false;
  if ((uintptr_t)__builtin_frame_address(0) < lz_in_handler)
    return true;
  lz_in_handler = 0;
  return false;
}

/* Is this a place where the calling thread must not make nodes? */
static inline bool lz_all_in_place(void) {
  return lz.serial || lz_in_place || lz_inside_handler();
}

/* Names what crashes, from now on. */
void lz_signals_init(void);

/* Gives a worker a stack for handlers. */
void lz_signals_stack(void);

#endif /* LZ_SIGNALS_H */
