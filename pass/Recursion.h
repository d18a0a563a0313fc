//===- Recursion.h - recursive functions, shared and plain ------*- C++ -*-===//
#ifndef LAZYPASS_RECURSION_H
#define LAZYPASS_RECURSION_H

#include "Emitter.h"
#include "llvm/IR/PassManager.h"

namespace lazypass {

/// Splits each function of \p Lazy that calls itself into LazyFunction::Levels.
/// Before any call is made lazy.
void splitRecursion(LazyFunctions &Lazy, Emitter &Runtime,
                    llvm::FunctionAnalysisManager &FAM);

/// Is \p F a body whose calls are left alone?
bool isPlainBody(const llvm::Function &F, const LazyFunctions &Lazy);

/// What is left of a split, once the calls are lazy: those that run in place
/// go one level down.
void joinLevels(const LazyFunctions &Lazy, Emitter &Runtime);

} // namespace lazypass

#endif // LAZYPASS_RECURSION_H
