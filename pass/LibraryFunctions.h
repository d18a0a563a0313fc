//===- LibraryFunctions.h - what is known of libc and libm ------*- C++ -*-===//
//
// Functions whose bodies are out of sight, but whose behaviour a standard
// fixes.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_LIBRARYFUNCTIONS_H
#define LAZYPASS_LIBRARYFUNCTIONS_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace llvm {
class CallBase;
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

struct LibraryFunction {
  enum Effect {
    Stateless,  ///< touches nothing but what its arguments point to
    Support,    ///< the same; called by the compiler on its own account
    ReadsState, ///< reads other memory, too: the environment, the locale
    Allocates,  ///< the same as Stateless; its result is fresh memory
    PerThread,  ///< its answer depends on the thread that asks
    MarksPlace, ///< setjmp
    Jumps,      ///< longjmp
    Stateful,   ///< nothing a lazy function may call
  };
  enum Access {
    Nothing,
    Reads,
    Writes,
    Updates,
    UpdatesText, ///< also what the pointer that it updates points to
    Frees,
    Calls, ///< a function: with pointers to what the other arguments point to
  };

  Effect Kind;
  /// Stateful: what it does; PerThread: what the caller does, unless that is
  /// just to call it.  A verb phrase.
  llvm::StringRef Why;
  llvm::StringRef Type;
  /// The function to use in its place, if there is one.
  std::string Instead;

  /// What it does to what argument \p I points to.
  Access access(unsigned I) const;
};

/// What \p Call calls, if that is known to be a function of the C library: it
/// has no body that will be linked, has the name and the prototype, and neither
/// the caller nor the target says that the name means nothing (-fno-builtin).
const LibraryFunction *knownLibraryFunction(const llvm::CallBase &Call,
                                            const llvm::TargetLibraryInfo &TLI);

} // namespace lazypass

#endif // LAZYPASS_LIBRARYFUNCTIONS_H
