//===- Events.h - where things happen to lazy values ------------*- C++ -*-===//
#ifndef LAZYPASS_EVENTS_H
#define LAZYPASS_EVENTS_H

#include "MemoryOrder.h"
#include "Plan.h"

namespace lazypass {

/// Fills in Variables, Objects and Pieces of \p Plan from its Sites.
void collectVariables(FunctionPlan &Plan);

/// The same, and Blocks.
void collectEvents(FunctionPlan &Plan, const LazyFunctions &Lazy,
                   llvm::AAResults &AA, const llvm::TargetLibraryInfo &TLI);

} // namespace lazypass

#endif // LAZYPASS_EVENTS_H
