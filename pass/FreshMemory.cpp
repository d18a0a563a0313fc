//===- FreshMemory.cpp - results in memory of their own -------------------===//
//
// Algorithm
//   1. A function returns fresh memory if all that it returns comes from
//      malloc() and the like, or is null, and if it does nothing else with that
//      pointer but access memory through it and give it back.
//   2. A parameter is not kept if the function does no more with it than that.
//      What a function compares with other pointers, it is not handed while it
//      is pending: by the time that the memory is allocated, it may lie where
//      the program has freed some.
//   3. A pending pointer to fresh memory may be passed on to calls that do not
//      keep it, if all else that the program does with it forces it first.  Not
//      if it flows on or is stored while pending: then it could become known by
//      another name.
//   4. Such calls are ordered by the node of the pointer, which stands for all
//      of its memory (ScopeRewriter.cpp).  Forcing the pointer waits for them.
//
// Sound: until it is forced, nobody but these calls can have the pointer, for
// none of them gives it away; and all of them are found under its node.
//
//===----------------------------------------------------------------------===//

#include "FreshMemory.h"

#include "Events.h"
#include "LibraryFunctions.h"
#include "PointerUses.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace lazypass;

/// Does a function of the C library that \p U hands the pointer to do no more
/// than that, either?
static bool isAccessByLibrary(const Use &U, const TargetLibraryInfo &TLI) {
  auto *Call = dyn_cast<CallBase>(U.getUser());
  if (!Call || !Call->isArgOperand(&U) ||
      (Call->getType()->isPointerTy() && !Call->use_empty()))
    return false;
  const LibraryFunction *Known = knownLibraryFunction(*Call, TLI);
  return Known && is_contained({LibraryFunction::Reads, LibraryFunction::Writes,
                                LibraryFunction::Updates},
                               Known->access(Call->getArgOperandNo(&U)));
}

/// Step 1.
static bool returnsFresh(const Function &F, const TargetLibraryInfo &TLI) {
  for (const Instruction &I : instructions(F)) {
    auto *Return = dyn_cast<ReturnInst>(&I);
    if (!Return)
      continue;
    SmallVector<const Value *, 4> Objects;
    getUnderlyingObjects(Return->getReturnValue(), Objects, /*LI=*/nullptr,
                         /*MaxLookup=*/0);
    if (!all_of(Objects, [&](const Value *Object) {
          if (isa<ConstantPointerNull>(Object))
            return true;
          auto *Call = dyn_cast<CallBase>(Object);
          return Call && isFreshMemory(*Call, TLI) &&
                 !findUseUnless(*Call, [&](const Use &U) {
                   return isa<ReturnInst>(U.getUser()) ||
                          isAccessOrCompare(U) || isAccessByLibrary(U, TLI);
                 });
        }))
      return false;
  }
  return true;
}

/// Is it the very pointer that malloc() or the like has returned, or null?
static bool isBlock(const Value *V, const TargetLibraryInfo &TLI,
                    SmallPtrSetImpl<const Value *> &Seen) {
  if (!Seen.insert(V).second || isa<ConstantPointerNull>(V))
    return true;
  if (auto *Phi = dyn_cast<PHINode>(V))
    return all_of(Phi->incoming_values(),
                  [&](const Use &U) { return isBlock(U, TLI, Seen); });
  if (auto *Choice = dyn_cast<SelectInst>(V))
    return isBlock(Choice->getTrueValue(), TLI, Seen) &&
           isBlock(Choice->getFalseValue(), TLI, Seen);
  auto *Call = dyn_cast<CallBase>(V);
  LibFunc Known;
  return Call && TLI.getLibFunc(*Call, Known) && TLI.has(Known) &&
         is_contained(
             {LibFunc_malloc, LibFunc_calloc, LibFunc_strdup, LibFunc_strndup},
             Known);
}

static bool returnsBlock(const Function &F, const TargetLibraryInfo &TLI) {
  SmallPtrSet<const Value *, 8> Seen;
  return all_of(F, [&](const BasicBlock &B) {
    auto *Return = dyn_cast<ReturnInst>(B.getTerminator());
    return !Return || isBlock(Return->getReturnValue(), TLI, Seen);
  });
}

void lazypass::findFreshMemory(LazyFunction &L, ScratchBody &Body) {
  Function &F = *L.F;
  bool Returns = F.getReturnType()->isPointerTy();
  if (!F.hasExactDefinition()) {
    L.ReturnsFresh = Returns && F.returnDoesNotAlias();
    return;
  }
  const TargetLibraryInfo &TLI = Body.get<TargetLibraryAnalysis>();
  L.ReturnsFresh = Returns && returnsFresh(Body.function(), TLI);
  L.ReturnsBlock = L.ReturnsFresh && returnsBlock(Body.function(), TLI);
  for (PointerParameter &P : L.Pointers) {
    if (L.slotOf(P.Parameter)->ByVal)
      continue;
    const Argument &A = *Body.function().getArg(P.Parameter);
    P.Kept = findUseUnless(A, isAccessOrCompare);
    P.Compared =
        findUseUnless(A, [&](const Use &U) { return !tellsPlace(U, A); });
  }
}

bool lazypass::isOnlyBase(const LazyFunction &Fn, unsigned A) {
  return none_of(Fn.Regions, [&](const Region &R) {
    return (R.Parameter == A && R.isVisited()) || R.Size.uses(A) ||
           R.Offset.uses(A) || R.Rows.uses(A) || R.Stride.uses(A);
  });
}

bool lazypass::isCompared(const LazyFunction &Fn, unsigned A) {
  return any_of(Fn.Pointers, [&](const PointerParameter &P) {
    return P.Parameter == A && P.Compared;
  });
}

static bool keeps(const LazyFunction &Fn, unsigned Parameter) {
  return none_of(Fn.Pointers, [&](const PointerParameter &P) {
    return P.Parameter == Parameter && !P.Kept;
  });
}

/// Step 3.
bool lazypass::canBePassedOn(const FunctionPlan &Plan, unsigned Var) {
  auto SiteOf = [&](const User *U) {
    auto It = find_if(Plan.Sites, [&](const Site &S) { return S.Call == U; });
    return It == Plan.Sites.end() ? nullptr : &*It;
  };
  const Variable &V = Plan.Variables[Var];
  const Site *By =
      V.K == Variable::Result ? SiteOf(cast<User>(V.Root)) : nullptr;
  return By && By->Fn->ReturnsFresh &&
         all_of(V.Root->uses(), [&](const Use &U) {
           if (const Site *S = SiteOf(U.getUser()))
             return !keeps(*S->Fn, U.getOperandNo());
           bool IsStored =
               isa<StoreInst>(U.getUser()) &&
               U.getOperandNo() != StoreInst::getPointerOperandIndex();
           return !isa<PHINode>(U.getUser()) && !IsStored;
         });
}
