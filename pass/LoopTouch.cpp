//===- LoopTouch.cpp - asking once in front of a loop ---------------------===//
//
// Algorithm
//   1. Take the outermost loops in which nothing new becomes pending.
//   2. Of each access in them that the plan touches: Bounds.cpp says which
//      bytes it reaches in all iterations, counted from a pointer that is known
//      in front of the loop.
//   3. In front of the loop, compute that range and mark it by a call, which
//      MemoryOrder.cpp takes for an access; mark the access as touched before.
//      What reaches about the same bytes has one range.
//      Where that cannot be said, but it is in an object that calls of this
//      function touch as well, all of memory: it will most likely meet them.
//   4. The function is planned again, with the questions in it.  If by the new
//      plan something becomes pending in such a loop, they are taken back.
//
// Sound: nothing becomes pending in the loop, so what does not overlap anything
// pending in front of it does not do so later.  An access that does not happen
// is waited for all the same: that costs parallelism only.  A range that cannot
// be computed in 64 bits is all of memory.
//
//===----------------------------------------------------------------------===//

#include "LoopTouch.h"

#include "Compat.h"
#include "Polynomial.h"
#include "lazy/abi.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

static constexpr StringLiteral ReadMarker = "lazy.touch.read",
                               WriteMarker = "lazy.touch.write",
                               Touched = "lazy.touched";

/// Ranges whose ends are nearer than this are one.
static constexpr int64_t Near = 4096;

namespace {

/// Without a Base: all bytes there are.
struct Range : ByteRange {
  bool Writes;
};

using Objects = SmallPtrSet<const Value *, 8>;

class LoopToucher {
  const FunctionPlan &Plan;
  Loop &L;
  const Objects &Pending; ///< that calls and stores of the function write
  ScalarEvolution &SE;
  LoopInfo &LI;

  LoopFront Front;
  std::vector<Range> Ranges;
  SmallVector<Instruction *, 8> Accesses;

public:
  LoopToucher(const FunctionPlan &Plan, Loop &L, const Objects &Pending,
              ScalarEvolution &SE, const DominatorTree &DT, LoopInfo &LI)
      : Plan(Plan), L(L), Pending(Pending), SE(SE), LI(LI), Front(L, SE, DT) {}

  bool run();

private:
  std::optional<Range> rangeOf(const Event &E);
  bool isInPendingObject(const Event &E) const;
  bool addTo(Range &Old, const Range &New);
  void add(const Range &New);
  bool emit(const Range &R);
};

} // namespace

std::optional<Range> LoopToucher::rangeOf(const Event &E) {
  Value *Base = Front.baseOf(E.Address);
  if (!Base || !isa<LoadInst, StoreInst, MemIntrinsic>(E.At))
    return std::nullopt;
  const BasicBlock &Where = *E.At->getParent();
  const SCEV *Offset = Front.offsetOf(E.Address, Base);
  Bounds Reach = Offset ? Front.ever(Offset, Where) : Bounds();
  Bounds Length = Front.ever(SE.getSCEV(E.Length.front()), Where);
  if (!Reach || !Length)
    return std::nullopt;
  return Range{
      {Base, Reach.Least, SE.getAddExpr(Reach.Greatest, Length.Greatest)},
      E.Writes};
}

bool LoopToucher::isInPendingObject(const Event &E) const {
  SmallVector<const Value *, 4> Found;
  if (!isa<LoadInst, StoreInst>(E.At))
    return false;
  getUnderlyingObjects(E.Address, Found, &LI);
  return any_of(Found, [&](const Value *V) { return Pending.contains(V); });
}

/// If they are about the same.
bool LoopToucher::addTo(Range &Old, const Range &New) {
  auto Distance = [&](const SCEV *A, const SCEV *B) -> std::optional<int64_t> {
    auto Bytes = Polynomial(A).add(Polynomial(B), -1).constant();
    return Bytes && std::abs(*Bytes) <= Near ? Bytes : std::nullopt;
  };
  if (Old.Base != New.Base || Old.Writes != New.Writes)
    return false;
  if (!Old.Base)
    return true;
  auto First = Distance(New.First, Old.First), End = Distance(New.End, Old.End);
  if (!First || !End)
    return false;
  if (*First < 0)
    Old.First = New.First;
  if (*End > 0)
    Old.End = New.End;
  return true;
}

void LoopToucher::add(const Range &New) {
  if (none_of(Ranges, [&](Range &Old) { return addTo(Old, New); }))
    Ranges.push_back(New);
}

void lazypass::touchRange(IRBuilder<> &B, const ComputedRange &R, bool Writes) {
  Module &M = *B.GetInsertBlock()->getModule();
  CallInst *Marker = B.CreateCall(
      M.getOrInsertFunction(Writes ? WriteMarker : ReadMarker, B.getVoidTy(),
                            R.Address->getType(), B.getInt64Ty()),
      {R.Address, R.Length});
  // Locals stay as private as they were.
  setNotCaptured(*Marker, 0);
  Marker->setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
}

/// False: it cannot be written down.
bool LoopToucher::emit(const Range &R) {
  IRBuilder<> B(&Front.end());
  if (!R.Base) {
    touchRange(B,
               {Constant::getNullValue(B.getPtrTy()), B.getInt64(UINT64_MAX)},
               R.Writes);
    return true;
  }
  auto ValueOf = [&](unsigned I) { return Front.valueOf(B, I); };
  ExtentBuilder Numbers(B, {ValueOf});
  auto Bytes = Front.compute(B, Numbers, R);
  if (Bytes)
    touchRange(B, *Bytes, R.Writes);
  return Bytes.has_value();
}

bool LoopToucher::run() {
  std::vector<std::pair<Instruction *, Range>> Found;
  for (BasicBlock *BB : L.blocks()) {
    auto It = Plan.Blocks.find(BB);
    if (It == Plan.Blocks.end())
      continue;
    for (const Event &E : It->second.Events)
      if (E.K == Event::Touch) {
        if (auto R = rangeOf(E))
          Found.push_back({E.At, *R});
        else if (isInPendingObject(E))
          Found.push_back({E.At, Range{{nullptr, nullptr, nullptr}, E.Writes}});
      }
  }
  // A copy touches two ranges.
  auto IsWhole = [&](const Instruction *At) {
    return count_if(Found, [&](const auto &F) { return F.first == At; }) ==
           count_if(Plan.Blocks.find(At->getParent())->second.Events,
                    [&](const Event &E) {
                      return E.K == Event::Touch && E.At == At;
                    });
  };
  for (const auto &[At, R] : Found)
    if (IsWhole(At)) {
      Accesses.push_back(At);
      add(R);
    }
  if (!all_of(Ranges, [&](const Range &R) { return emit(R); }))
    return false; // what was marked costs little
  for (Instruction *At : Accesses)
    setTouchedBefore(*At);
  return !Accesses.empty();
}

/// Does anything become pending in memory in \p L?
static bool addsPending(const FunctionPlan &Plan, const Loop &L) {
  return any_of(L.blocks(), [&](BasicBlock *BB) {
    auto It = Plan.Blocks.find(BB);
    return It != Plan.Blocks.end() &&
           any_of(It->second.Events, [](const Event &E) {
             return E.K == Event::Define || E.K == Event::Commit;
           });
  });
}

/// What calls and stores of the function may leave pending to be written.
static Objects pendingObjects(const FunctionPlan &Plan, LoopInfo &LI) {
  SmallVector<const Value *, 8> Found;
  for (const Site &S : Plan.Sites)
    for (const Region &R : S.Fn->Regions)
      if (R.all() & LAZY_WRITES)
        getUnderlyingObjects(S.Call->getArgOperand(R.Parameter), Found, &LI);
  for (const auto &[BB, Block] : Plan.Blocks)
    for (const Event &E : Block.Events)
      if (E.K == Event::Commit)
        getUnderlyingObjects(E.Address, Found, &LI);
  return Objects(Found.begin(), Found.end());
}

bool lazypass::touchBeforeLoops(const FunctionPlan &Plan,
                                FunctionAnalysisManager &FAM) {
  if (!Plan.hasScope())
    return false;
  Function &F = *Plan.F;
  auto &LI = FAM.getResult<LoopAnalysis>(F);
  auto &SE = FAM.getResult<ScalarEvolutionAnalysis>(F);
  auto &DT = FAM.getResult<DominatorTreeAnalysis>(F);
  Objects Pending = pendingObjects(Plan, LI);
  bool Changed = false;
  SmallVector<Loop *, 8> Work(LI.begin(), LI.end());
  while (!Work.empty()) {
    Loop *L = Work.pop_back_val();
    if (addsPending(Plan, *L) || !L->getLoopPreheader())
      append_range(Work, L->getSubLoops());
    else
      Changed |= LoopToucher(Plan, *L, Pending, SE, DT, LI).run();
  }
  if (Changed)
    FAM.invalidate(F, PreservedAnalyses::none());
  return Changed;
}

bool lazypass::areTouchedRangesRight(const FunctionPlan &Plan,
                                     FunctionAnalysisManager &FAM) {
  auto &LI = FAM.getResult<LoopAnalysis>(*Plan.F);
  return none_of(LI.getLoopsInPreorder(), [&](const Loop *L) {
    const BasicBlock *Front = L->getLoopPreheader();
    return Front &&
           any_of(*Front,
                  [](const Instruction &I) {
                    return asTouchedRange(I).has_value();
                  }) &&
           addsPending(Plan, *L);
  });
}

std::optional<TouchedRange> lazypass::asTouchedRange(const Instruction &I) {
  auto *Call = dyn_cast<CallInst>(&I);
  const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
  if (!Callee ||
      (Callee->getName() != ReadMarker && Callee->getName() != WriteMarker))
    return std::nullopt;
  return TouchedRange{Call->getArgOperand(0), Call->getArgOperand(1),
                      Callee->getName() == WriteMarker};
}

void lazypass::setTouchedBefore(Instruction &I) {
  I.setMetadata(Touched, MDNode::get(I.getContext(), {}));
}

bool lazypass::isTouchedBefore(const Instruction &I) {
  return I.hasMetadata(Touched);
}

void lazypass::forgetTouchedRanges(Module &M) {
  for (StringRef Name : {ReadMarker, WriteMarker})
    if (Function *Marker = M.getFunction(Name))
      Marker->eraseFromParent();
}

void lazypass::dropTouchedRanges(Function &F) {
  for (Instruction &I : make_early_inc_range(instructions(F)))
    if (asTouchedRange(I))
      I.eraseFromParent();
    else
      I.setMetadata(Touched, nullptr);
}
