//===- Simplify.cpp - helpers in line, arguments in registers -------------===//
//
//     f(row(m, y), m.width, size_of_band(m, y));
//
// is easier to understand when it is all arithmetic.
//
// Algorithm
//   1. Bring functions in line that are small, call nothing and are no lazy
//      ones.  LLVM would do so, too, but later.
//   2. What is passed by value in memory, and only loaded from and stored to,
//      becomes a local variable, which SROA takes apart.
//
//===----------------------------------------------------------------------===//

#include "Canonicalize.h"

#include "PointerUses.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace lazypass;

/// What has more instructions is no helper.
static constexpr unsigned MostInstructions = 32;

static bool isHelper(Function &Callee, const Function &Caller,
                     const LazyFunctions &Lazy) {
  auto It = Lazy.find(&Callee);
  return &Callee != &Caller && Callee.hasExactDefinition() &&
         !(It != Lazy.end() && It->second.Annotated) &&
         !Callee.hasFnAttribute(Attribute::NoInline) && !Callee.isVarArg() &&
         !Callee.hasOptNone() &&
         Callee.getInstructionCount() <= MostInstructions &&
         AttributeFuncs::areInlineCompatible(Caller, Callee) &&
         all_of(instructions(Callee), [](const Instruction &I) {
           return !isa<CallBase>(I) || isa<IntrinsicInst>(I);
         });
}

void lazypass::inlineHelpers(Function &F, const LazyFunctions &Lazy) {
  if (F.hasOptNone())
    return;
  SmallVector<CallInst *, 8> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I))
      if (Function *Callee = Call->getCalledFunction();
          Callee && !Call->isMustTailCall() && !Call->isNoInline() &&
          Callee->getFunctionType() == Call->getFunctionType() &&
          isHelper(*Callee, F, Lazy) && isInlineViable(*Callee).isSuccess())
        Calls.push_back(Call);
  for (CallInst *Call : Calls) {
    InlineFunctionInfo Info;
    InlineFunction(*Call, Info);
  }
}

static bool isLoadedOrStoredOnly(const Argument &A) {
  return !findUseUnless(A, [](const Use &U) {
    if (auto *Copy = dyn_cast<MemCpyInst>(U.getUser()))
      return !Copy->isVolatile();
    if (auto *Load = dyn_cast<LoadInst>(U.getUser()))
      return Load->isSimple();
    auto *Store = dyn_cast<StoreInst>(U.getUser());
    return Store && Store->isSimple() &&
           U.getOperandNo() == StoreInst::getPointerOperandIndex();
  });
}

void lazypass::localizeArguments(Function &F) {
  if (F.hasOptNone())
    return;
  const DataLayout &DL = F.getParent()->getDataLayout();
  for (Argument &A : F.args()) {
    if (!A.hasByValAttr() || A.use_empty() || !isLoadedOrStoredOnly(A))
      continue;
    Type *T = A.getParamByValType();
    IRBuilder<> B(&*F.getEntryBlock().getFirstInsertionPt());
    Align Alignment = A.getParamAlign().value_or(DL.getABITypeAlign(T));
    AllocaInst *Local = B.CreateAlloca(T, nullptr, A.getName());
    Local->setAlignment(Alignment);
    A.replaceAllUsesWith(Local);
    B.CreateMemCpy(Local, Alignment, &A, Alignment, DL.getTypeAllocSize(T));
  }
}
