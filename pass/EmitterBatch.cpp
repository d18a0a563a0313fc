//===- EmitterBatch.cpp - what compiled code says about batches -----------===//
//
// The function of a batch goes through a row of records and makes the calls of
// each: loads the inputs, computes what is between the calls, stores results.
// LLVM may inline the calls into it, so a small function costs little more here
// than in the program's own loop.
//
//===----------------------------------------------------------------------===//

#include "Batch.h"

#include "Compat.h"
#include "lazy/abi.h"
#include "llvm/IR/Constants.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

using namespace llvm;
using namespace lazypass;

namespace {

/// Fills the body that handles one record.
class RecordEmitter {
  const Batch &Plan;
  IRBuilder<> &B;
  Value *Record;
  ValueToValueMapTy Values;
  DenseMap<const Value *, Value *> Bytes; ///< addresses of inputs in memory

  Value *field(uint64_t Offset) {
    return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Record, Offset);
  }

  Value *valueOf(Value *V) const {
    Value *Here = Values.lookup(V);
    return Here ? Here : V;
  }

  void call(const BatchCall &C) {
    const LazyFunction &Fn = *C.Fn;
    SmallVector<Value *, 8> Arguments(Fn.F->arg_size());
    Value *Result = field(C.ResultOffset);
    if (Fn.SRet)
      Arguments[0] = Result;
    for (const ArgumentSlot &S : Fn.Arguments) {
      Value *V = C.Call->getArgOperand(S.Parameter);
      if (S.ByVal)
        Arguments[S.Parameter] = Bytes.lookup(V);
      else
        Arguments[S.Parameter] = valueOf(V);
    }
    CallInst *Made = Emitter::plainCall(B, *Fn.F, Arguments);
    if (!Fn.SRet) {
      Values[C.Call] = Made;
      B.CreateAlignedStore(Made, Result, Plan.alignAt(C.ResultOffset));
    }
  }

public:
  RecordEmitter(const Batch &Plan, IRBuilder<> &B, Value *Record)
      : Plan(Plan), B(B), Record(Record) {}

  void run() {
    for (const BatchInput &I : Plan.Inputs)
      if (I.InMemory)
        Bytes[I.V] = field(I.Offset);
      else
        Values[I.V] =
            B.CreateAlignedLoad(I.Ty, field(I.Offset), Plan.alignAt(I.Offset));
    for (Instruction &I : *Plan.Block) {
      for (const BatchCall &C : Plan.Calls)
        if (C.Call == &I)
          call(C);
      if (is_contained(Plan.Between, &I)) {
        Instruction *Clone = I.clone();
        Clone->setDebugLoc(DebugLoc());
        B.Insert(Clone);
        RemapInstruction(Clone, Values,
                         RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
        Values[&I] = Clone;
      }
    }
  }
};

} // namespace

/// void NAME.lazy.batch(ptr records, i64 first, i64 end)
Function *Emitter::batchFunction(const Batch &Plan) {
  const LazyFunction &First = *Plan.Calls[0].Fn;
  Function *T = internalFunction(*First.F, ".lazy.batch", {PtrTy, I64, I64});
  auto *Entry = BasicBlock::Create(Ctx, "", T);
  auto *Loop = BasicBlock::Create(Ctx, "record", T);
  auto *Done = BasicBlock::Create(Ctx, "done", T);
  IRBuilder<> B(Entry);
  auto At = [&](Value *Number) {
    return B.CreateInBoundsGEP(
        ArrayType::get(B.getInt8Ty(), Plan.Stride),
        B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), T->getArg(0), LAZY_RECORDS),
        Number);
  };
  Value *From = At(T->getArg(1)), *End = At(T->getArg(2));
  B.CreateBr(Loop);
  B.SetInsertPoint(Loop);
  PHINode *Record = B.CreatePHI(PtrTy, 2);
  Record->addIncoming(From, Entry);
  RecordEmitter(Plan, B, Record).run();
  Value *Next =
      B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Record, Plan.Stride);
  Record->addIncoming(Next, B.GetInsertBlock());
  B.CreateCondBr(B.CreateICmpEQ(Next, End), Done, Loop);
  B.SetInsertPoint(Done);
  B.CreateRetVoid();
  return T;
}

static constexpr StringLiteral BatchedMark = "lazy.batched";

bool lazypass::isBatched(const CallInst &Call) {
  return Call.getMetadata(BatchedMark) != nullptr;
}

GlobalVariable *Emitter::batchedSite(const CallInst &Call) {
  const MDNode *Mark = Call.getMetadata(BatchedMark);
  if (!Mark || Mark->getNumOperands() == 0)
    return nullptr;
  return mdconst::extract<GlobalVariable>(Mark->getOperand(0));
}

StructType *Emitter::batchType() const {
  return StructType::get(Ctx, {PtrTy, PtrTy, I32, I32, I64, I64});
}

Constant *Emitter::batch(const Batch &Plan) {
  Constant *First = nullptr;
  for (const BatchCall &C : Plan.Calls) {
    Constant *Site = site(C, /*Inputs=*/0, /*Kept=*/false);
    SmallVector<Metadata *, 1> Shared;
    if (!Plan.Recursive)
      Shared.push_back(ConstantAsMetadata::get(Site));
    C.Call->setMetadata(BatchedMark, MDNode::get(Ctx, Shared));
    if (!First)
      First = Site;
  }
  unsigned Flags = (Plan.Deferrable ? LAZY_BATCH_DEFERRABLE : 0) |
                   (Plan.Recursive ? LAZY_BATCH_RECURSIVE : 0);
  Constant *Init = ConstantStruct::get(
      batchType(),
      {First, batchFunction(Plan), ConstantInt::get(I32, Plan.Stride),
       ConstantInt::get(I32, Flags), ConstantInt::get(I64, 0),
       ConstantInt::get(I64, 0)});
  return privateGlobal(Init, /*Constant=*/false,
                       "lazy.batch." + Plan.Calls[0].Fn->F->getName());
}

/// Returns to its caller, and touches no memory of the program's.
static void promise(CallInst &Call, MemoryEffects Effects) {
  Call.addFnAttr(Attribute::WillReturn);
  Call.addFnAttr(Attribute::NoUnwind);
  Call.setMemoryEffects(Effects);
  if (Effects.onlyAccessesInaccessibleOrArgMem())
    markHarmless(Call);
}

Value *Emitter::batchOpen(IRBuilder<> &B, Constant *Descriptor,
                          Value *Records) {
  CallInst *Call = call(B, "__lazy_batch_open", PtrTy, {Descriptor, Records});
  Call->addRetAttr(Attribute::NoAlias);
  promise(*Call, MemoryEffects::inaccessibleOrArgMemOnly());
  setNotCaptured(*Call, 1);
  return Call;
}

Value *Emitter::batchLimit(IRBuilder<> &B, Value *Records) {
  static_assert(offsetof(lazy_records, limit) == 0);
  LoadInst *Limit = B.CreateLoad(PtrTy, Records);
  Limit->setNoSanitizeMetadata(); // no sanitizer has seen the runtime write it
  return Limit;
}

Value *Emitter::batchPatience(IRBuilder<> &B, Constant *Descriptor) {
  return relaxedLoad(B, I64, B.CreateStructGEP(batchType(), Descriptor, 5));
}

Value *Emitter::firstRecord(IRBuilder<> &B, Value *Records) {
  return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Records, LAZY_RECORDS);
}

void Emitter::batchRun(IRBuilder<> &B, Constant *Descriptor, Value *Records,
                       Value *End, bool ReadsMemory) {
  CallInst *Call =
      call(B, "__lazy_batch_run", B.getVoidTy(), {Descriptor, Records, End});
  MemoryEffects Effects = MemoryEffects::inaccessibleOrArgMemOnly();
  promise(*Call, ReadsMemory ? Effects | MemoryEffects::readOnly() : Effects);
  setNotCaptured(*Call, 1);
  setNotCaptured(*Call, 2);
}

void Emitter::batchClose(IRBuilder<> &B, Value *Records) {
  CallInst *Call = call(B, "__lazy_batch_close", B.getVoidTy(), {Records});
  promise(*Call, MemoryEffects::inaccessibleOrArgMemOnly());
  setNotCaptured(*Call, 0);
}
