//===- Offset.cpp - how far a pointer is from another ---------------------===//
//
// In `a[i * ld + j]` with ints, ScalarEvolution does not look behind the sign
// extension of the index: it would have to know that i * ld + j does not
// overflow even where nobody uses it.  Here somebody does: an address that came
// of an overflow would be poison, and an access to it undefined.  So the sums
// and products of an index are taken apart first, and each part is extended.
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

const SCEV *OffsetFinder::number(int64_t N) {
  return SE.getConstant(Type::getInt64Ty(SE.getContext()), uint64_t(N),
                        /*isSigned=*/true);
}

/// An index as a signed number of 64 bits.
const SCEV *OffsetFinder::wide(Value &Index) {
  if (auto *Extended = dyn_cast<SExtInst>(&Index))
    return wide(*Extended->getOperand(0));
  bool Narrow = Index.getType()->getIntegerBitWidth() < 64;
  auto *Sum = dyn_cast<OverflowingBinaryOperator>(&Index);
  if (Sum && (!Narrow || Sum->hasNoSignedWrap())) {
    const SCEV *Left = wide(*Sum->getOperand(0)),
               *Right = wide(*Sum->getOperand(1));
    switch (Sum->getOpcode()) {
    case Instruction::Add:
      return SE.getAddExpr(Left, Right);
    case Instruction::Sub:
      return SE.getMinusSCEV(Left, Right);
    case Instruction::Mul:
      return SE.getMulExpr(Left, Right);
    default:
      break;
    }
  }
  return SE.getTruncateOrSignExtend(SE.getSCEV(&Index),
                                    Type::getInt64Ty(SE.getContext()));
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
    Sum = SE.getAddExpr(
        Sum,
        SE.getMulExpr(wide(Index), number(int64_t(Bytes.getFixedValue()))));
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
