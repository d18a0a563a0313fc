//===- KnownCalls.cpp - calls in place of functions that are known --------===//
//
// A call that runs in place, of a lazy function or of a plain one whose body is
// in sight (PlainFunctions.h), touches what its Effects and Regions say, and
// nothing else.
//
//===----------------------------------------------------------------------===//

#include "LoopTouch.h"
#include "MemoryObjects.h"
#include "MemoryOrder.h"

#include "lazy/abi.h"

using namespace llvm;
using namespace lazypass;

/// Why everything must be settled, and what would help.
static constexpr StringLiteral ReadsAnything =
    "may read it; say LAZY and LAZY_IN(count) where it is declared, or "
    "__attribute__((const)) if it reads no memory";
static constexpr StringLiteral ReachesFar =
    "may touch it, and how far is not known; say LAZY and LAZY_IN(count) where "
    "it is declared, or call it before or after the loop";

const LazyFunction *lazypass::asKnownCall(const Instruction &I,
                                          const LazyFunctions &Lazy) {
  auto *Call = dyn_cast<CallInst>(&I);
  auto It = Call ? Lazy.find(Call->getCalledFunction()) : Lazy.end();
  if (It == Lazy.end() || It->second.doesMore() ||
      Call->getFunctionType() != It->first->getFunctionType() ||
      Call->isMustTailCall())
    return nullptr;
  return &It->second;
}

bool lazypass::isStatelessCall(const Instruction &I,
                               const LazyFunctions &Lazy) {
  auto *Call = dyn_cast<CallBase>(&I);
  auto It = Call ? Lazy.find(Call->getCalledFunction()) : Lazy.end();
  return It != Lazy.end() && It->second.writesNothing() &&
         Call->getFunctionType() == It->first->getFunctionType();
}

/// ... other than in the objects that its arguments point to?  Where the body
/// is out of sight, nobody here may know of a visitor.
bool MemoryOrder::mayMeetFar(const LazyFunction &Fn) const {
  bool Reads = Fn.Memory.ReadsUnknown, Writes = false;
  for (unsigned I = 0; I != Fn.F->arg_size(); ++I) {
    bool IsFar = Fn.looksInside(I) ||
                 (Fn.Memory.ReadsUnknown && !Fn.F->hasExactDefinition());
    Reads |= IsFar;
    Writes |= IsFar && (Fn.accessThrough(I) & LAZY_WRITES);
  }
  return (Reads && (!Waiting.empty() || WritesAll)) || (Writes && !isIdle());
}

/// May the call do anything to, or mind, what is pending?
bool MemoryOrder::mayMeetKnown(CallBase &Call, const LazyFunction &Fn,
                               const Pending *&Met) const {
  if (mayMeetFar(Fn)) {
    Met = Waiting.empty() ? nullptr : &Waiting.front();
    return true;
  }
  for (const GlobalVariable *G : Fn.Memory.Reads)
    if (mayWait(wholeGlobal(G), /*Writes=*/false, &Met))
      return true;
  for (unsigned I = 0; I != Call.arg_size(); ++I) {
    unsigned Access = Fn.accessThrough(I);
    Value *A = Call.getArgOperand(I);
    if (Access && A->getType()->isPointerTy() &&
        mayWait(MemoryLocation::getBeforeOrAfter(A), Access & LAZY_WRITES,
                &Met))
      return true;
  }
  return false;
}

/// May it change what \p Reader reads?
bool MemoryOrder::mayChangeKnown(CallBase &Call, const LazyFunction &Fn,
                                 const Variable &Reader) const {
  return any_of(Fn.F->args(), [&](const Argument &A) {
    return (Fn.accessThrough(A.getArgNo()) & LAZY_WRITES) &&
           (Fn.looksInside(A.getArgNo()) ||
            mayOverwrite(Call.getArgOperand(A.getArgNo()), Reader.ReadsUnknown,
                         Reader.Reads.getArrayRef(), AA));
  });
}

void MemoryOrder::beforeKnownCall(CallBase &Call, const LazyFunction &Fn,
                                  std::vector<Event> &Out) const {
  bool Changes = false;
  for (unsigned V : Readers)
    if (mayChangeKnown(Call, Fn, Plan.Variables[V])) {
      Event E(Event::Clobber, &Call);
      E.Var = V;
      E.Reason = "may change memory that the pending call reads";
      Out.push_back(E);
      Changes = true;
    }
  const Pending *Met = nullptr;
  bool Meets =
      !isIdle() && !isTouchedBefore(Call) && mayMeetKnown(Call, Fn, Met);
  if (Changes && WaitingReaders) {
    Out.push_back(settle(Call));
  } else if (Meets && Fn.Memory.ReadsUnknown) {
    Out.push_back(settle(Call, ReadsAnything, Met));
  } else if (Meets && !Fn.saysWhatItTouches()) {
    Out.push_back(settle(Call, ReachesFar, Met));
  } else if (Meets) {
    Event E(Event::TouchRegions, &Call);
    E.Callee = &Fn;
    Out.push_back(E);
  }
}
