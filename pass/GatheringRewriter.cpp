//===- GatheringRewriter.cpp - notes values, gathers them later -----------===//
//
//     block:   ...
//              row[count] = notes, the call's value among them
//              if (++count == most) gather
//     exits:   if (count) gather
//
//     gather:  for (i = 0; i < count; i++)
//                states = what the loop would have made of row[i] and them
//              count = 0
//
// Algorithm
//   1. Where the loop is left, gather.  What is behind finds the states there.
//   2. Note, and gather where the row is full.
//   3. What has been gathered in the loop goes.
//
// The states live in stack slots that promotion turns into registers.
//
//===----------------------------------------------------------------------===//

#include "Gathering.h"

#include "llvm/ADT/DepthFirstIterator.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace llvm;
using namespace lazypass;

/// Records in a row.  Recursions have a row in each frame, and may be deep.
static constexpr uint64_t MostRecords = 256, MostRecursive = 16;

namespace {

class GatheringRewriter {
  Gathering &G;
  Function &F;
  LLVMContext &Ctx;
  IntegerType *I64;
  uint64_t Most;
  StructType *Record;
  AllocaInst *Row, *Count;
  SmallVector<AllocaInst *, 4> Slots; ///< of the states

public:
  explicit GatheringRewriter(Gathering &G)
      : G(G), F(*G.Block->getParent()), Ctx(F.getContext()),
        I64(Type::getInt64Ty(Ctx)),
        Most(G.Recursive ? MostRecursive : MostRecords) {}

  void run() {
    createSlots();
    gatherAtExits();
    for (auto [V, State] : G.Holds)
      replaceBehind(const_cast<Value *>(V), State);
    noteAndGather();
    removeGathering();
    SmallVector<AllocaInst *, 4> All(Slots);
    All.push_back(Count);
    DominatorTree After(F);
    PromoteMemToReg(All, After);
  }

private:
  BasicBlock *newBlock(const Twine &Name) {
    return BasicBlock::Create(Ctx, Name, &F);
  }

  void createSlots() {
    SmallVector<Type *, 4> Types;
    for (Value *V : G.Notes)
      Types.push_back(V->getType());
    Record = StructType::get(Ctx, Types);
    IRBuilder<> Entry(&*F.getEntryBlock().getFirstInsertionPt());
    IRBuilder<> Before(G.L->getLoopPreheader()->getTerminator());
    Before.SetCurrentDebugLocation(DebugLoc());
    Row = Entry.CreateAlloca(ArrayType::get(Record, Most), nullptr, "lazy.row");
    Count = Entry.CreateAlloca(I64, nullptr, "lazy.count");
    Before.CreateStore(Before.getInt64(0), Count);
    for (GatherState &S : G.States) {
      Slots.push_back(
          Entry.CreateAlloca(S.Phi->getType(), nullptr, S.Phi->getName()));
      Before.CreateStore(S.First, Slots.back());
    }
  }

  Value *field(IRBuilder<> &IR, Value *Number, unsigned Note) {
    return IR.CreateInBoundsGEP(Row->getAllocatedType(), Row,
                                {IR.getInt64(0), Number, IR.getInt32(Note)});
  }

  /// Arithmetic that comes later than where the gathering branches, in order.
  SmallVector<Instruction *, 8> behind() {
    SmallVector<Instruction *, 8> Result;
    for (BasicBlock *BB : depth_first(G.Block))
      if (BB != G.Block && !is_contained(G.Between, BB))
        for (Instruction &I : *BB)
          if (!isa<PHINode>(I) && G.Instructions.contains(&I))
            Result.push_back(&I);
    return Result;
  }

  /// Clones the gathering behind \p IR, for what is in \p Map.
  void cloneGathering(IRBuilder<> &IR, ValueToValueMapTy &Map) {
    BasicBlock *First = IR.GetInsertBlock(), *Last = First;
    SmallVector<BasicBlock *, 4> Blocks(G.Between);
    Map[G.Block] = First;
    for (BasicBlock *BB : G.Between)
      Map[BB] = newBlock("lazy.gather");
    if (G.Join) {
      Blocks.push_back(G.Join);
      Map[G.Join] = Last = newBlock("lazy.gather.join");
    }
    SmallVector<Instruction *, 16> Clones;
    auto Clone = [&](Instruction &I, BasicBlock *To) {
      Instruction *New = I.clone();
      New->insertInto(To, To->end());
      Map[&I] = New;
      Clones.push_back(New);
      auto *Phi = dyn_cast<PHINode>(New);
      for (unsigned In = Phi ? Phi->getNumIncomingValues() : 0; In-- > 0;)
        if (!Map.count(Phi->getIncomingBlock(In)))
          Phi->removeIncomingValue(In, /*DeletePHIIfEmpty=*/false);
    };
    for (Instruction &I : *G.Block)
      if (!isa<PHINode>(I) && G.Instructions.contains(&I))
        Clone(I, First);
    for (BasicBlock *BB : Blocks)
      for (Instruction &I : *BB)
        if (G.Instructions.contains(&I) && (BB != G.Join || isa<PHINode>(I)))
          Clone(I, cast<BasicBlock>(Map[BB]));
    for (Instruction *I : behind())
      Clone(*I, Last);
    for (Instruction *I : Clones)
      RemapInstruction(I, Map,
                       RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
    IR.SetInsertPoint(Last);
  }

  /// Gathers all records, at least one, on the way from the end of \p From to
  /// \p To.
  void gather(BasicBlock *From, BasicBlock *To) {
    BasicBlock *Each = newBlock("lazy.gather");
    Each->moveBefore(To);
    IRBuilder<> IR(From);
    IR.SetCurrentDebugLocation(G.Call->getDebugLoc());
    Value *Records = IR.CreateLoad(I64, Count);
    IR.CreateBr(Each);

    IR.SetInsertPoint(Each);
    PHINode *Number = IR.CreatePHI(I64, 2);
    Number->addIncoming(IR.getInt64(0), From);
    ValueToValueMapTy Map;
    for (auto [I, V] : enumerate(G.Notes))
      Map[V] = IR.CreateLoad(V->getType(), field(IR, Number, unsigned(I)));
    for (auto [I, S] : enumerate(G.States))
      Map[S.Phi] = IR.CreateLoad(S.Phi->getType(), Slots[I]);
    cloneGathering(IR, Map);
    for (auto [I, S] : enumerate(G.States))
      IR.CreateStore(Map.lookup(S.Next), Slots[I]);
    Value *Next = IR.CreateNUWAdd(Number, IR.getInt64(1));
    Number->addIncoming(Next, IR.GetInsertBlock());
    BasicBlock *Done = newBlock("lazy.gathered");
    Done->moveBefore(To);
    IR.CreateCondBr(IR.CreateICmpEQ(Next, Records), Done, Each);
    IR.SetInsertPoint(Done);
    IR.CreateStore(IR.getInt64(0), Count);
    IR.CreateBr(To);
  }

  //===--------------------------------------------------------------------===//
  // Step 1
  //===--------------------------------------------------------------------===//

  /// A block on the way from \p From to \p To, without an end.
  BasicBlock *split(BasicBlock *From, BasicBlock *To) {
    BasicBlock *Way = newBlock("lazy.left");
    From->getTerminator()->replaceSuccessorWith(To, Way);
    return Way;
  }

  void gatherAtExits() {
    SmallVector<Loop::Edge, 4> Edges;
    G.L->getExitEdges(Edges);
    SmallDenseSet<std::pair<BasicBlock *, BasicBlock *>> Seen;
    for (auto [Inside, Exit] : Edges) {
      auto *From = const_cast<BasicBlock *>(Inside);
      auto *To = const_cast<BasicBlock *>(Exit);
      if (!Seen.insert({From, To}).second)
        continue;
      BasicBlock *Left = split(From, To), *Some = newBlock("lazy.left"),
                 *None = newBlock("lazy.left");
      for (PHINode &Phi : To->phis()) {
        Value *V = Phi.getIncomingValueForBlock(From);
        for (int I; (I = Phi.getBasicBlockIndex(From)) >= 0;)
          Phi.removeIncomingValue(unsigned(I), /*DeletePHIIfEmpty=*/false);
        Phi.addIncoming(V, None);
      }
      IRBuilder<> IR(Left);
      IR.SetCurrentDebugLocation(G.Call->getDebugLoc());
      IR.CreateCondBr(IR.CreateIsNull(IR.CreateLoad(I64, Count)), None, Some);
      IR.SetInsertPoint(None);
      IR.CreateBr(To);
      gather(Some, None);
    }
  }

  void replaceBehind(Value *V, unsigned State) {
    for (Use &U : make_early_inc_range(V->uses())) {
      auto *User = cast<Instruction>(U.getUser());
      if (G.L->contains(User) || G.Instructions.contains(User))
        continue;
      auto *Phi = dyn_cast<PHINode>(User);
      if (Phi && G.L->contains(Phi->getIncomingBlock(U)))
        continue;
      IRBuilder<> IR(Phi ? Phi->getIncomingBlock(U)->getTerminator() : User);
      U.set(IR.CreateLoad(V->getType(), Slots[State]));
    }
  }

  //===--------------------------------------------------------------------===//
  // Steps 2 and 3
  //===--------------------------------------------------------------------===//

  void noteAndGather() {
    BasicBlock *Full = newBlock("lazy.full"), *On = newBlock("lazy.noted");
    gather(Full, On); // while the block is whole
    Instruction *End = G.Block->getTerminator();
    IRBuilder<> IR(End);
    IR.SetCurrentDebugLocation(G.Call->getDebugLoc());
    Value *Number = IR.CreateLoad(I64, Count);
    for (auto [I, V] : enumerate(G.Notes))
      IR.CreateStore(V, field(IR, Number, unsigned(I)));
    Value *Next = IR.CreateNUWAdd(Number, IR.getInt64(1));
    IR.CreateStore(Next, Count);
    IR.CreateCondBr(IR.CreateICmpEQ(Next, IR.getInt64(Most)), Full, On);
    for (BasicBlock *To : successors(End))
      To->replacePhiUsesWith(G.Block, On);
    End->removeFromParent();
    End->insertInto(On, On->end());
    if (!G.Join)
      return;
    IR.SetInsertPoint(On);
    IR.CreateBr(G.Join);
    G.Instructions.remove(End);
    End->eraseFromParent();
  }

  void removeGathering() {
    for (Instruction *I : G.Instructions)
      if (!I->getType()->isVoidTy())
        I->replaceAllUsesWith(PoisonValue::get(I->getType()));
    for (Instruction *I : G.Instructions)
      if (!is_contained(G.Between, I->getParent()))
        I->eraseFromParent();
    DeleteDeadBlocks(G.Between);
  }
};

} // namespace

void lazypass::rewriteGathering(Gathering &G) { GatheringRewriter(G).run(); }
