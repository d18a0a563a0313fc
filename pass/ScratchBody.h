//===- ScratchBody.h - a body to look at ------------------------*- C++ -*-===//
//
// A copy of a function's body in the form that analyses want: callees in line,
// locals in registers, loops in canonical form.  The function itself stays as
// it is.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SCRATCHBODY_H
#define LAZYPASS_SCRATCHBODY_H

#include "llvm/IR/PassManager.h"

namespace llvm {
class Function;
} // namespace llvm

namespace lazypass {

class ScratchBody {
  llvm::Function &Original;
  llvm::FunctionAnalysisManager &FAM;
  llvm::Function *Clone = nullptr;

public:
  ScratchBody(llvm::Function &Original, llvm::FunctionAnalysisManager &FAM)
      : Original(Original), FAM(FAM) {}
  ScratchBody(const ScratchBody &) = delete;
  ScratchBody &operator=(const ScratchBody &) = delete;
  ~ScratchBody();

  /// Made when first asked for; gone with this object.
  llvm::Function &function();

  template <typename Analysis> typename Analysis::Result &get() {
    return FAM.getResult<Analysis>(function());
  }
};

} // namespace lazypass

#endif // LAZYPASS_SCRATCHBODY_H
