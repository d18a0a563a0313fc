//===- Planner.cpp - decides what becomes lazy, and where it is forced ----===//
//
// Algorithm
//   1. Sites.cpp says which calls may become nodes.
//   2. Events.cpp says what happens to their values, Dataflow.cpp what follows.
//   3. A call whose value nobody looks at, nor at what it writes
//      (DeadOutputs.cpp), is not needed at all.  Where handles are taken, one
//      that could not be made again, as if for the first time, runs in place.
//   4. A certain site whose value is forced before any other work is met gains
//      nothing: it runs in place, as a plain call.  Taking it out may make the
//      same true of another, so repeat from 2 until nothing changes.
//   5. A value forced in a loop that has no sites is forced before the loop, if
//      it is needed there on every path: the check costs the loop nothing.
//
//===----------------------------------------------------------------------===//

#include "Planner.h"

#include "Batch.h"
#include "Dataflow.h"
#include "DeadOutputs.h"
#include "Events.h"
#include "LoopTouch.h"
#include "PlanRemarks.h"
#include "Remarks.h"
#include "SerialLoops.h"
#include "Sites.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace lazypass;

namespace {

class Planner {
  const LazyFunctions &Lazy;
  AAResults &AA;
  const TargetLibraryInfo &TLI;
  LoopInfo &LI;
  DominatorTree &DT;
  FunctionPlan Plan;

public:
  Planner(Function &F, const LazyFunctions &Lazy, FunctionAnalysisManager &FAM)
      : Lazy(Lazy), AA(FAM.getResult<AAManager>(F)),
        TLI(FAM.getResult<TargetLibraryAnalysis>(F)),
        LI(FAM.getResult<LoopAnalysis>(F)),
        DT(FAM.getResult<DominatorTreeAnalysis>(F)) {
    Plan.F = &F;
  }

  FunctionPlan run() {
    collectSites(Plan, Lazy);
    if (Plan.Sites.empty())
      return std::move(Plan);
    do {
      collectEvents(Plan, Lazy, AA, TLI);
      Dataflow Flow(Plan);
      if (dropUnneeded())
        continue;
      if (dropSevered())
        continue;
      if (dropUseless())
        continue;
      if (hoistUses(Flow))
        Dataflow Again(Plan);
      break;
    } while (true);
    remarkPlan(Plan);
    remarkSerialLoops(Plan, LI, DT);
    return std::move(Plan);
  }

private:
  void done(Instruction &At, StringRef Id, const Twine &Text) {
    Plan.Remarks.push_back({&At, /*Missed=*/false, Id, Text.str()});
  }
  void missed(Instruction &At, StringRef Id, const Twine &Text) {
    Plan.Remarks.push_back({&At, /*Missed=*/true, Id, Text.str()});
  }

  /// lazy_set() of an argument is to reach the call: it must be given the node.
  bool dropSevered() {
    for (unsigned I = 0; Plan.Kept && I != Plan.Sites.size(); ++I) {
      const Site &S = Plan.Sites[I];
      for (unsigned A = 0; A != S.Call->arg_size(); ++A) {
        Value *Operand = S.Call->getArgOperand(A);
        unsigned Var = Plan.pieceOf(Operand).Var;
        if (Var == None && S.Call->isByValArgument(A))
          Var = Plan.objectOf(Operand);
        if (Var == None || !takesValue(Plan, S, A, Var))
          continue;
        Plan.Remarks.push_back(inPlaceAmongHandles(
            S, "it needs the value of an argument at once"));
        drop(I);
        return true;
      }
    }
    return false;
  }

  void drop(ArrayRef<unsigned> Indices) {
    for (unsigned I : reverse(Indices))
      Plan.Sites.erase(Plan.Sites.begin() + I);
  }

  /// Step 3.
  bool dropUnneeded() {
    SmallVector<unsigned> Gone;
    for (const auto &[BB, Block] : Plan.Blocks)
      for (const Event &E : Block.Events)
        if (E.K == Event::Define && (E.Var == None || E.LastUse) &&
            writesForNobody(Plan.Sites[E.SiteIndex], Lazy))
          Gone.push_back(E.SiteIndex);
    llvm::sort(Gone);
    for (unsigned I : Gone) {
      const Site &S = Plan.Sites[I];
      done(*S.Call, "Unneeded",
           nameOf(S) + " never runs: nobody looks at " +
               (S.Fn->writesRegions() ? "what it writes" : "its value"));
      Plan.Unneeded.insert(S.Call);
    }
    drop(Gone);
    return !Gone.empty();
  }

  /// Step 4.  From just after \p S, is there a path on which other work comes
  /// before the value is forced?  If not, and all that is pending is settled
  /// first, \p Settles is where.
  bool hasWorkBeforeForce(const Site &S, unsigned Index,
                          const Event *&Settles) {
    SmallPtrSet<BasicBlock *, 8> Seen;
    unsigned Var = S.Defines; // and then the PHIs that carry it on

    BasicBlock *Home = S.Call->getParent();
    const std::vector<Event> &HomeEvents = Plan.Blocks[Home].Events;
    size_t Start = 0;
    while (!(HomeEvents[Start].K == Event::Define &&
             HomeEvents[Start].SiteIndex == Index))
      ++Start;

    // Walk instructions, with the events that stand at them.
    auto Scan = [&](BasicBlock *BB, size_t NextEvent,
                    BasicBlock::iterator From) -> std::optional<bool> {
      const BlockPlan &Block = Plan.Blocks[BB];
      for (auto It = From; It != BB->end(); ++It) {
        Instruction &I = *It;
        for (; NextEvent != Block.Events.size() &&
               Block.Events[NextEvent].At == &I;
             ++NextEvent) {
          const Event &E = Block.Events[NextEvent];
          if (E.K == Event::Settle && S.hasRegions()) {
            Settles = &E;
            return false;
          }
          if (E.Var != Var)
            continue;
          switch (E.K) {
          case Event::Use:
          case Event::Clobber:
            return false;
          case Event::Edge:
          case Event::Handle:
            return true;
          default:
            break;
          }
        }
        if (isa<CallBase>(I) && !isa<IntrinsicInst>(I) && !asTouchedRange(I))
          return true;
      }
      unsigned Carried = Var;
      for (const Copy &C : Block.Copies) {
        if (Var == None || C.From != Var)
          continue;
        if (!C.LastUse || Carried != Var || BB != S.Call->getParent())
          return true;
        Carried = C.To;
      }
      Var = Carried;
      return std::nullopt;
    };

    if (auto Answer = Scan(Home, Start + 1, std::next(S.Call->getIterator())))
      return *Answer;
    SmallVector<BasicBlock *, 8> Next(successors(Home));
    while (!Next.empty()) {
      BasicBlock *BB = Next.pop_back_val();
      if (LI.isLoopHeader(BB)) // a loop is work
        return true;
      if (!Seen.insert(BB).second)
        continue;
      if (auto Answer = Scan(BB, 0, BB->begin())) {
        if (*Answer)
          return true;
        continue;
      }
      append_range(Next, successors(BB));
    }
    return false;
  }

  /// As a plain call, a site with regions would have to wait for all that is
  /// pending in memory; as a site it waits for what it touches.
  bool waitsForOthers(const Site &S) const {
    return S.hasRegions() && any_of(Plan.Sites, [&](const Site &Other) {
             return Other.hasRegions() && Other.Call != S.Call;
           });
  }

  bool dropUseless() {
    if (Plan.Kept)
      return false;
    // One at a time from the end: a call that runs in place is work for those
    // before it.
    for (unsigned I = Plan.Sites.size(); I-- > 0;) {
      const Site &S = Plan.Sites[I];
      const Event *Settles = nullptr;
      if (!S.Certain || waitsForOthers(S) || hasWorkBeforeForce(S, I, Settles))
        continue;
      if (!isBatched(*S.Call))
        missed(*S.Call, "NeededAtOnce",
               nameOf(S) + " runs in place: " +
                   (S.Defines == None ? "what it writes" : "its value") +
                   " is needed at once, " + whyAtOnce(S, Settles));
      Plan.AtOnce.push_back(S);
      drop(I);
      return true;
    }
    return false;
  }

  std::string whyAtOnce(const Site &S, const Event *Settles) const {
    const Loop *L = LI.getLoopFor(S.Call->getParent());
    if (!Settles || Settles->Reason.empty() || !L || !L->contains(Settles->At))
      return "and nothing else could run meanwhile";
    return "for " + describeAccess(*Settles->At) + atPlace(*Settles->At) + " " +
           Settles->Reason.str();
  }

  /// Step 5.
  bool hoistUses(const Dataflow &Flow) {
    bool Any = false;
    for (Loop *L : LI.getLoopsInPreorder()) {
      BasicBlock *Preheader = L->getLoopPreheader();
      if (!Preheader || Plan.Kept || any_of(Plan.Sites, [&](const Site &S) {
            return L->contains(S.Call);
          }))
        continue;
      SmallSetVector<unsigned, 4> Used;
      for (BasicBlock *BB : L->blocks())
        for (const Event &E : Plan.Blocks[BB].Events)
          if (E.K == Event::Use && E.MayBePending)
            Used.insert(E.Var);
      for (unsigned V : Used) {
        if (!Flow.isCertainAtEnd(Preheader, V) ||
            !Flow.mayBePendingAtEnd(Preheader, V) || !comesFromOutside(V, *L))
          continue;
        Event E(Event::Use, Preheader->getTerminator());
        E.Var = V;
        E.Reason = "is needed in the loop that follows";
        Plan.Blocks[Preheader].Events.push_back(E);
        Any = true;
      }
    }
    return Any;
  }

  bool comesFromOutside(unsigned V, const Loop &L) const {
    return !L.contains(cast<Instruction>(Plan.Variables[V].Root));
  }
};

} // namespace

FunctionPlan lazypass::planFunction(Function &F, const LazyFunctions &Lazy,
                                    FunctionAnalysisManager &FAM) {
  return Planner(F, Lazy, FAM).run();
}
