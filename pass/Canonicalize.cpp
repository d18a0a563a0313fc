//===- Canonicalize.cpp - the shape the planner wants ---------------------===//
//
// Algorithm, for one function that calls lazy functions
//   1. Remove unreachable blocks, which no analysis speaks of.
//   2. Let lazy_handle(x) name the value of x instead of its address, so that
//      x can live in a register.
//   3. Bring helpers in line (Simplify.cpp), put locals into registers (SROA)
//   and returned structs into the objects
//      they are assigned to (MemCpyOpt), fold what that leaves (EarlyCSE), and
//      let what calls returned flow whole (Reunite.cpp).
//   4. Turn selects of lazy values into branches: a value that is not chosen
//      need not be computed.
//   5. Give loops preheaders, split critical edges into PHIs of lazy values.
//   6. Sink arithmetic (Sink.cpp).
//
// All of it also at -O0: a value that lives in memory cannot be lazy.
// SimplifyCFG is not used, because it speculates: `c ? f(x) + 1 : 0` would need
// f(x) whatever c is.
//
//===----------------------------------------------------------------------===//

#include "Canonicalize.h"

#include "Compat.h"
#include "ParallelLoop.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/MemCpyOptimizer.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"

using namespace llvm;
using namespace lazypass;

CallInst *lazypass::asDeferrableCall(Value *V, const LazyFunctions &Lazy) {
  auto *Call = dyn_cast<CallInst>(V);
  if (!Call || Call->isMustTailCall() || Call->hasOperandBundles())
    return nullptr;
  Function *Callee = Call->getCalledFunction();
  // A call without prototype, or through a cast, passes what it likes.
  if (!Callee || Callee->getFunctionType() != Call->getFunctionType())
    return nullptr;
  auto It = Lazy.find(Callee);
  bool IsDeferrable = It != Lazy.end() && It->second.isDeferrable();
  // To ask for a kind of metadata makes it known, for ever, to the module.
  return IsDeferrable && !isPlainCall(*Call) ? Call : nullptr;
}

SmallSetVector<Value *, 16>
lazypass::collectLazyRegisters(Function &F, const LazyFunctions &Lazy) {
  SmallSetVector<Value *, 16> Lazies;
  for (Instruction &I : instructions(F))
    if (asDeferrableCall(&I, Lazy) && !I.getType()->isVoidTy())
      Lazies.insert(&I);
  for (unsigned N = 0; N != Lazies.size(); ++N)
    for (User *U : Lazies[N]->users())
      if (auto *Phi = dyn_cast<PHINode>(U))
        Lazies.insert(Phi);
  return Lazies;
}

/// Does a lazy call return its struct straight into \p Object?
static bool isReturnObject(const AllocaInst *Object,
                           const LazyFunctions &Lazy) {
  return any_of(Object->users(), [&](const User *U) {
    CallInst *Call = asDeferrableCall(const_cast<User *>(U), Lazy);
    return Call && Call->paramHasAttr(0, Attribute::StructRet) &&
           Call->getArgOperand(0) == Object;
  });
}

/// Step 2.
static void lowerHandles(Function &F, const LazyFunctions &Lazy) {
  Module &M = *F.getParent();
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Call = dyn_cast<CallInst>(&I);
    Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    if (!Callee || Callee->getName() != HandleFunction)
      continue;
    auto *Object = dyn_cast<AllocaInst>(Call->getArgOperand(0));
    if (!Object || isReturnObject(Object, Lazy))
      continue;
    IRBuilder<> B(Call);
    Type *T = Object->getAllocatedType();
    Value *V = B.CreateLoad(T, Object);
    std::string Name;
    raw_string_ostream(Name) << HandleMarker << *T;
    FunctionCallee Marker = M.getOrInsertFunction(Name, Call->getType(), T);
    auto *Marked = B.CreateCall(Marker, V);
    // Two handles are two references: not to be merged.
    Marked->setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
    Marked->setDoesNotThrow();
    Marked->addFnAttr(Attribute::WillReturn);
    Call->replaceAllUsesWith(Marked);
    Call->eraseFromParent();
  }
}

/// Also step 3: a struct passed or returned in memory does not make its address
/// known.  Passing copies it, and a lazy function has nowhere to keep the
/// address of its result; clang says neither at -O0.
static void noteCopies(Function &F, const LazyFunctions &Lazy) {
  for (Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    for (unsigned A = 0; Call && A != Call->arg_size(); ++A)
      if (Call->isByValArgument(A) ||
          (Call->paramHasAttr(A, Attribute::StructRet) &&
           asDeferrableCall(Call, Lazy)))
        setNotCaptured(*Call, A);
  }
}

/// Step 4.  A PHI takes the place of the select, so the next one may see it.
static void branchOnSelects(Function &F, const LazyFunctions &Lazy) {
  for (bool Changed = true; Changed;) {
    Changed = false;
    auto Lazies = collectLazyRegisters(F, Lazy);
    for (Instruction &I : instructions(F)) {
      auto *Select = dyn_cast<SelectInst>(&I);
      if (!Select || !Select->getCondition()->getType()->isIntegerTy(1) ||
          !(Lazies.contains(Select->getTrueValue()) ||
            Lazies.contains(Select->getFalseValue())))
        continue;
      BasicBlock *Head = Select->getParent();
      Instruction *Then = SplitBlockAndInsertIfThen(
          Select->getCondition(), Select->getIterator(), /*Unreachable=*/false);
      BasicBlock *Tail = Select->getParent();
      auto *Phi = PHINode::Create(Select->getType(), 2, "", Tail->begin());
      Phi->addIncoming(Select->getTrueValue(), Then->getParent());
      Phi->addIncoming(Select->getFalseValue(), Head);
      Phi->setDebugLoc(Select->getDebugLoc());
      Phi->takeName(Select);
      Select->replaceAllUsesWith(Phi);
      Select->eraseFromParent();
      // The false edge leaves a branch with two successors.
      SplitEdge(Head, Tail);
      Changed = true;
      break;
    }
  }
}

/// Step 5.
static void splitEdgesIntoLazyPhis(Function &F, const LazyFunctions &Lazy) {
  for (Value *V : collectLazyRegisters(F, Lazy))
    if (auto *Phi = dyn_cast<PHINode>(V))
      for (BasicBlock *Pred : to_vector(predecessors(Phi->getParent()))) {
        Instruction *Term = Pred->getTerminator();
        // The edges of a computed goto have no place of their own.
        if (Term->getNumSuccessors() < 2 ||
            isa<IndirectBrInst, CallBrInst>(Term))
          continue;
        for (unsigned S = 0; S != Term->getNumSuccessors(); ++S)
          if (Term->getSuccessor(S) == Phi->getParent())
            SplitCriticalEdge(
                Term, S,
                CriticalEdgeSplittingOptions().setMergeIdenticalEdges());
      }
}

void lazypass::canonicalize(Function &F, const LazyFunctions &Lazy,
                            FunctionAnalysisManager &FAM) {
  auto Changed = [&] { FAM.invalidate(F, PreservedAnalyses::none()); };
  removeUnreachableBlocks(F);
  lowerHandles(F, Lazy);
  inlineHelpers(F, Lazy);
  localizeArguments(F);
  noteCopies(F, Lazy);
  Changed();
  SROAPass(SROAOptions::PreserveCFG).run(F, FAM);
  Changed();
  MemCpyOptPass().run(F, FAM);
  Changed();
  EarlyCSEPass().run(F, FAM);
  Changed();
  if (reuniteValues(F, Lazy)) {
    EarlyCSEPass().run(F, FAM);
    Changed();
  }
  branchOnSelects(F, Lazy);
  Changed();
  LoopSimplifyPass().run(F, FAM);
  Changed();
  splitEdgesIntoLazyPhis(F, Lazy);
  Changed();
  sinkLazyArithmetic(F, Lazy, FAM);
  Changed();
}
