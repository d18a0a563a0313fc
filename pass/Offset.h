//===- Offset.h - how far a pointer is from a parameter ---------*- C++ -*-===//

#ifndef LAZYPASS_OFFSET_H
#define LAZYPASS_OFFSET_H

#include "llvm/IR/Argument.h"

namespace llvm {
class GEPOperator;
class SCEV;
class ScalarEvolution;
} // namespace llvm

namespace lazypass {

class OffsetFinder {
  llvm::ScalarEvolution &SE;
  const llvm::Argument &Parameter;

public:
  OffsetFinder(llvm::ScalarEvolution &SE, const llvm::Argument &Parameter)
      : SE(SE), Parameter(Parameter) {}

  /// Bytes from where the parameter points to where \p Pointer does, at any
  /// access through it; null if that is no number.
  const llvm::SCEV *of(llvm::Value &Pointer);

private:
  const llvm::SCEV *steps(llvm::GEPOperator &Step);
  const llvm::SCEV *wide(llvm::Value &Index);
  const llvm::SCEV *number(int64_t N);
};

} // namespace lazypass

#endif // LAZYPASS_OFFSET_H
