//===- AffineBounds.h - progressions that enclose an expression -*- C++ -*-===//
//
// What an iteration of a loop touches is often less simple than how its bounds
// move: the last of many equal blocks is smaller, min(n - i, BLOCK).
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_AFFINEBOUNDS_H
#define LAZYPASS_AFFINEBOUNDS_H

#include "LoopFront.h"

namespace lazypass {

class AffineBounds {
  const LoopFront &Front;
  llvm::Loop &L;
  llvm::ScalarEvolution &SE;
  std::vector<const llvm::SCEV *> Natural;

public:
  AffineBounds(const LoopFront &Front, llvm::Loop &L, llvm::ScalarEvolution &SE)
      : Front(Front), L(L), SE(SE) {}

  /// Where control comes to \p Where, \p S is no greater, or no less, than
  /// this: an i64 that moves by the same step from iteration to iteration, or
  /// stays.  Null: not known.
  const llvm::SCEV *above(const llvm::SCEV *S, const llvm::BasicBlock &Where);
  const llvm::SCEV *below(const llvm::SCEV *S, const llvm::BasicBlock &Where);

  /// The value of \p S in iteration \p Number, or null.
  const llvm::SCEV *at(const llvm::SCEV *S, const llvm::SCEV *Number) const;

  /// All that holds only if none of these is negative.
  llvm::ArrayRef<const llvm::SCEV *> assumedNatural() const { return Natural; }

private:
  enum class Side { Above, Below };
  static Side other(Side S) {
    return S == Side::Above ? Side::Below : Side::Above;
  }
  bool isAffine(const llvm::SCEV *S) const;
  const llvm::SCEV *find(const llvm::SCEV *S, Side Of,
                         const llvm::BasicBlock &Where);
  const llvm::SCEV *product(const llvm::SCEV *S, Side Of,
                            const llvm::BasicBlock &Where);
  const llvm::SCEV *choice(llvm::ArrayRef<const llvm::SCEV *> Operands,
                           bool IsMax, Side Of, const llvm::BasicBlock &Where);
  const llvm::SCEV *leaf(const llvm::SCEV *S, Side Of,
                         const llvm::BasicBlock &Where);
};

} // namespace lazypass

#endif // LAZYPASS_AFFINEBOUNDS_H
