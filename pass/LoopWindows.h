//===- LoopWindows.h - what memory the iterations of a loop touch -*- C++ -*-=//
#ifndef LAZYPASS_LOOPWINDOWS_H
#define LAZYPASS_LOOPWINDOWS_H

#include "ParallelLoop.h"
#include "llvm/Analysis/AliasAnalysis.h"

namespace llvm {
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

/// Why iterations of a loop are not independent, in words.
struct Dependence {
  const llvm::Instruction *At;
  std::string Why;
};

/// Fills in the windows of \p P, and what else is to be asked about memory.
std::optional<Dependence> findWindows(ParallelLoop &P,
                                      const LazyFunctions &Lazy,
                                      llvm::ScalarEvolution &SE,
                                      llvm::AAResults &AA,
                                      const llvm::TargetLibraryInfo &TLI);

/// The same for \p P inside another loop, of which it is one iteration: what
/// it touches is all in windows, and those that may meet, also one with itself,
/// are in P.ToCompare.
bool findRowWindows(ParallelLoop &P, const LazyFunctions &Lazy,
                    llvm::ScalarEvolution &SE, llvm::AAResults &AA,
                    const llvm::TargetLibraryInfo &TLI);

/// Is the result of \p Call another value, or another variable, in each thread?
bool dependsOnThread(const llvm::CallBase &Call,
                     const llvm::TargetLibraryInfo &TLI);

} // namespace lazypass

#endif // LAZYPASS_LOOPWINDOWS_H
