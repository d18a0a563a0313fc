//===- CodeText.h - code without names and places ---------------*- C++ -*-===//
//
// One function, variable or alias as a string of bytes that says all that may
// matter to a result, and nothing else.  What it refers to is not part of it.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_CODETEXT_H
#define LAZYPASS_CODETEXT_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/PassManager.h"
#include <string>

namespace llvm {
class GlobalValue;
}

namespace lazypass {

struct CodeText {
  uint64_t Hash[2] = {0, 0};

  /// Whose texts belong to it, in the order in which it refers to them.
  llvm::SmallVector<const llvm::GlobalValue *, 8> References;

  /// Functions and constants that the module has not, or of which the linker
  /// may choose another: their names, for the linker.
  llvm::SmallVector<std::string, 1> Externals;

  /// What it does is decided when the program runs, and not by its text.
  bool Open = false;
};

/// \p Level: that of optimisation, which floating point depends on.
CodeText textOf(const llvm::GlobalValue &G, unsigned Level,
                llvm::FunctionAnalysisManager &FAM);

} // namespace lazypass

#endif // LAZYPASS_CODETEXT_H
