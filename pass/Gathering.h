//===- Gathering.h - loops that only gather values --------------*- C++ -*-===//
//
//     while (next(&s)) {
//       found = f(s);
//       best = found < best ? found : best;
//     }
//
// needs every value at once, and what it does in between cannot run ahead, as a
// batch would (Batch.h).  But nothing except the variables of the gathering
// depends on the values.  So the values, and what else it takes to gather them,
// are noted in a row of records, and are gathered in order when the row is full
// or the loop has ended.  Noting a value that is not there yet is a store that
// can wait.
//
// Glossary
//   gathering  the part of an iteration that computes with values of calls
//   state      a variable that the gathering computes anew from itself, and
//              that nothing else in the loop looks at
//   note       what the gathering takes from the rest of the iteration
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_GATHERING_H
#define LAZYPASS_GATHERING_H

#include "Plan.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/PassManager.h"

namespace lazypass {

struct GatherState {
  llvm::PHINode *Phi;          ///< in the loop's header
  llvm::Value *First;          ///< where the loop begins
  llvm::Value *Next = nullptr; ///< what the gathering makes of it
};

struct Gathering {
  llvm::Loop *L;
  llvm::CallInst *Call;
  llvm::BasicBlock *Block; ///< of the call; it is the first of the gathering
  /// If the gathering branches: the other blocks, and where they meet.
  llvm::SmallVector<llvm::BasicBlock *, 4> Between;
  llvm::BasicBlock *Join = nullptr;
  /// All of it, and the PHIs that hand states on.
  llvm::SmallSetVector<llvm::Instruction *, 16> Instructions;

  llvm::SmallVector<GatherState, 2> States;
  /// Values that are a state, by number, at some place of an iteration.
  llvm::DenseMap<const llvm::Value *, unsigned> Holds;
  llvm::SmallSetVector<llvm::Value *, 4> Notes;
  bool Recursive; ///< the call may come by this loop again
};

/// Looks for one among the certain calls of \p Plan that are needed at once.
std::optional<Gathering> findGathering(const FunctionPlan &Plan,
                                       llvm::FunctionAnalysisManager &FAM);

/// Rewrites the loop.  What is analysed of the function is no longer true.
void rewriteGathering(Gathering &G);

} // namespace lazypass

#endif // LAZYPASS_GATHERING_H
