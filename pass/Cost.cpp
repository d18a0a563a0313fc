//===- Cost.cpp - is a function too small to be worth a node? -------------===//
//
// A node costs some 50 ns, which a larger function repays many times over.  A
// small one is better left to LLVM's inliner and vectoriser, as a plain call.
//
// Algorithm: count what the optimised body will execute at most.
//   1. No loops, no recursion, no calls of bodies out of sight.
//   2. Arithmetic counts by what it costs in cycles; locals will be registers,
//      and count nothing.
//
// A function that is not that small may still be short: without loops, it takes
// as long as to find its result elsewhere.
//
// Sound: never wrong, for a call may run in place at any time.  Given up: the
// laziness of a small call whose value is not needed.
//
//===----------------------------------------------------------------------===//

#include "Cost.h"

#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

/// Cycles, about.
static constexpr unsigned Budget = 60;
static constexpr unsigned TooMuch = Budget + 1;

static bool isLocal(const Value *Pointer) {
  return isa<AllocaInst>(getUnderlyingObject(Pointer));
}

static unsigned costOf(Function &F, SmallPtrSetImpl<Function *> &Callers);

static unsigned costOf(CallBase &Call, SmallPtrSetImpl<Function *> &Callers) {
  if (auto *I = dyn_cast<IntrinsicInst>(&Call)) {
    if (I->isAssumeLikeIntrinsic() || I->isDebugOrPseudoInst())
      return 0;
    switch (I->getIntrinsicID()) {
    case Intrinsic::sqrt:
      return 15;
    case Intrinsic::memcpy:
    case Intrinsic::memset:
    case Intrinsic::memmove: {
      auto *Length = dyn_cast<ConstantInt>(I->getArgOperand(2));
      return Length && Length->getValue().ule(64) ? 4 : TooMuch;
    }
    case Intrinsic::fabs:
    case Intrinsic::fma:
    case Intrinsic::fmuladd:
    case Intrinsic::copysign:
    case Intrinsic::minnum:
    case Intrinsic::maxnum:
    case Intrinsic::floor:
    case Intrinsic::ceil:
    case Intrinsic::trunc:
    case Intrinsic::rint:
      return 4;
    default:
      return I->getType()->isIntOrIntVectorTy() && I->doesNotAccessMemory()
                 ? 2
                 : TooMuch;
    }
  }
  Function *Callee = Call.getCalledFunction();
  return Callee && Callee->hasExactDefinition() ? 2 + costOf(*Callee, Callers)
                                                : TooMuch;
}

static unsigned costOf(Instruction &I, SmallPtrSetImpl<Function *> &Callers) {
  if (auto *Call = dyn_cast<CallBase>(&I))
    return costOf(*Call, Callers);
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return isLocal(Load->getPointerOperand()) ? 0 : 5;
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return isLocal(Store->getPointerOperand()) ? 0 : 2;
  switch (I.getOpcode()) {
  case Instruction::Alloca:
    return cast<AllocaInst>(I).isStaticAlloca() ? 0 : TooMuch;
  case Instruction::UDiv:
  case Instruction::SDiv:
  case Instruction::URem:
  case Instruction::SRem:
  case Instruction::FDiv:
    return I.getType()->getPrimitiveSizeInBits() > 64 ? TooMuch : 12;
  case Instruction::FRem:
    return TooMuch;
  case Instruction::FAdd:
  case Instruction::FSub:
  case Instruction::FMul:
    return I.getType()->isX86_FP80Ty() || I.getType()->isFP128Ty() ? 20 : 3;
  case Instruction::Br:
  case Instruction::Switch:
    return I.getNumSuccessors() > 1 ? 2 : 0;
  default:
    return 1;
  }
}

static unsigned costOf(Function &F, SmallPtrSetImpl<Function *> &Callers) {
  SmallVector<std::pair<const BasicBlock *, const BasicBlock *>, 1> Loops;
  if (!Callers.insert(&F).second)
    return TooMuch;
  FindFunctionBackedges(F, Loops);
  unsigned Cost = Loops.empty() ? 0 : TooMuch;
  for (Instruction &I : instructions(F))
    if (Cost < TooMuch)
      Cost += costOf(I, Callers);
  Callers.erase(&F);
  return std::min(Cost, TooMuch);
}

/// Functions that have been looked at: false; that are being looked at: true.
using Looked = SmallDenseMap<const Function *, bool, 8>;

static bool mayTakeLong(const Function &F, Looked &Seen);

/// A library function of numbers alone is arithmetic; memory may be long.
static bool mayTakeLong(const CallBase &Call, Looked &Seen) {
  if (auto *Memory = dyn_cast<MemIntrinsic>(&Call))
    return !isa<ConstantInt>(Memory->getLength());
  if (isa<IntrinsicInst>(Call))
    return false;
  const Function *Callee = Call.getCalledFunction();
  if (Callee && Callee->hasExactDefinition())
    return mayTakeLong(*Callee, Seen);
  return !Callee || any_of(Call.args(), [](const Use &A) {
    return A->getType()->isPointerTy() && !isLocal(A.get());
  });
}

static bool mayTakeLong(const Function &F, Looked &Seen) {
  auto [It, New] = Seen.insert({&F, true});
  if (!New)
    return It->second;
  SmallVector<std::pair<const BasicBlock *, const BasicBlock *>, 1> Loops;
  FindFunctionBackedges(F, Loops);
  bool Long = !Loops.empty() || any_of(instructions(F), [&](auto &I) {
    auto *Call = dyn_cast<CallBase>(&I);
    return Call && mayTakeLong(*Call, Seen);
  });
  return Seen[&F] = Long;
}

bool lazypass::mayTakeLong(const Function &F) {
  Looked Seen;
  return F.isDeclaration() || ::mayTakeLong(F, Seen);
}

bool lazypass::isSmall(Function &F) {
  SmallPtrSet<Function *, 4> Callers;
  return F.hasExactDefinition() && costOf(F, Callers) <= Budget;
}
