//===- Pipeline.h - rows that follow each other closely ---------*- C++ -*-===//
#ifndef LAZYPASS_PIPELINE_H
#define LAZYPASS_PIPELINE_H

#include "ParallelLoop.h"
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

/// In front of the loop: an i1, can they, and an i64, how many columns a row
/// has to stay behind the one above.
struct PipelineQuestion {
  llvm::Value *Fine, *Count, *Lag;
};

/// \p ValueOf is an i64 for what is known there.
PipelineQuestion
askForPipeline(llvm::IRBuilder<> &B, const Pipeline &Rows,
               llvm::function_ref<llvm::Value *(const llvm::SCEV *)> ValueOf,
               llvm::ScalarEvolution &SE);

} // namespace lazypass

#endif // LAZYPASS_PIPELINE_H
