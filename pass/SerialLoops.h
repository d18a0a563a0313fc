//===- SerialLoops.h - loops that do not run ahead --------------*- C++ -*-===//
#ifndef LAZYPASS_SERIALLOOPS_H
#define LAZYPASS_SERIALLOOPS_H

#include "Plan.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"

namespace lazypass {

/// Adds a remark to \p Plan for each cause why a loop that makes lazy calls
/// waits for them in each of its iterations.
void remarkSerialLoops(FunctionPlan &Plan, const llvm::LoopInfo &LI,
                       const llvm::DominatorTree &DT);

/// "this call of 'NAME'", or whatever \p I is.
std::string describeAccess(const llvm::Instruction &I);

} // namespace lazypass

#endif // LAZYPASS_SERIALLOOPS_H
