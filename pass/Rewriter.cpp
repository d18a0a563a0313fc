//===- Rewriter.cpp - does what the plan says -----------------------------===//
//
// Algorithm
//   1. Give every variable two stack slots: its node, null at first, and its
//      value.  (An object is its own value slot.)
//   2. Obey the events, block by block.  Forcing stores the value and sets the
//      node to null, so whatever is forced on one path is found forced where
//      paths join; releasing sets it to null as well.
//   3. Replace what is left of the original registers by loads of the slots.
//   4. Promote the slots to registers: what remains are the PHIs of the pair
//      (node, value) that the flow of control asks for, and nothing where a
//      node is known to be null.
//
// Ownership: a node slot that is not null owns one reference.
//
//===----------------------------------------------------------------------===//

#include "Rewriter.h"

#include "Canonicalize.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace llvm;
using namespace lazypass;

namespace {

class Rewriter {
  const FunctionPlan &Plan;
  Emitter &Runtime;
  Function &F;
  const DataLayout &DL;
  PointerType *PtrTy;
  MDNode *Unlikely;

  struct Slots {
    AllocaInst *Node;
    AllocaInst *Value;
    bool Started = false; ///< some site that defines it starts at once
  };
  std::vector<Slots> Vars;
  AllocaInst *Scope = nullptr;
  /// Stores of a site's own result: not to be replaced by a load.
  SmallPtrSet<Instruction *, 8> ResultStores;

public:
  Rewriter(const FunctionPlan &Plan, Emitter &Runtime)
      : Plan(Plan), Runtime(Runtime), F(*Plan.F),
        DL(F.getParent()->getDataLayout()),
        PtrTy(PointerType::get(F.getContext(), 0)),
        Unlikely(MDBuilder(F.getContext()).createUnlikelyBranchWeights()) {}

  void run() {
    createSlots();
    for (BasicBlock &BB : make_early_inc_range(F))
      if (auto It = Plan.Blocks.find(&BB); It != Plan.Blocks.end())
        rewriteBlock(BB, It->second);
    for (CallInst *Call : Plan.Unneeded) {
      Call->replaceAllUsesWith(PoisonValue::get(Call->getType()));
      Call->eraseFromParent();
    }
    replaceRegisters();
    promoteSlots();
    forgetPromises();
  }

private:
  void createSlots() {
    IRBuilder<> B(&*F.getEntryBlock().getFirstInsertionPt());
    B.SetCurrentDebugLocation(DebugLoc());
    for (const Variable &V : Plan.Variables) {
      Slots S;
      S.Node = B.CreateAlloca(PtrTy, nullptr, "lazy.node");
      B.CreateStore(Constant::getNullValue(PtrTy), S.Node);
      S.Value = V.K == Variable::Object
                    ? cast<AllocaInst>(V.Root)
                    : B.CreateAlloca(V.Ty, nullptr, "lazy.value");
      Vars.push_back(S);
    }
    if (Plan.hasScope())
      Scope = Runtime.createScope(B);
    for (const Site &S : Plan.Sites)
      Vars[S.Defines].Started |= S.Certain;
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (const auto &[BB, Block] : Plan.Blocks)
        for (const Copy &C : Block.Copies)
          if (C.From != None && Vars[C.From].Started && !Vars[C.To].Started)
            Changed = Vars[C.To].Started = true;
    }
  }

  Value *loadNode(IRBuilder<> &B, unsigned Var) {
    return B.CreateLoad(PtrTy, Vars[Var].Node);
  }
  void clearNode(IRBuilder<> &B, unsigned Var) {
    B.CreateStore(Constant::getNullValue(PtrTy), Vars[Var].Node);
  }

  /// `if (node) { ... }` before \p At; returns the end of the inner block.
  Instruction *ifPending(IRBuilder<> &B, Value *Node, Instruction *At) {
    return SplitBlockAndInsertIfThen(B.CreateIsNotNull(Node), At->getIterator(),
                                     /*Unreachable=*/false);
  }

  /// The value is in its slot after this.
  void force(unsigned Var, Instruction *At, bool LastUse = false) {
    IRBuilder<> B(At);
    Value *Node = loadNode(B, Var);
    B.SetInsertPoint(ifPending(B, Node, At));
    B.SetCurrentDebugLocation(At->getDebugLoc());
    Value *Result = Runtime.force(B, Node);
    const Variable &V = Plan.Variables[Var];
    if (V.K == Variable::Object)
      B.CreateMemCpy(Vars[Var].Value, Vars[Var].Value->getAlign(), Result,
                     V.Alignment, V.Size);
    else
      B.CreateStore(B.CreateAlignedLoad(V.Ty, Result, V.Alignment),
                    Vars[Var].Value);
    if (Plan.Kept && !LastUse)
      return;
    Runtime.release(B, Node);
    clearNode(B, Var);
  }

  void drop(unsigned Var, Instruction *At) {
    IRBuilder<> B(At);
    Value *Node = loadNode(B, Var);
    B.SetInsertPoint(ifPending(B, Node, At));
    B.SetCurrentDebugLocation(At->getDebugLoc());
    // One that has started may be reading memory that is about to go away.
    if (Vars[Var].Started && Plan.Variables[Var].readsMemory())
      Runtime.force(B, Node);
    Runtime.release(B, Node);
    clearNode(B, Var);
  }

  /// The value of a register that is a piece of a variable, loaded here.
  Value *materialize(IRBuilder<> &B, Value *V) {
    Piece P = Plan.pieceOf(V);
    if (!P)
      return V;
    if (V == Plan.Variables[P.Var].Root)
      return B.CreateLoad(V->getType(), Vars[P.Var].Value);
    auto *Extract = cast<ExtractValueInst>(V);
    return B.CreateExtractValue(materialize(B, Extract->getAggregateOperand()),
                                Extract->getIndices());
  }

  //===--------------------------------------------------------------------===//
  // Sites
  //===--------------------------------------------------------------------===//

  /// Argument \p Slot of the new node: from its producer if that is pending.
  void fillArgument(IRBuilder<> &B, Value *Node, const Site &S, unsigned K,
                    const Event *Edge) {
    const ArgumentSlot &Slot = S.Fn->Arguments[K];
    Value *Operand = S.Call->getArgOperand(Slot.Parameter);
    Instruction *End = &*B.GetInsertPoint();
    if (Edge && Edge->MayBePending) {
      Value *Producer = loadNode(B, Edge->Var);
      Instruction *Pending, *There;
      SplitBlockAndInsertIfThenElse(B.CreateIsNotNull(Producer),
                                    End->getIterator(), &Pending, &There);
      B.SetInsertPoint(Pending);
      B.SetCurrentDebugLocation(S.Call->getDebugLoc());
      Runtime.input(B, Node, K, Producer, Edge->Offset);
      B.SetInsertPoint(There);
      B.SetCurrentDebugLocation(S.Call->getDebugLoc());
    }
    Value *To = Runtime.payload(B, Node, Slot.Offset);
    Align ToAlign = Emitter::payloadAlign(Slot.Offset);
    if (Slot.ByVal)
      B.CreateMemCpy(To, ToAlign, Operand, Operand->getPointerAlignment(DL),
                     Slot.Size);
    else
      B.CreateAlignedStore(materialize(B, Operand), To, ToAlign);
    B.SetInsertPoint(End);
    B.SetCurrentDebugLocation(S.Call->getDebugLoc());
  }

  void rewriteSite(const Site &S, ArrayRef<const Event *> Edges) {
    CallInst *Call = S.Call;
    DebugLoc Loc = Call->getDebugLoc();
    BasicBlock *Head = Call->getParent();
    BasicBlock *Tail =
        Head->splitBasicBlock(std::next(Call->getIterator()), "lazy.done");
    BasicBlock *InPlace =
        Head->splitBasicBlock(Call->getIterator(), "lazy.inplace");
    auto *Open = BasicBlock::Create(F.getContext(), "lazy.open", &F, InPlace);
    auto *Defer = BasicBlock::Create(F.getContext(), "lazy.defer", &F, InPlace);

    Head->getTerminator()->eraseFromParent();
    IRBuilder<> B(Head);
    B.SetCurrentDebugLocation(Loc);
    B.CreateCondBr(Runtime.mayDefer(B, S, Plan.Kept), Open, InPlace);

    B.SetInsertPoint(Open);
    Value *Node =
        Runtime.open(B, Runtime.site(S, countPending(Edges), Plan.Kept));
    B.CreateCondBr(B.CreateIsNull(Node), InPlace, Defer);

    B.SetInsertPoint(Defer);
    B.SetInsertPoint(B.CreateBr(Tail));
    for (unsigned K = 0; K != S.Fn->Arguments.size(); ++K) {
      const Event *Edge = nullptr;
      for (const Event *E : Edges)
        if (E->Argument == S.Fn->Arguments[K].Parameter)
          Edge = E;
      fillArgument(B, Node, S, K, Edge);
    }
    Runtime.start(B, Node);
    // The node has references of its own to what it waits for.
    for (const Event *E : Edges)
      if (E->MayBePending && E->LastUse) {
        Runtime.release(B, loadNode(B, E->Var));
        clearNode(B, E->Var);
      }
    B.CreateStore(Node, Vars[S.Defines].Node);

    for (const Event *E : Edges)
      if (E->MayBePending)
        force(E->Var, Call, E->LastUse);
    B.SetInsertPoint(Call->getParent()->getTerminator());
    B.SetCurrentDebugLocation(Loc);
    if (!S.Fn->SRet)
      ResultStores.insert(B.CreateStore(Call, Vars[S.Defines].Value));
    clearNode(B, S.Defines);
  }

  static unsigned countPending(ArrayRef<const Event *> Edges) {
    return count_if(Edges, [](const Event *E) { return E->MayBePending; });
  }

  //===--------------------------------------------------------------------===//
  // Memory
  //===--------------------------------------------------------------------===//

  /// Two compares in line, the rest in the runtime.
  void touch(Instruction *At, Value *Address, Value *Length) {
    IRBuilder<> B(At);
    Value *From = B.CreatePtrToInt(Address, Length->getType());
    Value *Overlaps = B.CreateAnd(
        B.CreateICmpULT(From, Runtime.scopeHigh(B, Scope)),
        B.CreateICmpUGT(B.CreateAdd(From, Length), Runtime.scopeLow(B, Scope)));
    Instruction *Then = SplitBlockAndInsertIfThen(
        Overlaps, At->getIterator(), /*Unreachable=*/false, Unlikely);
    B.SetInsertPoint(Then);
    B.SetCurrentDebugLocation(At->getDebugLoc());
    Runtime.touch(B, Scope, Address, Length);
  }

  void settle(Instruction *At) {
    IRBuilder<> B(At);
    Value *High = Runtime.scopeHigh(B, Scope);
    Instruction *Then = SplitBlockAndInsertIfThen(
        B.CreateIsNotNull(High), At->getIterator(), /*Unreachable=*/false);
    B.SetInsertPoint(Then);
    B.SetCurrentDebugLocation(At->getDebugLoc());
    Runtime.settle(B, Scope);
  }

  /// If the store goes to what pending nodes read, no node may be pending.
  void avoidReaders(const Event &E) {
    if (E.Avoid.empty())
      return;
    IRBuilder<> B(E.At);
    Type *SizeTy = DL.getIntPtrType(F.getContext());
    Value *From = B.CreatePtrToInt(E.Address, SizeTy);
    Value *To = B.CreateAdd(From, ConstantInt::get(SizeTy, E.Size));
    Value *Any = nullptr;
    for (GlobalVariable *G : E.Avoid) {
      Value *Start = B.CreatePtrToInt(G, SizeTy);
      uint64_t Size = DL.getTypeAllocSize(G->getValueType()).getFixedValue();
      Value *End = B.CreateAdd(Start, ConstantInt::get(SizeTy, Size));
      Value *Overlaps =
          B.CreateAnd(B.CreateICmpULT(From, End), B.CreateICmpULT(Start, To));
      Any = Any ? B.CreateOr(Any, Overlaps) : Overlaps;
    }
    Instruction *Then = SplitBlockAndInsertIfThen(
        Any, E.At->getIterator(), /*Unreachable=*/false, Unlikely);
    settle(Then);
    for (unsigned V = 0; V != Vars.size(); ++V)
      if (V == E.Var || Plan.Variables[V].readsMemory())
        force(V, Then, V == E.Var && E.LastUse);
  }

  void commit(const Event &E) {
    avoidReaders(E);
    Type *SizeTy = DL.getIntPtrType(F.getContext());
    Instruction *Plain = E.At;
    if (E.MayBePending) {
      IRBuilder<> B(E.At);
      Value *Node = loadNode(B, E.Var);
      Instruction *Pending, *There;
      SplitBlockAndInsertIfThenElse(B.CreateIsNotNull(Node),
                                    E.At->getIterator(), &Pending, &There);
      B.SetInsertPoint(Pending);
      B.SetCurrentDebugLocation(E.At->getDebugLoc());
      if (E.LastUse)
        clearNode(B, E.Var);
      else
        Runtime.retain(B, Node);
      Runtime.deferStore(B, Scope, Node, E.Address, E.Offset, E.Size);
      E.At->moveBefore(*There->getParent(), There->getIterator());
    }
    touch(Plain, E.Address, ConstantInt::get(SizeTy, E.Size));
  }

  //===--------------------------------------------------------------------===//
  // Blocks
  //===--------------------------------------------------------------------===//

  void takeHandle(const Event &E) {
    IRBuilder<> B(E.At);
    Value *Node = Runtime.retain(B, loadNode(B, E.Var));
    E.At->replaceAllUsesWith(Node);
    if (E.MayBePending && E.LastUse)
      drop(E.Var, E.At);
    E.At->eraseFromParent();
  }

  void rewriteBlock(BasicBlock &BB, const BlockPlan &Block) {
    Instruction *Term = BB.getTerminator();
    Instruction *First = &*BB.getFirstInsertionPt();
    if (&BB == &F.getEntryBlock())
      assert(Block.Drop.empty() && "nothing is pending at the entry");
    for (unsigned V : Block.Drop)
      drop(V, First);

    SmallVector<const Event *, 4> Edges;
    for (const Event &E : Block.Events) {
      switch (E.K) {
      case Event::Edge:
        Edges.push_back(&E);
        break;
      case Event::Define:
        rewriteSite(Plan.Sites[E.SiteIndex], Edges);
        Edges.clear();
        break;
      case Event::Use:
      case Event::Clobber:
        if (E.MayBePending)
          force(E.Var, E.At, E.LastUse);
        break;
      case Event::Kill:
        if (E.MayBePending)
          drop(E.Var, E.At);
        break;
      case Event::Commit:
        commit(E);
        break;
      case Event::Handle:
        takeHandle(E);
        break;
      case Event::Touch:
        touch(E.At, E.Address, E.Length);
        break;
      case Event::Settle:
        settle(E.At);
        break;
      }
    }
    rewriteCopies(Block, Term);
  }

  /// All at once: read every source, then write every target.
  void rewriteCopies(const BlockPlan &Block, Instruction *Term) {
    IRBuilder<> B(Term);
    SmallVector<std::pair<Value *, Value *>, 4> Pairs;
    for (const Copy &C : Block.Copies) {
      Value *Node = Constant::getNullValue(PtrTy);
      if (C.MayBePending) {
        Node = loadNode(B, C.From);
        if (!isMoved(Block, C))
          Node = Runtime.retain(B, Node);
      }
      Pairs.push_back({Node, materialize(B, C.Concrete)});
    }
    for (const Copy &C : Block.Copies)
      if (C.MayBePending && C.LastUse)
        clearNode(B, C.From);
    for (auto [C, Pair] : zip(Block.Copies, Pairs)) {
      B.CreateStore(Pair.first, Vars[C.To].Node);
      B.CreateStore(Pair.second, Vars[C.To].Value);
    }
  }

  /// Does the source's reference go to this target?  To the first one, if the
  /// source dies here.
  static bool isMoved(const BlockPlan &Block, const Copy &C) {
    if (!C.LastUse)
      return false;
    for (const Copy &Other : Block.Copies)
      if (Other.From == C.From)
        return &Other == &C;
    return false;
  }

  //===--------------------------------------------------------------------===//
  // Registers
  //===--------------------------------------------------------------------===//

  /// Steps 3: every other user loads the value where it uses it.
  void replaceRegisters() {
    for (const auto &[V, P] : Plan.Pieces)
      for (Use &U : make_early_inc_range(V->uses())) {
        auto *User = cast<Instruction>(U.getUser());
        bool IsPiece = Plan.Pieces.contains(User) && !isa<CallInst>(User);
        if (IsPiece || ResultStores.contains(User))
          continue;
        auto *Phi = dyn_cast<PHINode>(User);
        IRBuilder<> B(Phi ? Phi->getIncomingBlock(U)->getTerminator() : User);
        U.set(materialize(B, V));
      }
    // What is left are pieces that only pieces look at.
    for (const auto &[V, P] : Plan.Pieces)
      if (!isa<CallInst>(V)) {
        V->replaceAllUsesWith(PoisonValue::get(V->getType()));
        cast<Instruction>(V)->eraseFromParent();
      }
  }

  void promoteSlots() {
    SmallVector<AllocaInst *, 16> Promote;
    for (unsigned V = 0; V != Vars.size(); ++V) {
      Promote.push_back(Vars[V].Node);
      if (Plan.Variables[V].K != Variable::Object)
        Promote.push_back(Vars[V].Value);
    }
    assert(all_of(Promote, isAllocaPromotable) &&
           "slots are loaded and stored only");
    DominatorTree DT(F);
    PromoteMemToReg(Promote, DT);
  }

  /// The function now calls the runtime, whatever it promised before.
  void forgetPromises() {
    F.setMemoryEffects(MemoryEffects::unknown());
    for (Attribute::AttrKind Kind :
         {Attribute::NoSync, Attribute::NoFree, Attribute::Speculatable,
          Attribute::NoCallback})
      F.removeFnAttr(Kind);
  }
};

} // namespace

void lazypass::rewriteFunction(const FunctionPlan &Plan, Emitter &Runtime) {
  Rewriter(Plan, Runtime).run();
}
