//===- Remarks.h - the one funnel for what the pass tells -------*- C++ -*-===//
//
// Every remark passes through here, so that all of them have one voice: lower
// case, no full stop, what happened first, then why, then what would mend it.
// Errors and warnings: Diagnostics.h.
//
//   -Rpass=lazy         deferred():  what became a node, what forces it
//   -Rpass-missed=lazy  missed():    what stayed serial
//   -Rpass-analysis=lazy known():    what was found out
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_REMARKS_H
#define LAZYPASS_REMARKS_H

#include "llvm/ADT/Twine.h"
#include "llvm/IR/Instruction.h"

namespace lazypass {

/// Something was made lazy, or a lazy value is needed here.
void remarkDone(const llvm::Instruction &At, llvm::StringRef Id,
                const llvm::Twine &Text);

/// Something stays serial; \p Text also says what would change that.
void remarkMissed(const llvm::Instruction &At, llvm::StringRef Id,
                  const llvm::Twine &Text);

/// The same about a whole function, at its head.
void remarkMissed(const llvm::Function &F, llvm::StringRef Id,
                  const llvm::Twine &Text);

/// Something has been found out, about a function or a place in it.
void remarkKnown(const llvm::Instruction &At, llvm::StringRef Id,
                 const llvm::Twine &Text);
void remarkKnown(const llvm::Function &F, llvm::StringRef Id,
                 const llvm::Twine &Text);

/// " at FILE:LINE:COLUMN" of \p At, or nothing where that is unknown.
std::string atPlace(const llvm::Instruction &At);

} // namespace lazypass

#endif // LAZYPASS_REMARKS_H
