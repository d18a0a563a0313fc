//===- Offset.cpp - how far a pointer is from another ---------------------===//
//
// In `a[i * ld + j]` with ints, ScalarEvolution does not look behind the sign
// extension of the index: it would have to know that i * ld + j does not
// overflow even where nobody uses it.  Here somebody does: an address that came
// of an overflow would be poison, and an access to it undefined.  So the sums
// and products of an index are taken apart first, and each part is extended.
// Products of sums become sums of products, so that (i - 1) * ld and i * ld are
// seen to be one ld apart.
//
//===----------------------------------------------------------------------===//

#include "Offset.h"

#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/GetElementPtrTypeIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"

using namespace llvm;
using namespace lazypass;

/// An index with more terms is not taken apart any further.
static constexpr size_t MostTerms = 16;

const SCEV *OffsetFinder::number(int64_t N) {
  return SE.getConstant(Type::getInt64Ty(SE.getContext()), uint64_t(N),
                        /*isSigned=*/true);
}

/// An index as a sum of signed numbers of 64 bits.
OffsetFinder::Terms OffsetFinder::terms(Value &Index) {
  if (auto *Extended = dyn_cast<SExtInst>(&Index))
    return terms(*Extended->getOperand(0));
  auto *Operation = dyn_cast<OverflowingBinaryOperator>(&Index);
  bool Narrow = Index.getType()->getIntegerBitWidth() < 64;
  if (Operation && (!Narrow || Operation->hasNoSignedWrap()) &&
      is_contained({Instruction::Add, Instruction::Sub, Instruction::Mul},
                   Operation->getOpcode())) {
    Terms Left = terms(*Operation->getOperand(0)),
          Right = terms(*Operation->getOperand(1));
    if (Operation->getOpcode() == Instruction::Sub)
      for (const SCEV *&Term : Right)
        Term = SE.getNegativeSCEV(Term);
    if (Operation->getOpcode() != Instruction::Mul) {
      Left.append(Right);
      return Left;
    }
    if (Left.size() * Right.size() <= MostTerms) {
      Terms Product;
      for (const SCEV *L : Left)
        for (const SCEV *R : Right)
          Product.push_back(SE.getMulExpr(L, R));
      return Product;
    }
    return {SE.getMulExpr(SE.getAddExpr(Left), SE.getAddExpr(Right))};
  }
  return {SE.getTruncateOrSignExtend(SE.getSCEV(&Index),
                                     Type::getInt64Ty(SE.getContext()))};
}

const SCEV *OffsetFinder::steps(GEPOperator &Step) {
  const DataLayout &DL = SE.getDataLayout();
  const SCEV *Sum = of(*Step.getPointerOperand());
  for (auto It = gep_type_begin(Step), End = gep_type_end(Step);
       Sum && It != End; ++It) {
    Value &Index = *It.getOperand();
    if (StructType *S = It.getStructTypeOrNull()) {
      unsigned Field = cast<ConstantInt>(Index).getZExtValue();
      TypeSize Bytes = DL.getStructLayout(S)->getElementOffset(Field);
      Sum = SE.getAddExpr(Sum, number(int64_t(Bytes.getFixedValue())));
      continue;
    }
    TypeSize Bytes = It.getSequentialElementStride(DL);
    if (Bytes.isScalable() || !Index.getType()->isIntegerTy())
      return nullptr;
    for (const SCEV *Term : terms(Index))
      Sum = SE.getAddExpr(
          Sum, SE.getMulExpr(Term, number(int64_t(Bytes.getFixedValue()))));
  }
  return Sum;
}

const SCEV *OffsetFinder::of(Value &Pointer) {
  if (&Pointer == &Base)
    return number(0);
  if (auto *Step = dyn_cast<GEPOperator>(&Pointer);
      Step && Step->getType()->isPointerTy())
    return steps(*Step);
  const SCEV *Offset = SE.getMinusSCEV(SE.getSCEV(&Pointer),
                                       SE.getSCEV(const_cast<Value *>(&Base)));
  return isa<SCEVCouldNotCompute>(Offset) ? nullptr : Offset;
}
