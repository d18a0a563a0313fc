//===- ScratchBody.cpp - a body to look at --------------------------------===//
//
// Algorithm
//   1. Clone the function.
//   2. Bring callees in line that are handed pointers, as long as that stays
//      small: who follows a pointer then need not look into calls.
//   3. Locals into registers, loops into canonical form.
//
// Sound: every body that is brought in line is the one that will run.
//
//===----------------------------------------------------------------------===//

#include "ScratchBody.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"

using namespace llvm;
using namespace lazypass;

/// How much is brought in line.
static constexpr unsigned MostInlined = 64, MostInstructions = 4000;

static bool isWorthInlining(const CallBase &Call, const Function &Root) {
  const Function *Callee = Call.getCalledFunction();
  return Callee && Callee != &Root && Callee->hasExactDefinition() &&
         !Callee->isVarArg() && any_of(Call.args(), [](const Use &Argument) {
           return Argument->getType()->isPointerTy();
         });
}

/// Callees of callees, too, as far as that leads.
static void inlineCallees(Function &Clone, const Function &Root) {
  unsigned Inlined = 0;
  auto Next = [&]() -> CallBase * {
    for (Instruction &I : instructions(Clone))
      if (auto *Call = dyn_cast<CallBase>(&I);
          Call && isWorthInlining(*Call, Root))
        return Call;
    return nullptr;
  };
  while (CallBase *Call = Next()) {
    InlineFunctionInfo Info;
    if (++Inlined > MostInlined ||
        Clone.getInstructionCount() > MostInstructions ||
        !InlineFunction(*Call, Info).isSuccess())
      return;
  }
}

Function &ScratchBody::function() {
  if (Clone)
    return *Clone;
  ValueToValueMapTy Map;
  Clone = CloneFunction(&Original, Map);
  inlineCallees(*Clone, Original);
  SROAPass(SROAOptions::ModifyCFG).run(*Clone, FAM);
  FAM.invalidate(*Clone, PreservedAnalyses::none());
  LoopSimplifyPass().run(*Clone, FAM);
  FAM.invalidate(*Clone, PreservedAnalyses::none());
  return *Clone;
}

ScratchBody::~ScratchBody() {
  if (!Clone)
    return;
  FAM.clear(*Clone, Clone->getName());
  Clone->eraseFromParent();
}
