//===- PlainFunctions.cpp - what the helpers of lazy programs do ----------===//
//
// Between its lazy calls a program calls functions of its own:
//
//     for (r = 0; r < rows; r++) fill(a + r * n, min(n, 1000));
//
// If nothing was known of min(), all that is pending would have to be waited
// for in front of each call.  So its body is looked at like a lazy function's.
//
// Algorithm
//   1. Take the plain functions that are called where lazy calls are, if they
//      and what they call in turn are few and short: the others do so much
//      that they would have to be waited for anyway.
//   2. Effects.cpp and Footprint.cpp say what they touch.  Those that do more
//      than a lazy function may are left out: nothing is known of them.
//
//===----------------------------------------------------------------------===//

#include "PlainFunctions.h"

#include "Canonicalize.h"
#include "Footprint.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace lazypass;

static constexpr unsigned MostFunctions = 16, MostInstructions = 1500;

static bool isShort(Function &F) {
  SmallSetVector<Function *, 8> Reached;
  Reached.insert(&F);
  unsigned Size = 0;
  for (unsigned I = 0; I != Reached.size(); ++I) {
    Size += Reached[I]->getInstructionCount();
    if (Size > MostInstructions || Reached.size() > MostFunctions)
      return false;
    for (Instruction &In : instructions(Reached[I]))
      if (auto *Call = dyn_cast<CallBase>(&In))
        if (Function *Callee = Call->getCalledFunction();
            Callee && !Callee->isDeclaration())
          Reached.insert(Callee);
  }
  return true;
}

/// Step 1.
static SmallSetVector<Function *, 16> candidates(const LazyFunctions &Lazy,
                                                 Module &M) {
  SmallSetVector<Function *, 16> Found;
  for (Function &Caller : M) {
    if (none_of(instructions(Caller),
                [&](Instruction &I) { return asDeferrableCall(&I, Lazy); }))
      continue;
    for (Instruction &I : instructions(Caller))
      if (auto *Call = dyn_cast<CallBase>(&I))
        if (Function *Callee = Call->getCalledFunction();
            Callee && Callee->hasExactDefinition() && !Lazy.contains(Callee) &&
            !Callee->isVarArg() && isShort(*Callee))
          Found.insert(Callee);
  }
  return Found;
}

void lazypass::addPlainFunctions(LazyFunctions &Lazy, Module &M,
                                 const Vows &Said,
                                 FunctionAnalysisManager &FAM) {
  auto Candidates = candidates(Lazy, M);
  auto Found = computeEffects(Candidates.getArrayRef(), Said, FAM);
  for (Function *F : Candidates) {
    if (Found[F].Worst)
      continue;
    LazyFunction &L = Lazy[F];
    L.F = F;
    L.Annotated = false;
    L.Refusal = "it is not lazy";
    L.Memory = Found[F];
    for (const Argument &A : F->args())
      if (A.getType()->isPointerTy() && !A.hasStructRetAttr())
        L.Pointers.push_back({A.getArgNo(), /*Opaque=*/false});
    ScratchBody Body(*F, FAM);
    inferRegions(L, Body);
  }
}
