//===- Variables.cpp - what can be pending --------------------------------===//
//
// Algorithm
//   1. The result of each site is a variable: in a register, or in the local
//      object that it returns its struct into (one variable, however many
//      sites return into it).
//   2. So is every PHI that one flows into whole, if each of its edges has a
//      place of its own, where the node can be handed over.
//   3. An instruction that only views bytes of a variable, as another type or
//      a part of them, names a piece of it, and needs nothing: the fields of a
//      struct, a vector that travels as a double, a _Bool about to be stored.
//   4. What memory a pending node reads: what its function reads, and what
//      those nodes read that it keeps pending, its arguments.
//   5. Which may be passed on as pointers: FreshMemory.cpp.
//
//===----------------------------------------------------------------------===//

#include "Events.h"
#include "FreshMemory.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Constants.h"

using namespace llvm;
using namespace lazypass;

namespace {

class VariableCollector {
  FunctionPlan &Plan;
  const DataLayout &DL;
  IntegerType *IndexTy;

public:
  explicit VariableCollector(FunctionPlan &Plan)
      : Plan(Plan), DL(Plan.F->getParent()->getDataLayout()),
        IndexTy(Type::getInt32Ty(Plan.F->getContext())) {}

  void run() {
    collectResultsAndFlow();
    collectPieces();
    spreadReads();
    for (unsigned V = 0; V != Plan.Variables.size(); ++V)
      Plan.Variables[V].PassedOn = !Plan.Kept && canBePassedOn(Plan, V);
  }

private:
  unsigned addVariable(Variable::Kind K, Value *Root, Type *T, Extension E) {
    Variable V;
    V.K = K;
    V.Root = Root;
    V.Ty = T;
    V.Size = DL.getTypeStoreSize(memoryType(T, DL)).getFixedValue();
    V.Alignment = payloadAlign(T, DL);
    V.Extended = E;
    Plan.Variables.push_back(V);
    return Plan.Variables.size() - 1;
  }

  void collectResultsAndFlow() {
    for (Site &Site : Plan.Sites) {
      if (Site.Fn->isVoid())
        continue;
      if (!Site.Fn->SRet) {
        Site.Defines =
            addVariable(Variable::Result, Site.Call, Site.Call->getType(),
                        Site.Fn->Result.Extended);
        Plan.Pieces[Site.Call] = {Site.Defines, 0,
                                  Plan.Variables[Site.Defines].Size};
        continue;
      }
      auto *Object = cast<AllocaInst>(Site.Call->getArgOperand(0));
      auto [It, New] = Plan.Objects.insert({Object, 0});
      if (New)
        It->second = addVariable(Variable::Object, Object, Site.Fn->Result.Ty,
                                 Extension::Unknown);
      Site.Defines = It->second;
      Align &A = Plan.Variables[It->second].Alignment;
      A = std::min(A, payloadAlign(Site.Fn->Result.Ty, DL));
    }
    // Flow, through any number of PHIs.
    for (unsigned V = 0; V != Plan.Variables.size(); ++V) {
      if (Plan.Variables[V].K == Variable::Object)
        continue;
      for (User *U : Plan.Variables[V].Root->users()) {
        auto *Phi = dyn_cast<PHINode>(U);
        if (!Phi || Plan.Pieces.contains(Phi) || !canCopyInto(*Phi))
          continue;
        // Those that flow in may be extended in different ways.
        unsigned P =
            addVariable(Variable::Flow, Phi, Phi->getType(),
                        Phi->getType()->isIntegerTy(1) ? Extension::Zero
                                                       : Extension::Unknown);
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
        Piece P = I.getNumOperands() ? Plan.pieceOf(I.getOperand(0)) : Piece();
        if (P && view(I, P))
          Plan.Pieces[&I] = P;
      }
  }

  /// If \p I views bytes of its operand, which is \p P, makes that the view.
  bool view(const Instruction &I, Piece &P) const {
    Type *T = I.getType(), *From = I.getOperand(0)->getType();
    if (auto *Extract = dyn_cast<ExtractValueInst>(&I)) {
      SmallVector<Value *, 4> Path{ConstantInt::get(IndexTy, 0)};
      for (unsigned Index : Extract->indices())
        Path.push_back(ConstantInt::get(IndexTy, Index));
      P.Offset += DL.getIndexedOffsetInType(From, Path);
      P.Size = DL.getTypeStoreSize(T).getFixedValue();
      return true;
    }
    if (auto *Extract = dyn_cast<ExtractElementInst>(&I)) {
      auto *Index = dyn_cast<ConstantInt>(Extract->getIndexOperand());
      auto *Vector = dyn_cast<FixedVectorType>(From);
      if (!Index || !Vector || !isWholeBytes(T) ||
          Index->getValue().uge(Vector->getNumElements()))
        return false;
      P.Size = DL.getTypeStoreSize(T).getFixedValue();
      P.Offset += Index->getZExtValue() * P.Size;
      return true;
    }
    if (isa<BitCastInst>(I))
      return isWholeBytes(From) && isWholeBytes(T);
    // What C keeps in memory of an integer that is no whole number of bytes.
    Extension E = isa<ZExtInst>(I)   ? Extension::Zero
                  : isa<SExtInst>(I) ? Extension::Sign
                                     : Extension::Unknown;
    return E != Extension::Unknown && T == memoryType(From, DL) &&
           I.getOperand(0) == Plan.Variables[P.Var].Root &&
           E == Plan.Variables[P.Var].Extended;
  }

  /// No padding between or behind its elements.
  bool isWholeBytes(Type *T) const {
    Type *Element = T->getScalarType();
    return DL.getTypeSizeInBits(Element) == DL.getTypeAllocSizeInBits(Element);
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
        if (S.Defines == None)
          continue;
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
