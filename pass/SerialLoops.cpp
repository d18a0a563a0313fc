//===- SerialLoops.cpp - loops that do not run ahead ----------------------===//
//
// Algorithm
//   1. A Settle that every iteration of a loop comes by waits for all calls and
//      stores that the loop has left pending, so none outlives an iteration.
//   2. The remark stands there, and names what is pending that may be met, and
//      the access that may meet it: the plan knows both (Event::Met, Reason).
//      Where that was left pending before the loop, something in the loop that
//      is waited for as well is named instead.
//   3. One remark for each loop and cause, at the first place: causes are the
//      same if they are of one kind, and calls of one function.
//
// Given up: waits that come of Touch.  Whether it waits is known at run time.
//
//===----------------------------------------------------------------------===//

#include "SerialLoops.h"

#include "Batch.h"
#include "Remarks.h"
#include "lazy/abi.h"
#include "llvm/ADT/SmallSet.h"

using namespace llvm;
using namespace lazypass;

std::string lazypass::describeAccess(const Instruction &I) {
  auto *Call = dyn_cast<CallBase>(&I);
  if (!Call)
    return "this access";
  const Function *Callee = Call->getCalledFunction();
  return Callee ? "this call of '" + Callee->getName().str() + "'"
                : "this call";
}

namespace {

class SerialLoops {
  FunctionPlan &Plan;
  const LoopInfo &LI;
  const DominatorTree &DT;
  SmallSet<std::pair<const Loop *, std::string>, 4> Told;

public:
  SerialLoops(FunctionPlan &Plan, const LoopInfo &LI, const DominatorTree &DT)
      : Plan(Plan), LI(LI), DT(DT) {}

  void run() {
    for (BasicBlock &BB : *Plan.F)
      if (auto It = Plan.Blocks.find(&BB); It != Plan.Blocks.end())
        for (const Event &E : It->second.Events)
          if (E.K == Event::Settle && !E.Reason.empty())
            visit(E);
  }

private:
  /// Does every iteration come by?
  bool isOnEveryWay(const Loop &L, const BasicBlock *BB) const {
    const BasicBlock *Latch = L.getLoopLatch();
    return Latch && DT.dominates(BB, Latch);
  }

  /// Stores of values that come in batches wait now and then only.
  bool leavesPending(const Event &E) const {
    if (E.K == Event::Define)
      return Plan.Sites[E.SiteIndex].hasRegions();
    if (E.K != Event::Commit)
      return false;
    auto *Call = dyn_cast<CallInst>(Plan.Variables[E.Var].Root);
    return !Call || !isBatched(*Call);
  }

  /// A store or a call in \p L that is pending, or nothing.
  std::optional<Event> findPending(const Loop &L) const {
    for (BasicBlock *BB : L.blocks())
      if (auto It = Plan.Blocks.find(BB); It != Plan.Blocks.end())
        for (const Event &E : It->second.Events)
          if (leavesPending(E))
            return E;
    return std::nullopt;
  }

  std::string whatWaits(const Instruction &By, unsigned Argument) const {
    auto *Call = dyn_cast<CallInst>(&By);
    auto It =
        find_if(Plan.Sites, [&](const Site &S) { return S.Call == Call; });
    if (!Call || It == Plan.Sites.end())
      return "what is stored" + atPlace(By);
    std::string Text =
        "what '" + It->Fn->F->getName().str() + "'" + atPlace(By);
    for (const Region &R : It->Fn->Regions)
      if (R.Parameter == Argument)
        return Text + (R.all() & LAZY_WRITES ? " writes" : " reads") +
               " through parameter " + std::to_string(Argument + 1);
    return Text + " works on";
  }

  void visit(const Event &E) {
    for (const Loop *L = LI.getLoopFor(E.At->getParent()); L;
         L = L->getParentLoop()) {
      std::optional<Event> Any = findPending(*L);
      if (!Any)
        continue;
      std::string Access = describeAccess(*E.At) + " " + E.Reason.str();
      if (!isOnEveryWay(*L, E.At->getParent()) ||
          !Told.insert({L, Access}).second)
        return;
      bool Inside = E.Met && L->contains(E.Met);
      std::string What =
          Inside ? whatWaits(*E.Met, E.Argument) : whatWaits(*Any->At, None);
      Plan.Remarks.push_back(
          {E.At, /*Missed=*/true, "SerialLoop",
           ("each iteration waits here for " + Twine(What) + ": " + Access)
               .str()});
      return;
    }
  }
};

} // namespace

void lazypass::remarkSerialLoops(FunctionPlan &Plan, const LoopInfo &LI,
                                 const DominatorTree &DT) {
  SerialLoops(Plan, LI, DT).run();
}
