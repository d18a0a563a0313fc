//===- Snapshot.h - small inputs are copied at the call ---------*- C++ -*-===//
//
//     for (i = 0; i < n; i++) {
//       p.angle = i;
//       out[i] = simulate(&p);
//     }
//
// Each write to p would have to wait for the call before it, which reads p; if
// the node has a copy of p in its payload, there is nothing to wait for.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SNAPSHOT_H
#define LAZYPASS_SNAPSHOT_H

#include "LazyFunction.h"
#include "ScratchBody.h"

namespace lazypass {

/// Gives those Regions of \p L places in the payload of which a copy does as
/// well as the original.
void makeRoomForSnapshots(LazyFunction &L, ScratchBody &Body);

/// Can the \p Size bytes at \p P, which \p R says a call reads, be copied there
/// and then?
bool canBeCopied(const Region &R, const llvm::Value *P, const llvm::Value *Size,
                 const llvm::DataLayout &DL);

} // namespace lazypass

#endif // LAZYPASS_SNAPSHOT_H
