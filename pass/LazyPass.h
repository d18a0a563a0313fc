//===- LazyPass.h - the IR half of the plugin -------------------*- C++ -*-===//
#ifndef LAZYPASS_LAZYPASS_H
#define LAZYPASS_LAZYPASS_H

#include "llvm/IR/PassManager.h"

namespace llvm {
class PassBuilder;
}

namespace lazypass {

struct LazyOptions {
  /// Also calls that cost less than to defer them.
  bool DeferSmall = false;

  /// Source locations are there for this pass only.
  bool OwnLocations = false;
};

class LazyPass : public llvm::PassInfoMixin<LazyPass> {
  LazyOptions Options;

public:
  explicit LazyPass(LazyOptions Options) : Options(Options) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &MAM);

  /// Also at -O0 and in optnone functions: laziness is not an optimisation.
  static bool isRequired() { return true; }
};

/// Puts the pass at the very start of \p PB's pipelines.
void registerLazyPass(llvm::PassBuilder &PB, LazyOptions Options);

} // namespace lazypass

#endif // LAZYPASS_LAZYPASS_H
