//===- LazyFunction.h - which functions are lazy, and can be ----*- C++ -*-===//
//
// Reads the annotations and decides, per function, whether calls of it can
// become nodes at all: every argument and the result must be plain bytes that
// fit into a node's payload.  Pure analysis: changes nothing.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_LAZYFUNCTION_H
#define LAZYPASS_LAZYFUNCTION_H

#include "Effects.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include <string>
#include <vector>

namespace lazypass {

/// One argument's place in the payload.
struct ArgumentSlot {
  unsigned Parameter; ///< index among the IR function's parameters
  llvm::Type *Ty;     ///< type of the bytes (of the pointee, if ByVal)
  bool ByVal;         ///< passed as a pointer to a copy
  uint64_t Offset, Size;
};

struct LazyFunction {
  llvm::Function *F = nullptr;

  /// Why no call of it can be deferred; empty if calls can.
  std::string Refusal;

  std::vector<ArgumentSlot> Arguments; ///< all parameters but sret
  llvm::Type *ResultTy = nullptr;
  bool SRet = false; ///< the result goes through parameter 0
  uint64_t ResultOffset = 0, ResultSize = 0, PayloadSize = 0;

  Effects Memory; ///< what memory a call reads

  bool Small = false; ///< costs less to call than to defer

  bool isDeferrable() const { return Refusal.empty(); }

  /// The slot of IR parameter \p Parameter, or null for sret.
  const ArgumentSlot *slotOf(unsigned Parameter) const {
    for (const ArgumentSlot &S : Arguments)
      if (S.Parameter == Parameter)
        return &S;
    return nullptr;
  }
};

using LazyFunctions = llvm::MapVector<llvm::Function *, LazyFunction>;

/// All functions of \p M annotated "lazy", in module order, with layouts and
/// refusals but without Effects.
LazyFunctions collectLazyFunctions(llvm::Module &M);

} // namespace lazypass

#endif // LAZYPASS_LAZYFUNCTION_H
