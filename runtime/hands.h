/* hands.h - the table of hands: every thread that ever opened, forced or released a node. */
#ifndef LZ_HANDS_H
#define LZ_HANDS_H

#include "types.h"

/* The calling thread's; NULL until it is asked for. */
extern _Thread_local struct lz_hand *lz_self __attribute__((tls_model("initial-exec")));

/* Makes the calling thread a hand; NULL: out of memory, or the thread is ending. */
struct lz_hand *lz_hand_new(void);

/* Not 0: the calling thread is where it must not make nodes; its calls run in place. */
extern _Thread_local unsigned lz_in_place __attribute__((tls_model("initial-exec")));

static inline struct lz_hand *lz_hand(void) {
  struct lz_hand *hand = lz_self;
  return LZ_LIKELY(hand != NULL) ? hand : lz_hand_new();
}

/* The table only grows.  Numbers below lz_hand_count() are valid. */
uint32_t lz_hand_count(void);
struct lz_hand *lz_hand_at(uint32_t index);

/* Is more than half of the stack used up that was left when the hand was made? */
static inline bool lz_stack_low(const struct lz_hand *hand) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  return here - hand->stack < hand->middle - hand->stack; /* false on a stack that is not the thread's own */
}

/* May it run nodes that others made?  They count on as much stack as the main thread's. */
static inline bool lz_may_help(const struct lz_hand *hand) {
  return !hand->narrow && !lz_stack_low(hand);
}

/* A hand that may hold an entry or run a node says so, for fork() must not lose either: between enter and leave it is
 * busy, and it does not get in while another thread forks. */
void lz_enter(struct lz_hand *hand);
void lz_leave(struct lz_hand *hand);

/* Does another thread wait for all hands to leave? */
bool lz_fork_waits(void);

/* Installs what keeps the table right when threads end and when the process forks. */
void lz_hands_init(void);

/* libomp has installed its fork handlers: installs ours again, so that they run before them. */
void lz_hands_watch_fork_first(void);

#endif /* LZ_HANDS_H */
