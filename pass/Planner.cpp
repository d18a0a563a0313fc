//===- Planner.cpp - decides what becomes lazy, and where it is forced ----===//
//
// Algorithm
//   1. Sites: every direct call of a deferrable function, unless the function
//      it stands in cannot have any (setjmp), or its result goes into memory
//      that is not a plain local object.
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
#include "Canonicalize.h"
#include "Compat.h"
#include "Dataflow.h"
#include "DeadOutputs.h"
#include "Events.h"
#include "LoopTouch.h"
#include "Remarks.h"
#include "SerialLoops.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace lazypass;

namespace {

class Planner {
  Function &F;
  const LazyFunctions &Lazy;
  AAResults &AA;
  const TargetLibraryInfo &TLI;
  LoopInfo &LI;
  DominatorTree &DT;
  FunctionPlan Plan;

public:
  Planner(Function &F, const LazyFunctions &Lazy, FunctionAnalysisManager &FAM)
      : F(F), Lazy(Lazy), AA(FAM.getResult<AAManager>(F)),
        TLI(FAM.getResult<TargetLibraryAnalysis>(F)),
        LI(FAM.getResult<LoopAnalysis>(F)),
        DT(FAM.getResult<DominatorTreeAnalysis>(F)) {
    Plan.F = &F;
  }

  FunctionPlan run() {
    Plan.Kept = takesHandles();
    if (!collectSites())
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
    report();
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

  static std::string nameOf(const Site &S) {
    return ("call of '" + S.Fn->F->getName() + "'").str();
  }

  bool takesHandles() const {
    return any_of(instructions(F), [](const Instruction &I) {
      auto *Call = dyn_cast<CallInst>(&I);
      const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
      return Callee && (Callee->getName() == HandleFunction ||
                        Callee->getName().starts_with(HandleMarker));
    });
  }

  bool collectSites() {
    bool Returns2 = F.callsFunctionThatReturnsTwice();
    for (Instruction &I : instructions(F)) {
      CallInst *Call = asDeferrableCall(&I, Lazy);
      if (!Call)
        continue;
      Site S{Call, &Lazy.find(Call->getCalledFunction())->second, None};
      if (S.Fn->Small && !Plan.Kept) {
        missed(*Call, "Small",
               nameOf(S) + " runs in place: it costs less than deferring it");
        continue;
      }
      if (Returns2) {
        missed(*Call, "SetJmp",
               nameOf(S) + " runs in place: the function it is in calls "
                           "setjmp; move the call to a function of its "
                           "own");
        continue;
      }
      if (S.Fn->SRet && isOwnResult(Call->getArgOperand(0))) {
        missed(*Call, "Returned",
               nameOf(S) + " runs in place: its value is returned at once");
        continue;
      }
      if (Plan.Kept && whyNotKept(*S.Fn)) {
        missed(*Call, "Handles", inPlaceAmongHandles(S, whyNotKept(*S.Fn)));
        continue;
      }
      if (S.Fn->SRet && !returnsIntoLocal(*Call, *S.Fn)) {
        missed(*Call, "ResultInMemory",
               nameOf(S) + " runs in place: its result is written "
                           "straight into memory others may see; assign "
                           "it to a local variable first");
        continue;
      }
      Plan.Sites.push_back(S);
    }
    return !Plan.Sites.empty();
  }

  /// A call that may be made again must do nothing to memory, and read then
  /// what it reads now.  Null: it may.
  static const char *whyNotKept(const LazyFunction &Fn) {
    if (Fn.writesRegions())
      return "it writes memory";
    if (any_of(Fn.Regions, [](const Region &R) { return R.looksIntoMemory(); }))
      return "how much memory it reads depends on what is there";
    return nullptr;
  }

  static std::string inPlaceAmongHandles(const Site &S, StringRef Why) {
    return (nameOf(S) + " runs in place: " + Why +
            ", and the function it is in takes handles; call it in a function "
            "of its own")
        .str();
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
        missed(*S.Call, "Handles",
               inPlaceAmongHandles(
                   S, "it needs the value of an argument at once"));
        drop(I);
        return true;
      }
    }
    return false;
  }

  static bool isOwnResult(const Value *Object) {
    auto *Parameter = dyn_cast<Argument>(Object);
    return Parameter && Parameter->hasStructRetAttr();
  }

  bool returnsIntoLocal(const CallInst &Call, const LazyFunction &Fn) const {
    auto *Object = dyn_cast<AllocaInst>(Call.getArgOperand(0));
    if (!Object || !Object->isStaticAlloca())
      return false;
    const DataLayout &DL = F.getParent()->getDataLayout();
    auto Size = Object->getAllocationSize(DL);
    if (!Size || *Size != DL.getTypeAllocSize(Fn.Result.Ty))
      return false;
    // A function that reads memory it cannot name might read this object,
    // whose bytes change when the value is forced.
    return !isCaptured(Object) || none_of(Lazy, [](const auto &L) {
      return L.second.isDeferrable() &&
             (L.second.Memory.ReadsUnknown || !L.second.Regions.empty());
    });
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
    SmallVector<std::pair<BasicBlock *, size_t>, 8> Work;
    SmallPtrSet<BasicBlock *, 8> Seen;

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
          if (E.Var != S.Defines)
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
      for (const Copy &C : Block.Copies)
        if (C.From != None && C.From == S.Defines)
          return true;
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

  /// The calls whose values \p Var may hold: its own, or those that flow in.
  SmallVector<const Site *, 2> sourcesOf(unsigned Var) const {
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
  bool comesInBatches(unsigned Var) const {
    return all_of(sourcesOf(Var),
                  [](const Site *S) { return isBatched(*S->Call); });
  }

  std::string describe(unsigned Var) const {
    SmallVector<const Site *, 2> Sources = sourcesOf(Var);
    if (Sources.size() == 1)
      return "the value of '" + Sources[0]->Fn->F->getName().str() + "'" +
             atPlace(*Sources[0]->Call);
    SmallSetVector<StringRef, 2> Names;
    for (const Site *S : Sources)
      Names.insert(S->Fn->F->getName());
    return "a value of '" + join(Names, "' or '") + "'";
  }

  void report() {
    for (const Site &S : Plan.Sites)
      if (!isBatched(*S.Call))
        done(*S.Call, "Deferred",
             nameOf(S) + (S.Fn->writesRegions()
                              ? " is deferred, and may start at once: the "
                                "program waits where it touches the same memory"
                          : S.Certain
                              ? " is deferred, and may start at once: its "
                                "value is needed on every path"
                              : " is deferred until its value is needed, "
                                "if ever"));
    for (BasicBlock &BB : F) {
      auto It = Plan.Blocks.find(&BB);
      if (It == Plan.Blocks.end())
        continue;
      for (const Event &E : It->second.Events) {
        if (E.Var != None && comesInBatches(E.Var))
          continue;
        bool Forces = E.K == Event::Use || E.K == Event::Clobber;
        if (Forces && E.MayBePending) {
          std::string Value = describe(E.Var);
          if (E.K == Event::Use)
            done(*E.At, "Forced", Value + " is forced here: it " + E.Reason);
          else
            missed(*E.At, "Clobbered",
                   Value + " is forced here: this " + E.Reason);
        } else if (E.K == Event::Commit) {
          done(*E.At, "StoreDeferred",
               "the store is deferred with the call whose value it "
               "stores");
        }
      }
    }
  }
};

} // namespace

FunctionPlan lazypass::planFunction(Function &F, const LazyFunctions &Lazy,
                                    FunctionAnalysisManager &FAM) {
  return Planner(F, Lazy, FAM).run();
}
