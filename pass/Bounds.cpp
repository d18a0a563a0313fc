//===- Bounds.cpp - between what values an expression stays ---------------===//
//
// Algorithm
//   1. ScalarEvolution says what an expression is: a sum of products of what is
//      known before and of progressions, {start, +, step} in each of the loops.
//   2. A progression lies between its start and its value in the last iteration
//      that comes by: as often as the exits let the loop go round.  All other
//      operations take bounds to bounds.
//   3. What is not understood has the bounds that its type and its known bits
//      give it: the index into a table of 256 entries is a byte.
//
// Sound: numbers are integers without limits here, and addresses are those
// integers modulo 2^64.  Where the code computes in fewer bits, ScalarEvolution
// has proved that nothing is lost, or step 3 applies; where the bounds do not
// fit in 64 bits, the Extent says so when it is computed.  ScalarEvolution puts
// constants together modulo 2^64, so they are kept small.  No loop comes by one
// place so often that the address which grows would leave the address space:
// counts are cut there.
//
//===----------------------------------------------------------------------===//

#include "Bounds.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"

using namespace llvm;
using namespace lazypass;

/// More bytes than there are addresses.
static constexpr int64_t TooMany = int64_t(1) << 48;

/// Constants have no more bits than this, so that sums of them fit in 64.
static constexpr unsigned MostBits = 52;

/// Bounds that are farther apart than this say nothing worth knowing.
static constexpr int64_t MostValues = int64_t(1) << 20;

/// The largest size of expressions that are looked into: they share parts, and
/// are trees for us.
static constexpr unsigned MostOperands = 64;

const SCEV *BoundFinder::constant(int64_t N) {
  return SE.getConstant(APInt(64, uint64_t(N), /*isSigned=*/true));
}

/// As a signed number.
const SCEV *BoundFinder::wide(const SCEV *S) {
  return SE.getNoopOrSignExtend(S, Type::getInt64Ty(SE.getContext()));
}

/// Of the largest constant in \p S.
static unsigned constantBits(const SCEV *S) {
  unsigned Most = 0;
  SCEVExprContains(S, [&](const SCEV *Part) {
    if (auto *C = dyn_cast<SCEVConstant>(Part))
      Most = std::max(Most, C->getAPInt().abs().getActiveBits());
    return false;
  });
  return Most;
}

/// Null: what constants give together might not fit.
const SCEV *BoundFinder::multiply(const SCEV *A, const SCEV *B) {
  if (constantBits(A) + constantBits(B) > 62)
    return nullptr;
  return SE.getMulExpr(A, B);
}

Bounds BoundFinder::known(const SCEV *S) {
  ConstantRange R = SE.getSignedRange(S);
  APInt Least = R.getSignedMin().sext(65), Greatest = R.getSignedMax().sext(65);
  if ((Greatest - Least).sgt(MostValues))
    return {};
  return {constant(Least.getSExtValue()), constant(Greatest.getSExtValue())};
}

Bounds BoundFinder::sum(const SCEVAddExpr &Add, const BasicBlock &Where) {
  Bounds Sum{constant(0), constant(0)};
  for (const SCEV *Term : Add.operands()) {
    Bounds B = of(Term, Where);
    if (!B)
      return {};
    Sum.Least = SE.getAddExpr(Sum.Least, B.Least);
    Sum.Greatest = SE.getAddExpr(Sum.Greatest, B.Greatest);
  }
  return Sum;
}

Bounds BoundFinder::times(Bounds A, Bounds B) {
  SmallVector<const SCEV *, 4> Corners;
  for (const SCEV *X : {A.Least, A.Greatest})
    for (const SCEV *Y : {B.Least, B.Greatest})
      Corners.push_back(multiply(X, Y));
  if (is_contained(Corners, nullptr))
    return {};
  if (A.Least == A.Greatest && B.Least == B.Greatest)
    return {Corners.front(), Corners.front()};
  // The sign of one of them is often known.
  auto IsNatural = [&](const Bounds &X) {
    return SE.isKnownNonNegative(X.Least);
  };
  if (IsNatural(A) && IsNatural(B))
    return {Corners.front(), Corners.back()};
  SmallVector<const SCEV *, 4> Again = Corners;
  return {SE.getSMinExpr(Corners), SE.getSMaxExpr(Again)};
}

Bounds BoundFinder::product(const SCEVMulExpr &Mul, const BasicBlock &Where) {
  Bounds Product{constant(1), constant(1)};
  for (const SCEV *Factor : Mul.operands()) {
    Bounds B = of(Factor, Where);
    if (!B)
      return {};
    Product = times(Product, B);
    if (!Product)
      return {};
  }
  return Product;
}

Bounds BoundFinder::lastIteration(const Loop &L, const BasicBlock &Where) {
  Bounds Best;
  SmallVector<BasicBlock *, 4> Exits;
  L.getExitingBlocks(Exits);
  for (BasicBlock *Exit : Exits) {
    // Only what is looked at once in each iteration bounds their number.
    if (!L.getLoopLatch() || !DT.dominates(Exit, L.getLoopLatch()) ||
        any_of(L.getSubLoops(),
               [&](const Loop *Inner) { return Inner->contains(Exit); }))
      continue;
    const SCEV *Count =
        SE.getExitCount(&L, Exit, ScalarEvolution::SymbolicMaximum);
    if (isa<SCEVCouldNotCompute>(Count) ||
        SE.getTypeSizeInBits(Count->getType()) > 64)
      continue;
    Count = SE.getNoopOrZeroExtend(Count, Type::getInt64Ty(SE.getContext()));
    if (SE.getUnsignedRangeMax(Count).ugt(uint64_t(TooMany)))
      Count = SE.getUMinExpr(Count, constant(TooMany));
    if (Exit != &Where && DT.dominates(Exit, &Where))
      Count = SE.getAddExpr(Count, constant(-1));
    Bounds B = of(Count, *Exit);
    if (!B)
      continue;
    Best.Least = constant(0);
    Best.Greatest =
        Best.Greatest ? SE.getSMinExpr(Best.Greatest, B.Greatest) : B.Greatest;
  }
  return Best;
}

Bounds BoundFinder::progression(const SCEVAddRecExpr &Rec,
                                const BasicBlock &Where) {
  if (!Rec.isAffine() || !Rec.getLoop()->contains(&Where))
    return {};
  Bounds Start = of(Rec.getStart(), Where),
         Step = of(Rec.getStepRecurrence(SE), Where),
         Last = lastIteration(*Rec.getLoop(), Where);
  if (!Start || !Step || !Last)
    return {};
  // In iteration 0 it has not moved.
  const SCEV *Zero = constant(0), *Low = multiply(Step.Least, Last.Greatest),
             *High = multiply(Step.Greatest, Last.Greatest);
  if (!Low || !High)
    return {};
  bool Rises = SE.isKnownNonNegative(Step.Least),
       Falls = SE.isKnownNonPositive(Step.Greatest);
  const SCEV *Down = Rises   ? Zero
                     : Falls ? Low
                             : SE.getSMinExpr(Zero, Low),
             *Up = Falls   ? Zero
                   : Rises ? High
                           : SE.getSMaxExpr(Zero, High);
  return {SE.getAddExpr(Start.Least, Down), SE.getAddExpr(Start.Greatest, Up)};
}

Bounds BoundFinder::choice(const SCEVNAryExpr &Choice,
                           const BasicBlock &Where) {
  bool IsUnsigned = !isa<SCEVSMaxExpr, SCEVSMinExpr>(&Choice);
  SmallVector<const SCEV *, 4> Least, Greatest;
  for (const SCEV *Operand : Choice.operands()) {
    Bounds B = of(Operand, Where);
    if (!B || (IsUnsigned && !SE.isKnownNonNegative(B.Least)))
      return {};
    Least.push_back(B.Least);
    Greatest.push_back(B.Greatest);
  }
  bool Max = isa<SCEVSMaxExpr, SCEVUMaxExpr>(&Choice);
  return Max ? Bounds{SE.getSMaxExpr(Least), SE.getSMaxExpr(Greatest)}
             : Bounds{SE.getSMinExpr(Least), SE.getSMinExpr(Greatest)};
}

Bounds BoundFinder::of(const SCEV *S, const BasicBlock &Where) {
  Bounds B = find(S, Where);
  if (B &&
      (constantBits(B.Least) > MostBits || constantBits(B.Greatest) > MostBits))
    return {};
  return B;
}

Bounds BoundFinder::find(const SCEV *S, const BasicBlock &Where) {
  if (!S->getType()->isIntegerTy() || SE.getTypeSizeInBits(S->getType()) > 64 ||
      S->getExpressionSize() > MostOperands)
    return {};
  // What is known before is its own bound.
  if (asExtent(S, Name)) {
    const SCEV *Same = wide(S);
    return {Same, Same};
  }
  bool Whole = SE.getTypeSizeInBits(S->getType()) == 64;
  Bounds B;
  switch (S->getSCEVType()) {
  case scSignExtend:
    B = of(cast<SCEVSignExtendExpr>(S)->getOperand(), Where);
    break;
  case scZeroExtend:
    B = of(cast<SCEVZeroExtendExpr>(S)->getOperand(), Where);
    if (B && !SE.isKnownNonNegative(B.Least))
      B = {};
    break;
  case scAddExpr:
    if (Whole || cast<SCEVAddExpr>(S)->hasNoSignedWrap())
      B = sum(*cast<SCEVAddExpr>(S), Where);
    break;
  case scMulExpr:
    if (Whole || cast<SCEVMulExpr>(S)->hasNoSignedWrap())
      B = product(*cast<SCEVMulExpr>(S), Where);
    break;
  case scAddRecExpr:
    if (Whole || cast<SCEVAddRecExpr>(S)->hasNoSignedWrap())
      B = progression(*cast<SCEVAddRecExpr>(S), Where);
    break;
  case scSMaxExpr:
  case scSMinExpr:
  case scUMaxExpr:
  case scUMinExpr:
  case scSequentialUMinExpr:
    B = choice(*cast<SCEVNAryExpr>(S), Where);
    break;
  default:
    break;
  }
  return B ? B : known(S);
}
