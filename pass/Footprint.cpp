//===- Footprint.cpp - what a body touches through a parameter ------------===//
//
// Algorithm
//   1. On a scratch copy of the body (ScratchBody.h).
//   2. From the parameter, follow every pointer that is computed from it, to
//      each load, store and copy.
//   3. Bounds.cpp says between which offsets from the parameter each of these
//      stays.  One that steps far from iteration to iteration of a loop, as
//      from row to row of a matrix, makes rows.
//   4. All that is read makes one region, and all that is written another: what
//      encloses them, in rows if all have the same.
//
// Sound: a pointer that is followed nowhere but to accesses and comparisons has
// no others.  What goes anywhere else (into memory, into an integer, into a
// call out of sight) is lost, and with it the parameter.  An access that may
// not happen counts like one that does: that costs parallelism only.
//
//===----------------------------------------------------------------------===//

#include "Footprint.h"

#include "Bounds.h"
#include "Offset.h"
#include "PointerUses.h"
#include "Polynomial.h"
#include "Remarks.h"
#include "lazy/abi.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

/// Steps between rows are at least so many bytes, or not known.
static constexpr int64_t ShortestStride = 128;

/// Rows as far apart as in the stencils there are.
static constexpr int FarthestRow = 4;

/// More arithmetic than this at each call costs more than it gains.
static constexpr size_t MostSteps = 64;

//===----------------------------------------------------------------------===//
// Spans of memory
//===----------------------------------------------------------------------===//

namespace {

/// The bytes from First up to End, counted from where the parameter points.
struct Interval {
  const SCEV *First = nullptr, *End = nullptr;
};

/// Accesses in all their iterations: enclosed by Whole; and, if they have Rows,
/// by Count such Intervals, each Stride bytes behind the one before, and Above
/// more in front of them and Below more behind.
struct Span {
  Interval Whole, Row;
  const SCEV *Stride = nullptr, *Count = nullptr;
  unsigned Above = 0, Below = 0;
  bool hasRows() const { return Stride; }
};

/// The parameters of the IR are what is known before.
std::optional<unsigned> nameOf(const SCEV &S) {
  auto *Unknown = dyn_cast<SCEVUnknown>(&S);
  auto *A = Unknown ? dyn_cast<Argument>(Unknown->getValue()) : nullptr;
  if (!A || A->hasByValAttr() || A->hasStructRetAttr())
    return std::nullopt;
  return A->getArgNo();
}

class Footprint {
  ScalarEvolution &SE;
  BoundFinder Find;
  const Argument &Parameter;
  std::optional<Span> Read, Written;
  const Instruction *Lost = nullptr;

public:
  Footprint(const Argument &Parameter, ScalarEvolution &SE,
            const DominatorTree &DT)
      : SE(SE), Find(SE, DT, nameOf), Parameter(Parameter) {
    follow();
  }

  /// The access that is not bounded, or null.
  const Instruction *lost() const { return Lost; }

  /// False: they cannot be written down.
  bool regions(unsigned Parameter, std::vector<Region> &Into) const;

private:
  void follow();
  bool visit(const Use &U);
  bool visitCopy(const MemIntrinsic &Copy, const Use &U);
  bool note(const Instruction &At, Value *Pointer, const SCEV *Size,
            unsigned Access);
  std::optional<Span> spanOf(const SCEV *Offset, const SCEV *Size,
                             const BasicBlock &Where);
  void findRows(Span &S, const SCEV *Offset, const SCEV *Size,
                const BasicBlock &Where);
  Interval join(const Interval &A, const Interval &B) const;
  std::optional<int> rowsBetween(const Span &A, const Span &B) const;
  void join(std::optional<Span> &All, const Span &S);
  std::optional<Region> regionOf(const Span &S) const;
  const SCEV *number(int64_t N) const {
    return SE.getConstant(Type::getInt64Ty(SE.getContext()), uint64_t(N),
                          /*isSigned=*/true);
  }
};

} // namespace

/// By how many rows \p B stands behind \p A, but for some bytes; nothing if
/// that is no number or they have other rows.
std::optional<int> Footprint::rowsBetween(const Span &A, const Span &B) const {
  if (!A.hasRows() || A.Stride != B.Stride || A.Count != B.Count)
    return std::nullopt;
  Polynomial Distance(B.Row.First), Row(A.Stride);
  Distance.add(Polynomial(A.Row.First), -1);
  for (int Rows = -FarthestRow; Rows <= FarthestRow; ++Rows)
    if (Polynomial(Distance).add(Row, -Rows).constant())
      return Rows;
  return std::nullopt;
}

/// The same in less arithmetic, if one of them is known to lie first.
Interval Footprint::join(const Interval &A, const Interval &B) const {
  auto First = [&](const SCEV *X, const SCEV *Y) {
    auto Distance = Polynomial(Y).add(Polynomial(X), -1).constant();
    return !Distance ? SE.getSMinExpr(X, Y) : *Distance >= 0 ? X : Y;
  };
  auto Last = [&](const SCEV *X, const SCEV *Y) {
    auto Distance = Polynomial(Y).add(Polynomial(X), -1).constant();
    return !Distance ? SE.getSMaxExpr(X, Y) : *Distance >= 0 ? Y : X;
  };
  return {First(A.First, B.First), Last(A.End, B.End)};
}

void Footprint::join(std::optional<Span> &All, const Span &S) {
  if (!All) {
    All = S;
    return;
  }
  All->Whole = join(All->Whole, S.Whole);
  auto Rows = rowsBetween(*All, S);
  if (!Rows) {
    All->Stride = nullptr;
    return;
  }
  const SCEV *Back = SE.getMulExpr(All->Stride, number(-*Rows));
  All->Row = join(All->Row, {SE.getAddExpr(S.Row.First, Back),
                             SE.getAddExpr(S.Row.End, Back)});
  All->Above = std::max<int>(All->Above, -*Rows);
  All->Below = std::max<int>(All->Below, *Rows);
}

/// Looks for the outermost loop that goes from row to row.
void Footprint::findRows(Span &S, const SCEV *Offset, const SCEV *Size,
                         const BasicBlock &Where) {
  const SCEVAddRecExpr *Rows = nullptr;
  for (auto *Rec = dyn_cast<SCEVAddRecExpr>(Offset); Rec && Rec->isAffine();
       Rec = dyn_cast<SCEVAddRecExpr>(Rec->getStart())) {
    const SCEV *Step = Rec->getStepRecurrence(SE);
    auto *Constant = dyn_cast<SCEVConstant>(Step);
    if (asExtent(Step, nameOf) &&
        (!Constant || Constant->getAPInt().abs().sge(ShortestStride)))
      Rows = Rec;
  }
  if (!Rows)
    return;
  const SCEV *Step = Rows->getStepRecurrence(SE);
  Bounds Last = Find.lastIteration(*Rows->getLoop(), Where);
  Bounds InRow = Find.of(
      SE.getMinusSCEV(Offset, SE.getAddRecExpr(number(0), Step, Rows->getLoop(),
                                               SCEV::FlagAnyWrap)),
      Where);
  if (!Last || !InRow)
    return;
  S.Row = {InRow.Least, SE.getAddExpr(InRow.Greatest, Size)};
  S.Stride = Step;
  S.Count = SE.getAddExpr(Last.Greatest, number(1));
}

/// \p Size bytes at \p Offset, whenever control comes to \p Where.
std::optional<Span> Footprint::spanOf(const SCEV *Offset, const SCEV *Size,
                                      const BasicBlock &Where) {
  Bounds Reach = Find.of(Offset, Where);
  if (!Reach)
    return std::nullopt;
  Span S;
  S.Whole = {Reach.Least, SE.getAddExpr(Reach.Greatest, Size)};
  findRows(S, Offset, Size, Where);
  return S;
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

bool Footprint::note(const Instruction &At, Value *Pointer, const SCEV *Size,
                     unsigned Access) {
  const SCEV *Offset = OffsetFinder(SE, Parameter).of(*Pointer);
  auto S = Offset ? spanOf(Offset, Size, *At.getParent()) : std::nullopt;
  if (S)
    join(Access == LAZY_READS ? Read : Written, *S);
  return S.has_value();
}

bool Footprint::visitCopy(const MemIntrinsic &Copy, const Use &U) {
  if (Copy.isVolatile())
    return false;
  Bounds Length =
      Find.of(SE.getNoopOrZeroExtend(SE.getSCEV(Copy.getLength()),
                                     Type::getInt64Ty(SE.getContext())),
              *Copy.getParent());
  return Length && note(Copy, U.get(), Length.Greatest,
                        U.getOperandNo() == 0 ? LAZY_WRITES : LAZY_READS);
}

/// Does it bound what happens at \p U?
bool Footprint::visit(const Use &U) {
  auto *I = cast<Instruction>(U.getUser());
  const DataLayout &DL = I->getModule()->getDataLayout();
  auto SizeOf = [&](Type *T) {
    return number(int64_t(DL.getTypeStoreSize(T).getKnownMinValue()));
  };
  if (isa<ICmpInst, ReturnInst>(I))
    return true;
  if (auto *Load = dyn_cast<LoadInst>(I))
    return Load->isSimple() && !Load->getType()->isScalableTy() &&
           note(*I, U.get(), SizeOf(Load->getType()), LAZY_READS);
  if (auto *Store = dyn_cast<StoreInst>(I)) {
    Type *T = Store->getValueOperand()->getType();
    return Store->isSimple() && !T->isScalableTy() &&
           U.getOperandNo() == StoreInst::getPointerOperandIndex() &&
           note(*I, U.get(), SizeOf(T), LAZY_WRITES);
  }
  if (auto *Copy = dyn_cast<MemIntrinsic>(I))
    return visitCopy(*Copy, U);
  auto *Intrinsic = dyn_cast<IntrinsicInst>(I);
  return Intrinsic && Intrinsic->isAssumeLikeIntrinsic();
}

void Footprint::follow() {
  const Use *U =
      findUseUnless(Parameter, [&](const Use &U) { return visit(U); });
  if (U)
    Lost = cast<Instruction>(U->getUser());
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

std::optional<Region> Footprint::regionOf(const Span &S) const {
  Interval Bytes = S.Whole;
  if (S.hasRows()) {
    const SCEV *Up = SE.getMulExpr(S.Stride, number(-int64_t(S.Above)));
    Bytes = {SE.getAddExpr(S.Row.First, Up), SE.getAddExpr(S.Row.End, Up)};
  }
  auto AtLeastNone = [&](const SCEV *N) {
    return SE.getSMaxExpr(number(0), N);
  };
  auto Offset = asExtent(Bytes.First, nameOf),
       Size = asExtent(AtLeastNone(SE.getMinusSCEV(Bytes.End, Bytes.First)),
                       nameOf);
  if (!Offset || !Size)
    return std::nullopt;
  Region R;
  R.Shown = true;
  R.Offset = *Offset;
  R.Size = *Size;
  if (S.hasRows()) {
    auto Rows = asExtent(
             SE.getAddExpr(AtLeastNone(S.Count), number(S.Above + S.Below)),
             nameOf),
         Stride = asExtent(S.Stride, nameOf);
    if (!Rows || !Stride)
      return std::nullopt;
    R.Rows = *Rows;
    R.Stride = *Stride;
  }
  if (R.Offset.Steps.size() + R.Size.Steps.size() + R.Rows.Steps.size() +
          R.Stride.Steps.size() >
      MostSteps)
    return std::nullopt;
  return R;
}

bool Footprint::regions(unsigned Parameter, std::vector<Region> &Into) const {
  auto Add = [&](const std::optional<Span> &S, unsigned Access) {
    auto R = S ? regionOf(*S) : std::nullopt;
    if (!R)
      return !S;
    R->Parameter = Parameter;
    R->Access = Access;
    Into.push_back(std::move(*R));
    return true;
  };
  return Add(Read, LAZY_READS) && Add(Written, LAZY_WRITES);
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// Is there no better word on it than an array declarator?
static bool isAtMostDeclared(const LazyFunction &L, unsigned Parameter) {
  return all_of(L.Regions, [&](const Region &R) {
    return R.Parameter != Parameter || R.Declared;
  });
}

/// What is to be found out about, and can be.
static SmallVector<PointerParameter *, 4> unknownParameters(LazyFunction &L) {
  SmallVector<PointerParameter *, 4> Unknown;
  if (L.F->hasExactDefinition())
    for (PointerParameter &P : L.Pointers)
      if (!P.Opaque && L.seenAccess(P.Parameter) &&
          isAtMostDeclared(L, P.Parameter) && !L.seenInside(P.Parameter) &&
          L.F->getArg(P.Parameter)->getType() ==
              PointerType::get(L.F->getContext(), 0) &&
          !L.F->getArg(P.Parameter)->hasByValAttr())
        Unknown.push_back(&P);
  return Unknown;
}

static void remarkRegion(const LazyFunction &L, const Region &R) {
  auto Name = [&](unsigned I) {
    return "parameter " + std::to_string(I + 1 - L.SRet);
  };
  auto Text = [&](const Extent &E) { return toText(E, Name); };
  std::string Rows = Text(R.Rows);
  remarkKnown(*L.F, "Region",
              Twine(R.Access == LAZY_READS ? "reads " : "writes ") +
                  (Rows == "1" ? "" : Rows + " rows of ") + Text(R.Size) +
                  " bytes from " + Name(R.Parameter) + " + " + Text(R.Offset) +
                  " on" + (Rows == "1" ? "" : ", one every " + Text(R.Stride)));
}

/// Does \p R reach beyond \p Declared, as numbers tell?
static bool reachesBeyond(const Region &R, const Region &Declared) {
  auto First = R.Offset.asNumber(), Size = R.Size.asNumber(),
       Room = Declared.Size.asNumber();
  return First && Size && Room && *Size &&
         (*First < 0 || *First + *Size > *Room);
}

/// \p Shown is all that the body touches through the parameter.
static void replaceDeclared(LazyFunction &L, unsigned Parameter,
                            ArrayRef<Region> Shown) {
  for (const Region &Declared : L.Regions)
    if (Declared.Parameter == Parameter)
      L.DeclaresLess |= any_of(
          Shown, [&](const Region &R) { return reachesBeyond(R, Declared); });
  erase_if(L.Regions,
           [&](const Region &R) { return R.Parameter == Parameter; });
  append_range(L.Regions, Shown);
}

void lazypass::inferRegions(LazyFunction &L, ScratchBody &Body) {
  for (PointerParameter *P : unknownParameters(L)) {
    Footprint Found(*Body.function().getArg(P->Parameter),
                    Body.get<ScalarEvolutionAnalysis>(),
                    Body.get<DominatorTreeAnalysis>());
    std::vector<Region> Regions;
    if (const Instruction *Lost = Found.lost())
      P->Lost = Lost->getDebugLoc();
    else if (Found.regions(P->Parameter, Regions))
      replaceDeclared(L, P->Parameter, Regions);
    for (const Region &R : Regions)
      remarkRegion(L, R);
  }
}
