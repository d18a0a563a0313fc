//===- ParallelLoop.cpp - which loops have independent iterations ---------===//
//
// Algorithm, for one loop
//   1. It has one exit, in front of its body or behind it, and how often it
//      goes round is known before.
//   2. Variables that live from one iteration to the next are counters or
//      reductions; what it leaves behind is one of those, or a number that is
//      known before.  (LoopVariables.cpp)
//   3. Locals that each iteration sets up anew are its own.
//   4. No iteration touches what another one writes.  Where the code does not
//      show it, that is asked in front of the loop.  (LoopWindows.cpp)
//   5. Or some do, but not all that is in it: then the iterations of a nest may
//      follow each other closely.  (Pipeline.cpp)
//
// Sound: iterations can run in any order, each as it is written; and all of
// them run in the serial program.
// Given up: as in a batch (BatchPlanner.cpp), a lazy function that crashes may
// do so before iterations in front of its own have had their effects.
//
//===----------------------------------------------------------------------===//

#include "ParallelLoop.h"

#include "LoopVariables.h"
#include "LoopWindows.h"
#include "MemoryOrder.h"
#include "Pipeline.h"
#include "PointerUses.h"
#include "Remarks.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

/// Loops of so few iterations are left to nodes.
static constexpr int64_t FewIterations = 16;

namespace {

class LoopJudge {
  const FunctionPlan &Plan;
  const LazyFunctions &Lazy;
  Loop &L;
  const DataLayout &DL;
  LoopInfo &LI;
  ScalarEvolution &SE;
  DominatorTree &DT;
  AAResults &AA;
  const TargetLibraryInfo &TLI;
  ParallelLoop P;

public:
  LoopJudge(const FunctionPlan &Plan, const LazyFunctions &Lazy, Loop &L,
            FunctionAnalysisManager &FAM)
      : Plan(Plan), Lazy(Lazy), L(L), DL(Plan.F->getParent()->getDataLayout()),
        LI(FAM.getResult<LoopAnalysis>(*Plan.F)),
        SE(FAM.getResult<ScalarEvolutionAnalysis>(*Plan.F)),
        DT(FAM.getResult<DominatorTreeAnalysis>(*Plan.F)),
        AA(FAM.getResult<AAManager>(*Plan.F)),
        TLI(FAM.getResult<TargetLibraryAnalysis>(*Plan.F)), P(L, SE, DT) {}

  std::optional<ParallelLoop> run() {
    if (!findCalls() || !isIndependent())
      return std::nullopt;
    return std::move(P);
  }

private:
  bool isIndependent();
  /// False; and says so, for somebody may wonder.
  bool refuse(const Instruction &At, const Twine &Why) const;
  bool hasShape();
  bool findCalls();
  void findOwn();
  bool isOwn(AllocaInst &Local) const;
  bool fillsAnew(const Instruction &I, const AllocaInst &Local) const;
  bool isUsedOnly(const AllocaInst &Local,
                  SmallVectorImpl<Instruction *> &Users) const;
};

} // namespace

bool LoopJudge::refuse(const Instruction &At, const Twine &Why) const {
  remarkKnown(At, "NotParallel",
              "the iterations of the loop around the call of '" +
                  P.Calls[0].Fn->F->getName() +
                  "' are not independent: " + Why);
  return false;
}

bool LoopJudge::isIndependent() {
  const Instruction &Front = P.Front.end();
  if (!hasShape())
    return refuse(Front, "when it ends is not known before, or it does so in "
                         "several places");
  if (const Instruction *I = findVariables(P, SE))
    return refuse(*I, "one goes on with a value of the one before it, or "
                      "leaves one behind");
  findOwn();
  auto Found = findWindows(P, Lazy, SE, AA, TLI);
  if (!Found)
    return true;
  P.Rows = findPipeline(P, Lazy, SE, DT, AA, TLI);
  return P.Rows || refuse(*Found->At, Found->Why);
}

//===----------------------------------------------------------------------===//
// Steps 1 and 3
//===----------------------------------------------------------------------===//

bool LoopJudge::hasShape() {
  P.Exiting = L.getExitingBlock();
  P.Exit = L.getUniqueExitBlock();
  BasicBlock *Header = L.getHeader(), *Latch = L.getLoopLatch();
  if (!L.isLoopSimplifyForm() || !P.Exiting || !P.Exit ||
      !isa<BranchInst>(P.Exiting->getTerminator()))
    return false;
  P.TestsFirst = P.Exiting == Header && Header != Latch;
  if (!P.TestsFirst && P.Exiting != Latch)
    return false;
  // It is looked at once more than the body runs.
  if (P.TestsFirst && any_of(*Header, [](const Instruction &I) {
        return I.mayReadOrWriteMemory() || isa<CallBase>(I);
      }))
    return false;
  if (any_of(L.blocks(), [](const BasicBlock *BB) {
        return BB->isEHPad() ||
               !isa<BranchInst, SwitchInst>(BB->getTerminator());
      }))
    return false;
  const SCEV *Count = SE.getExitCount(&L, P.Exiting);
  if (isa<SCEVCouldNotCompute>(Count) ||
      SE.getTypeSizeInBits(Count->getType()) > 64)
    return false;
  Count = SE.getNoopOrZeroExtend(Count, Type::getInt64Ty(SE.getContext()));
  P.Iterations =
      P.TestsFirst ? Count : SE.getAddExpr(Count, SE.getOne(Count->getType()));
  auto *Known = dyn_cast<SCEVConstant>(P.Iterations);
  return (!Known || Known->getAPInt().uge(FewIterations)) &&
         P.Front.extentOf(P.Iterations);
}

/// Those that could be nodes, and would be needed.
bool LoopJudge::findCalls() {
  auto Contains = [&](const Site &S) { return L.contains(S.Call); };
  for (const CallInst *Call : Plan.Unneeded)
    if (L.contains(Call))
      return false;
  for (const Site &S : Plan.Sites)
    if (Contains(S) && !S.Certain)
      return false;
  copy_if(Plan.Sites, std::back_inserter(P.Calls), Contains);
  copy_if(Plan.AtOnce, std::back_inserter(P.Calls), Contains);
  P.Nested = any_of(P.Calls, [&](const Site &S) {
    return LI.getLoopFor(S.Call->getParent()) != &L;
  });
  return !P.Calls.empty() &&
         none_of(P.Calls, [](const Site &S) { return S.Recursive; });
}

/// Does \p I leave nothing of what was in \p Local?
bool LoopJudge::fillsAnew(const Instruction &I, const AllocaInst &Local) const {
  auto Room = Local.getAllocationSize(DL);
  if (auto *Marker = dyn_cast<IntrinsicInst>(&I);
      Marker && Marker->getIntrinsicID() == Intrinsic::lifetime_start)
    return true;
  if (auto *Fill = dyn_cast<MemIntrinsic>(&I)) {
    auto *Length = dyn_cast<ConstantInt>(Fill->getLength());
    return Fill->getRawDest() == &Local && Length && Room &&
           Length->getZExtValue() == Room->getFixedValue();
  }
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return Store->getPointerOperand() == &Local && Room &&
           DL.getTypeStoreSize(Store->getValueOperand()->getType()) == *Room;
  auto *Call = dyn_cast<CallBase>(&I);
  return Call && Call->arg_size() && Call->getArgOperand(0) == &Local &&
         Call->paramHasAttr(0, Attribute::StructRet);
}

/// In this loop, and for what is in it?
bool LoopJudge::isUsedOnly(const AllocaInst &Local,
                           SmallVectorImpl<Instruction *> &Users) const {
  return !findUseUnless(Local, [&](const Use &U) {
    auto *I = cast<Instruction>(U.getUser());
    if (!L.contains(I))
      return false;
    Users.push_back(I);
    if (isAccessOrCompare(U) || isa<MemIntrinsic>(I))
      return true;
    if (auto *Marker = dyn_cast<IntrinsicInst>(I))
      return Marker->isLifetimeStartOrEnd();
    auto *Call = dyn_cast<CallBase>(I);
    const LazyFunction *Fn = asKnownCall(*I, Lazy);
    if (!Call || !Fn || !Call->isArgOperand(&U))
      return false;
    unsigned Number = Call->getArgOperandNo(&U);
    return Call->isByValArgument(Number) ||
           Call->paramHasAttr(Number, Attribute::StructRet) ||
           any_of(Fn->Pointers, [&](const PointerParameter &Pointer) {
             return Pointer.Parameter == Number && !Pointer.Kept;
           });
  });
}

bool LoopJudge::isOwn(AllocaInst &Local) const {
  SmallVector<Instruction *, 8> Users;
  auto Room = Local.getAllocationSize(DL);
  if (!Local.isStaticAlloca() || !Room || Room->isScalable() ||
      !isUsedOnly(Local, Users))
    return false;
  // memmove(local, local, size) fills it with what was there.
  return any_of(Users, [&](const Instruction *First) {
    return fillsAnew(*First, Local) && count(Users, First) == 1 &&
           all_of(Users, [&](Instruction *User) {
             return User == First || DT.dominates(First, User);
           });
  });
}

void LoopJudge::findOwn() {
  for (Instruction &I : Plan.F->getEntryBlock())
    if (auto *Local = dyn_cast<AllocaInst>(&I); Local && isOwn(*Local))
      P.Own.insert(Local);
}

ByteRange ParallelLoop::covered(const Window &W, ScalarEvolution &SE) const {
  Type *T = W.Step->getType();
  auto After = [&](int64_t Less) {
    return SE.getMulExpr(
        W.Step, SE.getAddExpr(Iterations, SE.getConstant(T, uint64_t(-Less),
                                                         /*isSigned=*/true)));
  };
  if (W.Step->isZero())
    return W;
  // Of how many iterations there are nothing need be known: none are run then.
  if (SE.isKnownNonNegative(W.Step) || is_contained(Natural, W.Step)) {
    const SCEV *End = SE.getAddExpr(W.End, After(W.LastEnd ? 2 : 1));
    return {W.Base, W.First, W.LastEnd ? SE.getSMaxExpr(End, W.LastEnd) : End};
  }
  if (SE.isKnownNonPositive(W.Step))
    return {W.Base, SE.getAddExpr(W.First, After(1)), W.End};
  const SCEV *Zero = SE.getZero(T);
  return {W.Base, SE.getAddExpr(W.First, SE.getSMinExpr(Zero, After(1))),
          SE.getAddExpr(W.End, SE.getSMaxExpr(Zero, After(1)))};
}

//===----------------------------------------------------------------------===//
// Which loops
//===----------------------------------------------------------------------===//

static constexpr StringLiteral LoopMark = "lazy.loop";

bool lazypass::isMarked(const Loop &L) {
  const BasicBlock *Latch = L.getLoopLatch();
  return !Latch || Latch->getTerminator()->hasMetadata(LoopMark);
}

void lazypass::mark(const Loop &L) {
  Instruction *End = L.getLoopLatch()->getTerminator();
  End->setMetadata(LoopMark, MDNode::get(End->getContext(), {}));
}

std::optional<ParallelLoop>
lazypass::findParallelLoop(const FunctionPlan &Plan, const LazyFunctions &Lazy,
                           FunctionAnalysisManager &FAM) {
  if (Plan.Kept || Plan.F->hasFnAttribute(Attribute::StrictFP))
    return std::nullopt;
  auto &LI = FAM.getResult<LoopAnalysis>(*Plan.F);
  for (Loop *L : LI.getLoopsInPreorder())
    if (!isMarked(*L))
      if (auto P = LoopJudge(Plan, Lazy, *L, FAM).run())
        return P;
  return std::nullopt;
}
