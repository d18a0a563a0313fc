//===- Slots.cpp - the pair (node, value) of each variable ----------------===//

#include "Slots.h"

#include "llvm/IR/Dominators.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace llvm;
using namespace lazypass;

Slots::Slots(const FunctionPlan &Plan, Emitter &Runtime)
    : Plan(Plan), Runtime(Runtime),
      PtrTy(PointerType::get(Plan.F->getContext(), 0)) {
  IRBuilder<> B(&*Plan.F->getEntryBlock().getFirstInsertionPt());
  B.SetCurrentDebugLocation(DebugLoc());
  for (const Variable &V : Plan.Variables) {
    Pair P;
    P.Node = B.CreateAlloca(PtrTy, nullptr, "lazy.node");
    B.CreateStore(Constant::getNullValue(PtrTy), P.Node);
    P.Value = V.K == Variable::Object
                  ? cast<AllocaInst>(V.Root)
                  : B.CreateAlloca(V.Ty, nullptr, "lazy.value");
    Vars.push_back(P);
  }
  findStarted();
}

void Slots::findStarted() {
  for (const Site &S : Plan.Sites)
    if (S.Defines != None)
      Vars[S.Defines].Started |= S.Certain;
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const auto &[BB, Block] : Plan.Blocks)
      for (const Copy &C : Block.Copies)
        if (C.From != None && Vars[C.From].Started && !Vars[C.To].Started)
          Changed = Vars[C.To].Started = true;
  }
}

Value *Slots::loadNode(IRBuilder<> &B, unsigned Var) {
  return B.CreateLoad(PtrTy, Vars[Var].Node);
}

void Slots::storeNode(IRBuilder<> &B, unsigned Var, Value *Node) {
  B.CreateStore(Node, Vars[Var].Node);
}

void Slots::clearNode(IRBuilder<> &B, unsigned Var) {
  storeNode(B, Var, Constant::getNullValue(PtrTy));
}

void Slots::storeValue(IRBuilder<> &B, unsigned Var, Value *V) {
  B.CreateStore(V, Vars[Var].Value);
}

void Slots::storeResult(IRBuilder<> &B, unsigned Var, CallInst *Call) {
  ResultStores.insert(B.CreateStore(Call, Vars[Var].Value));
}

/// `if (node) { ... }` before \p At; leaves \p B inside.
static void enterIfPending(IRBuilder<> &B, Value *Node, Instruction *At) {
  B.SetInsertPoint(SplitBlockAndInsertIfThen(
      B.CreateIsNotNull(Node), At->getIterator(), /*Unreachable=*/false));
  B.SetCurrentDebugLocation(At->getDebugLoc());
}

void Slots::force(unsigned Var, Instruction *At, bool LastUse) {
  const Variable &V = Plan.Variables[Var];
  IRBuilder<> B(At);
  Value *Node = loadNode(B, Var);
  enterIfPending(B, Node, At);
  if (Scope && V.PassedOn)
    Runtime.touch(B, Scope, Node, B.getInt64(1), /*Writes=*/true);
  Value *Result = Runtime.force(B, Node);
  if (V.K == Variable::Object)
    B.CreateMemCpy(Vars[Var].Value, Vars[Var].Value->getAlign(), Result,
                   V.Alignment, V.Size);
  else
    storeValue(B, Var, Runtime.load(B, V.Ty, Result, V.Alignment));
  if (Plan.Kept && !LastUse)
    return;
  Runtime.release(B, Node);
  clearNode(B, Var);
}

void Slots::drop(unsigned Var, Instruction *At) {
  IRBuilder<> B(At);
  Value *Node = loadNode(B, Var);
  enterIfPending(B, Node, At);
  // One that has started may be reading memory that is about to go away.
  if (Vars[Var].Started && Plan.Variables[Var].readsMemory())
    Runtime.force(B, Node);
  Runtime.release(B, Node);
  clearNode(B, Var);
}

Value *Slots::materialize(IRBuilder<> &B, Value *V) {
  Piece P = Plan.pieceOf(V);
  if (!P)
    return V;
  if (V == Plan.Variables[P.Var].Root)
    return B.CreateLoad(V->getType(), Vars[P.Var].Value);
  // A view: the same, of the value that is there now.
  Instruction *View = cast<Instruction>(V)->clone();
  View->setOperand(0, materialize(B, View->getOperand(0)));
  return B.Insert(View);
}

void Slots::dissolve() {
  replaceRegisters();
  promote();
}

void Slots::replaceRegisters() {
  for (const auto &[V, P] : Plan.Pieces)
    for (Use &U : make_early_inc_range(V->uses())) {
      auto *User = cast<Instruction>(U.getUser());
      bool IsPiece = Plan.Pieces.contains(User) && !isa<CallInst>(User);
      if (IsPiece || ResultStores.contains(User))
        continue;
      auto *Phi = dyn_cast<PHINode>(User);
      IRBuilder<> B(Phi ? Phi->getIncomingBlock(U)->getTerminator() : User);
      U.set(materialize(B, V));
    }
  // What is left are pieces that only pieces look at.
  for (const auto &[V, P] : Plan.Pieces)
    if (!isa<CallInst>(V)) {
      V->replaceAllUsesWith(PoisonValue::get(V->getType()));
      cast<Instruction>(V)->eraseFromParent();
    }
}

void Slots::promote() {
  SmallVector<AllocaInst *, 16> Promote;
  for (unsigned V = 0; V != Vars.size(); ++V) {
    Promote.push_back(Vars[V].Node);
    if (Plan.Variables[V].K != Variable::Object)
      Promote.push_back(Vars[V].Value);
  }
  assert(all_of(Promote, isAllocaPromotable) &&
         "slots are loaded and stored only");
  DominatorTree DT(*Plan.F);
  PromoteMemToReg(Promote, DT);
}
