//===- Fingerprint.h - what a result follows from, in the code --*- C++ -*-===//
//
// Results that are kept for other runs are kept under the code that computes
// them.  A fingerprint is the same for two functions that compute the same in
// the same way, wherever they stand and whatever they are called, and another
// for whatever may compute something else.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_FINGERPRINT_H
#define LAZYPASS_FINGERPRINT_H

#include "CodeText.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class Module;
}

namespace lazypass {

struct LazyFunction;

struct Fingerprint {
  uint64_t Hash[2] = {0, 0}; ///< both 0: there is none

  /// What it does not cover.
  std::vector<std::string> Externals;
};

class Fingerprints {
  llvm::Module &M;
  unsigned Level;
  llvm::FunctionAnalysisManager &FAM;
  llvm::SmallVector<uint8_t, 0> Target;
  llvm::DenseMap<const llvm::GlobalValue *, CodeText> Texts;

public:
  /// \p Level: of optimisation.  \p M as it was written.
  Fingerprints(llvm::Module &M, unsigned Level,
               llvm::FunctionAnalysisManager &FAM);

  /// Of a function or a constant, and all that it refers to.
  Fingerprint of(const llvm::GlobalValue &G);

  /// The same, and of what is known of the memory it touches.
  Fingerprint of(const LazyFunction &L);

  /// What other modules can find, and its fingerprints.
  std::vector<std::pair<llvm::GlobalValue *, Fingerprint>> ofVisible();

private:
  class Closure;
  const CodeText &textOf(const llvm::GlobalValue &G);
};

} // namespace lazypass

#endif // LAZYPASS_FINGERPRINT_H
