//===- Checker.h - code that checks annotations -----------------*- C++ -*-===//
//
// What LAZY_IN(n) and the like say of a lazy function is taken at its word.
// Compiled with -fplugin-arg-lazypass-instrument, such functions have a copy
// that runs under LAZY=check and asks the runtime about every access.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_CHECKER_H
#define LAZYPASS_CHECKER_H

#include "Emitter.h"

namespace lazypass {

/// By the functions that they are copies of.
using CheckedCopies = llvm::MapVector<llvm::Function *, llvm::Function *>;

/// Copies the lazy functions of \p M that have regions, and what they call,
/// while all of it is as the program has it.
CheckedCopies copyForChecks(llvm::Module &M, const LazyFunctions &Lazy);

/// Lets the copies ask, and sees to it that they are called; when all calls
/// have been made lazy.
void addChecks(llvm::Module &M, const CheckedCopies &Copies,
               const LazyFunctions &Lazy, Emitter &Runtime,
               llvm::FunctionAnalysisManager &FAM);

} // namespace lazypass

#endif // LAZYPASS_CHECKER_H
