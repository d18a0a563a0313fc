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

/// Is argument \p A of \p S wanted as a value, not as the node of variable \p
/// Var?  Where its memory lies must be known now, unless nobody knows it; and
/// what a pending argument reads, nobody would guard once this call has it.
bool takesValue(const FunctionPlan &Plan, const Site &S, unsigned A,
                unsigned Var);

} // namespace lazypass

#endif // LAZYPASS_EVENTS_H
