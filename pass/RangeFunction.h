//===- RangeFunction.h - a function of a range of iterations ----*- C++ -*-===//
#ifndef LAZYPASS_RANGEFUNCTION_H
#define LAZYPASS_RANGEFUNCTION_H

#include "ParallelLoop.h"

namespace lazypass {

/// Gives \p R, which has none, a body: the iterations of \p P from one number
/// to before another.  \p Captured: what comes from outside, in the order of
/// the frame; \p Steps, of the counters, and \p Sums, where reductions are
/// added up, are among it or constant.  \p Step: what rows of a pipeline ask.
void fillRangeFunction(llvm::Function &R, const ParallelLoop &P,
                       llvm::BasicBlock *Preheader,
                       llvm::ArrayRef<llvm::Value *> Captured,
                       llvm::ArrayRef<llvm::Value *> Steps,
                       llvm::ArrayRef<llvm::Value *> Sums,
                       llvm::FunctionCallee Step);

} // namespace lazypass

#endif // LAZYPASS_RANGEFUNCTION_H
