//===- LoopVariables.cpp - what a loop carries on, and out ----------------===//
//
// Algorithm
//   1. A PHI of the header whose value goes on by a known step is a counter.
//   2. One of integers is a reduction if all that is computed from it in the
//      loop is its next value, by one operation that may be done in any order;
//      on some ways it may stay as it is.
//   3. What is used behind the loop is a reduction at its end, or a number that
//      ScalarEvolution knows.
//
// Sound: integers wrap, so the order of sums does not matter; that of floating-
// point numbers does.
//
//===----------------------------------------------------------------------===//

#include "LoopVariables.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;
using namespace lazypass;

static std::optional<Counter> asCounter(PHINode &Phi, ParallelLoop &P,
                                        ScalarEvolution &SE) {
  if (!SE.isSCEVable(Phi.getType()))
    return std::nullopt;
  auto *Rec = dyn_cast<SCEVAddRecExpr>(SE.getSCEV(&Phi));
  if (!Rec || Rec->getLoop() != P.L || !Rec->isAffine())
    return std::nullopt;
  auto Step = P.Front.extentOf(Rec->getStepRecurrence(SE));
  if (!Step)
    return std::nullopt;
  return Counter{&Phi, *Step};
}

/// The one that adds up what \p I adds up.
static std::optional<AtomicRMWInst::BinOp> operationOf(const Instruction &I) {
  switch (I.getOpcode()) {
  case Instruction::Add:
  case Instruction::Sub:
    return AtomicRMWInst::Add;
  case Instruction::And:
    return AtomicRMWInst::And;
  case Instruction::Or:
    return AtomicRMWInst::Or;
  case Instruction::Xor:
    return AtomicRMWInst::Xor;
  default:
    return std::nullopt;
  }
}

/// Is its value the PHI's, or with one more operand of the same operation?
static bool isLink(const Instruction &I, const Reduction &R,
                   const Instruction &Next) {
  auto IsPart = [&](const Value *V) {
    return V == R.Phi ||
           R.Chain.contains(dyn_cast<Instruction>(const_cast<Value *>(V)));
  };
  if (isa<PHINode>(I))
    return all_of(I.operands(), IsPart);
  if (auto *Choice = dyn_cast<SelectInst>(&I))
    return !IsPart(Choice->getCondition()) && IsPart(Choice->getTrueValue()) &&
           IsPart(Choice->getFalseValue());
  (void)Next;
  return operationOf(I) == R.Operation &&
         IsPart(I.getOperand(0)) != IsPart(I.getOperand(1)) &&
         (I.getOpcode() != Instruction::Sub || IsPart(I.getOperand(0)));
}

static std::optional<Reduction> asReduction(PHINode &Phi, const Loop &L) {
  auto *T = dyn_cast<IntegerType>(Phi.getType());
  if (!T || !is_contained({8u, 16u, 32u, 64u}, T->getBitWidth()))
    return std::nullopt;
  Reduction R{&Phi, AtomicRMWInst::BAD_BINOP, {}};
  SmallVector<Instruction *, 8> Work{&Phi};
  while (!Work.empty())
    for (User *U : Work.pop_back_val()->users()) {
      auto *I = cast<Instruction>(U);
      if (!L.contains(I) || I == &Phi || !R.Chain.insert(I))
        continue;
      if (auto Operation = operationOf(*I);
          Operation && R.Operation == AtomicRMWInst::BAD_BINOP)
        R.Operation = *Operation;
      Work.push_back(I);
    }
  auto *Next =
      dyn_cast<Instruction>(Phi.getIncomingValueForBlock(L.getLoopLatch()));
  if (!Next || !R.Chain.contains(Next) ||
      R.Operation == AtomicRMWInst::BAD_BINOP ||
      !all_of(R.Chain,
              [&](const Instruction *I) { return isLink(*I, R, *Next); }))
    return std::nullopt;
  return R;
}

/// Is \p I what \p R has become when the loop ends?
static bool isResult(const Instruction &I, const Reduction &R,
                     const ParallelLoop &P) {
  return &I == (P.TestsFirst
                    ? R.Phi
                    : R.Phi->getIncomingValueForBlock(P.L->getLoopLatch()));
}

static bool isUsedBehind(const Instruction &I, const Loop &L) {
  return any_of(I.users(), [&](const User *U) {
    auto *User = cast<Instruction>(U);
    return !L.contains(User);
  });
}

static bool leaves(Instruction &I, ParallelLoop &P, ScalarEvolution &SE) {
  for (const Reduction &R : P.Reductions) {
    if (isResult(I, R, P))
      return true;
    if (&I == R.Phi || R.Chain.contains(&I))
      return false;
  }
  if (!I.getType()->isIntegerTy() || SE.getTypeSizeInBits(I.getType()) > 64)
    return false;
  const SCEV *Behind = SE.getSCEVAtScope(SE.getSCEV(&I), P.L->getParentLoop());
  auto Number =
      SE.isLoopInvariant(Behind, P.L) ? P.Front.extentOf(Behind) : std::nullopt;
  if (Number)
    P.LeftBehind.push_back({&I, *Number});
  return Number.has_value();
}

const Instruction *lazypass::findVariables(ParallelLoop &P,
                                           ScalarEvolution &SE) {
  for (PHINode &Phi : P.L->getHeader()->phis()) {
    if (auto C = asCounter(Phi, P, SE))
      P.Counters.push_back(*C);
    else if (auto R = asReduction(Phi, *P.L))
      P.Reductions.push_back(std::move(*R));
    else
      return &Phi;
  }
  for (BasicBlock *BB : P.L->blocks())
    for (Instruction &I : *BB)
      if (isUsedBehind(I, *P.L) && !leaves(I, P, SE))
        return &I;
  return nullptr;
}
