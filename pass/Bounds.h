//===- Bounds.h - between what values an expression stays -------*- C++ -*-===//
//
// The least and the greatest value that an integer takes over all iterations of
// the loops it stands in, as arithmetic over values that are known before: the
// parameters of a function, or what is computed in front of a loop.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_BOUNDS_H
#define LAZYPASS_BOUNDS_H

#include "Expression.h"
#include "llvm/Analysis/ScalarEvolution.h"

namespace llvm {
class DominatorTree;
class Loop;
class SCEVAddExpr;
class SCEVMulExpr;
class SCEVNAryExpr;
} // namespace llvm

namespace lazypass {

/// Both i64, and known before; both null if there are none to tell.
struct Bounds {
  const llvm::SCEV *Least = nullptr, *Greatest = nullptr;
  explicit operator bool() const { return Least; }
};

class BoundFinder {
  llvm::ScalarEvolution &SE;
  const llvm::DominatorTree &DT;
  KnownBefore Name;

public:
  BoundFinder(llvm::ScalarEvolution &SE, const llvm::DominatorTree &DT,
              KnownBefore Name)
      : SE(SE), DT(DT), Name(Name) {}

  /// Of \p S, taken as a signed number, whenever control reaches \p Where.
  Bounds of(const llvm::SCEV *S, const llvm::BasicBlock &Where);

  /// The number of the last iteration of \p L, counted from 0, in which control
  /// may reach \p Where: -1 if it never may.
  Bounds lastIteration(const llvm::Loop &L, const llvm::BasicBlock &Where);

private:
  const llvm::SCEV *constant(int64_t N);
  const llvm::SCEV *wide(const llvm::SCEV *S);
  const llvm::SCEV *multiply(const llvm::SCEV *A, const llvm::SCEV *B);
  Bounds find(const llvm::SCEV *S, const llvm::BasicBlock &Where);
  Bounds known(const llvm::SCEV *S);
  Bounds sum(const llvm::SCEVAddExpr &Add, const llvm::BasicBlock &Where);
  Bounds product(const llvm::SCEVMulExpr &Mul, const llvm::BasicBlock &Where);
  Bounds progression(const llvm::SCEVAddRecExpr &Rec,
                     const llvm::BasicBlock &Where);
  Bounds choice(const llvm::SCEVNAryExpr &Choice,
                const llvm::BasicBlock &Where);
  Bounds times(Bounds A, Bounds B);
};

} // namespace lazypass

#endif // LAZYPASS_BOUNDS_H
