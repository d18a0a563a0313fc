//===- Violation.h - what a lazy function may not do ------------*- C++ -*-===//
//
// Plain data: what Effects.cpp found, and Diagnostics.cpp tells the user.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_VIOLATION_H
#define LAZYPASS_VIOLATION_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DebugLoc.h"
#include <string>

namespace llvm {
class Function;
}

namespace lazypass {

/// A call on the way from a lazy function to what it may not do.
struct CallStep {
  const llvm::Function *Caller;
  llvm::DebugLoc Where;
};

/// What keeps calls of a lazy function in place.
struct Violation {
  /// In rising order: of several the worst is told.
  enum Gravity {
    Unsupported, ///< allowed, but cannot be deferred yet: a remark
    Unseen,      ///< may be all right, for all that can be seen: a warning
    Jump,        ///< an error, unless what it jumps to is in the call
    Proved,      ///< an error
  };

  Gravity Kind;

  /// A verb phrase: "writes 'counter', which others see; return the value
  /// instead".
  std::string What;

  /// Where: the function that does it, and the place in it.
  const llvm::Function *In;
  llvm::DebugLoc Where;

  /// The function out of sight that it calls, if that is all there is to it.
  const llvm::Function *Callee = nullptr;

  /// How the lazy function gets there: the call of In first, the one that
  /// stands in the lazy function itself last; empty if that is In.
  llvm::SmallVector<CallStep, 2> Chain = {};

  /// It is what functions do that work on files.
  bool OnFile = false;

  /// The function of the C library to use instead, if there is one.
  std::string Instead = {};

  bool isError() const { return Kind >= Jump; }

  /// What, for the lazy function \p F: with "calls 'g', which" in front if it
  /// is not F itself that does it, and with the way to vouch for it if that is
  /// what it lacks.
  std::string predicate(const llvm::Function &F) const;
};

} // namespace lazypass

#endif // LAZYPASS_VIOLATION_H
