//===- RangeFunction.cpp - a function of a range of iterations ------------===//
//
// void NAME.lazy.loop(ptr frame, i64 first, i64 end)
//
// Algorithm
//   1. Load from the frame what comes from outside the loop; locals of the
//      iterations' own have their places here.
//   2. Clone the loop.  Counters start where the range does, reductions with
//      what adds nothing.
//   3. A new counter of all iterations takes the place of the loop's own end.
//   4. In the rows of a pipeline, ask at column 0, and whenever it has come as
//      far as the last answer goes.
//   5. In the end add what has been added up to the rest, atomically: parts of
//      a sum may be added in any order, but may overflow, so nothing in them is
//      promised not to.
//
//===----------------------------------------------------------------------===//

#include "RangeFunction.h"

#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace lazypass;

namespace {

class RangeFunction {
  const ParallelLoop &P;
  Function &R;
  BasicBlock *Preheader;
  Value *First, *End;
  BasicBlock *Entry, *Leave;
  ValueToValueMapTy Map;

public:
  RangeFunction(const ParallelLoop &P, Function &R, BasicBlock *Preheader)
      : P(P), R(R), Preheader(Preheader), First(R.getArg(1)), End(R.getArg(2)),
        Entry(BasicBlock::Create(R.getContext(), "", &R)),
        Leave(BasicBlock::Create(R.getContext(), "leave", &R)) {}

  /// \p Captured: what comes from outside.  \p Steps: of the counters, and \p
  /// Sums, where the reductions go, are part of that.
  void run(ArrayRef<Value *> Captured, ArrayRef<Value *> Steps,
           ArrayRef<Value *> Sums) {
    IRBuilder<> B(Entry);
    loadFrame(B, Captured);
    for (AllocaInst *Local : P.Own) {
      Instruction *Clone = B.Insert(Local->clone());
      forgetPlace(*Clone);
      Map[Local] = Clone;
    }
    SmallVector<BasicBlock *, 8> Blocks;
    for (BasicBlock *BB : P.L->blocks()) {
      BasicBlock *Clone = CloneBasicBlock(BB, Map, "", &R);
      Map[BB] = Clone;
      Blocks.push_back(Clone);
    }
    auto *Header = cast<BasicBlock>(Map[P.L->getHeader()]);
    for (auto [C, Step] : zip(P.Counters, Steps))
      startAt(B, C, valueOf(Step));
    for (const Reduction &Sum : P.Reductions)
      setStart(*Sum.Phi, identityOf(Sum));
    B.CreateBr(Header);
    remapInstructionsInBlocks(Blocks, Map);
    for (BasicBlock *BB : Blocks)
      for (Instruction &I : *BB)
        forgetPlace(I);
    bound(*Header);
    IRBuilder<> Out(Leave);
    for (auto [Sum, To] : zip(P.Reductions, Sums))
      addUp(Out, Sum, valueOf(To));
    Out.CreateRetVoid();
  }

  /// Step 4.
  void askAtColumns(const Loop &L, FunctionCallee Step) {
    auto Clone = [&](BasicBlock *BB) { return cast<BasicBlock>(Map[BB]); };
    BasicBlock *Header = Clone(L.getHeader()), *Latch = Clone(L.getLoopLatch());
    BasicBlock *Before = Clone(L.getLoopPreheader());
    Type *I64 = End->getType();
    auto *Column = PHINode::Create(I64, 2, "column", Header->begin());
    auto *Limit = PHINode::Create(I64, 2, "limit", Header->begin());
    IRBuilder<> B(Header, Header->getFirstInsertionPt());
    Value *There = B.CreateICmpEQ(Column, Limit);
    Instruction *On = &*B.GetInsertPoint();
    Instruction *Ask = SplitBlockAndInsertIfThen(There, On->getIterator(),
                                                 /*Unreachable=*/false);
    B.SetInsertPoint(Ask);
    Value *Answer = B.CreateCall(Step, Column);
    auto *Now = PHINode::Create(I64, 2, "", On->getParent()->begin());
    Now->addIncoming(Limit, Header);
    Now->addIncoming(Answer, Ask->getParent());
    // The header may have been the latch, and ends in another block now.
    if (Latch == Header)
      Latch = On->getParent();
    IRBuilder<> AtLatch(Latch->getTerminator());
    Value *Next = AtLatch.CreateAdd(Column, AtLatch.getInt64(1));
    Column->addIncoming(AtLatch.getInt64(0), Before);
    Column->addIncoming(Next, Latch);
    Limit->addIncoming(AtLatch.getInt64(0), Before);
    Limit->addIncoming(Now, Latch);
  }

private:
  Value *valueOf(Value *V) {
    Value *Here = Map.lookup(V);
    return Here ? Here : V;
  }

  void loadFrame(IRBuilder<> &B, ArrayRef<Value *> Captured) {
    SmallVector<Type *, 8> Types;
    for (Value *V : Captured)
      Types.push_back(V->getType());
    auto *Frame = StructType::get(R.getContext(), Types);
    for (auto [I, V] : enumerate(Captured))
      Map[V] =
          B.CreateLoad(V->getType(), B.CreateStructGEP(Frame, R.getArg(0), I));
  }

  /// It has no lines of its own: it is nobody's function.
  static void forgetPlace(Instruction &I) {
    I.setDebugLoc(DebugLoc());
    I.dropDbgRecords();
    I.setMetadata(LLVMContext::MD_DIAssignID, nullptr);
  }

  /// The value with which \p Phi enters the loop.
  void setStart(PHINode &Phi, Value *Start) {
    auto *Clone = cast<PHINode>(Map[&Phi]);
    int Index = Clone->getBasicBlockIndex(Preheader);
    Clone->setIncomingBlock(Index, Entry);
    Clone->setIncomingValue(Index, Start);
  }

  void startAt(IRBuilder<> &B, const Counter &C, Value *Step) {
    Value *Start = valueOf(C.Phi->getIncomingValueForBlock(Preheader));
    Value *Way = B.CreateMul(First, Step);
    setStart(*C.Phi, Start->getType()->isPointerTy()
                         ? B.CreatePtrAdd(Start, Way)
                         : B.CreateAdd(Start, B.CreateZExtOrTrunc(
                                                  Way, Start->getType())));
  }

  static Constant *identityOf(const Reduction &Sum) {
    Type *T = Sum.Phi->getType();
    return Sum.Operation == AtomicRMWInst::And ? Constant::getAllOnesValue(T)
                                               : Constant::getNullValue(T);
  }

  /// Leaves the loop when it has come to the end.
  void bound(BasicBlock &Header) {
    LLVMContext &C = R.getContext();
    Type *I64 = Type::getInt64Ty(C);
    auto *Number = PHINode::Create(I64, 2, "number", Header.begin());
    auto *Latch = cast<BasicBlock>(Map[P.L->getLoopLatch()]);
    auto *Exiting = cast<BasicBlock>(Map[P.Exiting]);
    Instruction *Old = Exiting->getTerminator();
    BasicBlock *On = Old->getSuccessor(0) == P.Exit ? Old->getSuccessor(1)
                                                    : Old->getSuccessor(0);
    IRBuilder<> AtLatch(Latch->getTerminator());
    Value *Next = AtLatch.CreateAdd(Number, AtLatch.getInt64(1));
    Number->addIncoming(First, Entry);
    Number->addIncoming(Next, Latch);
    IRBuilder<> B(Old);
    Value *Done = B.CreateICmpEQ(P.TestsFirst ? Number : Next, End);
    B.CreateCondBr(Done, Leave, On);
    Old->eraseFromParent();
  }

  void addUp(IRBuilder<> &B, const Reduction &Sum, Value *To) {
    // The order of partial sums is not that of the program, and may overflow.
    for (Instruction *I : Sum.Chain)
      cast<Instruction>(Map[I])->dropPoisonGeneratingFlags();
    Value *Result = valueOf(
        P.TestsFirst ? Sum.Phi
                     : Sum.Phi->getIncomingValueForBlock(P.L->getLoopLatch()));
    B.CreateAtomicRMW(Sum.Operation, To, Result, MaybeAlign(),
                      AtomicOrdering::Monotonic);
  }
};

} // namespace

void lazypass::fillRangeFunction(Function &R, const ParallelLoop &P,
                                 BasicBlock *Preheader,
                                 ArrayRef<Value *> Captured,
                                 ArrayRef<Value *> Steps,
                                 ArrayRef<Value *> Sums, FunctionCallee Step) {
  RangeFunction Range(P, R, Preheader);
  Range.run(Captured, Steps, Sums);
  if (P.Rows)
    Range.askAtColumns(*P.Rows->Columns, Step);
}
