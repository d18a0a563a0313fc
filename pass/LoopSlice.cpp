//===- LoopSlice.cpp - the part of a loop that can run ahead --------------===//
//
// Algorithm: backward slicing, as dead-code elimination finds what is alive.
//   1. The values wanted are needed, the branches that leave the loop are, and
//      control of the blocks wanted is.
//   2. What a needed instruction computes with is needed.  A needed PHI needs
//      control of the blocks it comes from.
//   3. Control of a block needs the branches it depends on: those in its
//      iterated post-dominance frontier.
//   4. Where the choice of a branch is not needed, the slice goes on at the
//      branch's immediate post-dominator.
//
// Sound: what is needed must be arithmetic, or a load of memory that nothing in
// the loop may write.  It then computes the same ahead of the loop as in it,
// and exactly what the loop would: not one iteration, load or division more.
//
//===----------------------------------------------------------------------===//

#include "LoopSlice.h"

#include "Canonicalize.h"
#include "MemoryOrder.h"
#include "llvm/Analysis/IteratedDominanceFrontier.h"

using namespace llvm;
using namespace lazypass;

LoopSlicer::LoopSlicer(const Loop &L, const LazyFunctions &Lazy,
                       PostDominatorTree &PDT, AAResults &AA)
    : L(L), Lazy(Lazy), PDT(PDT), AA(AA) {
  for (BasicBlock *BB : L.blocks())
    for (Instruction &I : *BB)
      if (I.mayWriteToMemory() && !I.isDebugOrPseudoInst())
        Writers.push_back(&I);
}

/// May \p Writer change something in \p Object?
bool LoopSlicer::mayWrite(Instruction &Writer,
                          const MemoryLocation &Object) const {
  if (!isStatelessCall(Writer, Lazy))
    return isModSet(AA.getModRefInfo(&Writer, Object));
  auto &Call = cast<CallBase>(Writer);
  return Call.arg_size() && Call.paramHasAttr(0, Attribute::StructRet) &&
         !AA.isNoAlias(MemoryLocation::getBeforeOrAfter(Call.getArgOperand(0)),
                       Object);
}

bool LoopSlicer::staysAsItIs(const Value *Pointer) const {
  return all_of(wholeObjects(Pointer), [&](const MemoryLocation &Object) {
    return none_of(Writers,
                   [&](Instruction *W) { return mayWrite(*W, Object); });
  });
}

bool LoopSlicer::canRunAhead(Instruction &I) const {
  if (isa<PHINode, BranchInst, SwitchInst>(I))
    return true;
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return Load->isSimple() && staysAsItIs(Load->getPointerOperand());
  return isPureArithmetic(I) && !asDeferrableCall(&I, Lazy);
}

bool LoopSlicer::add(ArrayRef<Value *> Values, ArrayRef<BasicBlock *> Blocks) {
  SmallPtrSet<Instruction *, 32> Before = S.Instructions;
  SmallVector<Instruction *, 16> Work;
  SmallPtrSet<BasicBlock *, 8> Needed(Blocks.begin(), Blocks.end());
  auto Need = [&](Value *V) {
    auto *I = dyn_cast<Instruction>(V);
    if (I && L.contains(I) && S.Instructions.insert(I).second)
      Work.push_back(I);
  };
  for (Value *V : Values)
    Need(V);
  while (!Work.empty() || !Needed.empty()) {
    if (Work.empty()) {
      SmallVector<BasicBlock *, 8> Frontier;
      ReverseIDFCalculator IDF(PDT);
      IDF.setDefiningBlocks(Needed);
      IDF.calculate(Frontier);
      Needed.clear();
      for (BasicBlock *BB : Frontier)
        Need(BB->getTerminator());
      continue;
    }
    Instruction *I = Work.pop_back_val();
    if (!canRunAhead(*I)) {
      S.Instructions = std::move(Before);
      return false;
    }
    if (auto *Phi = dyn_cast<PHINode>(I))
      for (BasicBlock *Pred : Phi->blocks())
        if (L.contains(Pred))
          Needed.insert(Pred);
    for (Value *Operand : I->operands())
      Need(Operand);
    // What is computed there is of use only where control comes by.
    Needed.insert(I->getParent());
  }
  return true;
}

bool LoopSlicer::addControl(BasicBlock *BB) {
  SmallVector<BasicBlock *, 8> Exiting;
  L.getExitingBlocks(Exiting);
  SmallVector<Value *, 8> Branches;
  for (BasicBlock *E : Exiting)
    Branches.push_back(E->getTerminator());
  // Where there is no way to the end of the function, no post-dominator says
  // what the choice is for.
  for (BasicBlock *Block : L.blocks()) {
    auto *Node = PDT.getNode(Block);
    BasicBlock *After =
        Node && Node->getIDom() ? Node->getIDom()->getBlock() : nullptr;
    if (!After || !L.contains(After))
      Branches.push_back(Block->getTerminator());
  }
  return add(Branches, BB);
}

bool LoopSlicer::addValue(Value *V) { return add(V, {}); }

bool LoopSlicer::addMemory(Value *Pointer) {
  return staysAsItIs(Pointer) && addValue(Pointer);
}

LoopSlice LoopSlicer::finish() {
  for (BasicBlock *BB : L.blocks()) {
    Instruction *Term = BB->getTerminator();
    if (Term->getNumSuccessors() > 1 && !S.Instructions.contains(Term))
      S.Shortcuts[Term] = PDT.getNode(BB)->getIDom()->getBlock();
  }
  return std::move(S);
}
