//===- Sink.cpp - arithmetic on lazy values waits -------------------------===//
//
// In `f(a) + g(b) + h(c)` the first addition stands before the call of h and
// would force f and g there.  Nothing but its result depends on it, so it can
// wait for the second.
//
// Algorithm
//   1. Find the instructions that compute on lazy values and do nothing else:
//      no memory, no side effect.  Not those that look at where a pointer
//      points: a call that is still to allocate that memory may be given what
//      the program frees in between, and two objects would be one.
//   2. Last ones first, move each to just before its first user, in the block
//      that dominates all its users, unless that block is in a loop that the
//      instruction is not in.
//
//   3. Once the plan knows which calls are not certain to be needed, do the
//      same with those of them that read no memory: where such a call is needed
//      on every path it may start at once, or run in place.
//
// Sound: a pure instruction means the same wherever its operands are there, and
// it is never moved to where it would run oftener.  Floating point included:
// nothing is reassociated; where the floating-point environment is touched, it
// stays.
//
//===----------------------------------------------------------------------===//

#include "Canonicalize.h"

#include "PointerUses.h"
#include "Remarks.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace lazypass;

bool lazypass::isPureArithmetic(const Instruction &I) {
  if (I.isTerminator() || I.isEHPad() || isa<PHINode>(I) ||
      isa<AllocaInst>(I) || I.getType()->isTokenTy())
    return false;
  if (auto *Call = dyn_cast<CallInst>(&I))
    return Call->doesNotAccessMemory() && Call->doesNotThrow() &&
           Call->willReturn() && !Call->isConvergent() &&
           !Call->isMustTailCall() && !Call->getType()->isVoidTy();
  return !I.mayReadOrWriteMemory() && !I.mayHaveSideEffects();
}

bool lazypass::mindsWhenFloatsAreComputed(const Function &F) {
  static constexpr StringLiteral Names[] = {
      "fesetround",        "fesetenv",       "feupdateenv",
      "feholdexcept",      "feenableexcept", "fedisableexcept",
      "feclearexcept",     "fetestexcept",   "feraiseexcept",
      "llvm.set.rounding", "llvm.set.fpenv", "llvm.x86.sse.ldmxcsr"};
  return F.hasFnAttribute(Attribute::StrictFP) ||
         any_of(Names, [&](StringRef Name) {
           return F.getParent()->getFunction(Name) != nullptr;
         });
}

static bool computesFloats(const Instruction &I) {
  return I.getType()->isFPOrFPVectorTy() ||
         any_of(I.operands(), [](const Value *V) {
           return V->getType()->isFPOrFPVectorTy();
         });
}

/// Where the user of \p U executes, as far as its operand is concerned.
static BasicBlock *useBlock(const Use &U) {
  auto *User = cast<Instruction>(U.getUser());
  if (auto *Phi = dyn_cast<PHINode>(User))
    return Phi->getIncomingBlock(U);
  return User->getParent();
}

static BasicBlock *latestBlock(const Instruction &I, const DominatorTree &DT,
                               const LoopInfo &LI) {
  BasicBlock *Latest = nullptr;
  for (const Use &U : I.uses()) {
    BasicBlock *BB = useBlock(U);
    Latest = Latest ? DT.findNearestCommonDominator(Latest, BB) : BB;
  }
  while (Latest && Latest != I.getParent()) {
    Loop *L = LI.getLoopFor(Latest);
    if (!L || L->contains(I.getParent()))
      break;
    Latest = DT.getNode(Latest)->getIDom()->getBlock();
  }
  return Latest;
}

static BasicBlock::iterator firstUser(const Instruction &I, BasicBlock &BB) {
  Instruction *First = BB.getTerminator();
  for (const Use &U : I.uses()) {
    auto *User = cast<Instruction>(U.getUser());
    if (!isa<PHINode>(User) && User->getParent() == &BB &&
        User->comesBefore(First))
      First = User;
  }
  return First->getIterator();
}

bool lazypass::sinkUncertainCalls(const FunctionPlan &Plan,
                                  FunctionAnalysisManager &FAM) {
  Function &F = *Plan.F;
  // With access to the floating-point environment, where a call stands
  // decides how it rounds.  Handles want the node itself.
  if (Plan.Kept || mindsWhenFloatsAreComputed(F))
    return false;
  const auto &DT = FAM.getResult<DominatorTreeAnalysis>(F);
  const auto &LI = FAM.getResult<LoopAnalysis>(F);
  bool Changed = false;
  for (const Site &S : Plan.Sites) {
    bool InRegisters =
        !S.Fn->SRet &&
        none_of(S.Fn->Arguments, [](const ArgumentSlot &A) { return A.ByVal; });
    if (S.Certain || !InRegisters || S.hasRegions() ||
        S.Fn->Memory.readsMemory())
      continue;
    BasicBlock *To = latestBlock(*S.Call, DT, LI);
    if (!To || To == S.Call->getParent())
      continue;
    S.Call->moveBefore(*To, firstUser(*S.Call, *To));
    remarkDone(*S.Call, "Sunk",
               "call of '" + S.Fn->F->getName() +
                   "' is made on the path that needs its value, not before");
    Changed = true;
  }
  return Changed;
}

void lazypass::sinkLazyArithmetic(Function &F, const LazyFunctions &Lazy,
                                  FunctionAnalysisManager &FAM) {
  const auto &DT = FAM.getResult<DominatorTreeAnalysis>(F);
  const auto &LI = FAM.getResult<LoopAnalysis>(F);

  SmallPtrSet<Value *, 32> Dependent;
  SmallVector<Value *, 32> Work;
  for (Value *V : collectLazyRegisters(F, Lazy))
    Work.push_back(V);
  while (!Work.empty())
    for (User *U : Work.pop_back_val()->users())
      if (auto *I = dyn_cast<Instruction>(U);
          I && isPureArithmetic(*I) && Dependent.insert(I).second)
        Work.push_back(I);

  bool FloatsStay = mindsWhenFloatsAreComputed(F);
  for (BasicBlock *BB : post_order(&F))
    for (Instruction &I : make_early_inc_range(reverse(*BB))) {
      if (!Dependent.contains(&I) || asDeferrableCall(&I, Lazy) ||
          (FloatsStay && computesFloats(I)))
        continue;
      if (I.use_empty()) {
        I.eraseFromParent();
        continue;
      }
      if (any_of(I.operands(), [&](const Use &U) { return tellsPlace(U, *U); }))
        continue;
      if (BasicBlock *To = latestBlock(I, DT, LI))
        I.moveBefore(*To, firstUser(I, *To));
    }
}
