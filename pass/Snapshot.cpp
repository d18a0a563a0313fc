//===- Snapshot.cpp - small inputs are copied at the call -----------------===//
//
// Algorithm
//   1. A function cannot tell a copy from the original if all that it does with
//      the pointer is to load through it: it does not keep, return or compare
//      it, and nothing is written through it.
//   2. Room for a copy lies behind all else in the payload, if it is small
//      wherever the function is called; or where some call says so by constant
//      arguments.
//   3. Where the function is called, the bytes must certainly be there to be
//      copied: those of a variable are.  Whether a call that is still pending
//      writes to them, or this call itself by way of another pointer, is for
//      the runtime to see.
//
// Sound: a copy has the alignment that the loads ask for, modulo what the
// payload has.
//
//===----------------------------------------------------------------------===//

#include "Snapshot.h"

#include "PointerUses.h"
#include "lazy/abi.h"
#include "llvm/Analysis/Loads.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

/// More than this is cheaper to wait for than to copy.
static constexpr uint64_t MostBytes = 256;

/// Where only some calls say that it is small.
static constexpr uint64_t UsualBytes = 64;

static const Align PayloadAlign(LAZY_PAYLOAD_ALIGN);

//===----------------------------------------------------------------------===//
// What a function does with a pointer
//===----------------------------------------------------------------------===//

/// Step 1.  Is \p U a load through the pointer, or nothing at all?
static bool isLoadOnly(const Use &U) {
  auto *I = cast<Instruction>(U.getUser());
  if (auto *Load = dyn_cast<LoadInst>(I))
    return Load->isSimple() && Load->getAlign() <= PayloadAlign;
  if (auto *Compare = dyn_cast<ICmpInst>(I))
    return isa<ConstantPointerNull>(Compare->getOperand(1 - U.getOperandNo()));
  if (auto *Copy = dyn_cast<MemTransferInst>(I))
    return !Copy->isVolatile() && U.getOperandNo() == 1 &&
           Copy->getSourceAlign().valueOrOne() <= PayloadAlign;
  auto *Intrinsic = dyn_cast<IntrinsicInst>(I);
  return Intrinsic && Intrinsic->isAssumeLikeIntrinsic();
}

//===----------------------------------------------------------------------===//
// Room
//===----------------------------------------------------------------------===//

/// The only number that \p E is, or nothing.
static std::optional<int64_t> constantOf(const Extent &E) {
  if (E.Steps.size() != 1 || E.Steps[0].K != Extent::Number)
    return std::nullopt;
  return E.Steps[0].Value;
}

/// Does a call pass constants for all that the size is made of?
static bool isSmallSomewhere(const Region &R, const Function &F) {
  return any_of(F.users(), [&](const User *U) {
    auto *Call = dyn_cast<CallBase>(U);
    return Call && Call->getCalledFunction() == &F &&
           all_of(F.args(), [&](const Argument &A) {
             return !R.Size.uses(A.getArgNo()) ||
                    isa<ConstantInt>(Call->getArgOperand(A.getArgNo()));
           });
  });
}

/// Bytes that a copy may need; 0: it shall have none.
static uint64_t roomFor(const Region &R, const Function &F) {
  if (auto Size = constantOf(R.Size))
    return *Size > 0 && uint64_t(*Size) <= MostBytes ? *Size : 0;
  return isSmallSomewhere(R, F) ? UsualBytes : 0;
}

void lazypass::makeRoomForSnapshots(LazyFunction &L, ScratchBody &Body) {
  for (Region &R : L.Regions) {
    auto Offset = constantOf(R.Offset), Stride = constantOf(R.Stride);
    bool Alone = count_if(L.Regions, [&](const Region &Other) {
                   return Other.Parameter == R.Parameter;
                 }) == 1;
    if (!Alone || R.Access != LAZY_READS || !Offset || Stride != 0 ||
        !L.F->hasExactDefinition() || (L.seenAccess(R.Parameter) & LAZY_WRITES))
      continue;
    uint64_t Room = roomFor(R, *L.F);
    if (!Room ||
        findUseUnless(*Body.function().getArg(R.Parameter), isLoadOnly))
      continue;
    // Where the parameter then points is aligned like the payload.
    uint64_t Skew = uint64_t(*Offset) % PayloadAlign.value();
    R.Copy = alignTo(L.PayloadSize, PayloadAlign) + Skew;
    R.Room = Room;
    L.PayloadSize = R.Copy + Room;
  }
}

bool lazypass::canBeCopied(const Region &R, const Value *P, const Value *Size,
                           const DataLayout &DL) {
  auto *Bytes = dyn_cast<ConstantInt>(Size);
  return Bytes && Bytes->getValue().sgt(0) && Bytes->getValue().ule(R.Room) &&
         isDereferenceableAndAlignedPointer(P, Align(1), Bytes->getValue(), DL);
}
