//===- LoopFront.cpp - what is known in front of a loop -------------------===//
//
// Algorithm
//   1. Known is what dominates the front; and progressions of the loops around,
//      for their counters are known there.
//   2. Bounds are found over those (Bounds.h).
//   3. To be computed, {start, +, step} of a loop around becomes start + step *
//      its counter.
//
//===----------------------------------------------------------------------===//

#include "LoopFront.h"

#include "Offset.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"

using namespace llvm;
using namespace lazypass;

Instruction &LoopFront::end() const {
  return *L.getLoopPreheader()->getTerminator();
}

bool LoopFront::isKnown(const Value *V) const {
  auto *I = dyn_cast<Instruction>(V);
  return !I || DT.dominates(I, L.getHeader());
}

Value *LoopFront::baseOf(Value *Address) const {
  auto *Base = dyn_cast<SCEVUnknown>(SE.getPointerBase(SE.getSCEV(Address)));
  return Base && isKnown(Base->getValue()) ? Base->getValue() : nullptr;
}

const SCEV *LoopFront::offsetOf(Value *Address, Value *Base) const {
  return OffsetFinder(SE, *Base).of(*Address);
}

/// Can it be computed, as a number of 64 bits, from what is known?
bool LoopFront::isNumber(const SCEV &S, bool OfIteration) const {
  if (auto *Unknown = dyn_cast<SCEVUnknown>(&S))
    return isKnown(Unknown->getValue());
  auto *Rec = dyn_cast<SCEVAddRecExpr>(&S);
  if (!Rec || !Rec->isAffine() || !Rec->getType()->isIntegerTy() ||
      !Rec->getLoop()->contains(&L))
    return false;
  // What wraps is still known, but it is no progression of numbers.
  if (Rec->getLoop() == &L &&
      (!OfIteration ||
       (SE.getTypeSizeInBits(Rec->getType()) < 64 && !Rec->hasNoSignedWrap())))
    return false;
  auto Name = [&](const SCEV &Part) {
    return isNumber(Part, OfIteration) ? std::optional(0u) : std::nullopt;
  };
  return asExtent(Rec->getStart(), Name) &&
         asExtent(Rec->getStepRecurrence(SE), Name);
}

Bounds LoopFront::ever(const SCEV *S, const BasicBlock &Where) const {
  auto Name = [&](const SCEV &Part) {
    return isNumber(Part, false) ? std::optional(0u) : std::nullopt;
  };
  return BoundFinder(SE, DT, Name).of(S, Where);
}

Bounds LoopFront::inIteration(const SCEV *S, const BasicBlock &Where) const {
  auto Name = [&](const SCEV &Part) {
    return isNumber(Part, true) ? std::optional(0u) : std::nullopt;
  };
  return BoundFinder(SE, DT, Name).of(S, Where);
}

//===----------------------------------------------------------------------===//
// As code
//===----------------------------------------------------------------------===//

namespace {

/// Step 3.
class CounterWriter : public SCEVRewriteVisitor<CounterWriter> {
  const Loop &Inner;

public:
  bool Failed = false;

  CounterWriter(ScalarEvolution &SE, const Loop &Inner)
      : SCEVRewriteVisitor(SE), Inner(Inner) {}

  const SCEV *visitAddRecExpr(const SCEVAddRecExpr *Rec) {
    const SCEV *Counter = counterOf(*Rec->getLoop());
    if (!Counter || !Rec->isAffine() || Rec->getLoop() == &Inner ||
        !Rec->getLoop()->contains(&Inner) || !Rec->getType()->isIntegerTy() ||
        SE.getTypeSizeInBits(Rec->getType()) > 64) {
      Failed = true;
      return Rec;
    }
    return SE.getAddExpr(
        visit(Rec->getStart()),
        SE.getMulExpr(visit(Rec->getStepRecurrence(SE)),
                      SE.getTruncateOrNoop(Counter, Rec->getType())));
  }

private:
  /// The number of its iteration, an i64, or null.
  const SCEV *counterOf(const Loop &Around) {
    Type *I64 = Type::getInt64Ty(SE.getContext());
    for (PHINode &Phi : Around.getHeader()->phis()) {
      auto *Rec = SE.isSCEVable(Phi.getType())
                      ? dyn_cast<SCEVAddRecExpr>(SE.getSCEV(&Phi))
                      : nullptr;
      if (!Rec || Rec->getLoop() != &Around || !Rec->getType()->isIntegerTy() ||
          SE.getTypeSizeInBits(Rec->getType()) > 64 ||
          !Rec->getStepRecurrence(SE)->isOne() ||
          !isa<SCEVConstant>(Rec->getStart()) ||
          !isa<SCEVAddRecExpr>(SE.getNoopOrSignExtend(Rec, I64)))
        continue;
      return SE.getMinusSCEV(SE.getNoopOrSignExtend(SE.getUnknown(&Phi), I64),
                             SE.getNoopOrSignExtend(Rec->getStart(), I64));
    }
    return nullptr;
  }
};

} // namespace

std::optional<Extent> LoopFront::extentOf(const SCEV *S) {
  CounterWriter Writer(SE, L);
  S = Writer.visit(S);
  if (Writer.Failed)
    return std::nullopt;
  auto Name = [&](const SCEV &Part) -> std::optional<unsigned> {
    auto *Unknown = dyn_cast<SCEVUnknown>(&Part);
    if (!Unknown || !isKnown(Unknown->getValue()))
      return std::nullopt;
    auto *It = find(Named, Unknown->getValue());
    if (It == Named.end()) {
      Named.push_back(Unknown->getValue());
      return Named.size() - 1;
    }
    return It - Named.begin();
  };
  return asExtent(S, Name);
}

/// Where an access does not happen, nobody has promised what its address is
/// made of.
static Value *frozen(IRBuilder<> &B, Value *V) {
  return isGuaranteedNotToBeUndefOrPoison(V) ? V : B.CreateFreeze(V);
}

Value *LoopFront::valueOf(IRBuilder<> &B, unsigned I) const {
  return frozen(B, Named[I]);
}

std::optional<ComputedRange>
LoopFront::compute(IRBuilder<> &B, ExtentBuilder &Numbers, const ByteRange &R) {
  auto First = extentOf(R.First),
       Size = extentOf(SE.getSMaxExpr(SE.getZero(R.End->getType()),
                                      SE.getMinusSCEV(R.End, R.First)));
  if (!First || !Size)
    return std::nullopt;
  Value *Length = Numbers.compute(*Size);
  Value *Address = Numbers.address(frozen(B, R.Base), *First);
  if (Value *Overflow = Numbers.overflow()) {
    Length = B.CreateSelect(Overflow, B.getInt64(UINT64_MAX), Length);
    Address = B.CreateSelect(
        Overflow, Constant::getNullValue(Address->getType()), Address);
  }
  return ComputedRange{Address, Length};
}
