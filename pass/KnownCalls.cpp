//===- KnownCalls.cpp - calls in place of functions that are known --------===//
//
// A call that runs in place, of a lazy function or of a plain one whose body is
// in sight (PlainFunctions.h), touches what its Effects and Regions say, and
// nothing else.
//
//===----------------------------------------------------------------------===//

#include "MemoryObjects.h"
#include "MemoryOrder.h"

#include "lazy/abi.h"

using namespace llvm;
using namespace lazypass;

const LazyFunction *lazypass::asKnownCall(const Instruction &I,
                                          const LazyFunctions &Lazy) {
  auto *Call = dyn_cast<CallInst>(&I);
  auto It = Call ? Lazy.find(Call->getCalledFunction()) : Lazy.end();
  if (It == Lazy.end() || It->second.Memory.Worst ||
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

/// May the call do anything to, or mind, what is pending?
bool MemoryOrder::mayMeetKnown(CallBase &Call, const LazyFunction &Fn) const {
  if (Fn.Memory.ReadsUnknown && !Waiting.empty())
    return true;
  return any_of(Fn.Memory.Reads,
                [&](const GlobalVariable *G) {
                  return mayWait(wholeGlobal(G));
                }) ||
         any_of(Fn.Pointers, [&](const PointerParameter &P) {
           unsigned Access = Fn.accessThrough(P);
           Value *A = Call.getArgOperand(P.Parameter);
           return Access && A->getType()->isPointerTy() &&
                  mayWait(MemoryLocation::getBeforeOrAfter(A),
                          Access & LAZY_WRITES);
         });
}

/// May it change what \p Reader reads?
bool MemoryOrder::mayChangeKnown(CallBase &Call, const LazyFunction &Fn,
                                 const Variable &Reader) const {
  return any_of(Fn.Pointers, [&](const PointerParameter &P) {
    return (Fn.accessThrough(P) & LAZY_WRITES) &&
           mayOverwrite(Call.getArgOperand(P.Parameter), Reader.ReadsUnknown,
                        Reader.Reads.getArrayRef(), AA);
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
  bool Meets = !isIdle() && mayMeetKnown(Call, Fn);
  if ((Changes && WaitingReaders) ||
      (Meets && (Fn.Memory.ReadsUnknown || !Fn.saysWhatItTouches()))) {
    Out.push_back(Event(Event::Settle, &Call));
  } else if (Meets) {
    Event E(Event::TouchRegions, &Call);
    E.Callee = &Fn;
    Out.push_back(E);
  }
}
