//===- EmitterCache.cpp - what compiled code says to the cache ------------===//
//
// See CacheEntry.cpp, and struct lazy_cached in abi.h.
//
//===----------------------------------------------------------------------===//

#include "Cacheable.h"
#include "Emitter.h"

#include "lazy/abi.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/MDBuilder.h"

using namespace llvm;
using namespace lazypass;

/// The runtime keeps something of its own behind it.
static const Align DescriptorAlign(16);

/// In struct lazy_function, and struct lazy_module.
static constexpr unsigned CachedField = 10, CachedTableField = 5;

/// Of a record that is there already.
static void setField(GlobalVariable &G, unsigned Field, Constant *Value) {
  auto *Init = cast<ConstantStruct>(G.getInitializer());
  SmallVector<Constant *, 12> Fields;
  for (const Use &F : Init->operands())
    Fields.push_back(cast<Constant>(F));
  Fields[Field] = Value;
  G.setInitializer(ConstantStruct::get(Init->getType(), Fields));
}

Constant *Emitter::layout(Function &Visitor, const ObjectLayout &L) {
  Constant *&Known = Layouts[&Visitor];
  if (Known)
    return Known;
  SmallVector<Constant *, 8> Numbers, Pointers;
  for (auto [Offset, Size] : L.Numbers)
    Numbers.push_back(slot(Offset, Size));
  for (uint64_t Offset : L.Pointers)
    Pointers.push_back(slot(Offset, M.getDataLayout().getPointerSize()));
  Known = privateGlobal(
      ConstantStruct::get(LayoutTy, {&Visitor, slots(Numbers, "lazy.numbers"),
                                     slots(Pointers, "lazy.pointers"),
                                     ConstantInt::get(I32, Numbers.size()),
                                     ConstantInt::get(I32, Pointers.size())}),
      /*Constant=*/true, "lazy.layout." + Visitor.getName());
  return Known;
}

Constant *Emitter::cached(const LazyFunction &Fn, unsigned Regions,
                          ArrayRef<Constant *> Objects) {
  record();
  Constant *Table = Constant::getNullValue(PtrTy);
  if (!Objects.empty())
    Table = privateGlobal(
        ConstantArray::get(ArrayType::get(PtrTy, Objects.size()), Objects),
        /*Constant=*/true, "lazy.layouts." + Fn.F->getName());
  SmallVector<Constant *, 8> Keyed;
  for (auto [Offset, Size] : keyedBytes(Fn, M.getDataLayout()))
    Keyed.push_back(slot(Offset, Size));
  Constant *Init = ConstantStruct::get(
      CachedTy,
      {ConstantInt::get(I32, 0),
       ConstantInt::get(I32, (Fn.Cached ? LAZY_CACHED_MARKED : 0) |
                                 (Fn.ReturnsBlock ? LAZY_CACHED_FRESH : 0) |
                                 (Fn.Files.empty() ? 0 : LAZY_CACHED_FILES)),
       function(Fn), slots(Keyed, "lazy.keyed." + Fn.F->getName()),
       ConstantInt::get(I32, Keyed.size()), ConstantInt::get(I32, Regions),
       Table, ConstantInt::get(I64, Objects.size()),
       Constant::getNullValue(PtrTy)});
  GlobalVariable *Descriptor =
      privateGlobal(Init, /*Constant=*/false, "lazy.cached." + Fn.F->getName());
  Descriptor->setAlignment(DescriptorAlign);
  setField(*cast<GlobalVariable>(function(Fn)), CachedField, Descriptor);
  CachedFunctions.push_back(Descriptor);
  return Descriptor;
}

/// In the module's record.
void Emitter::tellCached() {
  if (CachedFunctions.empty())
    return;
  auto *Table = ArrayType::get(PtrTy, CachedFunctions.size());
  setField(*Record, CachedTableField,
           privateGlobal(ConstantArray::get(Table, CachedFunctions),
                         /*Constant=*/true, "lazy.cached"));
  setField(*Record, CachedTableField + 1,
           ConstantInt::get(I64, CachedFunctions.size()));
}

/// Loops may ask once, in front.
void Emitter::branchIfCaching(IRBuilder<> &B, Constant *Cached, BasicBlock *Ask,
                              BasicBlock *Compute) {
  LoadInst *On = B.CreateLoad(I32, Cached, "lazy.on");
  On->setAtomic(AtomicOrdering::Unordered);
  On->setNoSanitizeMetadata();
  B.CreateCondBr(B.CreateIsNotNull(On), Ask, Compute,
                 MDBuilder(Ctx).createUnlikelyBranchWeights());
}

Value *Emitter::cacheEnter(IRBuilder<> &B, Constant *Cached) {
  return call(B, "__lazy_cache_enter", I32, {Cached});
}

void Emitter::cachedCall(IRBuilder<> &B, Constant *Cached, Value *Payload,
                         Value *Regions) {
  call(B, "__lazy_cached", B.getVoidTy(), {Cached, Payload, Regions});
}

static Value *at(IRBuilder<> &B, Value *Payload, const PayloadSlot &S) {
  return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Payload, S.Offset);
}

AllocaInst *Emitter::createPayload(IRBuilder<> &B, const LazyFunction &Fn) {
  uint64_t Size = alignTo(std::max<uint64_t>(Fn.PayloadSize, 1), Align(8));
  AllocaInst *Payload =
      B.CreateAlloca(ArrayType::get(B.getInt8Ty(), Size), nullptr, "payload");
  Payload->setAlignment(Align(LAZY_PAYLOAD_ALIGN));
  B.CreateMemSet(Payload, B.getInt8(0), Size, Payload->getAlign());
  return Payload;
}

void Emitter::fillPayload(IRBuilder<> &B, const LazyFunction &Fn,
                          Value *Payload, ArrayRef<Value *> Arguments) {
  for (const ArgumentSlot &S : Fn.Arguments) {
    Value *V = Arguments[S.Parameter];
    if (S.ByVal)
      B.CreateMemCpy(at(B, Payload, S), S.alignment(), V, S.Wanted, S.Size);
    else
      store(B, V, S.Extended, at(B, Payload, S), S.alignment());
  }
}

void Emitter::returnFromPayload(IRBuilder<> &B, const LazyFunction &Fn,
                                Value *Payload) {
  const PayloadSlot &Result = Fn.Result;
  if (Fn.SRet)
    B.CreateMemCpy(B.GetInsertBlock()->getParent()->getArg(0), Result.Wanted,
                   at(B, Payload, Result), Result.alignment(), Result.Size);
  if (Fn.SRet || Fn.isVoid())
    B.CreateRetVoid();
  else
    B.CreateRet(load(B, Result.Ty, at(B, Payload, Result), Result.alignment()));
}
