//===- MemoryOrder.cpp - pending work against the program's memory --------===//
//
// Waiting stores are performed in program order by the thread that made them,
// so they are ordered among themselves; nodes that read and write regions are
// ordered by the runtime among themselves and with those.  Against the program:
//
// Where visitors tell what a node touches, that is any memory which is not the
// function's alone.
//
//   1. A load or store that alias analysis cannot tell from a waiting one, or
//      from a region, is preceded by Touch: two compares at run time, then the
//      exact look-up.  Loads do not mind regions that are only read.
//   2. A call of the C library touches what its arguments point to
//      (LibraryCalls.cpp): Touch again, or Settle where that has no known end,
//      and Stream, which asks at run time where a stream leads.
//   3. A call that may access such memory or leave the function for good, a
//      fence, an atomic or volatile access and the return are preceded by
//      Settle; the end of a local's life by Touch.
//   4. A call of a function that is known (KnownCalls.cpp) is preceded by
//      TouchRegions, which asks about all that it touches, or by Settle if that
//      cannot be named.
//
// Pending nodes that read memory against the program's writes:
//
//   5. A write that may change what a node reads is preceded by Clobber, which
//      forces the node, and by Settle if such nodes' stores wait.
//   6. A store may wait only where its own, later, performance cannot change
//      what a node reads: proved by alias analysis or, against named globals,
//      checked at run time (Event::Avoid).
//
// What accesses may meet is asked about whole objects (MemoryObjects.cpp).
//
//===----------------------------------------------------------------------===//

#include "MemoryOrder.h"

#include "Batch.h"
#include "Compat.h"
#include "LibraryCalls.h"
#include "LoopTouch.h"
#include "ParallelLoop.h"
#include "lazy/abi.h"
#include "llvm/IR/Constants.h"

using namespace llvm;
using namespace lazypass;

/// Why everything must be settled, and what would help.
static constexpr StringLiteral MayMeet =
    "may touch it; call it before or after the loop";
static constexpr StringLiteral MayLeave =
    "may touch it, or not return; call it before or after the loop";
static constexpr StringLiteral ReachesFar =
    "may touch it, for how far it reads or writes is not known; make one of "
    "the pointers restrict, or let it work on a local array";
static constexpr StringLiteral IsSeen =
    "is volatile or atomic, so others may look at it now; move it before or "
    "after the loop";

MemoryOrder::MemoryOrder(const FunctionPlan &Plan, const LazyFunctions &Lazy,
                         AAResults &AA, const TargetLibraryInfo &TLI)
    : Plan(Plan), Lazy(Lazy), AA(AA), TLI(TLI),
      DL(Plan.F->getParent()->getDataLayout()) {
  for (unsigned V = 0; V != Plan.Variables.size(); ++V)
    if (Plan.Variables[V].readsMemory())
      Readers.push_back(V);
  for (const Site &S : Plan.Sites)
    if (S.hasRegions())
      addRegions(S);
}

void MemoryOrder::addRegions(const Site &S) {
  HasRegions = true;
  for (const Region &R : S.Fn->Regions) {
    for (const MemoryLocation &Object :
         wholeObjects(S.Call->getArgOperand(R.Parameter)))
      (R.Access & LAZY_WRITES ? Waiting : Watched)
          .push_back({Object, S.Call, R.Parameter});
    WatchesAll |= R.isVisited();
    WritesAll |= R.isVisited() && (R.Told & LAZY_WRITES);
  }
  for (const GlobalVariable *G : S.Fn->Memory.Reads)
    Watched.push_back({wholeGlobal(G), S.Call, None});
  WatchesAll |= S.Fn->Memory.ReadsUnknown;
}

bool MemoryOrder::canWait(Value *Address, Event &Commit, StringRef &WhyNot) {
  if (Address->getType()->getPointerAddressSpace() != 0) {
    WhyNot = "is stored through a pointer of another address space";
    return false;
  }
  SmallVector<MemoryLocation, 2> To = wholeObjects(Address);
  Commit.Avoid.clear();
  for (unsigned V : Readers) {
    const Variable &Reader = Plan.Variables[V];
    if (Reader.ReadsUnknown && !isPrivate(Address)) {
      WhyNot = "is stored to memory that a pending call may read; declare the "
               "function __attribute__((const)) if it reads none, or let it "
               "read named variables only";
      return false;
    }
    for (GlobalVariable *G : Reader.Reads) {
      if (is_contained(Commit.Avoid, G))
        continue;
      if (any_of(To, [&](const MemoryLocation &O) { return O.Ptr == G; })) {
        WhyNot = "is stored to a variable that a pending call reads";
        return false;
      }
      if (any_of(To, [&](const MemoryLocation &O) {
            return !AA.isNoAlias(O, wholeGlobal(G));
          }))
        Commit.Avoid.push_back(G);
    }
  }
  for (const MemoryLocation &Object : To)
    Waiting.push_back({Object, Commit.At, None});
  WaitingReaders |= Plan.Variables[Commit.Var].readsMemory();
  return true;
}

/// May pending work write at \p Loc, or if that is written to, read there?
bool MemoryOrder::mayWait(const MemoryLocation &Loc, bool Writes,
                          const Pending **Met) const {
  if (Waiting.empty() && !WritesAll && (!Writes || isIdle()))
    return false;
  for (MemoryLocation Object : wholeObjects(Loc.Ptr)) {
    auto *Global = dyn_cast<GlobalVariable>(Object.Ptr);
    if (!Writes && Global && Global->isConstant())
      continue;
    Object.AATags = Loc.AATags;
    auto MayBe = [&](const Pending &P) {
      if (AA.isNoAlias(Object, P.Where))
        return false;
      if (Met)
        *Met = &P;
      return true;
    };
    bool MeetsAll = WritesAll || (Writes && WatchesAll);
    if (any_of(Waiting, MayBe) || (Writes && any_of(Watched, MayBe)) ||
        (MeetsAll && !isPrivate(Object.Ptr)))
      return true;
  }
  return false;
}

/// May a call or the like access memory that is pending?
bool MemoryOrder::mayMeet(Instruction &I, const Pending *&Met) const {
  auto Find = [&](ArrayRef<Pending> Where, bool OrReads) {
    auto *It = find_if(Where, [&](const Pending &P) {
      ModRefInfo How = AA.getModRefInfo(&I, P.Where);
      return OrReads ? isModOrRefSet(How) : isModSet(How);
    });
    if (It != Where.end())
      Met = It;
    return It != Where.end();
  };
  return Find(Waiting, /*OrReads=*/true) || Find(Watched, /*OrReads=*/false) ||
         (WatchesAll && I.mayWriteToMemory()) ||
         (WritesAll && I.mayReadOrWriteMemory());
}

/// \p Reason: what the remark tells, if this makes a loop serial.
Event MemoryOrder::settle(Instruction &I, StringRef Reason,
                          const Pending *Met) {
  Event E(Event::Settle, &I);
  E.Reason = Reason;
  if (Met) {
    E.Met = Met->By;
    E.Argument = Met->Argument;
  }
  return E;
}

static Event touch(Instruction &I, Value *Address, ArrayRef<Value *> Length,
                   bool Writes) {
  Event E(Event::Touch, &I);
  E.Address = Address;
  E.Length.assign(Length.begin(), Length.end());
  E.Writes = Writes;
  return E;
}

/// May \p I leave the function for good (longjmp, pthread_exit), while a store
/// waits that others could see then, or a node works on its locals?
bool MemoryOrder::mayLeave(const Instruction &I) const {
  auto *Call = dyn_cast<CallBase>(&I);
  if (!Call || isa<IntrinsicInst>(I) ||
      (Call->hasFnAttr(Attribute::WillReturn) && Call->doesNotThrow()))
    return false;
  return HasRegions || any_of(Waiting, [](const Pending &P) {
           return !isPrivate(P.Where.Ptr);
         });
}

const Site *MemoryOrder::siteWithRegions(const Instruction &I) const {
  auto It = find_if(Plan.Sites, [&](const Site &S) {
    return S.hasRegions() && S.Call == &I;
  });
  return It == Plan.Sites.end() ? nullptr : &*It;
}

/// The same as mayChange(), of what is known to be written.
bool MemoryOrder::mayWriteWhatIsRead(const Site &S,
                                     const Variable &Reader) const {
  return any_of(S.Fn->Regions, [&](const Region &R) {
    if (R.Told & LAZY_WRITES)
      return true;
    if (!(R.Access & LAZY_WRITES))
      return false;
    return mayOverwrite(S.Call->getArgOperand(R.Parameter), Reader.ReadsUnknown,
                        Reader.Reads.getArrayRef(), AA);
  });
}

void MemoryOrder::beforeWrite(Instruction &I, std::vector<Event> &Out) const {
  bool Any = false;
  for (unsigned V : Readers) {
    const Variable &Reader = Plan.Variables[V];
    const Site *S = siteWithRegions(I);
    if (S ? !mayWriteWhatIsRead(*S, Reader)
          : !mayChange(I, Reader.ReadsUnknown, Reader.Reads.getArrayRef(), AA,
                       TLI))
      continue;
    Any = true;
    Event E(Event::Clobber, &I);
    E.Var = V;
    E.Reason = isa<CallBase>(I)
                   ? "may change memory that the pending call reads"
                   : "may overwrite memory that the pending call reads";
    Out.push_back(E);
  }
  if (Any && WaitingReaders)
    Out.push_back(settle(I));
}

/// Arguments in memory and the object that a call returns into are read and
/// written like anybody's.
void MemoryOrder::beforeOwnCopies(CallBase &Call,
                                  std::vector<Event> &Out) const {
  for (unsigned A = 0; A != Call.arg_size(); ++A) {
    bool Returned = Call.paramHasAttr(A, Attribute::StructRet);
    if (!Returned && !Call.isByValArgument(A))
      continue;
    Type *T =
        Returned ? Call.getParamStructRetType(A) : Call.getParamByValType(A);
    Value *P = Call.getArgOperand(A);
    if (!isTouchedBefore(Call) &&
        mayWait(MemoryLocation::getBeforeOrAfter(P), Returned))
      Out.push_back(
          touch(Call, P,
                ConstantInt::get(DL.getIntPtrType(Call.getContext()),
                                 DL.getTypeAllocSize(T).getFixedValue()),
                Returned));
  }
}

/// The place of a local is used for another.
void MemoryOrder::beforeLifetime(IntrinsicInst &Marker,
                                 std::vector<Event> &Out) const {
  Value *Object = lifetimeObject(&Marker);
  if (!mayWait(MemoryLocation::getBeforeOrAfter(Object), /*Writes=*/true))
    return;
  auto *Local = dyn_cast<AllocaInst>(Object);
  auto Size = Local ? Local->getAllocationSize(DL) : std::nullopt;
  if (!Size || Size->isScalable())
    Out.push_back(settle(Marker));
  else
    Out.push_back(touch(Marker, Local,
                        ConstantInt::get(DL.getIntPtrType(Marker.getContext()),
                                         Size->getFixedValue()),
                        /*Writes=*/true));
}

void MemoryOrder::beforeLibraryCall(CallBase &Call, const LibraryCall &Known,
                                    std::vector<Event> &Out) const {
  if (Known.UsesStream && !isIdle()) {
    Event E(Event::Stream, &Call);
    E.Address = Known.Stream;
    Out.push_back(E);
  }
  for (const LibraryAccess &A : Known.Accesses) {
    const Pending *Met = nullptr;
    if (!mayWait(MemoryLocation::getBeforeOrAfter(A.Pointer), A.Writes, &Met))
      continue;
    if (A.To == Reach::Unknown) {
      Out.push_back(settle(Call, ReachesFar, Met));
      continue;
    }
    Out.push_back(touch(Call, A.Pointer, A.Length, A.Writes));
    Out.back().To = A.To;
  }
}

void MemoryOrder::before(Instruction &I, std::vector<Event> &Out) const {
  if ((isIdle() && Readers.empty()) || isHarmless(I))
    return;
  if (auto Range = asTouchedRange(I)) {
    Out.push_back(touch(I, Range->Address, Range->Length, Range->Writes));
    return;
  }
  if (runsLoop(I) && isTouchedBefore(I)) {
    beforeWrite(I, Out);
    return;
  }

  if (auto *Call = dyn_cast<CallBase>(&I)) {
    // The runtime compares its regions with what is pending.
    if (siteWithRegions(I)) {
      beforeWrite(I, Out);
      beforeOwnCopies(*Call, Out);
      return;
    }
    if (const LazyFunction *Fn = asKnownCall(I, Lazy);
        Fn && (!Call->paramHasAttr(0, Attribute::StructRet) ||
               isPrivate(Call->getArgOperand(0)))) {
      beforeKnownCall(*Call, *Fn, Out);
      beforeOwnCopies(*Call, Out);
      return;
    }
  }

  // Nothing may stand between a call that must be a tail call and its return.
  auto *Call = dyn_cast<CallInst>(&I);
  bool TailCall = Call && Call->isMustTailCall();
  bool Returns =
      isa<ReturnInst>(I) && !I.getParent()->getTerminatingMustTailCall();
  if (TailCall || Returns) {
    if (TailCall)
      beforeWrite(I, Out);
    if (!isIdle())
      Out.push_back(settle(I));
    return;
  }
  if (isa<ReturnInst>(I))
    return;
  if (auto *Marker = dyn_cast<IntrinsicInst>(&I)) {
    if (Marker->isLifetimeStartOrEnd()) {
      beforeWrite(I, Out);
      beforeLifetime(*Marker, Out);
      return;
    }
    if (Marker->getIntrinsicID() == Intrinsic::stackrestore) {
      beforeWrite(I, Out);
      if (!isIdle())
        Out.push_back(settle(I));
      return;
    }
    if (Marker->isAssumeLikeIntrinsic())
      return;
  }
  if (auto *Call = dyn_cast<CallBase>(&I))
    if (auto Known = describeLibraryCall(*Call, TLI)) {
      beforeWrite(I, Out);
      beforeLibraryCall(*Call, *Known, Out);
      return;
    }
  if (!I.mayReadOrWriteMemory() && !mayLeave(I))
    return;

  if (I.mayWriteToMemory())
    beforeWrite(I, Out);
  if (isIdle())
    return;

  if (I.isVolatile() || I.isAtomic()) {
    Out.push_back(settle(I, IsSeen));
    return;
  }
  const Pending *Met = nullptr;
  if (mayLeave(I)) {
    mayMeet(I, Met);
    Out.push_back(settle(I, MayLeave, Met));
    return;
  }
  auto Access = [&](const MemoryLocation &Loc, Value *Length, bool Writes) {
    if (isTouchedBefore(I) || !mayWait(Loc, Writes))
      return;
    if (Loc.Ptr->getType()->getPointerAddressSpace() != 0)
      Out.push_back(settle(I));
    else
      Out.push_back(touch(I, const_cast<Value *>(Loc.Ptr), Length, Writes));
  };
  if (isa<LoadInst, StoreInst>(I)) {
    TypeSize Size = DL.getTypeStoreSize(getLoadStoreType(&I));
    if (Size.isScalable())
      Out.push_back(settle(I));
    else
      Access(MemoryLocation::get(&I),
             ConstantInt::get(DL.getIntPtrType(I.getContext()),
                              Size.getFixedValue()),
             isa<StoreInst>(I));
  } else if (auto *M = dyn_cast<MemIntrinsic>(&I)) {
    Access(MemoryLocation::getForDest(M), M->getLength(), /*Writes=*/true);
    if (auto *T = dyn_cast<MemTransferInst>(M))
      Access(MemoryLocation::getForSource(T), M->getLength(), /*Writes=*/false);
  } else if (mayMeet(I, Met)) {
    Out.push_back(settle(I, MayMeet, Met));
  }
}
