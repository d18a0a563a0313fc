//===- Expression.cpp - extents and ScalarEvolution's expressions ---------===//
//
// See Expression.h.
//
//===----------------------------------------------------------------------===//

#include "Expression.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;
using namespace lazypass;

namespace {

/// Every step leaves a signed number on the stack: what is narrower is sign-
/// extended.
class ExtentWriter {
  KnownBefore Name;
  std::vector<Extent::Step> Steps;

public:
  explicit ExtentWriter(KnownBefore Name) : Name(Name) {}

  std::optional<Extent> run(const SCEV *S) {
    if (!put(S))
      return std::nullopt;
    Extent E;
    E.Steps = std::move(Steps);
    return E;
  }

private:
  static unsigned bitsOf(const SCEV *S) {
    Type *T = S->getType();
    return T->isIntegerTy() ? T->getIntegerBitWidth() : 64;
  }

  void step(Extent::Kind K, int64_t Value = 0) { Steps.push_back({K, Value}); }

  bool normalise(const SCEV *S) {
    if (bitsOf(S) < 64)
      step(Extent::SignExtend, bitsOf(S));
    return true;
  }

  bool unsignedValue(const SCEV *S) {
    if (!put(S))
      return false;
    if (bitsOf(S) < 64)
      step(Extent::ZeroExtend, bitsOf(S));
    return true;
  }

  bool fold(const SCEVNAryExpr *S, Extent::Kind K) {
    bool First = true;
    for (const SCEV *Operand : S->operands()) {
      if (!put(Operand))
        return false;
      if (!First)
        step(K);
      First = false;
    }
    return true;
  }

  bool put(const SCEV *S) {
    if (bitsOf(S) > 64 ||
        !(S->getType()->isIntegerTy() || S->getType()->isPointerTy()))
      return false;
    if (auto Known = Name(*S)) {
      step(Extent::SignedParameter, *Known);
      return true;
    }
    switch (S->getSCEVType()) {
    case scConstant:
      step(Extent::Number, cast<SCEVConstant>(S)->getAPInt().getSExtValue());
      return true;
    case scPtrToInt:
    case scSignExtend:
      return put(cast<SCEVCastExpr>(S)->getOperand());
    case scZeroExtend:
      return unsignedValue(cast<SCEVCastExpr>(S)->getOperand());
    case scTruncate:
      return put(cast<SCEVCastExpr>(S)->getOperand()) && normalise(S);
    case scAddExpr:
      return fold(cast<SCEVNAryExpr>(S), Extent::Add) && normalise(S);
    case scMulExpr:
      return fold(cast<SCEVNAryExpr>(S), Extent::Multiply) && normalise(S);
    case scSMaxExpr:
      return fold(cast<SCEVNAryExpr>(S), Extent::Greatest);
    case scSMinExpr:
      return fold(cast<SCEVNAryExpr>(S), Extent::Least);
    case scUMaxExpr:
      return fold(cast<SCEVNAryExpr>(S), Extent::GreatestUnsigned);
    case scUMinExpr:
    case scSequentialUMinExpr:
      return fold(cast<SCEVNAryExpr>(S), Extent::LeastUnsigned);
    case scUDivExpr: {
      auto *Divide = cast<SCEVUDivExpr>(S);
      auto *By = dyn_cast<SCEVConstant>(Divide->getRHS());
      if (!By || By->isZero() || !unsignedValue(Divide->getLHS()) ||
          !unsignedValue(By))
        return false;
      step(Extent::DivideUnsigned);
      return normalise(S);
    }
    default:
      return false;
    }
  }
};

} // namespace

std::optional<Extent> lazypass::asExtent(const SCEV *S, KnownBefore Name) {
  return ExtentWriter(Name).run(S);
}

static const SCEV *parameter(const Extent::Step &S, ScalarEvolution &SE,
                             Value *V) {
  if (!V->getType()->isIntegerTy() || V->getType()->getIntegerBitWidth() > 64)
    return nullptr;
  Type *I64 = Type::getInt64Ty(SE.getContext());
  const SCEV *Known = SE.getSCEV(V);
  return S.K == Extent::SignedParameter ? SE.getNoopOrSignExtend(Known, I64)
                                        : SE.getNoopOrZeroExtend(Known, I64);
}

static const SCEV *extended(const Extent::Step &S, ScalarEvolution &SE,
                            const SCEV *V) {
  Type *I64 = Type::getInt64Ty(SE.getContext());
  const SCEV *Narrow = SE.getTruncateOrNoop(
      V, IntegerType::get(SE.getContext(), unsigned(S.Value)));
  return S.K == Extent::SignExtend ? SE.getNoopOrSignExtend(Narrow, I64)
                                   : SE.getNoopOrZeroExtend(Narrow, I64);
}

/// Null: not to be reasoned about.
static const SCEV *combined(Extent::Kind K, ScalarEvolution &SE,
                            const SCEV *Left, const SCEV *Right) {
  switch (K) {
  case Extent::Add:
    return SE.getAddExpr(Left, Right);
  case Extent::Subtract:
    return SE.getMinusSCEV(Left, Right);
  case Extent::Multiply:
    return SE.getMulExpr(Left, Right);
  case Extent::Least:
    return SE.getSMinExpr(Left, Right);
  case Extent::Greatest:
    return SE.getSMaxExpr(Left, Right);
  default:
    return nullptr;
  }
}

const SCEV *lazypass::asExpression(const Extent &E, ScalarEvolution &SE,
                                   function_ref<Value *(unsigned)> Argument) {
  SmallVector<const SCEV *, 8> Stack;
  for (const Extent::Step &S : E.Steps) {
    const SCEV *Result;
    switch (S.K) {
    case Extent::Number:
      Result = SE.getConstant(APInt(64, uint64_t(S.Value), /*isSigned=*/true));
      break;
    case Extent::SignedParameter:
    case Extent::UnsignedParameter:
      Result = parameter(S, SE, Argument(S.Value));
      break;
    case Extent::SignExtend:
    case Extent::ZeroExtend:
      Result = extended(S, SE, Stack.pop_back_val());
      break;
    case Extent::TextLength:
      return nullptr;
    default: {
      const SCEV *Right = Stack.pop_back_val(), *Left = Stack.pop_back_val();
      Result = combined(S.K, SE, Left, Right);
    }
    }
    if (!Result)
      return nullptr;
    Stack.push_back(Result);
  }
  return Stack.back();
}
