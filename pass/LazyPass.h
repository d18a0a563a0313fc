//===- LazyPass.h - the IR half of the plugin -------------------*- C++ -*-===//
#ifndef LAZYPASS_LAZYPASS_H
#define LAZYPASS_LAZYPASS_H

#include "llvm/IR/PassManager.h"
#include <memory>

namespace llvm {
class PassBuilder;
}

namespace lazypass {

/// What becomes of a lazy function that is proved not to be stateless.
enum class StatelessnessCheck {
  Error, ///< an error; what cannot be seen is a warning
  Warn,  ///< a warning, too; its calls run in place
  Off,   ///< nothing is said but a remark
};

struct LazyOptions {
  /// Also calls that cost less than to defer them.
  bool DeferSmall = false;

  /// Also results of calls that cost less than to find them are kept.
  bool CacheShort = false;

  /// Code that LAZY=check can run.
  bool Instrument = false;

  /// A module without lazy functions, too, says what its code is.
  bool TellCode = false;

  /// Source locations are there for this pass only.
  bool OwnLocations = false;

  StatelessnessCheck Check = StatelessnessCheck::Error;

  /// As a number that is the same for the same -O.
  unsigned Level = 0;
};

class DiagnosticSink;

class LazyPass : public llvm::PassInfoMixin<LazyPass> {
  LazyOptions Options;
  std::shared_ptr<DiagnosticSink> Diagnostics;

public:
  LazyPass(LazyOptions Options, std::shared_ptr<DiagnosticSink> Diagnostics)
      : Options(Options), Diagnostics(std::move(Diagnostics)) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &MAM);

  /// Also at -O0 and in optnone functions: laziness is not an optimisation.
  static bool isRequired() { return true; }
};

/// Puts the pass at the very start of \p PB's pipelines.
void registerLazyPass(llvm::PassBuilder &PB, LazyOptions Options,
                      const std::shared_ptr<DiagnosticSink> &Diagnostics);

} // namespace lazypass

#endif // LAZYPASS_LAZYPASS_H
