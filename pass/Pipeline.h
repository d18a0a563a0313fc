//===- Pipeline.h - rows that follow each other closely ---------*- C++ -*-===//
#ifndef LAZYPASS_PIPELINE_H
#define LAZYPASS_PIPELINE_H

#include "LoopQuestions.h"
#include "llvm/Analysis/AliasAnalysis.h"

namespace llvm {
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

/// Can the iterations of \p P, a loop of the right shape and of known
/// variables, run as the rows of a pipeline?
std::optional<Pipeline>
findPipeline(const ParallelLoop &P, const LazyFunctions &Lazy,
             llvm::ScalarEvolution &SE, const llvm::DominatorTree &DT,
             llvm::AAResults &AA, const llvm::TargetLibraryInfo &TLI);

LoopAnswers askForPipeline(LoopNumbers &Numbers, const ParallelLoop &P,
                           const Pipeline &Rows);

} // namespace lazypass

#endif // LAZYPASS_PIPELINE_H
