//===- Rewriter.cpp - does what the plan says -----------------------------===//
//
// Algorithm
//   1. Give every variable its pair of slots (Slots.cpp).
//   2. Obey the events, block by block, in order.  Forcing stores the value and
//      sets the node to null, so whatever is forced on one path is found forced
//      where paths join; releasing sets it to null as well.
//   3. Dissolve the slots into registers.
//
//===----------------------------------------------------------------------===//

#include "Rewriter.h"

#include "Slots.h"
#include "lazy/abi.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;
using namespace lazypass;

/// So many earlier nodes can a node wait for in each of its regions, before it
/// waits right away.
static constexpr unsigned OrdersPerRegion = 4;

namespace {

class Rewriter {
  const FunctionPlan &Plan;
  Emitter &Runtime;
  Function &F;
  const DataLayout &DL;
  PointerType *PtrTy;
  MDNode *Unlikely;

  Slots Vars;
  AllocaInst *Scope = nullptr;

public:
  Rewriter(const FunctionPlan &Plan, Emitter &Runtime)
      : Plan(Plan), Runtime(Runtime), F(*Plan.F),
        DL(F.getParent()->getDataLayout()),
        PtrTy(PointerType::get(F.getContext(), 0)),
        Unlikely(MDBuilder(F.getContext()).createUnlikelyBranchWeights()),
        Vars(Plan, Runtime) {}

  void run() {
    if (Plan.hasScope())
      createScope();
    for (BasicBlock &BB : make_early_inc_range(F))
      if (auto It = Plan.Blocks.find(&BB); It != Plan.Blocks.end())
        rewriteBlock(BB, It->second);
    for (CallInst *Call : Plan.Unneeded) {
      Call->replaceAllUsesWith(PoisonValue::get(Call->getType()));
      Call->eraseFromParent();
    }
    Vars.dissolve();
    forgetPromises();
  }

private:
  void createScope() {
    IRBuilder<> B(&*F.getEntryBlock().getFirstInsertionPt());
    B.SetCurrentDebugLocation(DebugLoc());
    Scope = Runtime.createScope(B);
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
      Value *Producer = Vars.loadNode(B, Edge->Var);
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
    if (Slot.ByVal)
      B.CreateMemCpy(To, Slot.alignment(), Operand,
                     Operand->getPointerAlignment(DL), Slot.Size);
    else
      Runtime.store(B, Vars.materialize(B, Operand), Slot.Extended, To,
                    Slot.alignment());
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

    AllocaInst *Regions =
        S.hasRegions() ? Runtime.createRegions(F, countRegions(S)) : nullptr;
    unsigned Inputs = countPending(Edges);
    if (Regions)
      Inputs += OrdersPerRegion * countRegions(S);

    B.SetInsertPoint(Open);
    Value *Node = Runtime.open(B, Runtime.site(S, Inputs, Plan.Kept));
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
    if (Regions)
      enterRegions(B, S, Node, Regions, InPlace);
    Runtime.start(B, Node);
    // The node has references of its own to what it waits for.
    for (const Event *E : Edges)
      if (E->MayBePending && E->LastUse) {
        Runtime.release(B, Vars.loadNode(B, E->Var));
        Vars.clearNode(B, E->Var);
      }
    if (S.Defines == None)
      Runtime.release(B, Node); // the scope has a reference of its own
    else
      Vars.storeNode(B, S.Defines, Node);

    for (const Event *E : Edges)
      if (E->MayBePending)
        Vars.force(E->Var, Call, E->LastUse);
    if (Regions)
      waitForRegions(S, Regions);
    if (S.Defines == None)
      return;
    B.SetInsertPoint(Call->getParent()->getTerminator());
    B.SetCurrentDebugLocation(Loc);
    if (!S.Fn->SRet)
      Vars.storeResult(B, S.Defines, Call);
    Vars.clearNode(B, S.Defines);
  }

  static unsigned countRegions(const Site &S) {
    const LazyFunction &Fn = *S.Fn;
    return Fn.Regions.size() + Fn.Memory.Reads.size() + Fn.Memory.ReadsUnknown;
  }

  /// Writes down what memory \p S touches: through parameters, and by name.
  void fillRegions(IRBuilder<> &B, const Site &S, AllocaInst *Regions) {
    unsigned K = 0;
    auto Argument = [&](unsigned I) {
      return Vars.materialize(B, S.Call->getArgOperand(I));
    };
    for (const Region &R : S.Fn->Regions)
      Runtime.setRegion(B, Regions, K++, Argument(R.Parameter),
                        emitExtent(B, R.Size, Argument), R.Access);
    for (GlobalVariable *G : S.Fn->Memory.Reads)
      Runtime.setRegion(
          B, Regions, K++, G,
          B.getInt64(DL.getTypeAllocSize(G->getValueType()).getFixedValue()),
          LAZY_READS);
    if (S.Fn->Memory.ReadsUnknown)
      Runtime.setRegion(B, Regions, K++, Constant::getNullValue(PtrTy),
                        B.getInt64(LAZY_EVERYWHERE), LAZY_READS);
  }

  /// In front of the start of \p Node; if it cannot have its regions, the call
  /// is made in place.
  void enterRegions(IRBuilder<> &B, const Site &S, Value *Node,
                    AllocaInst *Regions, BasicBlock *InPlace) {
    fillRegions(B, S, Regions);
    Value *Accepted = Runtime.acceptRegions(B, Scope, Node, Regions);
    Instruction *End = &*B.GetInsertPoint();
    BasicBlock *Here = End->getParent();
    BasicBlock *Start = Here->splitBasicBlock(End->getIterator(), "lazy.start");
    auto *Refused =
        BasicBlock::Create(F.getContext(), "lazy.refused", &F, Start);
    Here->getTerminator()->eraseFromParent();
    B.SetInsertPoint(Here);
    B.CreateCondBr(Accepted, Start, Refused);
    B.SetInsertPoint(Refused);
    Runtime.release(B, Node);
    B.CreateBr(InPlace);
    B.SetInsertPoint(End);
  }

  /// In front of the call in place, if anything is pending.
  void waitForRegions(const Site &S, AllocaInst *Regions) {
    IRBuilder<> B(S.Call);
    Value *High = Runtime.scopeHigh(B, Scope);
    Instruction *Then = SplitBlockAndInsertIfThen(
        B.CreateIsNotNull(High), S.Call->getIterator(), /*Unreachable=*/false);
    B.SetInsertPoint(Then);
    B.SetCurrentDebugLocation(S.Call->getDebugLoc());
    fillRegions(B, S, Regions);
    Runtime.touchRegions(B, Scope, Regions);
  }

  static unsigned countPending(ArrayRef<const Event *> Edges) {
    return count_if(Edges, [](const Event *E) { return E->MayBePending; });
  }

  //===--------------------------------------------------------------------===//
  // Memory
  //===--------------------------------------------------------------------===//

  /// Two compares in line, the rest in the runtime.
  void touch(Instruction *At, Value *Address, Value *Length, bool Writes) {
    IRBuilder<> B(At);
    Value *From = B.CreatePtrToInt(Address, Length->getType());
    Value *Overlaps = B.CreateAnd(
        B.CreateICmpULT(From, Runtime.scopeHigh(B, Scope)),
        B.CreateICmpUGT(B.CreateAdd(From, Length), Runtime.scopeLow(B, Scope)));
    Instruction *Then = SplitBlockAndInsertIfThen(
        Overlaps, At->getIterator(), /*Unreachable=*/false, Unlikely);
    B.SetInsertPoint(Then);
    B.SetCurrentDebugLocation(At->getDebugLoc());
    Runtime.touch(B, Scope, Address, Length, Writes);
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
        Vars.force(V, Then, V == E.Var && E.LastUse);
  }

  void commit(const Event &E) {
    avoidReaders(E);
    Type *SizeTy = DL.getIntPtrType(F.getContext());
    Instruction *Plain = E.At;
    if (E.MayBePending) {
      IRBuilder<> B(E.At);
      Value *Node = Vars.loadNode(B, E.Var);
      Instruction *Pending, *There;
      SplitBlockAndInsertIfThenElse(B.CreateIsNotNull(Node),
                                    E.At->getIterator(), &Pending, &There);
      B.SetInsertPoint(Pending);
      B.SetCurrentDebugLocation(E.At->getDebugLoc());
      if (E.LastUse)
        Vars.clearNode(B, E.Var);
      else
        Runtime.retain(B, Node);
      Runtime.deferStore(B, Scope, Node, E.Address, E.Offset, E.Size);
      E.At->moveBefore(*There->getParent(), There->getIterator());
    }
    touch(Plain, E.Address, ConstantInt::get(SizeTy, E.Size), /*Writes=*/true);
  }

  //===--------------------------------------------------------------------===//
  // Blocks
  //===--------------------------------------------------------------------===//

  void takeHandle(const Event &E) {
    IRBuilder<> B(E.At);
    Value *Node = Runtime.retain(B, Vars.loadNode(B, E.Var));
    E.At->replaceAllUsesWith(Node);
    if (E.MayBePending && E.LastUse)
      Vars.drop(E.Var, E.At);
    E.At->eraseFromParent();
  }

  void rewriteBlock(BasicBlock &BB, const BlockPlan &Block) {
    Instruction *Term = BB.getTerminator();
    Instruction *First = &*BB.getFirstInsertionPt();
    if (&BB == &F.getEntryBlock())
      assert(Block.Drop.empty() && "nothing is pending at the entry");
    for (unsigned V : Block.Drop)
      Vars.drop(V, First);

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
          Vars.force(E.Var, E.At, E.LastUse);
        break;
      case Event::Kill:
        if (E.MayBePending)
          Vars.drop(E.Var, E.At);
        break;
      case Event::Commit:
        commit(E);
        break;
      case Event::Handle:
        takeHandle(E);
        break;
      case Event::Touch:
        touch(E.At, E.Address, E.Length, E.Writes);
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
        Node = Vars.loadNode(B, C.From);
        if (!isMoved(Block, C))
          Node = Runtime.retain(B, Node);
      }
      Pairs.push_back({Node, Vars.materialize(B, C.Concrete)});
    }
    for (const Copy &C : Block.Copies)
      if (C.MayBePending && C.LastUse)
        Vars.clearNode(B, C.From);
    for (auto [C, Pair] : zip(Block.Copies, Pairs)) {
      Vars.storeNode(B, C.To, Pair.first);
      Vars.storeValue(B, C.To, Pair.second);
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
