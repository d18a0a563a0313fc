//===- PointerUses.h - where a pointer goes ---------------------*- C++ -*-===//

#ifndef LAZYPASS_POINTERUSES_H
#define LAZYPASS_POINTERUSES_H

#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class Use;
class Value;
} // namespace llvm

namespace lazypass {

/// The first use of \p Pointer, or of a pointer that is computed from it, that
/// is not \p Allowed; null if all are.  The computing itself (GEPs, PHIs,
/// selects) is not asked about.
const llvm::Use *
findUseUnless(const llvm::Value &Pointer,
              llvm::function_ref<bool(const llvm::Use &)> Allowed);

/// Is \p U an access through the pointer, or a comparison?  Then it neither
/// keeps nor returns it, nor tells it to anybody.
bool isAccessOrCompare(const llvm::Use &U);

/// Does what \p U makes of the pointer depend on where it points?  Not if that
/// is compared with null, or with what is computed from \p Pointer, too.
bool tellsPlace(const llvm::Use &U, const llvm::Value &Pointer);

} // namespace lazypass

#endif // LAZYPASS_POINTERUSES_H
