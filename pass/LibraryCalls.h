//===- LibraryCalls.h - what a call of the C library touches ----*- C++ -*-===//
//
// Of the program's memory, where the program itself calls the library.  What a
// lazy function may call is Effects.h's business.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_LIBRARYCALLS_H
#define LAZYPASS_LIBRARYCALLS_H

#include "Plan.h"
#include <optional>

namespace llvm {
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

struct LibraryAccess {
  llvm::Value *Pointer;
  Reach To;
  bool Writes;
  llvm::SmallVector<llvm::Value *, 2> Length;
};

struct LibraryCall {
  llvm::SmallVector<LibraryAccess, 4> Accesses;
  bool UsesStream = false;
  llvm::Value *Stream = nullptr; ///< null: one of the standard streams
};

/// Nothing, if \p Call may touch more, run code of the program, or not return.
std::optional<LibraryCall>
describeLibraryCall(llvm::CallBase &Call, const llvm::TargetLibraryInfo &TLI);

} // namespace lazypass

#endif // LAZYPASS_LIBRARYCALLS_H
