//===- Sites.cpp - which calls may become nodes ---------------------------===//
//
// Algorithm
//   1. Every direct call of a deferrable function is a site, but
//   2. not in a function that setjmp may return to: it would see variables as
//      they were when nodes were still pending;
//   3. not if the function is so small that a node costs more than it does;
//   4. not if the result goes into memory that is not a plain local object, or
//      is the caller's own;
//   5. where handles are taken, not if the call could not be made again, as if
//      for the first time.
//
//===----------------------------------------------------------------------===//

#include "Sites.h"

#include "Canonicalize.h"
#include "Compat.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace lazypass;

std::string lazypass::nameOf(const Site &S) {
  return ("call of '" + S.Fn->F->getName() + "'").str();
}

Remark lazypass::inPlaceAmongHandles(const Site &S, StringRef Why) {
  return {S.Call, /*Missed=*/true, "Handles",
          (nameOf(S) + " runs in place: " + Why +
           ", and the function it is in takes handles; call it in a function "
           "of its own")
              .str()};
}

static bool takesHandles(const Function &F) {
  return any_of(instructions(F), [](const Instruction &I) {
    auto *Call = dyn_cast<CallInst>(&I);
    const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    return Callee && (Callee->getName() == HandleFunction ||
                      Callee->getName().starts_with(HandleMarker));
  });
}

/// A call that may be made again must do nothing to memory, and read then what
/// it reads now.  Null: it may.
static const char *whyNotKept(const LazyFunction &Fn) {
  if (Fn.writesRegions())
    return "it writes memory";
  if (any_of(Fn.Regions, [](const Region &R) { return R.looksIntoMemory(); }))
    return "how much memory it reads depends on what is there";
  return nullptr;
}

static bool isOwnResult(const Value *Object) {
  auto *Parameter = dyn_cast<Argument>(Object);
  return Parameter && Parameter->hasStructRetAttr();
}

static bool returnsIntoLocal(const Site &S, const LazyFunctions &Lazy) {
  auto *Object = dyn_cast<AllocaInst>(S.Call->getArgOperand(0));
  if (!Object || !Object->isStaticAlloca())
    return false;
  const DataLayout &DL = Object->getModule()->getDataLayout();
  auto Size = Object->getAllocationSize(DL);
  if (!Size || *Size != DL.getTypeAllocSize(S.Fn->Result.Ty))
    return false;
  // A function that reads memory it cannot name might read this object, whose
  // bytes change when the value is forced.
  return !isCaptured(Object) || none_of(Lazy, [](const auto &L) {
    return L.second.isDeferrable() &&
           (L.second.Memory.ReadsUnknown || !L.second.Regions.empty());
  });
}

/// Why \p S stays a plain call, if it does.
static std::optional<Remark> whyInPlace(const Site &S, const FunctionPlan &Plan,
                                        const LazyFunctions &Lazy,
                                        bool ReturnsTwice) {
  auto InPlace = [&](StringRef Id, const Twine &Why) {
    return Remark{S.Call, /*Missed=*/true, Id,
                  (nameOf(S) + " runs in place: " + Why).str()};
  };
  if (S.Fn->Small && !Plan.Kept)
    return InPlace("Small", "it costs less than deferring it");
  if (ReturnsTwice)
    return InPlace("SetJmp", "the function it is in calls setjmp; move the "
                             "call to a function of its own");
  if (S.Fn->SRet && isOwnResult(S.Call->getArgOperand(0)))
    return InPlace("Returned", "its value is returned at once");
  if (Plan.Kept)
    if (const char *Why = whyNotKept(*S.Fn))
      return inPlaceAmongHandles(S, Why);
  if (S.Fn->SRet && !returnsIntoLocal(S, Lazy))
    return InPlace("ResultInMemory",
                   "its result is written straight into memory others may "
                   "see; assign it to a local variable first");
  return std::nullopt;
}

/// Does a call of \p From lead to \p To, as far as can be seen?
static bool reaches(Function &From, const Function &To) {
  SmallSetVector<Function *, 8> Reached;
  Reached.insert(&From);
  for (unsigned I = 0; I != Reached.size(); ++I)
    for (Instruction &In : instructions(Reached[I]))
      if (auto *Call = dyn_cast<CallBase>(&In))
        if (Function *Callee = Call->getCalledFunction())
          Reached.insert(Callee);
  return Reached.contains(const_cast<Function *>(&To));
}

void lazypass::collectSites(FunctionPlan &Plan, const LazyFunctions &Lazy) {
  Plan.Kept = takesHandles(*Plan.F);
  bool ReturnsTwice = Plan.F->callsFunctionThatReturnsTwice();
  DenseMap<Function *, bool> Leads; // here, from each callee
  for (Instruction &I : instructions(*Plan.F)) {
    CallInst *Call = asDeferrableCall(&I, Lazy);
    if (!Call)
      continue;
    Function *Callee = Call->getCalledFunction();
    Site S{Call, &Lazy.find(Callee)->second, None};
    auto [Known, IsNew] = Leads.try_emplace(Callee);
    if (IsNew)
      Known->second = reaches(*Callee, *Plan.F);
    S.Recursive = Known->second;
    if (auto Why = whyInPlace(S, Plan, Lazy, ReturnsTwice))
      Plan.Remarks.push_back(std::move(*Why));
    else
      Plan.Sites.push_back(S);
  }
}
