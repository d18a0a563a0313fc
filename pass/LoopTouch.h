//===- LoopTouch.h - asking once in front of a loop -------------*- C++ -*-===//
//
// An access that may meet pending memory is preceded by a Touch.  In a loop
// that makes no lazy calls that is the same question in each iteration, and
// keeps the loop from being vectorised:
//
//     for (k = 0; k < n; k++) { touch(&a[k], 8); sum += a[k]; }
//
// becomes
//
//     touch(a, n * 8);
//     for (k = 0; k < n; k++) sum += a[k];
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_LOOPTOUCH_H
#define LAZYPASS_LOOPTOUCH_H

#include "LoopFront.h"
#include "Plan.h"
#include "llvm/IR/PassManager.h"

namespace lazypass {

/// Marks what \p Plan touches in loops, and asks in front of them.  True:
/// something changed, so plan again.
bool touchBeforeLoops(const FunctionPlan &Plan,
                      llvm::FunctionAnalysisManager &FAM);

/// Does nothing become pending in these loops by the new \p Plan either?  A
/// value that decides what is touched is needed in front of the loop now, so
/// its call may run in place, and other calls and stores may wait instead.
bool areTouchedRangesRight(const FunctionPlan &Plan,
                           llvm::FunctionAnalysisManager &FAM);

/// Asks about a range in front of a loop.
void touchRange(llvm::IRBuilder<> &B, const ComputedRange &R, bool Writes);

/// A range that is touched in front of a loop.
struct TouchedRange {
  llvm::Value *Address, *Length;
  bool Writes;
};
std::optional<TouchedRange> asTouchedRange(const llvm::Instruction &I);

/// Has what \p I accesses been touched in front of the loop it is in?
void setTouchedBefore(llvm::Instruction &I);
bool isTouchedBefore(const llvm::Instruction &I);

/// When the plan has been carried out, or is not to be.
void dropTouchedRanges(llvm::Function &F);
/// When that is done in all functions.
void forgetTouchedRanges(llvm::Module &M);

} // namespace lazypass

#endif // LAZYPASS_LOOPTOUCH_H
