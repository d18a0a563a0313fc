//===- EmitterLoop.cpp - what compiled code says about parallel loops -----===//
//
// See ParallelLoop.h, and struct lazy_loop in abi.h.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "Compat.h"
#include "lazy/abi.h"

using namespace llvm;
using namespace lazypass;

/// NAME.lazy.loop, NAME being what the loop is in; without a body yet.
Function *Emitter::loopFunction(const Function &Around) {
  Function *R = internalFunction(Around, ".lazy.loop", {PtrTy, I64, I64});
  // What is wrong with the program is found there, too.
  if (Around.hasFnAttribute(Attribute::SanitizeAddress))
    R->addFnAttr(Attribute::SanitizeAddress);
  return R;
}

Constant *Emitter::loop(const Site &S, Function &Range, bool Nested,
                        bool Pipelined) {
  Constant *Init = ConstantStruct::get(
      StructType::get(Ctx, {PtrTy, PtrTy, I32}),
      {site(S, /*Inputs=*/0, /*Kept=*/false), &Range,
       ConstantInt::get(I32, (Nested ? LAZY_LOOP_NESTED : 0) |
                                 (Pipelined ? LAZY_LOOP_PIPELINED : 0))});
  return privateGlobal(Init, /*Constant=*/true,
                       "lazy.loop." + S.Fn->F->getName());
}

static Constant *fieldOf(Constant *Descriptor, unsigned I) {
  return cast<GlobalVariable>(Descriptor)
      ->getInitializer()
      ->getAggregateElement(I);
}

Function *Emitter::functionOfLoop(Constant *Descriptor) {
  return cast<Function>(fieldOf(Descriptor, 1));
}

Value *Emitter::hasThreads(IRBuilder<> &B) {
  return modeIsAtLeast(B, LAZY_MODE_PARALLEL);
}

/// `cost && cost * count < LAZY_LOOP_SMALL`.  What wraps asks for nothing bad.
Value *Emitter::isLoopSmall(IRBuilder<> &B, Constant *Descriptor,
                            Value *Count) {
  Value *Cost = measure(B, fieldOf(Descriptor, 0), SiteCost);
  return B.CreateAnd(
      B.CreateIsNotNull(Cost),
      B.CreateICmpULT(B.CreateMul(Cost, Count), B.getInt64(LAZY_LOOP_SMALL)));
}

Value *Emitter::loopChoose(IRBuilder<> &B, Constant *Descriptor, Value *Count) {
  CallInst *Call = call(B, "__lazy_loop_choose", I32, {Descriptor, Count});
  Call->setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
  Call->addFnAttr(Attribute::WillReturn);
  markHarmless(*Call);
  return Call;
}

void Emitter::loopRun(IRBuilder<> &B, Constant *Descriptor, Value *Frame,
                      ArrayRef<Value *> Numbers) {
  auto *Flags = cast<ConstantInt>(fieldOf(Descriptor, 2));
  SmallVector<Value *, 5> Arguments{Descriptor, Frame};
  bool Pipelined = Flags->getZExtValue() & LAZY_LOOP_PIPELINED;
  append_range(Arguments, Pipelined ? Numbers : Numbers.take_front());
  CallInst *Call =
      call(B, Pipelined ? "__lazy_loop_pipeline" : "__lazy_loop_run",
           B.getVoidTy(), Arguments);
  setNotCaptured(*Call, 1);
}

FunctionCallee Emitter::loopStep() {
  return M.getOrInsertFunction("__lazy_loop_step", I64, I64);
}
