//===- PlanRemarks.cpp - tells what a plan will do ------------------------===//
//
// Algorithm
//   1. Each site is deferred: say whether it may start at once, and why.
//   2. Each place that forces a value is told with the call, or the calls,
//      whose value that is, which may have flowed there through PHIs.
//
// Batches speak for themselves (BatchPlanner.cpp), and where they are declined
// is no news.
//
//===----------------------------------------------------------------------===//

#include "PlanRemarks.h"

#include "Batch.h"
#include "Remarks.h"
#include "Sites.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace lazypass;

/// The calls whose values \p Var may hold: its own, or those that flow in.
static SmallVector<const Site *, 2> sourcesOf(const FunctionPlan &Plan,
                                              unsigned Var) {
  SmallSetVector<unsigned, 4> Vars;
  Vars.insert(Var);
  for (unsigned I = 0; I != Vars.size(); ++I)
    for (const auto &[BB, Block] : Plan.Blocks)
      for (const Copy &C : Block.Copies)
        if (C.To == Vars[I] && C.From != None)
          Vars.insert(C.From);
  SmallVector<const Site *, 2> Sources;
  for (const Site &S : Plan.Sites)
    if (S.Defines != None && Vars.contains(S.Defines))
      Sources.push_back(&S);
  return Sources;
}

/// Where a batch is declined is no news.
static bool comesInBatches(const FunctionPlan &Plan, unsigned Var) {
  return all_of(sourcesOf(Plan, Var),
                [](const Site *S) { return isBatched(*S->Call); });
}

static std::string describe(const FunctionPlan &Plan, unsigned Var) {
  SmallVector<const Site *, 2> Sources = sourcesOf(Plan, Var);
  if (Sources.size() == 1)
    return "the value of '" + Sources[0]->Fn->F->getName().str() + "'" +
           atPlace(*Sources[0]->Call);
  SmallSetVector<StringRef, 2> Names;
  for (const Site *S : Sources)
    Names.insert(S->Fn->F->getName());
  return "a value of '" + join(Names, "' or '") + "'";
}

void lazypass::remarkPlan(FunctionPlan &Plan) {
  auto Add = [&](Instruction &At, bool Missed, StringRef Id,
                 const Twine &Text) {
    Plan.Remarks.push_back({&At, Missed, Id, Text.str()});
  };
  for (const Site &S : Plan.Sites)
    if (!isBatched(*S.Call))
      Add(*S.Call, /*Missed=*/false, "Deferred",
          nameOf(S) + (S.Fn->writesRegions()
                           ? " is deferred, and may start at once: the "
                             "program waits where it touches the same memory"
                       : S.Certain ? " is deferred, and may start at once: its "
                                     "value is needed on every path"
                                   : " is deferred until its value is needed, "
                                     "if ever"));
  for (BasicBlock &BB : *Plan.F) {
    auto It = Plan.Blocks.find(&BB);
    if (It == Plan.Blocks.end())
      continue;
    for (const Event &E : It->second.Events) {
      if (E.Var != None && comesInBatches(Plan, E.Var))
        continue;
      bool Forces = E.K == Event::Use || E.K == Event::Clobber;
      if (Forces && E.MayBePending) {
        std::string Value = describe(Plan, E.Var);
        if (E.K == Event::Use)
          Add(*E.At, /*Missed=*/false, "Forced",
              Value + " is forced here: it " + E.Reason);
        else
          Add(*E.At, /*Missed=*/true, "Clobbered",
              Value + " is forced here: this " + E.Reason);
      } else if (E.K == Event::Commit) {
        Add(*E.At, /*Missed=*/false, "StoreDeferred",
            "the store is deferred with the call whose value it "
            "stores");
      }
    }
  }
}
