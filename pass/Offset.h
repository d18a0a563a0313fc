//===- Offset.h - how far a pointer is from another -------------*- C++ -*-===//

#ifndef LAZYPASS_OFFSET_H
#define LAZYPASS_OFFSET_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Value.h"

namespace llvm {
class DataLayout;
class GEPOperator;
class SCEV;
class ScalarEvolution;
} // namespace llvm

namespace lazypass {

class OffsetFinder {
  llvm::ScalarEvolution &SE;
  const llvm::Value &Base;

public:
  OffsetFinder(llvm::ScalarEvolution &SE, const llvm::Value &Base)
      : SE(SE), Base(Base) {}

  /// Bytes from where the base points to where \p Pointer does, at any access
  /// through it; null if that is no number.
  const llvm::SCEV *of(llvm::Value &Pointer);

private:
  const llvm::SCEV *steps(llvm::GEPOperator &Step);
  using Terms = llvm::SmallVector<const llvm::SCEV *, 4>;
  Terms terms(llvm::Value &Index);
  const llvm::SCEV *number(int64_t N);
};

} // namespace lazypass

#endif // LAZYPASS_OFFSET_H
