//===- DeadOutputs.cpp - what is written for nobody -----------------------===//
//
// Algorithm
//   1. What the call writes must be locals that nobody else knows: all that is
//      done with their addresses is to access them here, or to hand them to
//      lazy functions that do not keep them.
//   2. From the call on, no way may lead to anything that reads one of these
//      locals while that one lives.
//
// Given up: what is read on some ways only.  Such a call starts at once, like
// any other that writes, although nobody may come to need it.
//
//===----------------------------------------------------------------------===//

#include "DeadOutputs.h"

#include "Compat.h"
#include "PointerUses.h"
#include "lazy/abi.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

namespace {

/// One of the locals.  Where it ends, the others may live on.
class Output {
  const LazyFunctions &Lazy;
  SmallPtrSet<const Instruction *, 16> Readers, Ends;

public:
  explicit Output(const LazyFunctions &Lazy) : Lazy(Lazy) {}

  /// Step 1.
  bool isLocal(const Value *Pointer) {
    auto *Object =
        dyn_cast<AllocaInst>(getUnderlyingObject(Pointer, /*MaxLookup=*/0));
    return Object &&
           !findUseUnless(*Object, [&](const Use &U) { return note(U); });
  }

  /// Step 2.
  bool isUnreadAfter(const Instruction &Call) const {
    SmallVector<const BasicBlock *, 8> Work;
    SmallPtrSet<const BasicBlock *, 8> Seen;
    // False: read before the block ends.
    auto Scan = [&](const BasicBlock &BB, BasicBlock::const_iterator From) {
      for (const Instruction &I : make_range(From, BB.end())) {
        if (Readers.contains(&I))
          return false;
        if (Ends.contains(&I))
          return true;
      }
      append_range(Work, successors(&BB));
      return true;
    };
    if (!Scan(*Call.getParent(), std::next(Call.getIterator())))
      return false;
    while (!Work.empty()) {
      const BasicBlock *BB = Work.pop_back_val();
      if (Seen.insert(BB).second && !Scan(*BB, BB->begin()))
        return false;
    }
    return true;
  }

private:
  /// False: it may become known to others.
  bool note(const Use &U) {
    auto *By = cast<Instruction>(U.getUser());
    if (auto *Marker = dyn_cast<IntrinsicInst>(By);
        Marker && Marker->isLifetimeStartOrEnd()) {
      Ends.insert(By);
      return true;
    }
    if (isAccessOrCompare(U)) {
      bool Copies = isa<MemTransferInst>(By) && U.getOperandNo() == 1;
      if (isa<LoadInst>(By) || Copies)
        Readers.insert(By);
      return true;
    }
    auto *Call = dyn_cast<CallBase>(By);
    auto It = Call ? Lazy.find(Call->getCalledFunction()) : Lazy.end();
    if (It == Lazy.end() || !Call->isArgOperand(&U))
      return false;
    const LazyFunction &Fn = It->second;
    unsigned I = Call->getArgOperandNo(&U);
    if (Fn.accessThrough(I) & LAZY_READS)
      Readers.insert(By);
    return any_of(Fn.Pointers, [&](const PointerParameter &P) {
      return P.Parameter == I && !P.Kept;
    });
  }
};

} // namespace

bool lazypass::writesForNobody(const Site &S, const LazyFunctions &Lazy) {
  return all_of(S.Fn->Regions, [&](const Region &R) {
    if (R.isVisited() && (R.Told & LAZY_WRITES))
      return false; // that may be anywhere
    if (!(R.Access & LAZY_WRITES))
      return true;
    Output Written(Lazy);
    return Written.isLocal(S.Call->getArgOperand(R.Parameter)) &&
           Written.isUnreadAfter(*S.Call);
  });
}
