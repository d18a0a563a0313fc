//===- Rewriter.cpp - does what the plan says -----------------------------===//
//
// Algorithm
//   1. Give every variable its pair of slots (Slots.cpp).
//   2. Obey the events, block by block, in order.  Forcing stores the value and
//      sets the node to null, so whatever is forced on one path is found forced
//      where paths join; releasing sets it to null as well.  What concerns
//      memory is ScopeRewriter.cpp's.
//   3. Dissolve the slots into registers.
//
//===----------------------------------------------------------------------===//

#include "Rewriter.h"

#include "ScopeRewriter.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;
using namespace lazypass;

namespace {

class Rewriter {
  const FunctionPlan &Plan;
  Emitter &Runtime;
  Function &F;
  const DataLayout &DL;
  PointerType *PtrTy;

  Slots Vars;
  ScopeRewriter Scope;

public:
  Rewriter(const FunctionPlan &Plan, Emitter &Runtime)
      : Plan(Plan), Runtime(Runtime), F(*Plan.F),
        DL(F.getParent()->getDataLayout()),
        PtrTy(PointerType::get(F.getContext(), 0)), Vars(Plan, Runtime),
        Scope(Plan, Runtime, Vars) {}

  void run() {
    for (BasicBlock &BB : make_early_inc_range(F))
      if (auto It = Plan.Blocks.find(&BB); It != Plan.Blocks.end())
        rewriteBlock(BB, It->second);
    for (CallInst *Call : Plan.Unneeded) {
      Call->replaceAllUsesWith(PoisonValue::get(Call->getType()));
      Call->eraseFromParent();
    }
    Vars.dissolve();
    forgetPromises(F);
  }

private:
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

  /// \p Wanted: somebody looks at the value later.
  void rewriteSite(const Site &S, ArrayRef<const Event *> Edges, bool Wanted) {
    CallInst *Call = S.Call;
    DebugLoc Loc = Call->getDebugLoc();
    BasicBlock *Head = Call->getParent();
    BasicBlock *Tail =
        Head->splitBasicBlock(std::next(Call->getIterator()), "lazy.done");
    BasicBlock *InPlace =
        Head->splitBasicBlock(Call->getIterator(), "lazy.inplace");
    auto *Defer = BasicBlock::Create(F.getContext(), "lazy.defer", &F, InPlace);

    Head->getTerminator()->eraseFromParent();
    IRBuilder<> B(Head);
    B.SetCurrentDebugLocation(Loc);
    unsigned Inputs = countPending(Edges) + ScopeRewriter::countOrders(S);
    Constant *Descriptor = Runtime.site(S, Inputs, Plan.Kept);
    AllocaInst *Regions = Scope.createRegions(S);
    Runtime.askToDefer(B, S, Descriptor, Plan.Kept, InPlace);
    Value *Node = Runtime.open(B, Descriptor);
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
    if (S.Fn->Levels)
      Runtime.storeLevel(B, *S.Fn, Node);
    if (Regions)
      Scope.enterRegions(B, S, Node, Regions, InPlace);
    if (Plan.Kept)
      Scope.noteReads(B, S, Node, Regions);
    Runtime.start(B, Node);
    // The node has references of its own to what it waits for.
    for (const Event *E : Edges)
      if (E->MayBePending && E->LastUse) {
        Runtime.release(B, Vars.loadNode(B, E->Var));
        Vars.clearNode(B, E->Var);
      }
    if (Wanted)
      Vars.storeNode(B, S.Defines, Node);
    else
      Runtime.release(B, Node); // the scope has a reference of its own

    for (const Event *E : Edges)
      if (E->MayBePending)
        Vars.force(E->Var, Call, E->LastUse);
    if (Regions)
      Scope.waitForRegions(S, Regions);
    if (S.Defines == None)
      return;
    B.SetInsertPoint(Call->getParent()->getTerminator());
    B.SetCurrentDebugLocation(Loc);
    if (!S.Fn->SRet)
      Vars.storeResult(B, S.Defines, Call);
    Vars.clearNode(B, S.Defines);
  }

  static unsigned countPending(ArrayRef<const Event *> Edges) {
    return count_if(Edges, [](const Event *E) { return E->MayBePending; });
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
        rewriteSite(Plan.Sites[E.SiteIndex], Edges,
                    /*Wanted=*/E.Var != None && !E.LastUse);
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
        Scope.commit(E);
        break;
      case Event::Handle:
        takeHandle(E);
        break;
      case Event::TouchRegions:
        Scope.touchRegions(E);
        break;
      case Event::Touch:
        Scope.touch(E);
        break;
      case Event::Settle:
        Scope.settle(E.At);
        break;
      case Event::Stream:
        Scope.useStream(E);
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
};

} // namespace

void lazypass::rewriteFunction(const FunctionPlan &Plan, Emitter &Runtime) {
  Rewriter(Plan, Runtime).run();
}
