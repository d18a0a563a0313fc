//===- Rewriter.h - does what the plan says ---------------------*- C++ -*-===//
#ifndef LAZYPASS_REWRITER_H
#define LAZYPASS_REWRITER_H

#include "Emitter.h"
#include "Plan.h"

namespace lazypass {

/// Rewrites Plan.F.  Decides nothing.
void rewriteFunction(const FunctionPlan &Plan, Emitter &Runtime);

} // namespace lazypass

#endif // LAZYPASS_REWRITER_H
