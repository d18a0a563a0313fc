/* fpenv.h - the floating-point environment travels with the call.
 *
 * A deferred call must compute with the rounding mode, the treatment of denormals and the exception masks that were
 * in force where it stands in the source, whatever thread runs it and whatever the program has set since.
 *
 * 1. lz_fpenv_now() packs those settings into 32 bits when the node is opened.
 * 2. lz_fpenv_switch() installs them around the run, where they differ, and lz_fpenv_restore() puts back the others.
 *
 * x86-64: control bits of MXCSR and the x87 control word.  AArch64: FPCR.  Elsewhere: the rounding mode.
 * Given up: exceptions raised by the run stay with the thread that ran it; the sticky flags do not travel back.
 */
#ifndef LZ_FPENV_H
#define LZ_FPENV_H

#include <stdbool.h>
#include <stdint.h>
#if !defined(__x86_64__) && !defined(__aarch64__)
#include <fenv.h>
#endif

#define LZ_MXCSR_FLAGS 0x3fu /* the sticky exception flags */

static inline uint32_t lz_fpenv_now(void) {
#if defined(__x86_64__)
  uint32_t mxcsr;
  uint16_t x87;
  __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
  __asm__ volatile("fnstcw %0" : "=m"(x87));
  return (mxcsr & 0xffff & ~LZ_MXCSR_FLAGS) | (uint32_t)x87 << 16;
#elif defined(__aarch64__)
  uint64_t fpcr;
  __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
  return (uint32_t)fpcr;
#else
  return (uint32_t)fegetround();
#endif
}

static inline void lz_fpenv_set(uint32_t env) {
#if defined(__x86_64__)
  uint32_t mxcsr;
  uint16_t x87 = (uint16_t)(env >> 16);
  __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
  mxcsr = (env & 0xffff) | (mxcsr & LZ_MXCSR_FLAGS);
  __asm__ volatile("ldmxcsr %0" ::"m"(mxcsr));
  __asm__ volatile("fldcw %0" ::"m"(x87));
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" ::"r"((uint64_t)env));
#else
  fesetround((int)env);
#endif
}

/* Returns what lz_fpenv_restore() needs. */
static inline uint32_t lz_fpenv_switch(uint32_t env) {
  uint32_t before = lz_fpenv_now();
  if (__builtin_expect(before != env, 0))
    lz_fpenv_set(env);
  return before;
}

static inline void lz_fpenv_restore(uint32_t before, uint32_t env) {
  if (__builtin_expect(before != env, 0))
    lz_fpenv_set(before);
}

#endif /* LZ_FPENV_H */
