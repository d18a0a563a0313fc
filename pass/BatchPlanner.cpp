//===- BatchPlanner.cpp - which calls of a loop can be made in batches ----===//
//
// Algorithm
//   1. Candidates are calls whose values are certain to be needed, so that a
//      batch runs nothing that the program would not.  Those that stand in one
//      block are tried together.
//   2. For each loop around them, the outermost first: everything in it returns
//      to it, or ends it by a branch that the slice foresees; and nothing in it
//      changes what the called functions read.
//   3. A call is in if each of its arguments can be run ahead, or is computed
//      from the results of calls that are in.
//
// Sound: the slice foresees exactly the calls that the loop will make, in
// order.  The loop itself stays as it is; all its effects happen in order.
// Given up: a lazy function that crashes does so before the iterations in front
// of its own that are in the same batch have had their effects.
//
//===----------------------------------------------------------------------===//

#include "Batch.h"

#include "Canonicalize.h"
#include "MemoryOrder.h"
#include "ParallelLoop.h"
#include "lazy/abi.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

namespace {

class BatchPlanner {
  const LazyFunctions &Lazy;
  Function &F;
  const DataLayout &DL;
  LoopInfo &LI;
  PostDominatorTree &PDT;
  AAResults &AA;
  const TargetLibraryInfo &TLI;
  DenseMap<const Function *, bool> BodyReturns;

public:
  BatchPlanner(const LazyFunctions &Lazy, Function &F,
               FunctionAnalysisManager &FAM)
      : Lazy(Lazy), F(F), DL(F.getParent()->getDataLayout()),
        LI(FAM.getResult<LoopAnalysis>(F)),
        PDT(FAM.getResult<PostDominatorTreeAnalysis>(F)),
        AA(FAM.getResult<AAManager>(F)),
        TLI(FAM.getResult<TargetLibraryAnalysis>(F)) {}

  /// \p Group: calls in one block, in order.
  std::optional<Batch> run(ArrayRef<Site> Group) {
    std::optional<Batch> Best;
    SmallVector<Loop *, 4> Loops;
    for (Loop *L = LI.getLoopFor(Group[0].Call->getParent()); L;
         L = L->getParentLoop())
      Loops.push_back(L);
    for (Loop *L : reverse(Loops)) {
      auto B = tryLoop(*L, Group);
      if (B && (!Best || B->Calls.size() > Best->Calls.size()))
        Best = std::move(B);
    }
    return Best;
  }

private:
  /// Does \p I, once begun, come to its end, and leave the way to compute as it
  /// was?  (Rounding modes are set by intrinsics whose effects have no name.)
  bool returns(const Instruction &I) {
    auto *Call = dyn_cast<CallBase>(&I);
    if (!Call || isStatelessCall(I, Lazy))
      return true;
    if (auto *Intrinsic = dyn_cast<IntrinsicInst>(Call))
      return isa<MemIntrinsic>(I) || Intrinsic->isLifetimeStartOrEnd() ||
             Intrinsic->isAssumeLikeIntrinsic() || isHarmless(I) ||
             !I.mayHaveSideEffects();
    if (Call->hasFnAttr(Attribute::NoReturn) ||
        !(F.doesNotThrow() || Call->doesNotThrow()))
      return false;
    LibFunc Known;
    Function *Callee = Call->getCalledFunction();
    return Call->hasFnAttr(Attribute::WillReturn) ||
           TLI.getLibFunc(*Call, Known) ||
           (Callee && Callee->hasExactDefinition() && bodyReturns(*Callee));
  }

  /// As far as calls decide it; a loop in it ends some time, and a recursion is
  /// not looked into.
  bool bodyReturns(const Function &Callee) {
    auto [It, New] = BodyReturns.insert({&Callee, false});
    if (!New)
      return It->second;
    bool All = Callee.doesNotThrow() &&
               all_of(instructions(Callee),
                      [&](const Instruction &I) { return returns(I); });
    return BodyReturns[&Callee] = All;
  }

  static bool isPlain(const BasicBlock &BB) {
    const Instruction *Term = BB.getTerminator();
    return !BB.isEHPad() && isa<BranchInst, SwitchInst>(Term);
  }

  bool isFitLoop(const Loop &L) {
    return L.isLoopSimplifyForm() && !F.hasFnAttribute(Attribute::StrictFP) &&
           all_of(L.blocks(), [&](BasicBlock *BB) {
             return isPlain(*BB) &&
                    all_of(*BB, [&](Instruction &I) { return returns(I); });
           });
  }

  bool readsWhatChanges(const Loop &L, const LazyFunction &Fn) const {
    const Effects &E = Fn.Memory;
    return E.readsMemory() && any_of(L.blocks(), [&](BasicBlock *BB) {
             return any_of(*BB, [&](Instruction &I) {
               return I.mayWriteToMemory() && !isStatelessCall(I, Lazy) &&
                      mayChange(I, E.ReadsUnknown, E.Reads.getArrayRef(), AA,
                                TLI);
             });
           });
  }

  std::optional<Batch> tryLoop(Loop &L, ArrayRef<Site> Group) {
    if (!isFitLoop(L))
      return std::nullopt;
    LoopSlicer Slicer(L, Lazy, PDT, AA);
    if (!Slicer.addControl(Group[0].Call->getParent()))
      return std::nullopt;
    Batch B;
    B.L = &L;
    for (const Site &S : Group)
      if (!readsWhatChanges(L, *S.Fn) && addArguments(B, S, Slicer))
        B.Calls.push_back({S, 0});
    if (B.Calls.empty())
      return std::nullopt;
    B.Recursive =
        any_of(B.Calls, [](const BatchCall &C) { return C.Recursive; });
    B.Slice = Slicer.finish();
    layOut(B);
    if (B.Alignment > Align(LAZY_RECORDS))
      return std::nullopt;
    return B;
  }

  /// Is \p V the result of a call of the batch, or of arithmetic on one?
  static bool dependsOnResults(const Batch &B, Value *V) {
    return any_of(B.Calls, [&](const BatchCall &C) { return C.Call == V; }) ||
           is_contained(B.Between, V);
  }

  /// \p V is wanted where the calls are made.
  bool addOperand(Batch &B, Value *V, LoopSlicer &Slicer) {
    if (isa<Constant>(V) || dependsOnResults(B, V) ||
        any_of(B.Inputs,
               [&](const BatchInput &I) { return I.V == V && !I.InMemory; }))
      return true;
    if (Slicer.addValue(V)) {
      Type *T = V->getType();
      B.Inputs.push_back({V, T, false, DL.getABITypeAlign(T)});
      return true;
    }
    auto *I = dyn_cast<Instruction>(V);
    if (!I || I->getParent() != B.Block || !isPureArithmetic(*I) ||
        asDeferrableCall(I, Lazy) ||
        !all_of(I->operands(),
                [&](Value *Operand) { return addOperand(B, Operand, Slicer); }))
      return false;
    B.Between.push_back(I);
    return true;
  }

  bool addArguments(Batch &B, const Site &S, LoopSlicer &Slicer) {
    if (B.Calls.empty())
      B.Block = S.Call->getParent();
    size_t Inputs = B.Inputs.size(), Between = B.Between.size();
    for (const ArgumentSlot &Slot : S.Fn->Arguments) {
      Value *V = S.Call->getArgOperand(Slot.Parameter);
      bool Added =
          Slot.ByVal ? addBytes(B, V, Slot, Slicer) : addOperand(B, V, Slicer);
      if (Added)
        continue;
      B.Inputs.resize(Inputs);
      B.Between.resize(Between);
      return false;
    }
    return true;
  }

  static bool addBytes(Batch &B, Value *Pointer, const PayloadSlot &Slot,
                       LoopSlicer &Slicer) {
    if (!Slicer.addMemory(Pointer))
      return false;
    B.Inputs.push_back({Pointer, Slot.Ty, true, Slot.Wanted});
    return true;
  }

  void layOut(Batch &B) const {
    uint64_t Offset = 0;
    auto Place = [&](Type *T, Align A) {
      uint64_t At = alignTo(Offset, A);
      Offset = At + DL.getTypeAllocSize(T).getFixedValue();
      B.Alignment = std::max(B.Alignment, A);
      return At;
    };
    for (BatchInput &I : B.Inputs)
      I.Offset = Place(I.Ty, I.Wanted);
    for (BatchCall &C : B.Calls)
      C.ResultOffset = Place(C.Fn->Result.Ty, C.Fn->Result.Wanted);
    B.Stride = alignTo(std::max<uint64_t>(Offset, 1), B.Alignment);
  }
};

} // namespace

std::optional<Batch> lazypass::findBatch(const FunctionPlan &Plan,
                                         const LazyFunctions &Lazy,
                                         FunctionAnalysisManager &FAM) {
  using Group = SmallVector<Site, 2>;
  MapVector<BasicBlock *, Group> Groups;
  for (ArrayRef<Site> Sites : {ArrayRef(Plan.Sites), ArrayRef(Plan.AtOnce)})
    for (const Site &S : Sites)
      if (S.Certain && !S.hasRegions() && !isBatched(*S.Call) &&
          !hasParallelVersion(*S.Call))
        Groups[S.Call->getParent()].push_back(S);
  BatchPlanner Planner(Lazy, *Plan.F, FAM);
  for (auto &[BB, Sites] : Groups) {
    llvm::sort(Sites, [](const Site &A, const Site &B) {
      return A.Call->comesBefore(B.Call);
    });
    auto B = Planner.run(Sites);
    if (!B)
      continue;
    B->Deferrable = none_of(B->Calls, [&](const BatchCall &C) {
      return any_of(Plan.AtOnce,
                    [&](const Site &S) { return S.Call == C.Call; });
    });
    return B;
  }
  return std::nullopt;
}
