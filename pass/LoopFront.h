//===- LoopFront.h - what is known in front of a loop -----------*- C++ -*-===//
//
// Which bytes the accesses in a loop reach can often be said before it begins,
// as arithmetic over what is there by then; and computed there.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_LOOPFRONT_H
#define LAZYPASS_LOOPFRONT_H

#include "Bounds.h"
#include "llvm/ADT/SmallVector.h"

namespace lazypass {

/// Bytes from First up to End, counted from where Base points.
struct ByteRange {
  llvm::Value *Base;
  const llvm::SCEV *First, *End;
};

/// In code: what does not fit in 64 bits is all there is, from null on.
struct ComputedRange {
  llvm::Value *Address, *Length;
};

class LoopFront {
  llvm::Loop &L;
  llvm::ScalarEvolution &SE;
  const llvm::DominatorTree &DT;
  llvm::SmallVector<llvm::Value *, 8> Named; ///< values of Extents

public:
  LoopFront(llvm::Loop &L, llvm::ScalarEvolution &SE,
            const llvm::DominatorTree &DT)
      : L(L), SE(SE), DT(DT) {}

  /// Where it ends.
  llvm::Instruction &end() const;
  bool isKnown(const llvm::Value *V) const;

  /// The pointer that \p Address is counted from, if that is known in front, or
  /// null; and how many bytes it is away, or null.
  llvm::Value *baseOf(llvm::Value *Address) const;
  const llvm::SCEV *offsetOf(llvm::Value *Address, llvm::Value *Base) const;

  /// Of a number, whenever control comes to \p Where in any iteration; or in
  /// one, as arithmetic over its number.
  Bounds ever(const llvm::SCEV *S, const llvm::BasicBlock &Where) const;
  Bounds inIteration(const llvm::SCEV *S, const llvm::BasicBlock &Where) const;

  /// Arithmetic over what is known, or nothing.
  std::optional<Extent> extentOf(const llvm::SCEV *S);
  /// What that is made of, in code that the front dominates.
  llvm::Value *valueOf(llvm::IRBuilder<> &B, unsigned I) const;

  /// \p Numbers finds there what valueOf() knows.
  std::optional<ComputedRange>
  compute(llvm::IRBuilder<> &B, ExtentBuilder &Numbers, const ByteRange &R);

private:
  bool isNumber(const llvm::SCEV &S, bool OfIteration) const;
};

} // namespace lazypass

#endif // LAZYPASS_LOOPFRONT_H
