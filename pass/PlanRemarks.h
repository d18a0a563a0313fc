//===- PlanRemarks.h - tells what a plan will do ----------------*- C++ -*-===//
#ifndef LAZYPASS_PLANREMARKS_H
#define LAZYPASS_PLANREMARKS_H

#include "Plan.h"

namespace lazypass {

/// Adds to \p Plan, once all else in it is decided, remarks that say which
/// calls are deferred, and where their values are forced.
void remarkPlan(FunctionPlan &Plan);

} // namespace lazypass

#endif // LAZYPASS_PLANREMARKS_H
