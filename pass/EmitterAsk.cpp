//===- EmitterAsk.cpp - what a lazy call asks before it becomes a node ----===//
//
// Most calls run in place, and are to notice nothing of what they might have
// become.  So they ask step by step, the cheapest and most often decisive
// question first, each of them a relaxed load and a branch:
//
//   1. Does this process defer at all?            lazy_module.mode
//   2. Are calls at this level small?             LAZY_LEVELS, in recursions
//      Or are batches made of them?               LAZY_BATCH_COARSE
//   3. Has this thread work to hand out already?  *__lazy_hungry
//   4. What were calls at this site worth?        lazy_site.sparing
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "lazy/abi.h"

using namespace llvm;
using namespace lazypass;

Value *Emitter::relaxedLoad(IRBuilder<> &B, Type *T, Value *From) {
  LoadInst *L =
      B.CreateAlignedLoad(T, From, Align(T->getPrimitiveSizeInBits() / 8));
  L->setAtomic(AtomicOrdering::Monotonic);
  L->setNoSanitizeMetadata(); // no sanitizer has seen the runtime write it
  markHarmless(*L);
  return L;
}

Value *Emitter::modeIsAtLeast(IRBuilder<> &B, unsigned Least) {
  Value *Mode = relaxedLoad(
      B, I32, B.CreateConstInBoundsGEP2_32(ModuleTy, record(), 0, 1));
  return B.CreateICmpUGE(Mode, B.getInt32(Least));
}

Value *Emitter::measure(IRBuilder<> &B, Constant *Site, unsigned Field) {
  return relaxedLoad(B, SiteTy->getElementType(Field),
                     B.CreateStructGEP(SiteTy, Site, Field));
}

/// Goes on where \p Condition holds, and to \p Else where not.
static void goOnIf(IRBuilder<> &B, Value *Condition, BasicBlock *Else) {
  BasicBlock *Here = B.GetInsertBlock();
  auto *On = BasicBlock::Create(B.getContext(), "lazy.ask", Here->getParent(),
                                Here->getNextNode());
  B.CreateCondBr(Condition, On, Else);
  B.SetInsertPoint(On);
}

void Emitter::askToDefer(IRBuilder<> &B, const Site &S, Constant *Descriptor,
                         bool Kept, BasicBlock *InPlace) {
  if (!S.Certain || Kept)
    return goOnIf(B, modeIsAtLeast(B, LAZY_MODE_DEFER), InPlace);
  goOnIf(B, modeIsAtLeast(B, LAZY_MODE_PARALLEL), InPlace);
  if (S.Fn->Levels && S.Call->getFunction() == S.Fn->Levels.Shared)
    goOnIf(B, B.CreateNot(isSmallAt(B, *S.Fn, levelOf(B, *S.Fn))), InPlace);
  if (batchedSite(*S.Call)) {
    Value *Cost = measure(B, Descriptor, SiteCost);
    goOnIf(B,
           B.CreateICmpUGE(B.CreateSub(Cost, B.getInt64(1)),
                           B.getInt64(LAZY_BATCH_COARSE)),
           InPlace);
    return goOnIf(B, isHungry(B), InPlace);
  }
  goOnIf(B, isHungry(B), InPlace);
  // In a recursion the many small calls tell nothing of the few large ones.
  if (!S.Recursive)
    goOnIf(B, B.CreateNot(isSpared(B, Descriptor)), InPlace);
}

/// `sparing && ++__lazy_calls & sparing`
Value *Emitter::isSpared(IRBuilder<> &B, Constant *Descriptor) {
  Value *Sparing = measure(B, Descriptor, SiteSparing);
  return B.CreateIsNotNull(B.CreateAnd(countCall(B), Sparing));
}

Value *Emitter::countCall(IRBuilder<> &B) {
  Value *Where = B.CreateThreadLocalAddress(threadLocal("__lazy_calls", I32));
  LoadInst *Old = B.CreateLoad(I32, Where);
  Value *Calls = B.CreateAdd(Old, B.getInt32(1));
  StoreInst *New = B.CreateStore(Calls, Where);
  for (Instruction *I : {cast<Instruction>(Old), cast<Instruction>(New)}) {
    I->setNoSanitizeMetadata();
    markHarmless(*I);
  }
  return Calls;
}

GlobalVariable *Emitter::threadLocal(StringRef Name, Type *T) {
  if (GlobalVariable *G = M.getGlobalVariable(Name))
    return G;
  return new GlobalVariable(M, T, /*isConstant=*/false,
                            GlobalValue::ExternalLinkage, nullptr, Name,
                            nullptr, GlobalValue::InitialExecTLSModel);
}

Value *Emitter::isHungry(IRBuilder<> &B) {
  GlobalVariable *G = threadLocal("__lazy_hungry", PtrTy);
  Value *Where = B.CreateLoad(PtrTy, B.CreateThreadLocalAddress(G));
  return B.CreateIsNotNull(relaxedLoad(B, I32, Where));
}

Value *Emitter::wantsWork(IRBuilder<> &B) {
  return B.CreateLogicalAnd(modeIsAtLeast(B, LAZY_MODE_PARALLEL), isHungry(B));
}
