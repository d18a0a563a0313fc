//===- OwnBodies.cpp - bodies of their own for thunks ---------------------===//
//
// LLVM inlines a static function that is called in one place, whatever its
// size, and then knows its arguments.  A thunk would be a second place.
//
// Algorithm, for each lazy function that nobody else can call
//   1. Tell the program's calls of it from those in thunks and batches.
//   2. If the program has one: thunks and batches call a copy.
//   3. Where the program's call has a constant as argument, so has the copy:
//      the thunk would load just that.
//
// Given up: a body twice.
//
//===----------------------------------------------------------------------===//

#include "OwnBodies.h"

#include "ParallelLoop.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace lazypass;

/// The calls of a function.
namespace {
struct Callers {
  CallInst *OfProgram = nullptr;
  SmallVector<CallInst *, 2> OfThunks;
};
} // namespace

/// Nothing, if the program calls it otherwise than once, directly.
static std::optional<Callers>
findCallers(Function &F, const SmallPtrSetImpl<Function *> &Made) {
  Callers Found;
  for (Use &U : F.uses()) {
    auto *Call = dyn_cast<CallInst>(U.getUser());
    if (isa<Constant>(U.getUser())) // its annotations
      continue;
    if (!Call || !Call->isCallee(&U) ||
        Call->getFunctionType() != F.getFunctionType())
      return std::nullopt;
    // The version of a loop that runs in place has the same call.
    if (Made.contains(Call->getFunction()) || hasParallelVersion(*Call))
      Found.OfThunks.push_back(Call);
    else if (std::exchange(Found.OfProgram, Call))
      return std::nullopt;
  }
  if (!Found.OfProgram || Found.OfThunks.empty() ||
      Found.OfProgram->getFunction() == &F)
    return std::nullopt;
  return Found;
}

static bool isWorthACopy(const Function &F) {
  return F.hasLocalLinkage() && !F.isDeclaration() &&
         !F.hasFnAttribute(Attribute::NoInline) &&
         none_of(F, [](const BasicBlock &B) { return B.hasAddressTaken(); });
}

void lazypass::giveThunksOwnBodies(const LazyFunctions &Lazy,
                                   const SmallPtrSetImpl<Function *> &Made) {
  for (const auto &[F, L] : Lazy) {
    if (L.Levels) // its batches make calls of its own body, not the program's
      continue;
    auto Found = isWorthACopy(*F) ? findCallers(*F, Made) : std::nullopt;
    if (!Found)
      continue;
    Function *Copy = cloneInternally(*F, ".apart");
    for (Argument &A : Copy->args())
      if (Value *V = Found->OfProgram->getArgOperand(A.getArgNo());
          isa<ConstantInt, ConstantFP>(V))
        A.replaceAllUsesWith(V);
    for (CallInst *Call : Found->OfThunks)
      Call->setCalledFunction(Copy);
  }
}
