//===- Recursion.cpp - recursive functions, shared and plain --------------===//
//
// A call of fib costs a nanosecond.  Whatever is asked before each of them, may
// this be a node?, doubles that, and keeps LLVM from unrolling the recursion.
// So large subtrees are shared out, and small ones run as they were written.
//
// Algorithm
//   1. A lazy function F that calls itself becomes four:
//        F.plain   the function as it was; it calls itself
//        F.shared  has one more parameter, the level of recursion; its calls
//                  of F may become nodes
//        F.at      has it, too; goes on in F.plain if calls at that level have
//                  turned out to be small, or if there is one thread only, and
//                  else in F.shared
//        F         for everybody else: F.at at level 0
//   2. Calls in F.shared that run in place, and nodes made there, go to F.at,
//      one level down.  A node keeps its level in its payload.
//   3. What a call costs at a level is measured now and then, in F.timed.
//
// Sound: in place may be at any time, and all four do what F did.
//
// Given up: to find out that a plain subtree is much larger than those before
// it at its level: nobody can help with it then.  Recursion through other
// functions.
//
//===----------------------------------------------------------------------===//

#include "Recursion.h"

#include "Canonicalize.h"
#include "Gathering.h"
#include "Planner.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace lazypass;

static SmallVector<CallInst *, 4> callsOf(Function &Callee, Function &In) {
  SmallVector<CallInst *, 4> Calls;
  for (Instruction &I : instructions(In))
    if (auto *Call = dyn_cast<CallInst>(&I);
        Call && Call->getCalledFunction() == &Callee &&
        Call->getFunctionType() == Callee.getFunctionType())
      Calls.push_back(Call);
  return Calls;
}

/// Is it a body that can be had several times, and with one more parameter?
static bool canBeSplit(Function &F) {
  return F.hasExactDefinition() && !F.hasOptNone() &&
         !F.hasFnAttribute(Attribute::Naked) && !F.hasPrefixData() &&
         !F.hasPrologueData() && none_of(F, [](BasicBlock &B) {
           return B.hasAddressTaken() || B.getTerminatingMustTailCall();
         });
}

/// All the time goes into plain bodies, which may be a few instructions long:
/// where they begin in a cache line makes a difference of up to a fifth.
static const Align HotAlignment(64);

/// A plain body runs all calls that it comes by, so none may be there that the
/// program might do without.
static bool needsAllItCalls(Function &F, const LazyFunctions &Lazy,
                            FunctionAnalysisManager &FAM) {
  FunctionPlan Plan;
  do {
    canonicalize(F, Lazy, FAM);
    Plan = planFunction(F, Lazy, FAM);
  } while (sinkUncertainCalls(Plan, FAM));
  // Loops that only gather make nodes of calls that are needed at once.
  return !Plan.Kept && Plan.Unneeded.empty() &&
         all_of(Plan.Sites, [](const Site &S) { return S.Certain; }) &&
         (!Plan.Sites.empty() || findGathering(Plan, FAM));
}

static Function *clonePlain(Function &F) {
  Function *Plain = cloneInternally(F, ".plain");
  Plain->setAlignment(HotAlignment);
  for (CallInst *Call : callsOf(F, *Plain))
    Call->setCalledFunction(Plain);
  return Plain;
}

/// Like \p F, but with the level behind its parameters, and without a body.
static Function *createLeveled(Function &F, StringRef Suffix) {
  SmallVector<Type *, 8> Parameters(F.getFunctionType()->params());
  Parameters.push_back(Type::getInt32Ty(F.getContext()));
  auto *New = Function::Create(
      FunctionType::get(F.getReturnType(), Parameters, /*isVarArg=*/false),
      GlobalValue::InternalLinkage, F.getName() + Suffix, F.getParent());
  New->copyAttributesFrom(&F);
  New->setVisibility(GlobalValue::DefaultVisibility);
  New->setDLLStorageClass(GlobalValue::DefaultStorageClass);
  New->setDSOLocal(true);
  forgetPromises(*New);
  for (Argument &A : F.args())
    New->getArg(A.getArgNo())->setName(A.getName());
  New->getArg(F.arg_size())->setName("level");
  return New;
}

/// The body of \p F, its name for debuggers included, moves to \p Shared.
static void moveBody(Function &F, Function &Shared) {
  Shared.splice(Shared.end(), &F);
  for (Argument &A : F.args())
    A.replaceAllUsesWith(Shared.getArg(A.getArgNo()));
  Shared.setSubprogram(F.getSubprogram());
  F.setSubprogram(nullptr);
}

static void split(LazyFunction &L, Emitter &Runtime,
                  FunctionAnalysisManager &FAM) {
  Function &F = *L.F;
  L.Levels.Plain = clonePlain(F);
  L.Levels.Shared = createLeveled(F, ".shared");
  L.Levels.At = createLeveled(F, ".at");
  L.Levels.Slot = alignTo(L.PayloadSize, Align(4));
  L.PayloadSize = L.Levels.Slot + 4;
  moveBody(F, *L.Levels.Shared);
  forgetPromises(F);
  Runtime.levels(L);
  FAM.invalidate(F, PreservedAnalyses::none());
}

void lazypass::splitRecursion(LazyFunctions &Lazy, Emitter &Runtime,
                              FunctionAnalysisManager &FAM) {
  for (auto &[F, L] : Lazy)
    if (L.Annotated && L.isDeferrable() && !L.Small && canBeSplit(*F) &&
        !callsOf(*F, *F).empty() && needsAllItCalls(*F, Lazy, FAM))
      split(L, Runtime, FAM);
}

bool lazypass::isPlainBody(const Function &F, const LazyFunctions &Lazy) {
  return any_of(Lazy,
                [&](const auto &L) { return L.second.Levels.Plain == &F; });
}

void lazypass::joinLevels(const LazyFunctions &Lazy, Emitter &Runtime) {
  for (const auto &[F, L] : Lazy)
    if (L.Levels)
      for (CallInst *Call : callsOf(*F, *L.Levels.Shared)) {
        IRBuilder<> B(Call);
        SmallVector<Value *, 8> Arguments(Call->args());
        Arguments.push_back(Runtime.levelOf(B, L));
        CallInst *New = Emitter::plainCall(B, *L.Levels.At, Arguments);
        New->takeName(Call);
        Call->replaceAllUsesWith(New);
        Call->eraseFromParent();
      }
}
