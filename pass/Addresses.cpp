//===- Addresses.cpp - does a result depend on where memory lies? ---------===//
//
// Algorithm, instruction by instruction
//   1. An address that is stored where others see it, turned into a number
//      (other than to subtract two of one object), compared with that of
//      another object, or printed: the body looks at addresses.
//   2. One that is stored in memory of its own does no harm, as long as nobody
//      copies such memory to where others see it.
//
// Sound but for addresses that a body stores in a local and reads back as a
// number, through a union that does not fit into a register.  Given up: bodies
// that look, but whose results are the same wherever memory lies, as code has
// that treats the bytes up to the next multiple of 16 on their own.
//
//===----------------------------------------------------------------------===//

#include "Addresses.h"

#include "Effects.h"
#include "LibraryFunctions.h"
#include "PointerUses.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

StringRef AddressUse::problem() const {
  if (!Looks.empty())
    return Looks;
  return Stores && Copies ? "may copy an address to where others see it" : "";
}

/// Does \p Pointer lead to memory that the body has made itself?
static bool isOwn(const Value *Pointer, const TargetLibraryInfo &TLI) {
  SmallVector<const Value *, 4> Objects;
  getUnderlyingObjects(Pointer, Objects, /*LI=*/nullptr, /*MaxLookup=*/0);
  return all_of(Objects, [&](const Value *Object) {
    auto *Call = dyn_cast<CallBase>(Object);
    return isa<AllocaInst, ConstantPointerNull>(Object) ||
           (Call && isFreshMemory(*Call, TLI));
  });
}

/// Is the number only subtracted from, or by, that of a place in the same
/// object?
static bool isDistance(const PtrToIntInst &Number) {
  const Value *Object = getUnderlyingObject(Number.getPointerOperand());
  return all_of(Number.users(), [&](const User *U) {
    auto *Minus = dyn_cast<BinaryOperator>(U);
    return Minus && Minus->getOpcode() == Instruction::Sub &&
           all_of(Minus->operands(), [&](const Value *V) {
             auto *Other = dyn_cast<PtrToIntInst>(V);
             return Other &&
                    getUnderlyingObject(Other->getPointerOperand()) == Object;
           });
  });
}

static bool comparesObjects(const ICmpInst &Compare) {
  const Value *A = Compare.getOperand(0), *B = Compare.getOperand(1);
  return A->getType()->isPtrOrPtrVectorTy() && !isa<ConstantPointerNull>(A) &&
         !isa<ConstantPointerNull>(B) &&
         getUnderlyingObject(A) != getUnderlyingObject(B);
}

static bool isAddressInDisguise(const Value *V) {
  auto *Constant = dyn_cast<ConstantExpr>(V);
  return Constant && (Constant->getOpcode() == Instruction::PtrToInt ||
                      any_of(Constant->operands(), isAddressInDisguise));
}

static bool isAddress(const Value &V) {
  auto *Known = dyn_cast<Constant>(&V);
  return holdsPointer(V.getType()) && !(Known && Known->isNullValue());
}

/// May it print an address?  Only if its format says so, or is not known.
static bool mayPrintAddress(const CallBase &Call) {
  if (!Call.getFunctionType()->isVarArg())
    return false;
  unsigned Fixed = Call.getFunctionType()->getNumParams();
  StringRef Format;
  return any_of(drop_begin(Call.args(), Fixed),
                [](const Use &A) { return A->getType()->isPointerTy(); }) &&
         (!getConstantStringInfo(Call.getArgOperand(Fixed - 1), Format) ||
          Format.contains('p'));
}

static void note(AddressUse &Use, const CallBase &Call,
                 const TargetLibraryInfo &TLI) {
  if (auto *Copy = dyn_cast<MemTransferInst>(&Call)) {
    Use.Copies |= !isOwn(Copy->getRawDest(), TLI);
    return;
  }
  if (auto *I = dyn_cast<IntrinsicInst>(&Call)) {
    if (I->getIntrinsicID() == Intrinsic::frameaddress ||
        I->getIntrinsicID() == Intrinsic::returnaddress)
      Use.Looks = "asks for an address on the stack";
    return;
  }
  auto IsPointer = [](const llvm::Use &A) {
    return A->getType()->isPtrOrPtrVectorTy();
  };
  if (Call.isInlineAsm()) {
    if (any_of(Call.args(), IsPointer))
      Use.Looks = "hands an address to inline assembly";
  } else if (mayPrintAddress(Call)) {
    Use.Looks = "may print an address";
  } else if (knownLibraryFunction(Call, TLI)) {
    Use.Copies |= count_if(Call.args(), IsPointer) > 1;
  }
}

AddressUse lazypass::addressUse(const Function &Code,
                                const TargetLibraryInfo &TLI) {
  AddressUse Use;
  for (const Instruction &I : instructions(Code)) {
    if (auto *Store = dyn_cast<StoreInst>(&I)) {
      if (isAddress(*Store->getValueOperand())) {
        if (isOwn(Store->getPointerOperand(), TLI))
          Use.Stores = true;
        else
          Use.Looks = "stores an address where others see it";
      }
    } else if (auto *Number = dyn_cast<PtrToIntInst>(&I)) {
      if (!isDistance(*Number))
        Use.Looks = "turns an address into a number";
    } else if (auto *Compare = dyn_cast<ICmpInst>(&I)) {
      if (comparesObjects(*Compare))
        Use.Looks = "compares the addresses of two objects";
    } else if (auto *Call = dyn_cast<CallBase>(&I)) {
      note(Use, *Call, TLI);
    }
    if (any_of(I.operands(), isAddressInDisguise))
      Use.Looks = "turns an address into a number";
  }
  return Use;
}
