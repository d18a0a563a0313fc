//===- Objects.h - objects with pointers inside, and visitors ---*- C++ -*-===//
//
// Where a parameter points to objects whose type has a visitor, what pointers
// inside lead to is touched through the parameter, too.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_OBJECTS_H
#define LAZYPASS_OBJECTS_H

#include "Diagnostics.h"
#include "llvm/ADT/SetVector.h"

namespace lazypass {

/// Forgets visitors that do more than tell, and says so.  Notes which are flat.
void checkVisitors(LazyFunctions &Lazy, const Vows &Said,
                   llvm::FunctionAnalysisManager &FAM, DiagnosticSink &Sink);

/// How the objects behind parameter \p I of \p L may be visited.  Asked before
/// anything is known of the body.
Visit visitOf(const LazyFunction &L, unsigned I);

/// Makes the Regions of \p L whose objects have visitors say what happens to
/// these and inside them, and adds those of which the source says nothing.
/// \p InSight: its Effects say all.
void visitObjects(LazyFunction &L, bool InSight);

/// The visitors of the objects that \p L touches, and those that they name.
llvm::SmallSetVector<llvm::Function *, 8> visitorsOf(const LazyFunction &L);

} // namespace lazypass

#endif // LAZYPASS_OBJECTS_H
