//===- FreshMemory.h - results in memory of their own -----------*- C++ -*-===//
//
//     double *a = make(n), *b = smooth(a, n);
//
// What make() returns points to memory that nobody else knows.  So a call that
// is handed it can be ordered before anybody knows where that memory is.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_FRESHMEMORY_H
#define LAZYPASS_FRESHMEMORY_H

#include "Plan.h"
#include "ScratchBody.h"

namespace llvm {
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

/// Notes whether \p L returns such memory, and which pointers it keeps or
/// compares.
void findFreshMemory(LazyFunction &L, ScratchBody &Body);

/// Can variable \p Var of \p Plan be handed to calls that touch its memory,
/// while it is pending?
bool canBePassedOn(const FunctionPlan &Plan, unsigned Var);

/// Is \p A of \p Fn where a region begins, and no more than that?  What is to
/// be visited must be there.
bool isOnlyBase(const LazyFunction &Fn, unsigned A);

/// Does \p Fn look at where parameter \p A points?
bool isCompared(const LazyFunction &Fn, unsigned A);

} // namespace lazypass

#endif // LAZYPASS_FRESHMEMORY_H
