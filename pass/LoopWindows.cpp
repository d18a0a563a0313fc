//===- LoopWindows.cpp - what memory the iterations of a loop touch -------===//
//
// Algorithm
//   1. Of each load, store and copy, and each region of a call, a window is
//      found between progressions that enclose it (AffineBounds.h).
//   2. What is only read may have a window that does not move; or none, if
//      alias analysis knows that the loop does not write there.
//   3. Windows that move side by side are one.
//   4. One that is written steps on by no less than it is wide; and two of
//      which one is written do not overlap.  Where the code does not show it,
//      that is left to be asked in front of the loop.
//
// Sound: calls are only of functions that are known, and touch what is said of
// them, and nothing depends on which thread an iteration runs on.  Windows are
// taken to be larger than they are, never smaller.
//
//===----------------------------------------------------------------------===//

#include "LoopWindows.h"

#include "AffineBounds.h"
#include "Compat.h"
#include "LibraryFunctions.h"
#include "MemoryOrder.h"
#include "Polynomial.h"
#include "lazy/abi.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

/// To ask about more costs more than it gains.
static constexpr size_t MostWindows = 8, MostCompared = 12;

/// Windows that are nearer than this, where the step is not known, are one.
static constexpr int64_t Near = 4096;

/// A window that comes to where another began does so after fewer iterations.
static constexpr int64_t FarIterations = 32;

namespace {

class WindowFinder {
  ParallelLoop &P;
  const LazyFunctions &Lazy;
  Loop &L;
  const DataLayout &DL;
  ScalarEvolution &SE;
  AAResults &AA;
  const TargetLibraryInfo &TLI;
  AffineBounds Affine;

  SmallVector<Value *, 4> Blind; ///< addresses of reads in no window
  bool ReadsUnknown = false;

public:
  WindowFinder(ParallelLoop &P, const LazyFunctions &Lazy, ScalarEvolution &SE,
               AAResults &AA, const TargetLibraryInfo &TLI)
      : P(P), Lazy(Lazy), L(*P.L), DL(SE.getDataLayout()), SE(SE), AA(AA),
        TLI(TLI), Affine(P.Front, L, SE) {}

  std::optional<Dependence> run() {
    if (const Instruction *I = findAccesses()) {
      P.Complete = false;
      return Dependence{I, "what memory this touches is not known before"};
    }
    std::string Why = whyNotApart();
    if (Why.empty())
      return std::nullopt;
    return Dependence{&P.Front.end(), Why};
  }

  bool runForRow() {
    if (findAccesses())
      return false;
    P.Natural = Affine.assumedNatural();
    for (unsigned I = 0; I != P.Windows.size(); ++I)
      for (unsigned K = 0; K <= I; ++K)
        if (!areComparable(I, K))
          return false;
    return true;
  }

private:
  /// Returns what nobody knows enough of, or null.
  const Instruction *findAccesses() {
    for (BasicBlock *BB : L.blocks())
      for (Instruction &I : *BB)
        if (!addAccesses(I))
          return &I;
    return nullptr;
  }

  bool addAccesses(Instruction &I);
  bool addCall(CallBase &Call, const LazyFunction &Fn);
  bool add(Value *Address, const SCEV *Farther, const SCEV *Size, bool Writes,
           const BasicBlock &Where);
  bool addRegion(CallBase &Call, const Region &R);
  std::optional<Window> windowOf(Value *Base, const SCEV *Offset,
                                 const SCEV *Size, bool Writes,
                                 const BasicBlock &Where);
  const SCEV *number(int64_t N) const {
    return SE.getConstant(APInt(64, uint64_t(N), /*isSigned=*/true));
  }
  const SCEV *sizeOf(Type *T) const {
    return number(int64_t(DL.getTypeStoreSize(T).getKnownMinValue()));
  }

  std::optional<int64_t> distance(const SCEV *A, const SCEV *B) const;
  bool joins(Window &Old, const Window &New) const;
  bool isReadAnywhere(const Window &W) const;
  bool areComparable(unsigned I, unsigned K);
  bool movesOn(const Window &W);
  bool areDistinct(const Value *A, const Value *B) const;
  bool follows(const Window &A, const Window &B) const;
  std::string whyNotApart(const Window &W);
  std::string whyNotApart();
};

} // namespace

//===----------------------------------------------------------------------===//
// Steps 1 and 2
//===----------------------------------------------------------------------===//

/// What an iteration moves on by, and where it starts.
static std::optional<std::pair<const SCEV *, const SCEV *>>
startAndStep(const SCEV *S, const Loop &L, ScalarEvolution &SE) {
  if (SE.isLoopInvariant(S, &L))
    return std::pair(S, SE.getZero(S->getType()));
  auto *Rec = dyn_cast<SCEVAddRecExpr>(S);
  if (!Rec || Rec->getLoop() != &L || !Rec->isAffine())
    return std::nullopt;
  return std::pair(Rec->getStart(), Rec->getStepRecurrence(SE));
}

std::optional<Window> WindowFinder::windowOf(Value *Base, const SCEV *Offset,
                                             const SCEV *Size, bool Writes,
                                             const BasicBlock &Where) {
  const SCEV *Above = Affine.above(SE.getAddExpr(Offset, Size), Where),
             *Below = Affine.below(Offset, Where);
  if (Above && Below) {
    auto First = startAndStep(Below, L, SE), End = startAndStep(Above, L, SE);
    if (First && End && First->second == End->second)
      return Window{{Base, First->first, End->first},
                    First->second,
                    Writes,
                    Affine.at(SE.getAddExpr(Offset, Size),
                              SE.getAddExpr(P.Iterations, number(-1)))};
  }
  // What is only read may be so anywhere.
  if (!Writes) {
    Bounds Reach = P.Front.ever(Offset, Where),
           Length = P.Front.ever(Size, Where);
    if (Reach && Length)
      return Window{
          {Base, Reach.Least, SE.getAddExpr(Reach.Greatest, Length.Greatest)},
          number(0),
          Writes};
  }
  return std::nullopt;
}

/// \p Size bytes, \p Farther behind \p Address.
bool WindowFinder::add(Value *Address, const SCEV *Farther, const SCEV *Size,
                       bool Writes, const BasicBlock &Where) {
  SmallVector<const Value *, 2> Objects;
  getUnderlyingObjects(Address, Objects, /*LI=*/nullptr, /*MaxLookup=*/0);
  if (Objects.size() == 1 &&
      P.Own.contains(dyn_cast<AllocaInst>(const_cast<Value *>(Objects[0]))))
    return true;
  if (Address->getType()->getPointerAddressSpace() != 0)
    return false;
  Value *Base = P.Front.baseOf(Address);
  const SCEV *Offset = Base ? P.Front.offsetOf(Address, Base) : nullptr;
  auto W = Offset ? windowOf(Base, SE.getAddExpr(Offset, Farther), Size, Writes,
                             Where)
                  : std::nullopt;
  if (W) {
    if (none_of(P.Windows, [&](Window &Old) { return joins(Old, *W); }))
      P.Windows.push_back(*W);
    return P.Windows.size() <= MostWindows;
  }
  Blind.push_back(Address);
  P.Complete = false;
  return !Writes;
}

/// Rows of bytes are what encloses them.
bool WindowFinder::addRegion(CallBase &Call, const Region &R) {
  auto Argument = [&](unsigned I) { return Call.getArgOperand(I); };
  auto ValueOf = [&](const Extent &E) { return asExpression(E, SE, Argument); };
  const SCEV *Offset = ValueOf(R.Offset), *Size = ValueOf(R.Size),
             *Rows = ValueOf(R.Rows), *Stride = ValueOf(R.Stride);
  if (R.isVisited() || !Offset || !Size || !Rows || !Stride)
    return false;
  if (!Rows->isOne()) {
    const SCEV *Last = SE.getMulExpr(
        SE.getSMaxExpr(number(0), SE.getAddExpr(Rows, number(-1))), Stride);
    Offset = SE.getAddExpr(Offset, SE.getSMinExpr(number(0), Last));
    Size = SE.getAddExpr(
        Size, SE.getSMaxExpr(Last, SE.getMinusSCEV(number(0), Last)));
  }
  return add(Call.getArgOperand(R.Parameter), Offset, Size,
             R.Access & LAZY_WRITES, *Call.getParent());
}

bool WindowFinder::addCall(CallBase &Call, const LazyFunction &Fn) {
  if (!Fn.saysWhatItTouches() || any_of(Fn.F->args(), [&](const Argument &A) {
        return Fn.looksInside(A.getArgNo());
      }))
    return false;
  const BasicBlock &Where = *Call.getParent();
  for (unsigned I = 0; I != Call.arg_size(); ++I) {
    Type *Object = Call.isByValArgument(I) ? Call.getParamByValType(I)
                   : Call.paramHasAttr(I, Attribute::StructRet)
                       ? Call.getParamStructRetType(I)
                       : nullptr;
    if (Object && !add(Call.getArgOperand(I), number(0), sizeOf(Object),
                       !Call.isByValArgument(I), Where))
      return false;
  }
  for (GlobalVariable *G : Fn.Memory.Reads)
    if (!add(G, number(0), sizeOf(G->getValueType()), /*Writes=*/false, Where))
      return false;
  ReadsUnknown |= Fn.Memory.ReadsUnknown;
  return all_of(Fn.Regions,
                [&](const Region &R) { return addRegion(Call, R); });
}

/// False: nobody knows what it does.
bool WindowFinder::addAccesses(Instruction &I) {
  const BasicBlock &Where = *I.getParent();
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    if (const LazyFunction *Fn = asKnownCall(I, Lazy))
      return addCall(*Call, *Fn);
    if (dependsOnThread(*Call, TLI))
      return false;
  }
  if (auto *Marker = dyn_cast<IntrinsicInst>(&I)) {
    if (Marker->isAssumeLikeIntrinsic() && !Marker->isLifetimeStartOrEnd())
      return true;
    if (Marker->isLifetimeStartOrEnd())
      return P.Own.contains(dyn_cast<AllocaInst>(lifetimeObject(Marker)));
  }
  if (isa<LoadInst, StoreInst>(I)) {
    Type *T = getLoadStoreType(&I);
    return !I.isVolatile() && !I.isAtomic() && !T->isScalableTy() &&
           add(getLoadStorePointerOperand(&I), number(0), sizeOf(T),
               isa<StoreInst>(I), Where);
  }
  if (auto *Fill = dyn_cast<MemIntrinsic>(&I)) {
    const SCEV *Length = SE.getNoopOrZeroExtend(
        SE.getSCEV(Fill->getLength()), Type::getInt64Ty(SE.getContext()));
    auto *Copy = dyn_cast<MemTransferInst>(Fill);
    return !Fill->isVolatile() &&
           add(Fill->getRawDest(), number(0), Length, /*Writes=*/true, Where) &&
           (!Copy || add(Copy->getRawSource(), number(0), Length,
                         /*Writes=*/false, Where));
  }
  return !I.mayReadOrWriteMemory() && !I.mayHaveSideEffects() &&
         !isa<AllocaInst>(I) && I.willReturn();
}

//===----------------------------------------------------------------------===//
// Steps 3 and 4
//===----------------------------------------------------------------------===//

static std::optional<int64_t> asNumber(const SCEV *S) {
  return Polynomial(S).constant();
}

/// From \p B to \p A, if that is a number.
std::optional<int64_t> WindowFinder::distance(const SCEV *A,
                                              const SCEV *B) const {
  return asNumber(SE.getMinusSCEV(A, B));
}

/// Makes \p Old enclose \p New, if they move side by side.
bool WindowFinder::joins(Window &Old, const Window &New) const {
  if (Old.Base != New.Base || Old.Step != New.Step)
    return false;
  auto First = distance(New.First, Old.First), End = distance(New.End, Old.End);
  auto Step = asNumber(Old.Step);
  auto IsNear = [&](int64_t Bytes) {
    return Step && *Step ? std::abs(Bytes) < std::abs(*Step)
                         : std::abs(Bytes) <= Near;
  };
  if (!First || !End || !IsNear(*First))
    return false;
  if (*First < 0)
    Old.First = New.First;
  if (*End > 0)
    Old.End = New.End;
  Old.Writes |= New.Writes;
  Old.LastEnd = Old.LastEnd && New.LastEnd
                    ? SE.getSMaxExpr(Old.LastEnd, New.LastEnd)
                    : nullptr;
  return true;
}

/// May its iterations write different bytes, as far as can be seen?
bool WindowFinder::movesOn(const Window &W) {
  const SCEV *Width = SE.getMinusSCEV(W.End, W.First);
  auto Step = asNumber(W.Step), Bytes = asNumber(Width);
  if (Step && Bytes)
    return std::abs(*Step) >= *Bytes && *Bytes > 0;
  return !W.Step->isZero() && P.Front.extentOf(W.Step) &&
         P.Front.extentOf(Width);
}

static std::string through(const Value *Base) {
  return Base->hasName() ? (", through '" + Base->getName() + "'").str() : "";
}

bool WindowFinder::areDistinct(const Value *A, const Value *B) const {
  return all_of(wholeObjects(A), [&](const MemoryLocation &X) {
    return all_of(wholeObjects(B),
                  [&](const MemoryLocation &Y) { return AA.isNoAlias(X, Y); });
  });
}

/// Does the one come to where the other was, unless the loop is very short?
bool WindowFinder::follows(const Window &A, const Window &B) const {
  if (A.Base != B.Base || A.Step != B.Step)
    return false;
  auto WidthA = distance(A.End, A.First), WidthB = distance(B.End, B.First);
  for (int64_t Iterations : {-2, -1, 1, 2}) {
    const SCEV *Moved =
        SE.getAddExpr(B.First, SE.getMulExpr(A.Step, number(Iterations)));
    auto Behind = distance(A.First, Moved);
    if (Behind && -WidthA.value_or(Near) < *Behind &&
        *Behind < WidthB.value_or(Near))
      return true;
  }
  auto Distance = distance(A.First, B.First), Step = asNumber(A.Step);
  return Distance && Step &&
         std::abs(*Distance) / FarIterations < std::abs(*Step);
}

/// May others read there, in no window?
bool WindowFinder::isReadAnywhere(const Window &W) const {
  return (ReadsUnknown && !isPrivate(W.Base)) ||
         any_of(Blind,
                [&](const Value *Read) { return !areDistinct(Read, W.Base); });
}

bool WindowFinder::areComparable(unsigned I, unsigned K) {
  const Window &A = P.Windows[I], &B = P.Windows[K];
  if (!A.Writes && !B.Writes)
    return true;
  if ((A.Writes && isReadAnywhere(A)) || (B.Writes && isReadAnywhere(B)))
    return false;
  if (A.Base == B.Base || !areDistinct(A.Base, B.Base))
    P.ToCompare.push_back({K, I});
  return true;
}

/// Empty: its iterations write different memory, as far as can be seen.
std::string WindowFinder::whyNotApart(const Window &W) {
  auto Step = asNumber(W.Step), Times = asNumber(P.Iterations);
  int64_t Way;
  if (Step && Times && MulOverflow(*Step, *Times, Way))
    return "it goes beyond the end of memory";
  ByteRange Covered = P.covered(W, SE);
  if (!P.Front.extentOf(Covered.First) || !P.Front.extentOf(Covered.End))
    return "what it touches is hard to compute";
  if (!W.Writes)
    return "";
  if (!movesOn(W))
    return "they write the same memory" + through(W.Base);
  if (isReadAnywhere(W))
    return "some may read what others write" + through(W.Base);
  return "";
}

std::string WindowFinder::whyNotApart() {
  P.Natural = Affine.assumedNatural();
  P.Complete &= !ReadsUnknown;
  if (!all_of(P.Natural, [&](const SCEV *S) { return P.Front.extentOf(S); }))
    return "what it touches is hard to compute";
  for (unsigned I = 0; I != P.Windows.size(); ++I) {
    const Window &W = P.Windows[I];
    if (std::string Why = whyNotApart(W); !Why.empty())
      return Why;
    for (unsigned K = 0; K != I; ++K) {
      const Window &Other = P.Windows[K];
      if (!W.Writes && !Other.Writes)
        continue;
      if (follows(W, Other))
        return "some may read what others write" + through(W.Base);
      if (Other.Base == W.Base || !areDistinct(Other.Base, W.Base))
        P.ToCompare.push_back({K, I});
    }
  }
  return P.ToCompare.size() <= MostCompared
             ? ""
             : "there is too much memory to compare";
}

std::optional<Dependence> lazypass::findWindows(ParallelLoop &P,
                                                const LazyFunctions &Lazy,
                                                ScalarEvolution &SE,
                                                AAResults &AA,
                                                const TargetLibraryInfo &TLI) {
  return WindowFinder(P, Lazy, SE, AA, TLI).run();
}

bool lazypass::findRowWindows(ParallelLoop &P, const LazyFunctions &Lazy,
                              ScalarEvolution &SE, AAResults &AA,
                              const TargetLibraryInfo &TLI) {
  return WindowFinder(P, Lazy, SE, AA, TLI).runForRow();
}

bool lazypass::dependsOnThread(const CallBase &Call,
                               const TargetLibraryInfo &TLI) {
  const LibraryFunction *Known = knownLibraryFunction(Call, TLI);
  return Call.getIntrinsicID() == Intrinsic::threadlocal_address ||
         (Known && Known->Kind == LibraryFunction::PerThread);
}
