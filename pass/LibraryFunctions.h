//===- LibraryFunctions.h - what is known of libc and libm ------*- C++ -*-===//
//
// Functions whose bodies are out of sight, but whose behaviour a standard
// fixes.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_LIBRARYFUNCTIONS_H
#define LAZYPASS_LIBRARYFUNCTIONS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace llvm {
class CallBase;
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

struct LibraryFunction {
  enum Effect {
    Stateless,   ///< touches nothing but what its arguments point to
    Support,     ///< the same; called by the compiler on its own account
    Stops,       ///< the same; the process, or the thread, may end in it
    ReadsLocale, ///< the same, and reads the locale
    ReadsState,  ///< reads other memory, too: the environment
    Allocates,   ///< the same as Stateless; its result is fresh memory
    PerThread,   ///< its answer depends on the thread that asks
    MarksPlace,  ///< setjmp
    Jumps,       ///< longjmp
    // From here on, nothing a lazy function may call.
    Streams,  ///< the same as Stateless, and works on a stream
    OwnState, ///< the same as Stateless, and on a state that nobody else sees
    OnFiles,  ///< touches what its arguments point to, and files
    Stateful, ///< touches who knows what
  };
  enum Access {
    Nothing,
    Reads,
    Writes,
    Updates,
    UpdatesText, ///< also what the pointer that it updates points to
    Frees,
    Calls,  ///< a function: with pointers to what the other arguments point to
    Stream, ///< the library's own
  };

  Effect Kind;
  /// From Streams on: what it does; PerThread: what the caller does, unless
  /// that is just to call it.  A verb phrase.
  llvm::StringRef Why;
  /// Any implementation gives the same, bit by bit.
  bool Exact = false;

  /// The function to use in its place, if there is one.
  std::string Instead;

  /// The result's letter, and those of the parameters; for each, the arguments
  /// that say how many bytes are there (LibraryTable.h).
  std::string Type;
  llvm::SmallVector<llvm::SmallVector<unsigned, 2>, 0> Lengths;

  /// Does it work on a file, of which its arguments say which?
  bool worksOnFile() const {
    return Kind == OnFiles ||
           (Kind == Streams && llvm::StringRef(Type).contains('s'));
  }

  /// What it does to what argument \p I points to.
  Access access(unsigned I) const;

  /// The arguments whose product says how many bytes of that it does it to, at
  /// most; empty if that is not known.
  llvm::ArrayRef<unsigned> lengthOf(unsigned I) const;

  /// Does \p Call, of this function, read what argument \p I, a pointer, points
  /// to up to the byte 0 that ends it?
  bool isText(const llvm::CallBase &Call, unsigned I) const;

  /// May \p Call, of this function, write through its variadic arguments?
  bool mayWriteMore(const llvm::CallBase &Call) const;
};

/// What \p Call calls, if that is known to be a function of the C library: it
/// has no body that will be linked, has the name and the prototype, and neither
/// the caller nor the target says that the name means nothing (-fno-builtin).
const LibraryFunction *knownLibraryFunction(const llvm::CallBase &Call,
                                            const llvm::TargetLibraryInfo &TLI);

/// Is what \p Call returns fresh memory, as malloc gives it?
bool isFreshMemory(const llvm::CallBase &Call,
                   const llvm::TargetLibraryInfo &TLI);

} // namespace lazypass

#endif // LAZYPASS_LIBRARYFUNCTIONS_H
