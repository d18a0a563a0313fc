//===- Dataflow.h - liveness, certainty, settledness ------------*- C++ -*-===//
//
// Answers, for the variables of one plan, what depends on the flow of control.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_DATAFLOW_H
#define LAZYPASS_DATAFLOW_H

#include "Plan.h"

namespace lazypass {

class Dataflow {
public:
  /// Solves all three problems and writes the answers into \p Plan:
  /// MayBePending and LastUse of events and copies, BlockPlan::Drop,
  /// Site::Certain.
  explicit Dataflow(FunctionPlan &Plan);

  /// Is \p Var needed on every path from the end of \p BB?
  bool isCertainAtEnd(llvm::BasicBlock *BB, unsigned Var) const {
    return meet(BB, CertainIn, /*Must=*/true).test(Var);
  }

  /// May \p Var have a node at the end of \p BB?
  bool mayBePendingAtEnd(llvm::BasicBlock *BB, unsigned Var) const {
    return !SettledOut.lookup(BB).test(Var);
  }

private:
  using BlockBits = llvm::DenseMap<llvm::BasicBlock *, llvm::BitVector>;
  using Step = void (Dataflow::*)(const Event &, llvm::BitVector &);

  FunctionPlan &Plan;
  unsigned N;
  std::vector<llvm::BasicBlock *> RPO;
  BlockBits LiveIn, CertainIn, SettledOut;

  llvm::BitVector meet(llvm::BasicBlock *BB, const BlockBits &In,
                       bool Must) const;
  void liveBefore(const Event &E, llvm::BitVector &Live);
  void certainBefore(const Event &E, llvm::BitVector &Certain);
  void settleAfter(const Event &E, llvm::BitVector &Settled);
  void solveBackward(BlockBits &In, bool Must, Step Before);
  void solveForward();
  llvm::BitVector settledIn(llvm::BasicBlock *BB) const;
  llvm::BitVector walk(llvm::BasicBlock *BB, bool Annotate);
  void annotate(llvm::BasicBlock *BB);
};

} // namespace lazypass

#endif // LAZYPASS_DATAFLOW_H
