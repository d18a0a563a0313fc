//===- ParallelLoopRewriter.cpp - a loop in three versions ----------------===//
//
//     front:    several threads?                             no  -> in place
//     ask:      iterations that cost enough together?        no  -> in place
//               no window overlaps another?                  no  -> lazy
//               __lazy_loop_choose()                             -> any of
//               three
//     run:      touch windows; lazy.loop.run(...)                -> exit
//     in place: touch windows; the loop, all calls in place      -> exit
//     lazy:     the loop as it was: calls may become nodes       -> exit
//
// Algorithm
//   1. The loop's body becomes a function of a range of iterations
//      (RangeFunction.cpp).  What comes from outside it finds in a frame.
//   2. The loop is cloned for the version in place, and each version has its
//      own way out, where PHIs join what the versions leave behind.
//   3. In front of them come the questions.
//
// While the function is planned, one call stands for all iterations, with what
// they use as its operands; lowerParallelLoops() then makes the frame.
//
//===----------------------------------------------------------------------===//

#include "ParallelLoop.h"

#include "Batch.h"
#include "Compat.h"
#include "LoopQuestions.h"
#include "LoopTouch.h"
#include "RangeFunction.h"
#include "lazy/abi.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace lazypass;

static constexpr StringLiteral PlainMark = "lazy.plain",
                               ParallelMark = "lazy.parallel",
                               RunPrefix = "lazy.loop.run.";

/// Operands of what stands for a loop: its descriptor, and how many iterations,
/// columns, and columns to stay behind.
static constexpr unsigned NumbersOfLoop = 4;

/// More iterations than any loop comes by, and no number that wraps.
static constexpr uint64_t MostIterations = uint64_t(1) << 48;

bool lazypass::isPlainCall(const CallInst &Call) {
  return Call.hasMetadata(PlainMark);
}

bool lazypass::hasParallelVersion(const Instruction &I) {
  return I.hasMetadata(ParallelMark);
}

bool lazypass::runsLoop(const Instruction &I) {
  auto *Call = dyn_cast<CallInst>(&I);
  const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
  return Callee && Callee->getName().starts_with(RunPrefix);
}

//===----------------------------------------------------------------------===//
// The three versions
//===----------------------------------------------------------------------===//

namespace {

class ParallelLoopRewriter {
  ParallelLoop &P;
  Emitter &Runtime;
  ScalarEvolution &SE;
  Loop &L;
  Function &F;
  LLVMContext &Ctx;
  BasicBlock *Header, *Preheader;

  BasicBlock *Ask, *Compare, *Choose, *Run, *InPlace, *Lazy;
  Value *Count = nullptr, *Columns = nullptr, *Lag = nullptr;
  SmallVector<Value *, 4> Steps; ///< of counters
  SmallVector<Value *, 4> Sums;  ///< where reductions are added up
  SmallDenseMap<Instruction *, Value *> Left;

public:
  ParallelLoopRewriter(ParallelLoop &P, Emitter &Runtime, ScalarEvolution &SE)
      : P(P), Runtime(Runtime), SE(SE), L(*P.L), F(*L.getHeader()->getParent()),
        Ctx(F.getContext()), Header(L.getHeader()),
        Preheader(L.getLoopPreheader()) {}

  void run() {
    DebugLoc Place = P.Calls[0].Call->getDebugLoc();
    mark(L);
    auto Block = [&](const Twine &Name) {
      return BasicBlock::Create(Ctx, Name, &F, Header);
    };
    Ask = Block("lazy.loop.ask");
    Compare = Block("lazy.loop.compare");
    Choose = Block("lazy.loop.choose");
    Run = Block("lazy.loop.run");
    InPlace = Block("lazy.loop.in.place");
    Lazy = Block("lazy.loop.lazy");
    Constant *Descriptor = ask(Place);
    runAll(Descriptor, Place);
    cloneInPlace();
    IRBuilder<>(Lazy).CreateBr(Header);
    Header->replacePhiUsesWith(Preheader, Lazy);
    giveWayOut(P.Exiting, nullptr);
    for (BasicBlock *BB : L.blocks())
      for (Instruction &I : *BB)
        I.setMetadata(ParallelMark, MDNode::get(Ctx, {}));
    // What is dear need not be inlined, and so compiled, another time.
    for (const Site &S : P.Calls)
      S.Call->setIsNoInline();
  }

private:
  Constant *ask(const DebugLoc &Place);
  Value *compare(IRBuilder<> &B);
  void touchWindows(IRBuilder<> &B);
  void touchOwn(IRBuilder<> &B);
  void runAll(Constant *Descriptor, const DebugLoc &Place);
  SmallVector<Value *, 8> captured() const;
  void cloneInPlace();
  void giveWayOut(BasicBlock *Exiting, ValueToValueMapTy *Clones);
};

} // namespace

/// An i1: can they run together?
Value *ParallelLoopRewriter::compare(IRBuilder<> &B) {
  LoopNumbers Numbers(B, P, SE);
  LoopAnswers Answers = askInFront(Numbers, P);
  Columns = Answers.Columns;
  Lag = Answers.Lag;
  for (const Counter &C : P.Counters)
    Steps.push_back(Numbers.of(C.Step));
  for (auto &[I, Number] : P.LeftBehind)
    Left[I] = B.CreateTrunc(Numbers.of(Number), I->getType());
  Value *Fine = Answers.Fine;
  if (Value *Overflow = Numbers.overflow())
    Fine = B.CreateAnd(Fine, B.CreateNot(Overflow));
  return Numbers.lost() ? B.getFalse() : B.CreateFreeze(Fine);
}

/// What does not exist in the loop that is not run is none of our business.
Constant *ParallelLoopRewriter::ask(const DebugLoc &Place) {
  Preheader->getTerminator()->eraseFromParent();
  IRBuilder<> B(Preheader);
  B.SetCurrentDebugLocation(Place);
  Function *R = Runtime.loopFunction(F);
  Constant *Descriptor =
      Runtime.loop(P.Calls[0], *R, P.Nested, P.Rows.has_value());
  B.CreateCondBr(Runtime.hasThreads(B), Ask, InPlace);

  B.SetInsertPoint(Ask);
  LoopNumbers Numbers(B, P, SE);
  Count = Numbers.of(P.Iterations);
  if (Value *Overflow = Numbers.overflow())
    Count = B.CreateSelect(Overflow, B.getInt64(0), Count);
  if (Numbers.lost())
    Count = B.getInt64(0);
  B.CreateCondBr(Runtime.isLoopSmall(B, Descriptor, Count), InPlace, Compare);

  B.SetInsertPoint(Compare);
  Value *Several = B.CreateICmpULT(B.CreateSub(Count, B.getInt64(2)),
                                   B.getInt64(MostIterations));
  B.CreateCondBr(B.CreateAnd(Several, compare(B)), Choose, Lazy);

  B.SetInsertPoint(Choose);
  SwitchInst *Choice =
      B.CreateSwitch(Runtime.loopChoose(B, Descriptor, Count), Lazy, 2);
  Choice->addCase(B.getInt32(LAZY_LOOP_IN_PLACE), InPlace);
  Choice->addCase(B.getInt32(LAZY_LOOP_SHARED), Run);
  return Descriptor;
}

/// Windows are only right where what is taken to be natural is.
void ParallelLoopRewriter::touchWindows(IRBuilder<> &B) {
  if (!P.Complete)
    return;
  LoopNumbers Numbers(B, P, SE);
  Value *Wrong = B.getFalse();
  for (const SCEV *Number : P.Natural)
    Wrong =
        B.CreateOr(Wrong, B.CreateICmpSLT(Numbers.of(Number), B.getInt64(0)));
  if (Value *Overflow = Numbers.overflow())
    Wrong = B.CreateOr(Wrong, Overflow);
  if (Numbers.lost())
    Wrong = B.getTrue();
  for (const Window &W : P.Windows) {
    const ComputedRange All{Constant::getNullValue(B.getPtrTy()),
                            B.getInt64(UINT64_MAX)};
    ComputedRange R = Numbers.range(P.covered(W, SE)).value_or(All);
    touchRange(B,
               {B.CreateSelect(Wrong, All.Address, R.Address),
                B.CreateSelect(Wrong, All.Length, R.Length)},
               W.Writes);
  }
}

/// What the loop left pending in its locals when it came by with nodes.
void ParallelLoopRewriter::touchOwn(IRBuilder<> &B) {
  if (!P.Complete)
    return;
  for (AllocaInst *Local : P.Own)
    if (auto Room = Local->getAllocationSize(F.getDataLayout()))
      touchRange(B, {Local, B.getInt64(Room->getFixedValue())},
                 /*Writes=*/true);
}

SmallVector<Value *, 8> ParallelLoopRewriter::captured() const {
  SmallSetVector<Value *, 16> Found;
  for (BasicBlock *BB : L.blocks())
    for (Instruction &I : *BB)
      for (Value *V : I.operands()) {
        auto *From = dyn_cast<Instruction>(V);
        if ((From && !L.contains(From) && !isa<AllocaInst>(From)) ||
            isa<Argument>(V) ||
            (From && isa<AllocaInst>(From) &&
             !P.Own.contains(cast<AllocaInst>(From))))
          Found.insert(V);
      }
  for (Value *V : Steps)
    if (!isa<Constant>(V))
      Found.insert(V);
  Found.insert(Sums.begin(), Sums.end());
  return Found.takeVector();
}

void ParallelLoopRewriter::runAll(Constant *Descriptor, const DebugLoc &Place) {
  IRBuilder<> Entry(&*F.getEntryBlock().getFirstInsertionPt());
  IRBuilder<> B(Run);
  B.SetCurrentDebugLocation(Place);
  touchWindows(B);
  for (const Reduction &Sum : P.Reductions) {
    Value *To = Entry.CreateAlloca(Sum.Phi->getType(), nullptr, "lazy.sum");
    setNotesInput(
        *B.CreateStore(Sum.Phi->getIncomingValueForBlock(Preheader), To));
    Sums.push_back(To);
  }
  SmallVector<Value *, 8> Captured = captured();
  Function *R = Runtime.functionOfLoop(Descriptor);
  fillRangeFunction(*R, P, Preheader, Captured, Steps, Sums,
                    Runtime.loopStep());

  SmallVector<Value *, 8> Operands{Descriptor, Count, Columns, Lag};
  append_range(Operands, Captured);
  SmallVector<Type *, 8> Types;
  for (Value *V : Operands)
    Types.push_back(V->getType());
  auto *Stand = Function::Create(
      FunctionType::get(B.getVoidTy(), Types, /*isVarArg=*/false),
      GlobalValue::ExternalLinkage, RunPrefix + R->getName(), F.getParent());
  CallInst *Call = B.CreateCall(Stand, Operands);
  Call->addFnAttr(Attribute::WillReturn);
  Call->addFnAttr(Attribute::NoUnwind);
  for (unsigned I = 0; I != Operands.size(); ++I)
    if (Operands[I]->getType()->isPointerTy())
      setNotCaptured(*Call, I);
  if (P.Complete)
    setTouchedBefore(*Call);
  for (auto [Sum, To] : zip(P.Reductions, Sums)) {
    Value *Result = P.TestsFirst
                        ? Sum.Phi
                        : Sum.Phi->getIncomingValueForBlock(L.getLoopLatch());
    Left[cast<Instruction>(Result)] = B.CreateLoad(Sum.Phi->getType(), To);
  }
  B.CreateBr(P.Exit);
  for (PHINode &Phi : P.Exit->phis()) {
    Value *V = Phi.getIncomingValueForBlock(P.Exiting);
    auto *I = dyn_cast<Instruction>(V);
    Value *Known = I ? Left.lookup(I) : nullptr;
    Phi.addIncoming(Known ? Known : V, Run);
  }
}

void ParallelLoopRewriter::cloneInPlace() {
  IRBuilder<> B(InPlace);
  B.SetCurrentDebugLocation(P.Calls[0].Call->getDebugLoc());
  touchWindows(B);
  touchOwn(B);
  ValueToValueMapTy Clones;
  SmallVector<BasicBlock *, 8> Blocks;
  for (BasicBlock *BB : L.blocks()) {
    BasicBlock *Clone = CloneBasicBlock(BB, Clones, ".in.place", &F);
    Clones[BB] = Clone;
    Blocks.push_back(Clone);
  }
  remapInstructionsInBlocks(Blocks, Clones);
  auto *First = cast<BasicBlock>(Clones[Header]);
  B.CreateBr(First);
  First->replacePhiUsesWith(Preheader, InPlace);
  for (BasicBlock *BB : Blocks)
    for (Instruction &I : *BB) {
      if (isa<CallInst>(I))
        I.setMetadata(PlainMark, MDNode::get(Ctx, {}));
      if (P.Complete && I.mayReadOrWriteMemory())
        setTouchedBefore(I);
    }
  giveWayOut(P.Exiting, &Clones);
}

/// One version's own block between the loop and the exit.
void ParallelLoopRewriter::giveWayOut(BasicBlock *Exiting,
                                      ValueToValueMapTy *Clones) {
  auto *Out = BasicBlock::Create(Ctx, "lazy.loop.out", &F, P.Exit);
  BasicBlock *From = Clones ? cast<BasicBlock>((*Clones)[Exiting]) : Exiting;
  From->getTerminator()->replaceSuccessorWith(P.Exit, Out);
  IRBuilder<> B(Out);
  B.SetCurrentDebugLocation(From->getTerminator()->getDebugLoc());
  B.CreateBr(P.Exit);
  for (PHINode &Phi : P.Exit->phis()) {
    if (!Clones) {
      Phi.replaceIncomingBlockWith(Exiting, Out);
      continue;
    }
    Value *V = Phi.getIncomingValueForBlock(Exiting);
    Value *Clone = Clones->lookup(V);
    Phi.addIncoming(Clone ? Clone : V, Out);
  }
}

/// What is used behind the loop goes there by PHIs at the exit, also out of
/// loops inside.
static void leaveByPhis(const ParallelLoop &P) {
  auto IsBehind = [&](const Use &U) {
    auto *User = cast<Instruction>(U.getUser());
    return !P.L->contains(User) &&
           !(isa<PHINode>(User) && User->getParent() == P.Exit);
  };
  for (BasicBlock *BB : P.L->blocks())
    for (Instruction &I : *BB)
      if (any_of(I.uses(), IsBehind)) {
        auto *Phi = PHINode::Create(I.getType(), 3, "", P.Exit->begin());
        I.replaceUsesWithIf(Phi, [&](Use &U) { return IsBehind(U); });
        Phi->addIncoming(&I, P.Exiting);
      }
}

void lazypass::rewriteParallelLoop(ParallelLoop &P, Emitter &Runtime,
                                   FunctionAnalysisManager &FAM) {
  Function &F = *P.L->getHeader()->getParent();
  leaveByPhis(P);
  ParallelLoopRewriter(P, Runtime, FAM.getResult<ScalarEvolutionAnalysis>(F))
      .run();
  FAM.invalidate(F, PreservedAnalyses::none());
}

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

void lazypass::lowerParallelLoops(Function &F, Emitter &Runtime) {
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    if (!runsLoop(I))
      continue;
    auto &Call = cast<CallInst>(I);
    SmallVector<Value *, 8> Values(drop_begin(Call.args(), NumbersOfLoop));
    SmallVector<Type *, 8> Types;
    for (Value *V : Values)
      Types.push_back(V->getType());
    auto *Ty = StructType::get(F.getContext(), Types);
    IRBuilder<> Entry(&*F.getEntryBlock().getFirstInsertionPt());
    Value *Frame = Entry.CreateAlloca(Ty, nullptr, "lazy.frame");
    IRBuilder<> B(&Call);
    for (auto [K, V] : enumerate(Values))
      B.CreateStore(V, B.CreateStructGEP(Ty, Frame, K));
    Runtime.loopRun(B, cast<Constant>(Call.getArgOperand(0)), Frame,
                    SmallVector<Value *, 3>(
                        drop_begin(drop_end(Call.args(), Values.size()), 1)));
    Function *Stand = Call.getCalledFunction();
    Call.eraseFromParent();
    Stand->eraseFromParent();
  }
}
