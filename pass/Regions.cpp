//===- Regions.cpp - regions where they are computed ----------------------===//
//
// Where the extent of a region lies in memory, `m->rows`, it is read when the
// call is made.  The program itself need not read it then, so what is behind a
// null pointer counts as 0.
//
//===----------------------------------------------------------------------===//

#include "Regions.h"

#include "lazy/abi.h"

using namespace llvm;
using namespace lazypass;

MemoryRows lazypass::computeRows(IRBuilder<> &B, const Region &R,
                                 const ExtentSource &From) {
  ExtentBuilder Numbers(B, From);
  MemoryRows Rows{nullptr, Numbers.compute(R.Size), Numbers.compute(R.Rows),
                  Numbers.compute(R.Stride)};
  Rows.P = Numbers.address(From.Argument(R.Parameter), R.Offset);
  if (Value *Overflow = Numbers.overflow())
    Rows.Size =
        B.CreateSelect(Overflow, B.getInt64(LAZY_EVERYWHERE), Rows.Size);
  return Rows;
}

/// Nobody's memory is in the first page.
static constexpr uint64_t FirstPage = 4096;

/// Something to read there: 0.
static GlobalVariable *zeroOf(Module &M) {
  constexpr StringLiteral Name = "lazy.zero";
  if (GlobalVariable *Zero = M.getNamedGlobal(Name))
    return Zero;
  return new GlobalVariable(
      M, Type::getInt64Ty(M.getContext()),
      /*isConstant=*/true, GlobalValue::PrivateLinkage,
      ConstantInt::get(Type::getInt64Ty(M.getContext()), 0), Name);
}

Value *lazypass::memberAddress(IRBuilder<> &B, Value *Address, Value *Offset) {
  Value *IsNull = B.CreateICmpULT(Address, B.getInt64(FirstPage));
  Value *Member =
      B.CreatePtrAdd(B.CreateIntToPtr(Address, B.getPtrTy()), Offset);
  return B.CreateSelect(IsNull, zeroOf(*B.GetInsertBlock()->getModule()),
                        Member);
}
