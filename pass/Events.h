//===- Events.h - where things happen to lazy values ------------*- C++ -*-===//
#ifndef LAZYPASS_EVENTS_H
#define LAZYPASS_EVENTS_H

#include "MemoryOrder.h"
#include "Plan.h"

namespace lazypass {

/// Fills in Variables, Pieces and Blocks of \p Plan from its Sites.
void collectEvents(FunctionPlan &Plan, const LazyFunctions &Lazy,
                   llvm::AAResults &AA, const llvm::TargetLibraryInfo &TLI);

} // namespace lazypass

#endif // LAZYPASS_EVENTS_H
