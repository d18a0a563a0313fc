//===- PointsTo.h - what memory a lazy function has made itself -*- C++ -*-===//
//
// Plain data for Summary.cpp, where that loses track of a pointer: one that was
// found in memory, or handed through functions.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_POINTSTO_H
#define LAZYPASS_POINTSTO_H

#include "Effects.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace llvm {
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

/// A function as it is to be looked at: its body with its locals in registers,
/// and what the names of the library mean there.
struct Body {
  llvm::Function *Code;
  const llvm::TargetLibraryInfo *TLI;
};
using BodyOf = llvm::function_ref<Body(llvm::Function *)>;

/// Where a pointer may point in a call of the root, whichever way leads there.
struct Pointees {
  /// Memory that the call has not made itself; constants do not count.
  bool Foreign = false;
  /// Objects that parameters of the root point to, if they have visitors; and
  /// what else can be reached from these.
  llvm::SmallSetVector<unsigned, 2> Owned, Inside;
  llvm::SmallSetVector<llvm::Function *, 4> Functions;
  /// Of a parameter of the root: through it, or a copy, the call may touch more
  /// than one object.
  bool TouchesMore = false;
  bool isOwnMemory() const {
    return !Foreign && Owned.empty() && Inside.empty();
  }
};

/// By instruction or parameter of a body.  Of others, nothing is known.
using PointsTo = llvm::DenseMap<const llvm::Value *, Pointees>;

/// What may happen in a call of \p Root, taken by itself: whatever it has not
/// made is foreign, also its parameters but for objects with visitors.
PointsTo computePointsTo(llvm::Function &Root, const Vows &Said, BodyOf Bodies);

} // namespace lazypass

#endif // LAZYPASS_POINTSTO_H
