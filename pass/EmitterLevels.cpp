//===- EmitterLevels.cpp - what is asked at each level of a recursion -----===//
//
// See Recursion.cpp.  In
//
//     T F.at(arguments, level) {
//       if (module.mode < LAZY_MODE_PARALLEL) return F.plain(arguments);
//       if (!costs[level] || ++__lazy_calls % LAZY_LEVEL_EVERY == 0)
//         return F.timed(arguments, level);
//       if (costs[level] < LAZY_LEVEL_SMALL) return F.plain(arguments);
//       return F.shared(arguments, level);
//     }
//
// LLVM may inline F.at, and in F.shared often knows the answers from the site.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "lazy/abi.h"

using namespace llvm;
using namespace lazypass;

static SmallVector<Value *, 8> argumentsOf(Function &F, unsigned Count) {
  SmallVector<Value *, 8> Arguments;
  for (unsigned I = 0; I != Count; ++I)
    Arguments.push_back(F.getArg(I));
  return Arguments;
}

static void createReturn(IRBuilder<> &B, CallInst *Call) {
  if (Call->getType()->isVoidTy())
    B.CreateRetVoid();
  else
    B.CreateRet(Call);
}

Value *Emitter::levelOf(IRBuilder<> &B, const LazyFunction &Fn) {
  Function *Shared = Fn.Levels.Shared;
  if (B.GetInsertBlock()->getParent() != Shared)
    return B.getInt32(0);
  Value *Level = Shared->getArg(Shared->arg_size() - 1);
  return B.CreateBinaryIntrinsic(Intrinsic::umin,
                                 B.CreateAdd(Level, B.getInt32(1)),
                                 B.getInt32(LAZY_LEVELS - 1));
}

void Emitter::storeLevel(IRBuilder<> &B, const LazyFunction &Fn, Value *Node) {
  B.CreateAlignedStore(levelOf(B, Fn), payload(B, Node, Fn.Levels.Slot),
                       Align(4));
}

static Value *costAt(IRBuilder<> &B, GlobalVariable *Costs, Value *Level) {
  return Emitter::relaxedLoad(
      B, B.getInt32Ty(), B.CreateInBoundsGEP(B.getInt32Ty(), Costs, Level));
}

/// 0, which is unknown, is not small.
static Value *isSmall(IRBuilder<> &B, Value *Cost) {
  return B.CreateICmpULT(B.CreateSub(Cost, B.getInt32(1)),
                         B.getInt32(LAZY_LEVEL_SMALL - 1));
}

Value *Emitter::isSmallAt(IRBuilder<> &B, const LazyFunction &Fn,
                          Value *Level) {
  return isSmall(B, costAt(B, LevelCosts.lookup(&Fn), Level));
}

/// Calls \p Callee with the arguments of the function that \p B stands in, with
/// or without the level, and returns what it returns.
static CallInst *goOnIn(IRBuilder<> &B, Function &Callee) {
  Function &Here = *B.GetInsertBlock()->getParent();
  return Emitter::plainCall(B, Callee, argumentsOf(Here, Callee.arg_size()));
}

Function *Emitter::timed(const LazyFunction &Fn) {
  Function *At = Fn.Levels.At;
  auto *T =
      Function::Create(At->getFunctionType(), GlobalValue::InternalLinkage,
                       Fn.F->getName() + ".timed", M);
  T->copyAttributesFrom(At);
  T->setDSOLocal(true);
  for (auto Kind : {Attribute::AlwaysInline, Attribute::InlineHint})
    T->removeFnAttr(Kind);
  T->addFnAttr(Attribute::NoInline);
  auto *Plain = BasicBlock::Create(Ctx, "plain", T),
       *Shared = BasicBlock::Create(Ctx, "shared", T),
       *Done = BasicBlock::Create(Ctx, "done", T);
  IRBuilder<> B(BasicBlock::Create(Ctx, "", T, Plain));
  Value *Level = T->getArg(T->arg_size() - 1);
  Value *Start = call(B, "__lazy_level_begin", I64, {});
  B.CreateCondBr(B.CreateOr(isSmallAt(B, Fn, Level), B.CreateIsNull(Start)),
                 Plain, Shared);
  B.SetInsertPoint(Plain);
  CallInst *FromPlain = goOnIn(B, *Fn.Levels.Plain);
  B.CreateBr(Done);
  B.SetInsertPoint(Shared);
  CallInst *FromShared = goOnIn(B, *Fn.Levels.Shared);
  B.CreateBr(Done);
  B.SetInsertPoint(Done);
  PHINode *Result = nullptr;
  if (!T->getReturnType()->isVoidTy()) {
    Result = B.CreatePHI(T->getReturnType(), 2);
    Result->addIncoming(FromPlain, Plain);
    Result->addIncoming(FromShared, Shared);
  }
  call(B, "__lazy_level_end", B.getVoidTy(),
       {B.CreateInBoundsGEP(I32, LevelCosts.lookup(&Fn), Level), Start});
  if (Result)
    B.CreateRet(Result);
  else
    B.CreateRetVoid();
  return T;
}

void Emitter::levels(const LazyFunction &Fn) {
  ArrayType *Table = ArrayType::get(I32, LAZY_LEVELS);
  LevelCosts[&Fn] =
      privateGlobal(Constant::getNullValue(Table),
                    /*Constant=*/false, "lazy.levels." + Fn.F->getName());
  Function *At = Fn.Levels.At;
  auto Block = [&](const Twine &Name) {
    return BasicBlock::Create(Ctx, Name, At);
  };
  BasicBlock *Entry = Block(""), *Look = Block("look"), *Time = Block("time"),
             *Choose = Block("choose"), *Plain = Block("plain"),
             *Shared = Block("shared");
  IRBuilder<> B(Entry);
  B.CreateCondBr(modeIsAtLeast(B, LAZY_MODE_PARALLEL), Look, Plain);

  B.SetInsertPoint(Look);
  Value *Calls = countCall(B);
  Value *Cost =
      costAt(B, LevelCosts.lookup(&Fn), At->getArg(At->arg_size() - 1));
  Value *Due =
      B.CreateIsNull(B.CreateURem(Calls, B.getInt32(LAZY_LEVEL_EVERY)));
  B.CreateCondBr(B.CreateOr(Due, B.CreateIsNull(Cost)), Time, Choose);

  B.SetInsertPoint(Choose);
  B.CreateCondBr(isSmall(B, Cost), Plain, Shared);

  B.SetInsertPoint(Time);
  createReturn(B, goOnIn(B, *timed(Fn)));
  B.SetInsertPoint(Plain);
  createReturn(B, goOnIn(B, *Fn.Levels.Plain));
  B.SetInsertPoint(Shared);
  createReturn(B, goOnIn(B, *Fn.Levels.Shared));

  B.SetInsertPoint(BasicBlock::Create(Ctx, "", Fn.F));
  SmallVector<Value *, 8> Arguments = argumentsOf(*Fn.F, Fn.F->arg_size());
  Arguments.push_back(B.getInt32(0));
  createReturn(B, plainCall(B, *At, Arguments));
}
