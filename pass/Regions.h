//===- Regions.h - regions where they are computed --------------*- C++ -*-===//
#ifndef LAZYPASS_REGIONS_H
#define LAZYPASS_REGIONS_H

#include "Emitter.h"

namespace lazypass {

/// The rows of \p R, where the values that it is made of are as \p From says.
/// What does not fit into 64 bits is all of memory.
MemoryRows computeRows(llvm::IRBuilder<> &B, const Region &R,
                       const ExtentSource &From);

/// So many bytes behind \p Address, both i64; a place with a 0 if that is null.
llvm::Value *memberAddress(llvm::IRBuilder<> &B, llvm::Value *Address,
                           llvm::Value *Offset);

} // namespace lazypass

#endif // LAZYPASS_REGIONS_H
