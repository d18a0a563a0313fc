//===- Events.cpp - where things happen to lazy values --------------------===//
//
// Algorithm
//   1. Variables.cpp says what can be pending.
//   2. Find what looks at local objects that are variables.
//   3. Stores of pieces and copies of whole objects to memory, as far as they
//      may wait (MemoryOrder).
//   4. Walk all instructions in order.  An argument of another site is an
//      Edge, a waiting store a Commit; every other look at a variable is a Use
//      with the reason that the remark will give.
//
// Sound: what is not recognised is a Use.
//
//===----------------------------------------------------------------------===//

#include "Events.h"

#include "Batch.h"
#include "Canonicalize.h"
#include "Compat.h"
#include "FreshMemory.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Operator.h"

using namespace llvm;
using namespace lazypass;

namespace {

class Collector {
  FunctionPlan &Plan;
  const LazyFunctions &Lazy;
  AAResults &AA;
  const TargetLibraryInfo &TLI;
  const DataLayout &DL;

  /// What looks at local objects that are variables.
  DenseMap<const Instruction *, SmallVector<unsigned, 1>> Accesses;
  DenseMap<const Instruction *, unsigned> SiteOf;
  DenseMap<const Instruction *, Event> Commits;
  DenseMap<const Instruction *, StringRef> WhyNotCommit;

public:
  Collector(FunctionPlan &Plan, const LazyFunctions &Lazy, AAResults &AA,
            const TargetLibraryInfo &TLI)
      : Plan(Plan), Lazy(Lazy), AA(AA), TLI(TLI),
        DL(Plan.F->getParent()->getDataLayout()) {}

  void run() {
    collectVariables(Plan);
    for (unsigned S = 0; S != Plan.Sites.size(); ++S)
      SiteOf[Plan.Sites[S].Call] = S;
    for (unsigned V = 0; V != Plan.Variables.size(); ++V)
      if (Plan.Variables[V].K == Variable::Object)
        collectAccesses(V);
    MemoryOrder Memory(Plan, Lazy, AA, TLI);
    if (!Plan.Kept)
      collectCommits(Memory);
    for (BasicBlock *BB : ReversePostOrderTraversal<Function *>(Plan.F))
      collectEvents(*BB, Memory);
    pruneClosedScope(Plan);
  }

private:
  /// Everything that may look at or change object \p V.
  void collectAccesses(unsigned V) {
    auto *Object = cast<AllocaInst>(Plan.Variables[V].Root);
    if (isCaptured(Object)) {
      MemoryLocation Loc = MemoryLocation::getBeforeOrAfter(Object);
      for (Instruction &I : instructions(*Plan.F))
        if (I.mayReadOrWriteMemory() &&
            isModOrRefSet(AA.getModRefInfo(&I, Loc)))
          Accesses[&I].push_back(V);
    }
    SmallVector<const Value *, 8> Work{Object};
    SmallPtrSet<const Value *, 8> Seen;
    while (!Work.empty())
      for (const User *U : Work.pop_back_val()->users()) {
        auto *I = cast<Instruction>(U);
        if (!Seen.insert(I).second)
          continue;
        if (I->mayReadOrWriteMemory() && !is_contained(Accesses[I], V))
          Accesses[I].push_back(V);
        // Addresses within it, also by way of PHIs and selects.
        if (I->getType()->isPointerTy() && !isa<LoadInst>(I))
          Work.push_back(I);
      }
  }

  void collectCommits(MemoryOrder &Memory) {
    for (BasicBlock *BB : ReversePostOrderTraversal<Function *>(Plan.F))
      for (Instruction &I : *BB) {
        Event E(Event::Commit, &I);
        if (notesInput(I))
          continue;
        if (auto *Store = dyn_cast<StoreInst>(&I)) {
          Piece P = Plan.pieceOf(Store->getValueOperand());
          if (!P || !Store->isSimple())
            continue;
          E.Var = P.Var;
          E.Offset = P.Offset;
          E.Size = P.Size;
          E.Address = Store->getPointerOperand();
        } else if (auto *Copy = dyn_cast<MemCpyInst>(&I)) {
          unsigned From = Plan.objectOf(Copy->getRawSource());
          auto *Length = dyn_cast<ConstantInt>(Copy->getLength());
          if (From == None || Copy->isVolatile() || !Length ||
              Length->getValue().ugt(Plan.Variables[From].Size) ||
              Accesses.lookup(&I).size() != 1)
            continue;
          E.Var = From;
          E.Size = Length->getZExtValue();
          E.Address = Copy->getRawDest();
        } else {
          continue;
        }
        // A store into an object that is a variable itself is a look at that.
        if (isa<StoreInst>(I) && Accesses.contains(&I))
          continue;
        StringRef WhyNot;
        if (Memory.canWait(E.Address, E, WhyNot))
          Commits.insert({&I, E});
        else
          WhyNotCommit[&I] = WhyNot;
      }
  }

  StringRef reasonOf(const Instruction &I) const {
    if (auto It = WhyNotCommit.find(&I); It != WhyNotCommit.end())
      return It->second;
    if (isa<ReturnInst>(I))
      return "is returned";
    if (I.isTerminator())
      return "decides a branch";
    if (isa<StoreInst, MemTransferInst>(I))
      return "is stored";
    if (isa<LoadInst>(I))
      return "is read";
    if (auto *Call = dyn_cast<CallBase>(&I); Call && !isa<IntrinsicInst>(I))
      return asDeferrableCall(const_cast<CallBase *>(Call), Lazy)
                 ? "is an argument of a call that runs in place"
                 : "is an argument of a call that is not lazy";
    if (isa<GetElementPtrInst>(I))
      return "is part of an address";
    if (isa<CmpInst>(I))
      return "is compared";
    return "is an operand of arithmetic";
  }

  void addUse(std::vector<Event> &Out, Instruction &I, unsigned Var,
              StringRef Reason) {
    for (const Event &E : Out)
      if (E.K == Event::Use && E.At == &I && E.Var == Var)
        return;
    Event E(Event::Use, &I);
    E.Var = Var;
    E.Reason = Reason;
    Out.push_back(E);
  }

  void collectSite(CallInst &Call, unsigned S, std::vector<Event> &Out) {
    const Site &Site = Plan.Sites[S];
    std::vector<Event> Edges;
    for (unsigned A = 0; A != Call.arg_size(); ++A) {
      const ArgumentSlot *Slot = Site.Fn->slotOf(A);
      if (!Slot)
        continue;
      Value *Operand = Call.getArgOperand(A);
      Event E(Event::Edge, &Call);
      E.SiteIndex = S;
      E.Argument = A;
      if (Slot->ByVal) {
        unsigned Object = Plan.objectOf(Operand);
        if (Object == None || Plan.Variables[Object].Size != Slot->Size)
          continue; // the loop over Accesses sees it
        E.Var = Object;
      } else if (Piece P = Plan.pieceOf(Operand)) {
        if (P.Size != Slot->Size) {
          addUse(Out, Call, P.Var, reasonOf(Call));
          continue;
        }
        E.Var = P.Var;
        E.Offset = P.Offset;
      } else {
        continue;
      }
      if (takesValue(Plan, Site, A, E.Var)) {
        addUse(Out, Call, E.Var,
               isCompared(*Site.Fn, A)
                   ? "is compared with other pointers"
                   : "says what memory a lazy call touches");
        continue;
      }
      Edges.push_back(E);
    }
    // Objects looked at in any other way than by an edge or as the result.
    for (unsigned V : Accesses.lookup(&Call)) {
      bool IsEdge = any_of(Edges, [&](const Event &E) { return E.Var == V; });
      if (!IsEdge && V != Site.Defines)
        addUse(Out, Call, V, reasonOf(Call));
    }
    Out.insert(Out.end(), Edges.begin(), Edges.end());
    Event D(Event::Define, &Call);
    D.Var = Site.Defines;
    D.SiteIndex = S;
    Out.push_back(D);
  }

  /// Where \p I accesses memory is needed before anything is asked about that
  /// memory.
  void collectAddresses(Instruction &I, std::vector<Event> &Out) {
    auto Need = [&](Value *Address) {
      if (Piece P = Plan.pieceOf(Address))
        addUse(Out, I, P.Var, "is an address");
    };
    if (Value *Address = getLoadStorePointerOperand(&I))
      Need(Address);
    else if (auto *Mem = dyn_cast<AnyMemIntrinsic>(&I))
      Need(Mem->getRawDest());
    if (auto *Transfer = dyn_cast<AnyMemTransferInst>(&I))
      Need(Transfer->getRawSource());
    if (auto *Call = dyn_cast<CallBase>(&I))
      for (unsigned A = 0; A != Call->arg_size(); ++A)
        if (Call->isByValArgument(A) ||
            Call->paramHasAttr(A, Attribute::StructRet))
          Need(Call->getArgOperand(A));
  }

  void collectOperands(Instruction &I, std::vector<Event> &Out) {
    for (unsigned V : Accesses.lookup(&I))
      addUse(Out, I, V, reasonOf(I));
    if (Plan.Pieces.contains(&I)) // a piece of a variable: needs nothing
      return;
    for (Value *Operand : I.operands())
      if (Piece P = Plan.pieceOf(Operand))
        addUse(Out, I, P.Var, reasonOf(I));
  }

  /// What must be done to memory before \p I, and known before that is done.
  void collectOrder(Instruction &I, const MemoryOrder &Memory,
                    std::vector<Event> &Out) {
    std::vector<Event> Order;
    Memory.before(I, Order);
    for (const Event &E : Order) {
      if (E.K == Event::TouchRegions)
        collectOperands(I, Out);
      if (Piece P = Plan.pieceOf(E.Address))
        addUse(Out, I, P.Var, "is an address");
      for (Value *Factor : E.Length)
        if (Piece P = Plan.pieceOf(Factor))
          addUse(Out, I, P.Var, "says how much memory is accessed");
    }
    append_range(Out, Order);
  }

  bool isUnneeded(const Instruction &I) const {
    auto *Call = dyn_cast<CallInst>(&I);
    return Call && Plan.Unneeded.contains(const_cast<CallInst *>(Call));
  }

  /// The one variable that \p V is put together from, or None.
  unsigned rootOf(Value *V) const {
    if (Piece P = Plan.pieceOf(V))
      return P.Var;
    auto *I = dyn_cast<Instruction>(V);
    if (!I || !isa<InsertValueInst, CastInst, BinaryOperator, FreezeInst,
                   InsertElementInst, ShuffleVectorInst, ExtractElementInst>(I))
      return None;
    unsigned Root = None;
    for (Value *Operand : I->operands()) {
      if (isa<Constant>(Operand))
        continue;
      unsigned R = rootOf(Operand);
      if (R == None || (Root != None && R != Root))
        return None;
      Root = R;
    }
    return Root;
  }

  bool collectHandle(Instruction &I, std::vector<Event> &Out) {
    auto *Call = dyn_cast<CallInst>(&I);
    Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    if (!Callee)
      return false;
    Event E(Event::Handle, &I);
    if (Callee->getName().starts_with(HandleMarker)) {
      E.Var = rootOf(Call->getArgOperand(0));
    } else if (Callee->getName() == HandleFunction) {
      E.Var = Plan.objectOf(Call->getArgOperand(0));
    } else {
      return false;
    }
    if (E.Var != None)
      Out.push_back(E);
    return true;
  }

  /// lazy_wait() also forces what its caller still looks at.
  void collectWait(Instruction &I, std::vector<Event> &Out) {
    auto *Call = dyn_cast<CallInst>(&I);
    Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    if (!Callee || Callee->getName() != "lazy_wait")
      return;
    for (unsigned V = 0; V != Plan.Variables.size(); ++V) {
      Event E(Event::Clobber, &I);
      E.Var = V;
      E.Reason = "waits for everything";
      Out.push_back(E);
    }
  }

  void collectEvents(BasicBlock &BB, MemoryOrder &Memory) {
    BlockPlan &Block = Plan.Blocks[&BB];
    std::vector<Event> &Out = Block.Events;
    for (Instruction &I : BB) {
      if (isa<PHINode>(I) || I.isDebugOrPseudoInst() || isUnneeded(I))
        continue;
      if (I.isTerminator())
        collectPhiUses(BB, Block);
      collectAddresses(I, Out);
      if (auto It = Commits.find(&I); It != Commits.end()) {
        Out.push_back(It->second);
        continue;
      }
      collectOrder(I, Memory, Out);
      if (auto It = SiteOf.find(&I); It != SiteOf.end()) {
        collectSite(cast<CallInst>(I), It->second, Out);
        continue;
      }
      if (collectHandle(I, Out))
        continue;
      collectWait(I, Out);
      if (auto *Marker = dyn_cast<IntrinsicInst>(&I);
          Marker && Marker->isLifetimeStartOrEnd()) {
        for (unsigned V : Accesses.lookup(&I)) {
          Event E(Event::Kill, &I);
          E.Var = V;
          Out.push_back(E);
        }
        continue;
      }
      collectOperands(I, Out);
    }
  }

  void collectPhiUses(BasicBlock &BB, BlockPlan &Block) {
    for (BasicBlock *Succ : successors(&BB))
      for (PHINode &Phi : Succ->phis()) {
        Value *In = Phi.getIncomingValueForBlock(&BB);
        Piece From = Plan.pieceOf(In);
        if (Piece To = Plan.pieceOf(&Phi)) {
          bool Whole = From && In == Plan.Variables[From.Var].Root;
          if (From && !Whole)
            addUse(Block.Events, *BB.getTerminator(), From.Var,
                   "is part of another value");
          Block.Copies.push_back({To.Var, Whole ? From.Var : None, In});
        } else if (From) {
          addUse(Block.Events, *BB.getTerminator(), From.Var,
                 "is carried on with values that are not lazy");
        }
      }
  }
};

} // namespace

bool lazypass::takesValue(const FunctionPlan &Plan, const Site &S, unsigned A,
                          unsigned Var) {
  const Variable &V = Plan.Variables[Var];
  bool MustBeKnown =
      V.PassedOn ? !isOnlyBase(*S.Fn, A) : S.Fn->isPartOfRegion(A);
  return isCompared(*S.Fn, A) ||
         (S.hasRegions() && (MustBeKnown || V.readsMemory()));
}

void lazypass::collectEvents(FunctionPlan &Plan, const LazyFunctions &Lazy,
                             AAResults &AA, const TargetLibraryInfo &TLI) {
  Plan.Variables.clear();
  Plan.Objects.clear();
  Plan.Pieces.clear();
  Plan.Blocks.clear();
  Collector(Plan, Lazy, AA, TLI).run();
}
