//===- Dataflow.cpp - liveness, certainty, settledness --------------------===//
//
// Three bit-vector problems over the variables of one function, each solved by
// iteration to a fixed point:
//
//   live     backward, may    somebody looks at the value later
//   certain  backward, must   the value is needed on every path (strictness)
//   settled  forward, must    the value is there; there is no node
//
// A path that ends in `unreachable` or never ends needs everything: a program
// that dies has no further use for laziness.  (A node that reads memory is
// waited for there, see Rewriter.cpp, not abandoned.)
//
// What follows from them:
//   - a use of a settled variable costs nothing;
//   - a variable dies where it is live no longer; if it may be pending there,
//     its node is released: at the last use, or at the entry of the first
//     block where it is dead.  Slots start out null, so a block that several
//     paths enter needs no splitting;
//   - a site whose variable is certain right after it may start at once.
//
//===----------------------------------------------------------------------===//

#include "Dataflow.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"

using namespace llvm;
using namespace lazypass;

Dataflow::Dataflow(FunctionPlan &Plan) : Plan(Plan), N(Plan.Variables.size()) {
  for (BasicBlock *BB : ReversePostOrderTraversal<Function *>(Plan.F))
    RPO.push_back(BB);
  solveBackward(LiveIn, /*Must=*/false, &Dataflow::liveBefore);
  solveBackward(CertainIn, /*Must=*/true, &Dataflow::certainBefore);
  solveForward();
  for (BasicBlock *BB : RPO)
    annotate(BB);
}

/// What holds at the very end of \p BB, after its copies.
BitVector Dataflow::meet(BasicBlock *BB, const BlockBits &In, bool Must) const {
  Instruction *Term = BB->getTerminator();
  if (Term->getNumSuccessors() == 0)
    return BitVector(N, Must && isa<UnreachableInst>(Term));
  BitVector Bits(N, Must);
  for (BasicBlock *Succ : successors(BB)) {
    if (Must)
      Bits &= In.find(Succ)->second;
    else
      Bits |= In.find(Succ)->second;
  }
  return Bits;
}

/// Backward across the copies: all targets end, then all sources begin.
static void copyBefore(const BlockPlan &B, BitVector &Bits, bool Must) {
  BitVector After = Bits;
  for (const Copy &C : B.Copies)
    Bits.reset(C.To);
  for (const Copy &C : B.Copies)
    if (C.From != None && (!Must || After.test(C.To)))
      Bits.set(C.From);
}

void Dataflow::liveBefore(const Event &E, BitVector &Live) {
  switch (E.K) {
  case Event::Use:
  case Event::Edge:
  case Event::Commit:
  case Event::Handle:
    Live.set(E.Var);
    break;
  case Event::Define:
  case Event::Kill:
    if (E.Var != None)
      Live.reset(E.Var);
    break;
  case Event::Clobber:
  case Event::Touch:
  case Event::TouchRegions:
  case Event::Settle:
  case Event::Stream:
    break;
  }
}

void Dataflow::certainBefore(const Event &E, BitVector &Certain) {
  switch (E.K) {
  case Event::Use:
  case Event::Commit:
  case Event::Clobber:
    Certain.set(E.Var);
    break;
  case Event::Edge:
    // Needed if the node that takes it is.  The Define of the same call stands
    // after its edges, so backward it has just recorded that.
    if (Plan.Sites[E.SiteIndex].Certain)
      Certain.set(E.Var);
    break;
  case Event::Define: {
    Site &S = Plan.Sites[E.SiteIndex];
    S.Certain = S.Fn->writesRegions();
    if (E.Var != None) {
      S.Certain |= Certain.test(E.Var);
      Certain.reset(E.Var);
    }
    break;
  }
  case Event::Kill:
    Certain.reset(E.Var);
    break;
  case Event::Handle:
  case Event::Touch:
  case Event::TouchRegions:
  case Event::Settle:
  case Event::Stream:
    break;
  }
}

void Dataflow::settleAfter(const Event &E, BitVector &Settled) {
  switch (E.K) {
  case Event::Define:
    Settled.reset(E.Var);
    break;
  case Event::Use:
  case Event::Clobber:
    // Where handles are taken, the node stays: its value may be changed.
    if (!Plan.Kept)
      Settled.set(E.Var);
    break;
  case Event::Kill:
    Settled.set(E.Var);
    break;
  case Event::Edge:
  case Event::Commit:
  case Event::Handle:
  case Event::Touch:
  case Event::TouchRegions:
  case Event::Settle:
  case Event::Stream:
    break;
  }
}

void Dataflow::solveBackward(BlockBits &In, bool Must, Step Before) {
  for (BasicBlock *BB : RPO)
    In[BB] = BitVector(N, Must);
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (BasicBlock *BB : reverse(RPO)) {
      BitVector Bits = meet(BB, In, Must);
      const BlockPlan &B = Plan.Blocks[BB];
      copyBefore(B, Bits, Must);
      for (const Event &E : reverse(B.Events))
        (this->*Before)(E, Bits);
      if (Bits != In[BB]) {
        In[BB] = Bits;
        Changed = true;
      }
    }
  }
}

BitVector Dataflow::settledIn(BasicBlock *BB) const {
  BitVector Bits(N, true); // at the entry of the function nothing is pending
  for (BasicBlock *Pred : predecessors(BB))
    if (auto It = SettledOut.find(Pred); It != SettledOut.end())
      Bits &= It->second;
  return Bits;
}

/// Forward through \p BB; returns what is settled at its end.  A variable that
/// dies settles, since its node is released.
BitVector Dataflow::walk(BasicBlock *BB, bool Annotate) {
  BlockPlan &B = Plan.Blocks[BB];

  BitVector AfterCopies = meet(BB, LiveIn, /*Must=*/false);
  BitVector Live = AfterCopies;
  copyBefore(B, Live, /*Must=*/false);
  BitVector LiveAfter(B.Events.size());
  for (size_t I = B.Events.size(); I-- > 0;) {
    const Event &E = B.Events[I];
    if (E.Var != None && Live.test(E.Var))
      LiveAfter.set(I);
    liveBefore(E, Live);
  }

  BitVector Settled = settledIn(BB);
  for (unsigned V = 0; V != N; ++V)
    if (!LiveIn[BB].test(V))
      Settled.set(V); // dropped at entry
  for (size_t I = 0; I != B.Events.size(); ++I) {
    Event &E = B.Events[I];
    if (E.Var == None)
      continue;
    if (Annotate) {
      E.MayBePending = !Settled.test(E.Var);
      E.LastUse = !LiveAfter.test(I);
    }
    settleAfter(E, Settled);
    if (!LiveAfter.test(I) && E.K != Event::Define)
      Settled.set(E.Var);
  }

  BitVector Out = Settled;
  SmallVector<unsigned, 4> Targets;
  for (const Copy &C : B.Copies)
    Targets.push_back(C.To);
  for (Copy &C : B.Copies) {
    // Its old value also ends where another copy of the group overwrites it.
    bool Last = C.From != None &&
                (!AfterCopies.test(C.From) || is_contained(Targets, C.From));
    if (Annotate) {
      C.MayBePending = C.From != None && !Settled.test(C.From);
      C.LastUse = Last;
    }
    if (Last)
      Out.set(C.From);
  }
  for (const Copy &C : B.Copies) {
    if (C.From != None && !Settled.test(C.From))
      Out.reset(C.To);
    else
      Out.set(C.To);
  }
  return Out;
}

void Dataflow::solveForward() {
  for (BasicBlock *BB : RPO)
    SettledOut[BB] = BitVector(N, true);
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (BasicBlock *BB : RPO) {
      BitVector Out = walk(BB, /*Annotate=*/false);
      if (Out != SettledOut[BB]) {
        SettledOut[BB] = Out;
        Changed = true;
      }
    }
  }
}

void Dataflow::annotate(BasicBlock *BB) {
  walk(BB, /*Annotate=*/true);
  BlockPlan &B = Plan.Blocks[BB];
  B.Drop.clear();
  BitVector Pending = settledIn(BB).flip();
  for (unsigned V : Pending.set_bits())
    if (!LiveIn[BB].test(V))
      B.Drop.push_back(V);
}
