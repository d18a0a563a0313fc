//===- AffineBounds.cpp - progressions that enclose an expression ---------===//
//
// Algorithm, from above; from below it is the same the other way round
//   1. A progression of the loop is its own bound; so is what does not change.
//   2. Above a sum is the sum of what is above its terms, and above a minimum
//      is each of its operands: one that does not change is best.
//   3. Above a product of one factor that changes and others that do not is
//      that of its bound with these, if they are not negative.  That is taken
//      for granted where it is not known, and noted.
//   4. All else has the bounds that loops inside leave it (Bounds.h).
//
//===----------------------------------------------------------------------===//

#include "AffineBounds.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;
using namespace lazypass;

bool AffineBounds::isAffine(const SCEV *S) const {
  auto *Rec = dyn_cast<SCEVAddRecExpr>(S);
  return SE.isLoopInvariant(S, &L) ||
         (Rec && Rec->getLoop() == &L && Rec->isAffine());
}

const SCEV *AffineBounds::choice(ArrayRef<const SCEV *> Operands, bool IsMax,
                                 Side Of, const BasicBlock &Where) {
  bool AnyWillDo = IsMax == (Of == Side::Below);
  SmallVector<const SCEV *, 4> Bounds;
  for (const SCEV *Operand : Operands) {
    const SCEV *Bound = find(Operand, Of, Where);
    bool Stays = Bound && SE.isLoopInvariant(Bound, &L);
    if (AnyWillDo && Stays)
      return Bound;
    if (!AnyWillDo && !Stays)
      return nullptr;
    if (Bound)
      Bounds.push_back(Bound);
  }
  if (AnyWillDo)
    return Bounds.empty() ? nullptr : Bounds.front();
  return IsMax ? SE.getSMaxExpr(Bounds) : SE.getSMinExpr(Bounds);
}

const SCEV *AffineBounds::product(const SCEV *S, Side Of,
                                  const BasicBlock &Where) {
  const SCEV *Changing = nullptr;
  SmallVector<const SCEV *, 4> Others;
  for (const SCEV *Factor : cast<SCEVMulExpr>(S)->operands()) {
    if (SE.isLoopInvariant(Factor, &L))
      Others.push_back(Factor);
    else if (std::exchange(Changing, Factor))
      return nullptr;
  }
  const SCEV *By = SE.getMulExpr(Others);
  bool Falls = SE.isKnownNegative(By);
  if (!Falls && !SE.isKnownNonNegative(By))
    Natural.push_back(By);
  const SCEV *Bound = find(Changing, Falls ? other(Of) : Of, Where);
  return Bound ? SE.getMulExpr(By, Bound) : nullptr;
}

const SCEV *AffineBounds::leaf(const SCEV *S, Side Of,
                               const BasicBlock &Where) {
  Bounds Found = Front.inIteration(S, Where);
  const SCEV *Bound = Of == Side::Above ? Found.Greatest : Found.Least;
  if (!Bound || Bound == S)
    return nullptr;
  return isAffine(Bound) ? Bound : find(Bound, Of, Where);
}

const SCEV *AffineBounds::find(const SCEV *S, Side Of,
                               const BasicBlock &Where) {
  if (SE.getTypeSizeInBits(S->getType()) == 64 && isAffine(S))
    return S;
  const SCEV *Found = nullptr;
  switch (S->getSCEVType()) {
  case scSignExtend: {
    // Of a choice: the choice of what is extended.
    auto *Inner =
        dyn_cast<SCEVMinMaxExpr>(cast<SCEVSignExtendExpr>(S)->getOperand());
    if (!Inner || !isa<SCEVSMinExpr, SCEVSMaxExpr>(Inner))
      break;
    SmallVector<const SCEV *, 4> Wide;
    for (const SCEV *Operand : Inner->operands())
      Wide.push_back(SE.getNoopOrSignExtend(Operand, S->getType()));
    Found = choice(Wide, isa<SCEVSMaxExpr>(Inner), Of, Where);
    break;
  }
  case scAddExpr: {
    SmallVector<const SCEV *, 4> Terms;
    for (const SCEV *Term : cast<SCEVAddExpr>(S)->operands())
      if (const SCEV *Bound = find(Term, Of, Where))
        Terms.push_back(Bound);
    if (Terms.size() == cast<SCEVAddExpr>(S)->getNumOperands())
      Found = SE.getAddExpr(Terms);
    break;
  }
  case scMulExpr:
    Found = product(S, Of, Where);
    break;
  case scSMinExpr:
  case scSMaxExpr:
    Found = choice(cast<SCEVMinMaxExpr>(S)->operands(), isa<SCEVSMaxExpr>(S),
                   Of, Where);
    break;
  default:
    break;
  }
  if (Found && SE.getTypeSizeInBits(S->getType()) == 64 && isAffine(Found))
    return Found;
  return leaf(S, Of, Where);
}

const SCEV *AffineBounds::above(const SCEV *S, const BasicBlock &Where) {
  return find(S, Side::Above, Where);
}

const SCEV *AffineBounds::below(const SCEV *S, const BasicBlock &Where) {
  return find(S, Side::Below, Where);
}

namespace {

class IterationWriter : public SCEVRewriteVisitor<IterationWriter> {
  const Loop &L;
  const SCEV *Number;

public:
  bool Failed = false;

  IterationWriter(ScalarEvolution &SE, const Loop &L, const SCEV *Number)
      : SCEVRewriteVisitor(SE), L(L), Number(Number) {}

  const SCEV *visitAddRecExpr(const SCEVAddRecExpr *Rec) {
    if (!L.contains(Rec->getLoop()))
      return Rec;
    Failed |= Rec->getLoop() != &L || !Rec->isAffine();
    if (Failed)
      return Rec;
    return SE.getAddExpr(
        Rec->getStart(),
        SE.getMulExpr(Rec->getStepRecurrence(SE),
                      SE.getTruncateOrNoop(Number, Rec->getType())));
  }
};

} // namespace

const SCEV *AffineBounds::at(const SCEV *S, const SCEV *Number) const {
  IterationWriter Writer(SE, L, Number);
  S = Writer.visit(S);
  return Writer.Failed || !SE.isLoopInvariant(S, &L) ? nullptr : S;
}
