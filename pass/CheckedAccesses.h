//===- CheckedAccesses.h - accesses that LAZY=check asks about --*- C++ -*-===//
#ifndef LAZYPASS_CHECKEDACCESSES_H
#define LAZYPASS_CHECKEDACCESSES_H

#include "Emitter.h"

namespace llvm {
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

/// Lets \p Copy, of the function \p Name, ask the runtime in front of each
/// access to memory that may be another's, and tell it what it allocates.
void askForAccesses(llvm::Function &Copy, llvm::StringRef Name,
                    Emitter &Runtime, const llvm::TargetLibraryInfo &TLI);

} // namespace lazypass

#endif // LAZYPASS_CHECKEDACCESSES_H
