/* sync.h - what the runtime needs from processor and kernel to let threads meet: fences, pauses, futexes, a clock, and
 * to part: cancellation.
 *
 * Fences.  Three protocols need a store to be ordered before a later load of something else: the pop of the deque
 * (deque.c), going to sleep (schedule.c) and forking (hands.c).  They write
 *
 *     store(&mine, v, LZ_FENCED);  lz_fence();  load(&other, LZ_FENCED);
 *
 * On x86 lz_fence() is a locked operation on the stack, which costs 2 ns where the compiler's own fence, mfence, costs
 * 17.  ThreadSanitizer does not model fences, so for it the accesses themselves are sequentially consistent too.
 *
 * ThreadSanitizer in the program but not in this library sees the program's accesses and none of our atomics, so it
 * would take every deferred call for a race.  It is told instead: lz_publish(node) stands before each release of a node
 * to other threads, lz_observe(node) behind each acquire.  Its functions are weak symbols: without it, a load and a
 * branch.  For libomp, which is not instrumented either, the workers are then plain threads (pthreads.c).
 */
#ifndef LZ_SYNC_H
#define LZ_SYNC_H

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LZ_TSAN 1
#endif
#if __has_feature(address_sanitizer)
#define LZ_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define LZ_TSAN 1
#endif
#if defined(__SANITIZE_ADDRESS__)
#define LZ_ASAN 1
#endif

/* The program's ThreadSanitizer, if it has one: from one thread's release to another's acquire, of the same address. */
void __tsan_release(void *address) __attribute__((weak));
void __tsan_acquire(void *address) __attribute__((weak));

#define LZ_LINE 64 /* bytes of a cache line */

#define LZ_LIKELY(x) __builtin_expect(!!(x), 1)
#define LZ_UNLIKELY(x) __builtin_expect(!!(x), 0)

#define LZ_LOAD(object, order) atomic_load_explicit(object, memory_order_##order)
#define LZ_STORE(object, value, order) atomic_store_explicit(object, value, memory_order_##order)

#ifdef LZ_TSAN
#define LZ_FENCED memory_order_seq_cst
#else
#define LZ_FENCED memory_order_relaxed
#endif
static inline void lz_fence(void) {
#if defined(__x86_64__)
  __asm__ volatile("lock orl $0, -64(%%rsp)" ::: "memory", "cc");
#else
  atomic_thread_fence(memory_order_seq_cst);
#endif
}

/* Is the program under ThreadSanitizer, and this library not? */
static inline int lz_is_watched(void) {
#ifdef LZ_TSAN
  return 0;
#else
  return LZ_UNLIKELY(__tsan_release != NULL);
#endif
}

static inline void lz_publish(const void *object) {
  if (lz_is_watched())
    __tsan_release((void *)(uintptr_t)object);
}

static inline void lz_observe(const void *object) {
  if (lz_is_watched())
    __tsan_acquire((void *)(uintptr_t)object);
}

static inline void lz_relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Sleeps while *word == value; may return early. */
static inline void lz_futex_wait(_Atomic uint32_t *word, uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static inline void lz_futex_wake(_Atomic uint32_t *word, int threads) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, threads, NULL, NULL, 0);
}

static inline uint64_t lz_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A thread that holds what others wait for, a lock or a claimed node, must not be cancelled before it gives it back.
 * The request stays pending until the program's own next cancellation point. */
static inline int lz_cancel_disable(void) {
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  return before;
}

static inline void lz_cancel_restore(int before) {
  pthread_setcancelstate(before, NULL);
}

#endif /* LZ_SYNC_H */
