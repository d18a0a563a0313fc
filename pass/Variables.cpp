//===- Variables.cpp - what can be pending --------------------------------===//
//
// Algorithm
//   1. The result of each site is a variable: in a register, or in the local
//      object that it returns its struct into (one variable, however many
//      sites return into it).
//   2. So is every PHI that one flows into whole, if each of its edges has a
//      place of its own, where the node can be handed over.
//   3. extractvalue of a variable names a piece of it, and needs nothing.
//   4. What memory a pending node reads: what its function reads, and what
//      those nodes read that it keeps pending, its arguments.
//
//===----------------------------------------------------------------------===//

#include "Events.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"

using namespace llvm;
using namespace lazypass;

namespace {

class VariableCollector {
  FunctionPlan &Plan;
  const DataLayout &DL;

public:
  explicit VariableCollector(FunctionPlan &Plan)
      : Plan(Plan), DL(Plan.F->getParent()->getDataLayout()) {}

  void run() {
    collectResultsAndFlow();
    collectPieces();
    spreadReads();
  }

private:
  unsigned addVariable(Variable::Kind K, Value *Root, Type *T) {
    Variable V;
    V.K = K;
    V.Root = Root;
    V.Ty = T;
    V.Size = DL.getTypeStoreSize(T).getFixedValue();
    V.Alignment = DL.getABITypeAlign(T); // as LazyFunction.cpp lays it out
    Plan.Variables.push_back(V);
    return Plan.Variables.size() - 1;
  }

  void collectResultsAndFlow() {
    for (Site &Site : Plan.Sites) {
      if (!Site.Fn->SRet) {
        Site.Defines =
            addVariable(Variable::Result, Site.Call, Site.Call->getType());
        Plan.Pieces[Site.Call] = {Site.Defines, 0,
                                  Plan.Variables[Site.Defines].Size};
        continue;
      }
      auto *Object = cast<AllocaInst>(Site.Call->getArgOperand(0));
      auto [It, New] = Plan.Objects.insert({Object, 0});
      if (New)
        It->second = addVariable(Variable::Object, Object, Site.Fn->ResultTy);
      Site.Defines = It->second;
      Align &A = Plan.Variables[It->second].Alignment;
      A = std::min(A, DL.getABITypeAlign(Site.Fn->ResultTy));
    }
    // Flow, through any number of PHIs.
    for (unsigned V = 0; V != Plan.Variables.size(); ++V) {
      if (Plan.Variables[V].K == Variable::Object)
        continue;
      for (User *U : Plan.Variables[V].Root->users()) {
        auto *Phi = dyn_cast<PHINode>(U);
        if (!Phi || Plan.Pieces.contains(Phi) || !canCopyInto(*Phi))
          continue;
        unsigned P = addVariable(Variable::Flow, Phi, Phi->getType());
        Plan.Pieces[Phi] = {P, 0, Plan.Variables[P].Size};
      }
    }
  }

  /// Is there a place at the end of each predecessor for that edge alone?
  static bool canCopyInto(const PHINode &Phi) {
    return all_of(predecessors(Phi.getParent()), [](const BasicBlock *Pred) {
      return Pred->getTerminator()->getNumSuccessors() == 1 &&
             isa<BranchInst>(Pred->getTerminator());
    });
  }

  void collectPieces() {
    for (BasicBlock *BB : ReversePostOrderTraversal<Function *>(Plan.F))
      for (Instruction &I : *BB) {
        auto *Extract = dyn_cast<ExtractValueInst>(&I);
        if (!Extract)
          continue;
        Piece P = Plan.pieceOf(Extract->getAggregateOperand());
        if (!P)
          continue;
        Type *T = Extract->getAggregateOperand()->getType();
        for (unsigned Index : Extract->indices()) {
          if (auto *S = dyn_cast<StructType>(T)) {
            P.Offset += DL.getStructLayout(S)->getElementOffset(Index);
            T = S->getElementType(Index);
          } else {
            T = cast<ArrayType>(T)->getElementType();
            P.Offset += Index * DL.getTypeAllocSize(T).getFixedValue();
          }
        }
        P.Size = DL.getTypeStoreSize(T).getFixedValue();
        Plan.Pieces[Extract] = P;
      }
  }

  /// A node reads what its function reads, and keeps alive pending nodes that
  /// read in turn: through arguments and PHIs.
  void spreadReads() {
    auto Spread = [&](unsigned To, bool Unknown, ArrayRef<GlobalVariable *> G) {
      Variable &V = Plan.Variables[To];
      size_t Before = V.Reads.size() + V.ReadsUnknown;
      V.ReadsUnknown |= Unknown;
      V.Reads.insert(G.begin(), G.end());
      return Before != V.Reads.size() + V.ReadsUnknown;
    };
    auto SpreadFrom = [&](unsigned To, Value *Operand) {
      unsigned From = None;
      if (Piece P = Plan.pieceOf(Operand))
        From = P.Var;
      else
        From = Plan.objectOf(Operand);
      if (From == None || From == To)
        return false;
      const Variable &V = Plan.Variables[From];
      return Spread(To, V.ReadsUnknown, V.Reads.getArrayRef());
    };
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (Site &S : Plan.Sites) {
        const Effects &E = S.Fn->Memory;
        Changed |= Spread(S.Defines, E.ReadsUnknown, E.Reads.getArrayRef());
        for (Value *A : S.Call->args())
          Changed |= SpreadFrom(S.Defines, A);
      }
      for (unsigned V = 0; V != Plan.Variables.size(); ++V)
        if (Plan.Variables[V].K == Variable::Flow)
          for (Value *In : cast<PHINode>(Plan.Variables[V].Root)->operands())
            Changed |= SpreadFrom(V, In);
    }
  }
};

} // namespace

void lazypass::collectVariables(FunctionPlan &Plan) {
  VariableCollector(Plan).run();
}
