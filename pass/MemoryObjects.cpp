//===- MemoryObjects.cpp - what an address can ever lie in ----------------===//
//
// Sound across iterations: a waiting store may stem from an earlier iteration,
// so alias analysis, which speaks of one moment, is asked about the objects
// that an address can ever lie in, never about addresses, nor about PHIs (two
// pointers that are swapped in a loop never alias at one moment).
//
//===----------------------------------------------------------------------===//

#include "MemoryObjects.h"

#include "Compat.h"
#include "LibraryCalls.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

SmallVector<MemoryLocation, 2> lazypass::wholeObjects(const Value *Pointer) {
  SmallVector<const Value *, 2> Objects;
  getUnderlyingObjects(Pointer, Objects, /*LI=*/nullptr, /*MaxLookup=*/0);
  SmallVector<MemoryLocation, 2> Result;
  for (const Value *O : Objects)
    Result.push_back(MemoryLocation::getBeforeOrAfter(O));
  return Result;
}

bool lazypass::isPrivate(const Value *Pointer) {
  return all_of(wholeObjects(Pointer), [](const MemoryLocation &Object) {
    return isa<AllocaInst>(Object.Ptr) && !isCaptured(Object.Ptr);
  });
}

MemoryLocation lazypass::wholeGlobal(const GlobalVariable *G) {
  return MemoryLocation::getBeforeOrAfter(G);
}

bool lazypass::mayOverwrite(const Value *Pointer, bool ReadsUnknown,
                            ArrayRef<GlobalVariable *> Reads, AAResults &AA) {
  return (ReadsUnknown && !isPrivate(Pointer)) ||
         any_of(wholeObjects(Pointer), [&](const MemoryLocation &O) {
           return any_of(Reads, [&](const GlobalVariable *G) {
             return !AA.isNoAlias(O, wholeGlobal(G));
           });
         });
}

bool lazypass::mayChange(Instruction &I, bool ReadsUnknown,
                         ArrayRef<GlobalVariable *> Reads, AAResults &AA,
                         const TargetLibraryInfo &TLI) {
  if (auto *Marker = dyn_cast<IntrinsicInst>(&I)) {
    // The end of a local that others know: its place is used again.
    if (Marker->isLifetimeStartOrEnd())
      return ReadsUnknown && !isPrivate(lifetimeObject(Marker));
    if (Marker->getIntrinsicID() == Intrinsic::stackrestore)
      return ReadsUnknown;
  }
  if (auto *Store = dyn_cast<StoreInst>(&I);
      Store && isPrivate(Store->getPointerOperand()))
    return false;
  if (auto *Mem = dyn_cast<MemIntrinsic>(&I);
      Mem && isPrivate(Mem->getRawDest()))
    return false;
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    if (Call->onlyReadsMemory() || Call->onlyAccessesInaccessibleMemory())
      return false;
    auto Known = describeLibraryCall(*Call, TLI);
    if (Known && !Known->UsesStream)
      return any_of(Known->Accesses, [&](const LibraryAccess &A) {
        return A.Writes && mayOverwrite(A.Pointer, ReadsUnknown, Reads, AA);
      });
  }
  if (ReadsUnknown)
    return true;
  return any_of(Reads, [&](GlobalVariable *G) {
    return isModSet(AA.getModRefInfo(&I, wholeGlobal(G)));
  });
}
