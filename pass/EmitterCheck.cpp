//===- EmitterCheck.cpp - what compiled code says under LAZY=check --------===//
//
// See abi.h.  The optimiser may know that the questions do not touch what they
// ask about.
//
//===----------------------------------------------------------------------===//

#include "Compat.h"
#include "Emitter.h"
#include "lazy/abi.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

/// From here downwards the stack is the function's.
static Value *frameAddress(IRBuilder<> &B) {
  return B.CreateIntrinsic(Intrinsic::frameaddress, {B.getPtrTy()},
                           {B.getInt32(0)});
}

Value *Emitter::checks(IRBuilder<> &B) {
  constexpr StringLiteral Name = "__lazy_checks";
  GlobalVariable *G = M.getGlobalVariable(Name);
  if (!G)
    G = new GlobalVariable(M, I32, /*isConstant=*/false,
                           GlobalValue::ExternalLinkage, nullptr, Name);
  LoadInst *Checks = B.CreateLoad(I32, G);
  Checks->setNoSanitizeMetadata(); // no sanitizer has seen the runtime write it
  return B.CreateIsNotNull(Checks);
}

Value *Emitter::checkInside(IRBuilder<> &B) {
  return B.CreateIsNotNull(call(B, "__lazy_check_inside", I32, {}));
}

Constant *Emitter::place(StringRef Function, const DebugLoc &Where) {
  Constant *Name = string(Function);
  Constant *&Place = Places[{Where.get(), Name}];
  if (!Place)
    Place = privateGlobal(
        ConstantStruct::get(
            PlaceTy, {Name,
                      string(Where ? Where->getFilename()
                                   : StringRef(M.getSourceFileName())),
                      ConstantInt::get(I32, Where ? Where.getLine() : 0),
                      ConstantInt::get(I32, Where ? Where.getCol() : 0)}),
        /*Constant=*/true, "lazy.place");
  return Place;
}

Constant *Emitter::checked(const LazyFunction &Fn, const RegionNames &Names,
                           unsigned Flags) {
  SmallVector<Constant *, 8> Table;
  for (const auto &[Text, Kind] : Names)
    Table.push_back(ConstantStruct::get(
        NameTy, {string(Text), ConstantInt::get(I32, Kind)}));
  Constant *All = privateGlobal(
      ConstantArray::get(ArrayType::get(NameTy, Table.size()), Table),
      /*Constant=*/true, "lazy.names." + Fn.F->getName());
  return privateGlobal(
      ConstantStruct::get(CheckedTy, {string(Fn.F->getName()), All,
                                      ConstantInt::get(I32, Flags)}),
      /*Constant=*/true, "lazy.checked." + Fn.F->getName());
}

void Emitter::checkCall(IRBuilder<> &B, Constant *Place) {
  call(B, "__lazy_check_call", B.getVoidTy(), {Place});
}

void Emitter::checkEnter(IRBuilder<> &B, Constant *Checked,
                         AllocaInst *Regions) {
  uint64_t Count = Regions->getAllocatedType()->getArrayNumElements();
  call(B, "__lazy_check_enter", B.getVoidTy(),
       {Checked, Regions, B.getInt32(Count), frameAddress(B)});
}

void Emitter::checkTrust(IRBuilder<> &B) {
  call(B, "__lazy_check_trust", B.getVoidTy(), {frameAddress(B)});
}

void Emitter::checkLeave(IRBuilder<> &B) {
  call(B, "__lazy_check_leave", B.getVoidTy(), {frameAddress(B)});
}

void Emitter::check(IRBuilder<> &B, Value *P, Value *Size, unsigned Access,
                    Constant *Place) {
  CallInst *Call = call(B, "__lazy_check", B.getVoidTy(),
                        {P, Size, B.getInt32(Access), Place});
  Call->setOnlyAccessesInaccessibleMemOrArgMem();
  Call->addParamAttr(0, Attribute::ReadNone);
  setNotCaptured(*Call, 0);
}

Value *Emitter::checkText(IRBuilder<> &B, Value *P, Value *Most,
                          Constant *Place) {
  CallInst *Call = call(B, "__lazy_check_text", I64, {P, Most, Place});
  Call->setOnlyAccessesInaccessibleMemOrArgMem();
  Call->addParamAttr(0, Attribute::ReadOnly);
  setNotCaptured(*Call, 0);
  return Call;
}

void Emitter::checkHeap(IRBuilder<> &B, Value *Old, Value *P, Value *Size) {
  call(B, "__lazy_check_heap", B.getVoidTy(), {Old, P, Size});
}
