//===- LoopVariables.h - what a loop carries on, and out --------*- C++ -*-===//
#ifndef LAZYPASS_LOOPVARIABLES_H
#define LAZYPASS_LOOPVARIABLES_H

#include "ParallelLoop.h"

namespace lazypass {

/// Fills in counters, reductions and what is left behind.  Returns what else
/// goes from one iteration to the next, or out of the loop; or null.
const llvm::Instruction *findVariables(ParallelLoop &P,
                                       llvm::ScalarEvolution &SE);

} // namespace lazypass

#endif // LAZYPASS_LOOPVARIABLES_H
