//===- Planner.h - decides what becomes lazy, and where it is forced -*- C++
//-*-//
#ifndef LAZYPASS_PLANNER_H
#define LAZYPASS_PLANNER_H

#include "Plan.h"
#include "llvm/IR/PassManager.h"

namespace lazypass {

/// The plan for \p F, which has been canonicalised.  Changes nothing, says
/// nothing.
FunctionPlan planFunction(llvm::Function &F, const LazyFunctions &Lazy,
                          llvm::FunctionAnalysisManager &FAM);

} // namespace lazypass

#endif // LAZYPASS_PLANNER_H
