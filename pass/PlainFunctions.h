//===- PlainFunctions.h - what the helpers of lazy programs do --*- C++ -*-===//

#ifndef LAZYPASS_PLAINFUNCTIONS_H
#define LAZYPASS_PLAINFUNCTIONS_H

#include "LazyFunction.h"

namespace lazypass {

/// Adds to \p Lazy the plain functions of the module that functions with lazy
/// calls call, with their Effects and Regions, as far as these are known.
void addPlainFunctions(LazyFunctions &Lazy, llvm::Module &M, const Vows &Said,
                       llvm::FunctionAnalysisManager &FAM);

} // namespace lazypass

#endif // LAZYPASS_PLAINFUNCTIONS_H
