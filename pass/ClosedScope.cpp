//===- ClosedScope.cpp - where nothing can be pending in memory -----------===//
//
// MemoryOrder asks what an access may meet, wherever in the function that may
// have been created.  Here follows where it can have been, by one forward
// problem: may the scope hold anything at the end of a block?  It may from a
// Commit or a site with regions on, until it is settled.  Touch, Settle and
// Stream are left out where it cannot.
//
//===----------------------------------------------------------------------===//

#include "MemoryOrder.h"

#include "llvm/IR/CFG.h"

using namespace llvm;
using namespace lazypass;

void lazypass::pruneClosedScope(FunctionPlan &Plan) {
  // May a store wait at the end of the block?
  DenseMap<BasicBlock *, bool> OpenOut;
  auto Walk = [&](BasicBlock *BB, bool Prune) {
    bool Open = any_of(predecessors(BB),
                       [&](BasicBlock *Pred) { return OpenOut.lookup(Pred); });
    auto It = Plan.Blocks.find(BB);
    if (It == Plan.Blocks.end())
      return Open;
    erase_if(It->second.Events, [&](Event &E) {
      if (E.K == Event::Commit ||
          (E.K == Event::Define && Plan.Sites[E.SiteIndex].hasRegions()))
        Open = true;
      bool Needless =
          !Open && (E.K == Event::Touch || E.K == Event::TouchRegions ||
                    E.K == Event::Settle || E.K == Event::Stream);
      if (E.K == Event::Settle)
        Open = false;
      return Prune && Needless;
    });
    return Open;
  };
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (BasicBlock &BB : *Plan.F) {
      bool Open = Walk(&BB, /*Prune=*/false);
      if (Open != OpenOut.lookup(&BB)) {
        OpenOut[&BB] = Open;
        Changed = true;
      }
    }
  }
  for (BasicBlock &BB : *Plan.F)
    Walk(&BB, /*Prune=*/true);
}
