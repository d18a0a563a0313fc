//===- Pipeline.cpp - rows that follow each other closely -----------------===//
//
//     for (y...) for (x...) cell(&a[y][x], &a[y - 1][x], &a[y][x - 1]);
//
// A row, that is an iteration of the outer loop, depends on the one above; but
// its columns, the iterations of the loop inside, only on the columns above and
// to the left.  So a row may begin when the one above is some columns ahead.
//
// Algorithm
//   1. All that the outer loop touches, but for its iterations' own locals, is
//      touched in one loop inside, which every iteration comes by, and which
//      goes round equally often each time.
//   2. The windows of one column of one row move by known steps, from column to
//      column (b) and from row to row (a).
//   3. In front of the loop it is asked, for each two that may meet, the first
//      in row y, the second d rows below, t columns to the left of the first:
//
//          -width1 < first - second - a d + b t < width2
//
//      With d = 1 the greatest t is how far to stay behind.  From d = 2 on no t
//      that there is may do: it is enough to see that for d = 2.
//
// Sound: a row runs in order on one thread, so what happens in one row need not
// be looked at; and a row ends after the one above.
//
//===----------------------------------------------------------------------===//

#include "Pipeline.h"

#include "LoopWindows.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

/// What bytes and numbers must stay below, so that no product overflows.
static constexpr int64_t MostBytes = int64_t(1) << 40,
                         MostColumns = int64_t(1) << 20,
                         MostAcross = int64_t(1) << 32;

/// To ask about more costs more than it gains.
static constexpr size_t MostCompared = 8;

namespace {

class PipelineFinder {
  const ParallelLoop &P;
  ScalarEvolution &SE;
  const DominatorTree &DT;
  LoopFront Front;
  Pipeline Rows;

public:
  PipelineFinder(const ParallelLoop &P, ScalarEvolution &SE,
                 const DominatorTree &DT)
      : P(P), SE(SE), DT(DT), Front(P.Front) {}

  std::optional<Pipeline> run(const LazyFunctions &Lazy, AAResults &AA,
                              const TargetLibraryInfo &TLI) {
    if (P.L->getSubLoops().size() != 1)
      return std::nullopt;
    Rows.Columns = P.L->getSubLoops()[0];
    if (!hasShape() || !isAllInside(TLI))
      return std::nullopt;
    ParallelLoop Row(*Rows.Columns, SE, DT);
    Row.Iterations = Rows.Count;
    Row.Own = P.Own;
    if (!findRowWindows(Row, Lazy, SE, AA, TLI))
      return std::nullopt;
    for (const Window &W : Row.Windows)
      if (!addWindow(W))
        return std::nullopt;
    for (auto [I, K] : Row.ToCompare)
      if (Row.Windows[I].Base != Row.Windows[K].Base)
        Rows.Apart.push_back({I, K});
      else if (!addMeeting(I, K) || (I != K && !addMeeting(K, I)))
        return std::nullopt;
    if (Rows.Apart.size() > MostCompared)
      return std::nullopt;
    Rows.Natural = Row.Natural;
    if (!all_of(Rows.Natural, [&](const SCEV *S) { return isKnown(S); }))
      return std::nullopt;
    return std::move(Rows);
  }

private:
  bool isKnown(const SCEV *S) {
    return SE.isLoopInvariant(S, P.L) && Front.extentOf(S);
  }
  bool hasShape();
  bool isOwn(const Value *Address) const;
  bool isHarmless(const Instruction &I, const TargetLibraryInfo &TLI) const;
  bool isAllInside(const TargetLibraryInfo &TLI) const;
  bool addWindow(const Window &W);
  bool addMeeting(unsigned I, unsigned K);
};

} // namespace

/// Step 1.
bool PipelineFinder::hasShape() {
  Loop &L = *Rows.Columns;
  BasicBlock *Exiting = L.getExitingBlock();
  if (!L.isLoopSimplifyForm() || !Exiting || !L.getUniqueExitBlock() ||
      !L.contains(P.Calls[0].Call) ||
      !DT.dominates(L.getHeader(), P.L->getLoopLatch()))
    return false;
  bool TestsFirst = Exiting == L.getHeader() && Exiting != L.getLoopLatch();
  if (!TestsFirst && Exiting != L.getLoopLatch())
    return false;
  // It is looked at once more, at a column that there is not.
  if (TestsFirst && any_of(*Exiting, [](const Instruction &I) {
        return I.mayReadOrWriteMemory() || isa<CallBase>(I);
      }))
    return false;
  const SCEV *Count = SE.getExitCount(&L, Exiting);
  if (isa<SCEVCouldNotCompute>(Count) ||
      SE.getTypeSizeInBits(Count->getType()) > 64)
    return false;
  Count = SE.getNoopOrZeroExtend(Count, Type::getInt64Ty(SE.getContext()));
  Rows.Count =
      TestsFirst ? Count : SE.getAddExpr(Count, SE.getOne(Count->getType()));
  return isKnown(Rows.Count);
}

bool PipelineFinder::isOwn(const Value *Address) const {
  return P.Own.contains(
      dyn_cast<AllocaInst>(const_cast<Value *>(getUnderlyingObject(Address))));
}

/// Outside of the columns: it touches nothing but locals of the row, and is the
/// same in every thread and on every stack.
bool PipelineFinder::isHarmless(const Instruction &I,
                                const TargetLibraryInfo &TLI) const {
  if (const Value *To = getLoadStorePointerOperand(&I))
    return isOwn(To);
  if (auto *Fill = dyn_cast<MemSetInst>(&I))
    return isOwn(Fill->getRawDest());
  auto *Marker = dyn_cast<IntrinsicInst>(&I);
  if (Marker && Marker->isAssumeLikeIntrinsic() &&
      !Marker->isLifetimeStartOrEnd())
    return true;
  auto *Call = dyn_cast<CallBase>(&I);
  return !I.mayReadOrWriteMemory() && !I.mayHaveSideEffects() &&
         !isa<AllocaInst>(I) && !(Call && dependsOnThread(*Call, TLI));
}

bool PipelineFinder::isAllInside(const TargetLibraryInfo &TLI) const {
  return all_of(P.L->blocks(), [&](const BasicBlock *BB) {
    return Rows.Columns->contains(BB) || all_of(*BB, [&](const Instruction &I) {
             return isHarmless(I, TLI);
           });
  });
}

/// Step 2.
bool PipelineFinder::addWindow(const Window &W) {
  auto Split = [&](const SCEV *S) -> std::pair<const SCEV *, const SCEV *> {
    if (SE.isLoopInvariant(S, P.L))
      return {S, SE.getZero(S->getType())};
    auto *Rec = dyn_cast<SCEVAddRecExpr>(S);
    if (!Rec || Rec->getLoop() != P.L || !Rec->isAffine())
      return {nullptr, nullptr};
    return {Rec->getStart(), Rec->getStepRecurrence(SE)};
  };
  auto [First, Down] = Split(W.First);
  auto [End, EndDown] = Split(W.End);
  if (!First || !End || Down != EndDown || !P.Front.isKnown(W.Base) ||
      !all_of(ArrayRef{First, End, Down, W.Step},
              [&](const SCEV *S) { return isKnown(S); }))
    return false;
  Window Row = W;
  Row.First = First;
  Row.End = End;
  Rows.Windows.push_back(Row);
  Rows.Down.push_back(Down);
  return true;
}

bool PipelineFinder::addMeeting(unsigned I, unsigned K) {
  const Window &A = Rows.Windows[I], &B = Rows.Windows[K];
  Rows.Meeting.push_back({I, K});
  auto MayBePositive = [&](const SCEV *S) {
    auto *Number = dyn_cast<SCEVConstant>(S);
    return !Number || Number->getAPInt().isStrictlyPositive();
  };
  return A.Step == B.Step && Rows.Down[I] == Rows.Down[K] &&
         MayBePositive(A.Step) && MayBePositive(Rows.Down[I]) &&
         isKnown(SE.getMinusSCEV(A.First, B.First));
}

std::optional<Pipeline>
lazypass::findPipeline(const ParallelLoop &P, const LazyFunctions &Lazy,
                       ScalarEvolution &SE, const DominatorTree &DT,
                       AAResults &AA, const TargetLibraryInfo &TLI) {
  return PipelineFinder(P, SE, DT).run(Lazy, AA, TLI);
}

//===----------------------------------------------------------------------===//
// Step 3
//===----------------------------------------------------------------------===//

LoopAnswers lazypass::askForPipeline(LoopNumbers &Numbers,
                                     const ParallelLoop &P,
                                     const Pipeline &Rows) {
  IRBuilder<> &B = Numbers.B;
  ScalarEvolution &SE = Numbers.SE;
  Value *Fine = B.getTrue(), *Lag = B.getInt64(0);
  auto Ask = [&](Value *Condition) { Fine = B.CreateAnd(Fine, Condition); };
  /// Least <= V < End
  auto AskIfWithin = [&](Value *V, int64_t Least, int64_t End) {
    Ask(B.CreateICmpULT(B.CreateSub(V, B.getInt64(Least)),
                        B.getInt64(End - Least)));
  };
  Value *Count = Numbers.of(Rows.Count);
  AskIfWithin(Count, 2, MostColumns);
  for (const SCEV *Number : Rows.Natural)
    Ask(B.CreateICmpSGE(Numbers.of(Number), B.getInt64(0)));
  Value *Last = B.CreateSub(Count, B.getInt64(1));
  for (auto [I, K] : Rows.Meeting) {
    const Window &First = Rows.Windows[I], &Second = Rows.Windows[K];
    Value *Across = Numbers.of(First.Step), *Down = Numbers.of(Rows.Down[I]),
          *Apart = Numbers.of(SE.getMinusSCEV(First.First, Second.First)),
          *Width1 = Numbers.of(SE.getMinusSCEV(First.End, First.First)),
          *Width2 = Numbers.of(SE.getMinusSCEV(Second.End, Second.First));
    AskIfWithin(Across, 1, MostAcross);
    AskIfWithin(Down, 1, MostBytes);
    AskIfWithin(Apart, -MostBytes, MostBytes);
    AskIfWithin(Width1, 0, MostBytes);
    AskIfWithin(Width2, 0, MostBytes);
    Value *Most = B.CreateMul(Across, Last); // of b t
    // b t > Least and b t <= Greatest, for d = 1.
    Value *Least = B.CreateSub(B.CreateSub(Down, Apart), Width1);
    Value *Greatest = B.CreateSub(B.CreateAdd(B.CreateSub(Width2, Apart), Down),
                                  B.getInt64(1));
    Value *Meet = B.CreateAnd(B.CreateICmpSLT(Least, Most),
                              B.CreateICmpSGE(Greatest, B.getInt64(0)));
    Value *Columns =
        B.CreateSDiv(Greatest, B.CreateBinaryIntrinsic(Intrinsic::smax, Across,
                                                       B.getInt64(1)));
    Lag = B.CreateBinaryIntrinsic(Intrinsic::smax, Lag,
                                  B.CreateSelect(Meet, Columns, B.getInt64(0)));
    Ask(B.CreateICmpSGE(B.CreateAdd(Least, Down), Most)); // for d = 2
  }
  // Else there is no point in it.
  Ask(B.CreateICmpSLT(Lag, B.CreateLShr(Count, B.getInt64(3))));
  // What is reached in the whole nest.
  SmallVector<AddressRange, 8> Ends;
  for (auto [W, Down] : zip(Rows.Windows, Rows.Down)) {
    const SCEV *Last = SE.getAddExpr(W.End, SE.getMulExpr(Down, P.Iterations),
                                     SE.getMulExpr(W.Step, Rows.Count));
    Ends.push_back(
        {Numbers.address(W.Base, W.First), Numbers.address(W.Base, Last)});
  }
  for (auto [X, Y] : Rows.Apart) {
    for (unsigned I : {X, Y})
      for (const SCEV *Step : {Rows.Windows[I].Step, Rows.Down[I]})
        Ask(B.CreateICmpSGE(Numbers.of(Step), B.getInt64(0)));
    Ask(areApart(B, Ends[X], Ends[Y]));
  }
  return {Fine, Count, Lag};
}
