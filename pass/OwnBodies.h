//===- OwnBodies.h - bodies of their own for thunks -------------*- C++ -*-===//
#ifndef LAZYPASS_OWNBODIES_H
#define LAZYPASS_OWNBODIES_H

#include "Emitter.h"

namespace lazypass {

/// Lets the functions \p Made by the plugin call copies of lazy functions that
/// the program itself calls in one place only.  Last of all.
void giveThunksOwnBodies(const LazyFunctions &Lazy,
                         const llvm::SmallPtrSetImpl<llvm::Function *> &Made);

} // namespace lazypass

#endif // LAZYPASS_OWNBODIES_H
