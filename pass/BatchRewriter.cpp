//===- BatchRewriter.cpp - lets a loop run ahead of itself ----------------===//
//
// The block of the calls is cut in front of the first of them:
//
//     upper:   ...
//              taken = next record, if there is one         -> lower
//              asked lately, or nobody wants work?     yes  -> lower, 0
//              records = __lazy_batch_open()           null -> lower, 0
//     slice:   from here on, the loop's slice alone: notes the inputs of the
//              calls in a record each time it comes by, until the records are
//              full or the loop has ended
//              __lazy_batch_run(records); take the first    -> lower
//     lower:   result = taken ? the record's : the call, as ever
//              ...
//
// Algorithm
//   1. Cut; build the blocks above between the halves.
//   2. Clone the slice's blocks: needed instructions, needed branches; others
//      go straight to their post-dominator.
//   3. Values of the slice that are live where it is entered come from the loop
//      the first time round: repair SSA form.
//   4. Branch at each call.  Give the records back where the loop is left.
//
// The state between (records, cursor, end) lives in stack slots that promotion
// turns into registers.
//
//===----------------------------------------------------------------------===//

#include "Batch.h"

#include "lazy/abi.h"
#include "llvm/IR/Dominators.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"
#include "llvm/Transforms/Utils/SSAUpdater.h"

using namespace llvm;
using namespace lazypass;

/// So many calls go by where nobody wants work before that is asked again; the
/// runtime says itself when it wants to be.
static constexpr uint64_t Patience = 32;

/// So often the slice goes round a loop, at most, before the loop itself goes
/// on: where calls are rare, its other effects must not wait for ever.
static constexpr uint64_t Farthest = 1 << 20;

static constexpr StringLiteral InputMark = "lazy.input";

bool lazypass::notesInput(const Instruction &I) {
  return I.getMetadata(InputMark) != nullptr;
}

void lazypass::setNotesInput(Instruction &I) {
  I.setMetadata(InputMark, MDNode::get(I.getContext(), {}));
}

namespace {

class BatchRewriter {
  Batch &B;
  Emitter &Runtime;
  DominatorTree &DT;
  Function &F;
  const DataLayout &DL;
  LLVMContext &Ctx;
  PointerType *PtrTy;
  IntegerType *I64;
  Value *Null;
  DebugLoc Loc;

  Constant *Descriptor = nullptr;
  AllocaInst *Records, *Next, *End, *Cursor, *Countdown, *Rounds;
  BasicBlock *Lower = nullptr, *Enter = nullptr, *Finish = nullptr;
  PHINode *Taken = nullptr;
  SmallVector<BasicBlock *, 4> Exits;

  // The slice.
  ValueToValueMapTy Clones;
  DenseMap<BasicBlock *, BasicBlock *> SliceBlock; ///< where a clone begins
  DenseMap<BasicBlock *, BasicBlock *> Origin;     ///< of where it ends
  SmallVector<BasicBlock *, 8> SliceBlocks;
  SmallVector<Instruction *, 16> LiveAtEntry;

public:
  BatchRewriter(Batch &B, Emitter &Runtime, DominatorTree &DT)
      : B(B), Runtime(Runtime), DT(DT), F(*B.Block->getParent()),
        DL(F.getParent()->getDataLayout()), Ctx(F.getContext()),
        PtrTy(PointerType::get(Ctx, 0)), I64(Type::getInt64Ty(Ctx)),
        Null(Constant::getNullValue(PtrTy)),
        Loc(B.Calls[0].Call->getDebugLoc()) {}

  void run() {
    for (Instruction *I : B.Slice.Instructions)
      if (!I->isTerminator() && DT.dominates(I, B.Calls[0].Call))
        LiveAtEntry.push_back(I);
    B.L->getUniqueExitBlocks(Exits);
    Descriptor = Runtime.batch(B);
    createSlots();
    cut();
    cloneSlice();
    repairSSA();
    for (const BatchCall &C : B.Calls)
      takeResult(C);
    giveBackAtExits();
    promote();
  }

private:
  BasicBlock *newBlock(const Twine &Name) {
    return BasicBlock::Create(Ctx, Name, &F, Lower);
  }
  Value *advance(IRBuilder<> &IR, Value *Record) {
    return IR.CreateConstInBoundsGEP1_64(IR.getInt8Ty(), Record, B.Stride);
  }
  Value *field(IRBuilder<> &IR, Value *Record, uint64_t Offset) {
    return IR.CreateConstInBoundsGEP1_64(IR.getInt8Ty(), Record, Offset);
  }

  //===--------------------------------------------------------------------===//
  // Step 1
  //===--------------------------------------------------------------------===//

  void createSlots() {
    IRBuilder<> Entry(&*F.getEntryBlock().getFirstInsertionPt());
    IRBuilder<> Before(B.L->getLoopPreheader()->getTerminator());
    Before.SetCurrentDebugLocation(DebugLoc());
    auto Slot = [&](const Twine &Name) {
      AllocaInst *A = Entry.CreateAlloca(PtrTy, nullptr, Name);
      Before.CreateStore(Null, A);
      return A;
    };
    Records = Slot("lazy.records");
    Next = Slot("lazy.next");
    End = Slot("lazy.end");
    Cursor = Slot("lazy.cursor");
    Countdown = Entry.CreateAlloca(I64, nullptr, "lazy.countdown");
    Rounds = Entry.CreateAlloca(I64, nullptr, "lazy.rounds");
    Before.CreateStore(Before.getInt64(0), Countdown);
    Before.CreateStore(Before.getInt64(0), Rounds);
  }

  void cut() {
    BasicBlock *Upper = B.Block;
    Lower = Upper->splitBasicBlock(B.Calls[0].Call->getIterator(),
                                   Upper->getName() + ".batched");
    Upper->getTerminator()->eraseFromParent();

    BasicBlock *May = newBlock("lazy.batch.may");
    BasicBlock *Wait = newBlock("lazy.batch.wait");
    BasicBlock *Open = newBlock("lazy.batch.open");
    BasicBlock *Declined = newBlock("lazy.batch.declined");
    Enter = newBlock("lazy.batch.enter");
    Finish = newBlock("lazy.batch.run");
    BasicBlock *Take = newBlock("lazy.batch.take");
    BasicBlock *Plain = newBlock("lazy.batch.plain");

    IRBuilder<> IR(Upper);
    IR.SetCurrentDebugLocation(Loc);
    Value *Record = IR.CreateLoad(PtrTy, Next);
    IR.CreateCondBr(IR.CreateICmpNE(Record, IR.CreateLoad(PtrTy, End)), Take,
                    Wait);

    IR.SetInsertPoint(Wait);
    Value *Count = IR.CreateLoad(I64, Countdown);
    IR.CreateStore(IR.CreateSub(Count, IR.getInt64(1)), Countdown);
    IR.CreateCondBr(IR.CreateIsNull(Count), May, Plain);

    IR.SetInsertPoint(May);
    IR.CreateStore(IR.getInt64(Patience), Countdown);
    IR.CreateCondBr(Runtime.wantsWork(IR), Open, Plain);

    IR.SetInsertPoint(Open);
    Value *Opened =
        Runtime.batchOpen(IR, Descriptor, IR.CreateLoad(PtrTy, Records));
    IR.CreateCondBr(IR.CreateIsNull(Opened), Declined, Enter);

    IR.SetInsertPoint(Declined);
    IR.CreateStore(Runtime.batchPatience(IR, Descriptor), Countdown);
    IR.CreateBr(Plain);

    IR.SetInsertPoint(Enter);
    IR.CreateStore(IR.getInt64(0), Countdown);
    IR.CreateStore(IR.getInt64(Farthest), Rounds);
    IR.CreateStore(Opened, Records);
    IR.CreateStore(Runtime.firstRecord(IR, Opened), Cursor);
    IR.CreateStore(Runtime.batchLimit(IR, Opened), End);

    IR.SetInsertPoint(Finish);
    Value *Filled = IR.CreateLoad(PtrTy, Cursor);
    Value *Running = IR.CreateLoad(PtrTy, Records);
    Runtime.batchRun(IR, Descriptor, Running, Filled, readsMemory());
    IR.CreateStore(Runtime.firstRecord(IR, Running), Next);
    IR.CreateStore(Filled, End);
    IR.CreateBr(Take);

    IR.SetInsertPoint(Take);
    Value *This = IR.CreateLoad(PtrTy, Next);
    IR.CreateStore(advance(IR, This), Next);
    IR.CreateBr(Lower);

    IR.SetInsertPoint(Plain);
    IR.CreateBr(Lower);

    Taken = PHINode::Create(PtrTy, 2, "lazy.taken", Lower->begin());
    Taken->addIncoming(This, Take);
    Taken->addIncoming(Null, Plain);
  }

  bool readsMemory() const {
    return any_of(
        B.Calls, [](const BatchCall &C) { return C.Fn->Memory.readsMemory(); });
  }

  //===--------------------------------------------------------------------===//
  // Step 2
  //===--------------------------------------------------------------------===//

  /// Where the slice goes for \p To: into its own blocks, or out.
  BasicBlock *target(BasicBlock *To, SmallVectorImpl<BasicBlock *> &Work) {
    if (!B.L->contains(To) && To != Lower)
      return Finish;
    BasicBlock *&Clone = SliceBlock[To];
    if (!Clone) {
      Clone = newBlock(To->getName() + ".ahead");
      Work.push_back(To);
    }
    return Clone;
  }

  void cloneSlice() {
    SmallVector<BasicBlock *, 8> Work;
    IRBuilder<>(Enter).CreateBr(target(Lower, Work));
    while (!Work.empty())
      cloneBlock(Work.pop_back_val(), Work);
    for (Instruction *I : B.Slice.Instructions)
      if (auto *Phi = dyn_cast<PHINode>(I); Phi && Clones.count(Phi))
        connect(*Phi, *cast<PHINode>(Clones[Phi]));
    for (BasicBlock *BB : SliceBlocks)
      for (Instruction &I : *BB)
        RemapInstruction(&I, Clones,
                         RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
  }

  void cloneBlock(BasicBlock *BB, SmallVectorImpl<BasicBlock *> &Work) {
    IRBuilder<> IR(SliceBlock[BB]);
    IR.SetCurrentDebugLocation(Loc);
    auto Append = [&](Instruction &I) {
      Instruction *Clone = I.clone();
      Clone->insertInto(IR.GetInsertBlock(), IR.GetInsertBlock()->end());
      return Clone;
    };
    Instruction *Last = BB == Lower ? B.Calls.back().Call : nullptr;
    for (Instruction &I : *BB) {
      if (&I == Last)
        noteRecord(IR);
      if (!I.isTerminator() && B.Slice.Instructions.contains(&I))
        Clones[&I] = Append(I);
    }
    SliceBlocks.push_back(IR.GetInsertBlock());
    Origin[IR.GetInsertBlock()] = BB;
    if (BB == B.Block) { // goes to the lower half, as before the cut
      IR.CreateBr(target(Lower, Work));
      return;
    }
    Instruction *Term = BB->getTerminator();
    if (auto It = B.Slice.Shortcuts.find(Term); It != B.Slice.Shortcuts.end()) {
      IR.CreateBr(edge(BB, It->second, Work));
      return;
    }
    Instruction *Clone = Append(*Term);
    for (unsigned S = 0; S != Term->getNumSuccessors(); ++S)
      Clone->setSuccessor(S, edge(BB, Term->getSuccessor(S), Work));
  }

  /// The way of the slice from \p From to \p To; counts how often it goes back.
  BasicBlock *edge(BasicBlock *From, BasicBlock *To,
                   SmallVectorImpl<BasicBlock *> &Work) {
    BasicBlock *Clone = target(To, Work);
    if (Clone == Finish || !DT.dominates(To, From == Lower ? B.Block : From))
      return Clone;
    BasicBlock *Back = newBlock("lazy.ahead.back");
    IRBuilder<> IR(Back);
    IR.SetCurrentDebugLocation(Loc);
    Value *Left = IR.CreateSub(IR.CreateLoad(I64, Rounds), IR.getInt64(1));
    IR.CreateStore(Left, Rounds);
    IR.CreateCondBr(IR.CreateIsNull(Left), Finish, Clone);
    Origin[Back] = From;
    return Back;
  }

  /// In the slice, where the calls stand: the inputs go into a record.  Leaves
  /// \p IR in the block in which the slice goes on.
  void noteRecord(IRBuilder<> &IR) {
    Value *Record = IR.CreateLoad(PtrTy, Cursor);
    for (const BatchInput &I : B.Inputs) {
      Value *To = field(IR, Record, I.Offset);
      Instruction *Note =
          I.InMemory ? cast<Instruction>(IR.CreateMemCpy(
                           To, B.alignAt(I.Offset), I.V, Align(1),
                           DL.getTypeStoreSize(I.Ty).getFixedValue()))
                     : IR.CreateAlignedStore(I.V, To, B.alignAt(I.Offset));
      setNotesInput(*Note);
    }
    Value *After = advance(IR, Record);
    IR.CreateStore(After, Cursor);
    BasicBlock *On = newBlock("lazy.ahead");
    IR.CreateCondBr(IR.CreateICmpEQ(After, IR.CreateLoad(PtrTy, End)), Finish,
                    On);
    SliceBlocks.push_back(IR.GetInsertBlock());
    IR.SetInsertPoint(On);
  }

  /// Gives \p Clone the incoming values of \p Phi on the edges there are.
  void connect(const PHINode &Phi, PHINode &Clone) {
    while (Clone.getNumIncomingValues())
      Clone.removeIncomingValue(0u, /*DeletePHIIfEmpty=*/false);
    for (BasicBlock *Pred : predecessors(Clone.getParent()))
      Clone.addIncoming(Phi.getIncomingValueForBlock(Origin.lookup(Pred)),
                        Pred);
  }

  //===--------------------------------------------------------------------===//
  // Step 3
  //===--------------------------------------------------------------------===//

  void repairSSA() {
    for (Instruction *I : LiveAtEntry) {
      auto *Clone = cast_or_null<Instruction>(Clones.lookup(I));
      if (!Clone || Clone->getType()->isVoidTy())
        continue;
      SSAUpdater Updater;
      Updater.Initialize(I->getType(), I->getName());
      Updater.AddAvailableValue(Enter, I);
      Updater.AddAvailableValue(Clone->getParent(), Clone);
      SmallVector<Use *, 8> Uses;
      for (Use &U : Clone->uses()) {
        auto *User = cast<Instruction>(U.getUser());
        if (isa<PHINode>(User) || User->getParent() != Clone->getParent())
          Uses.push_back(&U);
      }
      for (Use *U : Uses)
        Updater.RewriteUse(*U);
    }
  }

  //===--------------------------------------------------------------------===//
  // Step 4
  //===--------------------------------------------------------------------===//

  void takeResult(const BatchCall &C) {
    CallInst *Call = C.Call;
    IRBuilder<> IR(Call);
    Instruction *There, *Missing;
    SplitBlockAndInsertIfThenElse(IR.CreateIsNotNull(Taken),
                                  Call->getIterator(), &There, &Missing);
    BasicBlock *Tail = Call->getParent();
    Call->moveBefore(*Missing->getParent(), Missing->getIterator());
    IR.SetInsertPoint(There);
    IR.SetCurrentDebugLocation(Call->getDebugLoc());
    Value *Result = field(IR, Taken, C.ResultOffset);
    if (C.Fn->SRet) {
      Value *Object = Call->getArgOperand(0);
      IR.CreateMemCpy(Object, Object->getPointerAlignment(DL), Result,
                      B.alignAt(C.ResultOffset), C.Fn->Result.Size);
      return;
    }
    Value *V = IR.CreateAlignedLoad(Call->getType(), Result,
                                    B.alignAt(C.ResultOffset));
    auto *Phi = PHINode::Create(Call->getType(), 2, "", Tail->begin());
    Call->replaceAllUsesWith(Phi);
    Phi->addIncoming(V, There->getParent());
    Phi->addIncoming(Call, Missing->getParent());
  }

  void giveBackAtExits() {
    for (BasicBlock *Exit : Exits) {
      IRBuilder<> IR(&*Exit->getFirstInsertionPt());
      Value *Any = IR.CreateLoad(PtrTy, Records);
      Instruction *Then = SplitBlockAndInsertIfThen(
          IR.CreateIsNotNull(Any), IR.GetInsertPoint(), /*Unreachable=*/false);
      IR.SetInsertPoint(Then);
      IR.SetCurrentDebugLocation(Loc);
      Runtime.batchClose(IR, Any);
    }
  }

  void promote() {
    DominatorTree After(F);
    PromoteMemToReg({Records, Next, End, Cursor, Countdown, Rounds}, After);
  }
};

} // namespace

void lazypass::rewriteBatch(Batch &B, Emitter &Runtime, DominatorTree &DT) {
  BatchRewriter(B, Runtime, DT).run();
}
