//===- Gathering.cpp - which loops only gather values ---------------------===//
//
// Algorithm, for one call
//   1. Follow its value through the innermost loop around it.  All that is
//      computed from it must be arithmetic; where it decides which way control
//      goes, all ways must be arithmetic up to where they meet.
//   2. What it reaches in the loop's header are the states.  Follow them, too.
//   3. A state comes to the end of the iteration either as the gathering has
//      computed it, or, on ways that do not come by the call, as it was.
//   4. What the gathering takes from elsewhere is noted.
//
// Sound: the gathering depends on notes and states only, and nothing but the
// gathering and what is behind the loop depends on states.
// Given up: gatherings that end the loop, and those of structs in registers.
//
//===----------------------------------------------------------------------===//

#include "Gathering.h"

#include "Canonicalize.h"
#include "llvm/Analysis/PostDominators.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

/// What has more of it is not only gathering.
static constexpr size_t MostInstructions = 64;

namespace {

class GatheringFinder {
  Loop &L;
  DominatorTree &DT;
  PostDominatorTree &PDT;
  LoopInfo &LI;
  Gathering G;
  /// What control comes by between a call and the next iteration: in the loop,
  /// and behind it.
  SmallPtrSet<const BasicBlock *, 8> Behind, Left;
  SmallPtrSet<const Value *, 8> Seen; ///< while a state is resolved

public:
  GatheringFinder(const Site &S, Loop &L, FunctionAnalysisManager &FAM)
      : L(L), DT(FAM.getResult<DominatorTreeAnalysis>(*S.Call->getFunction())),
        PDT(FAM.getResult<PostDominatorTreeAnalysis>(*S.Call->getFunction())),
        LI(FAM.getResult<LoopAnalysis>(*S.Call->getFunction())) {
    G.L = &L;
    G.Call = S.Call;
    G.Block = S.Call->getParent();
    G.Recursive = S.Recursive;
  }

  std::optional<Gathering> run() {
    if (!isFitLoop() || !follow() || !findBehind())
      return std::nullopt;
    if (G.States.empty() ||
        !all_of(G.Instructions, [&](Instruction *I) { return isInPlace(*I); }))
      return std::nullopt;
    for (unsigned S = 0; S != G.States.size(); ++S) {
      PHINode *Phi = G.States[S].Phi;
      Seen.clear();
      if (!resolve(Phi->getIncomingValueForBlock(L.getLoopLatch()), S) ||
          !G.States[S].Next || !isPlain(*Phi))
        return std::nullopt;
      G.Holds[Phi] = S;
    }
    if (!all_of(G.Instructions,
                [&](Instruction *I) { return handsOnOrStays(*I); }) ||
        !findNotes())
      return std::nullopt;
    return std::move(G);
  }

private:
  bool isFitLoop() const;
  bool follow();
  bool add(Instruction &I);
  bool addUsers(Instruction &I);
  bool findBranches();
  bool findBehind();
  bool isInPlace(const Instruction &I) const;
  bool resolve(Value *V, unsigned State);
  bool handsOnOrStays(const Instruction &I) const;
  bool leavesAsItIs(const Instruction &I) const;
  bool note(Value *V);
  bool findNotes();

  bool isBetween(const BasicBlock *BB) const {
    return is_contained(G.Between, BB);
  }
  bool isState(const PHINode &Phi) const {
    return Phi.getParent() == L.getHeader();
  }
  bool isHere(const BasicBlock *BB) const {
    return BB == G.Block || isBetween(BB);
  }
  /// Can it be kept in memory for a while?
  static bool isPlain(const Value &V) {
    Type *T = V.getType();
    return T->isSingleValueType() && !isa<ScalableVectorType>(T);
  }
};

} // namespace

bool GatheringFinder::isFitLoop() const {
  return L.isLoopSimplifyForm() && LI.getLoopFor(G.Block) == &L &&
         isPlain(*G.Call) && !G.Call->getType()->isVoidTy() &&
         all_of(L.blocks(), [](const BasicBlock *BB) {
           return !BB->isEHPad() &&
                  isa<BranchInst, SwitchInst>(BB->getTerminator());
         });
}

//===----------------------------------------------------------------------===//
// Steps 1 and 2
//===----------------------------------------------------------------------===//

bool GatheringFinder::add(Instruction &I) {
  if (!L.contains(&I) || !G.Instructions.insert(&I))
    return true;
  if (G.Instructions.size() > MostInstructions)
    return false;
  if (auto *Phi = dyn_cast<PHINode>(&I)) {
    if (Phi->getParent() == L.getHeader())
      G.States.push_back(
          {Phi, Phi->getIncomingValueForBlock(L.getLoopPreheader())});
    return true;
  }
  if (I.isTerminator())
    return isa<BranchInst, SwitchInst>(I);
  return isPureArithmetic(I) && (!isa<CallBase>(I) || isa<IntrinsicInst>(I));
}

bool GatheringFinder::addUsers(Instruction &I) {
  return all_of(I.users(), [&](User *U) { return add(*cast<Instruction>(U)); });
}

bool GatheringFinder::follow() {
  if (!addUsers(*G.Call))
    return false;
  for (size_t I = 0; I < G.Instructions.size(); ++I)
    if (!addUsers(*G.Instructions[I]) ||
        (I + 1 == G.Instructions.size() && !findBranches()))
      return false;
  return true;
}

/// If the gathering decides where control goes at the end of its block: all
/// that is on the ways to where they meet, and what is chosen there.
bool GatheringFinder::findBranches() {
  if (G.Join || !G.Instructions.contains(G.Block->getTerminator()))
    return true;
  auto *Meet = PDT.getNode(G.Block)->getIDom();
  G.Join = Meet ? Meet->getBlock() : nullptr;
  if (!G.Join || !L.contains(G.Join) || G.Join == L.getHeader())
    return false;
  SmallSetVector<BasicBlock *, 4> Between;
  for (BasicBlock *Next : successors(G.Block))
    Between.insert(Next);
  Between.remove(G.Join);
  for (size_t I = 0; I < Between.size(); ++I)
    for (BasicBlock *Next : successors(Between[I]))
      if (Next != G.Join)
        Between.insert(Next);
  G.Between = Between.takeVector();
  for (BasicBlock *BB : G.Between) {
    if (LI.getLoopFor(BB) != &L || BB == G.Block || !DT.dominates(G.Block, BB))
      return false;
    for (Instruction &I : *BB)
      if (!I.isDebugOrPseudoInst() && !add(I))
        return false;
  }
  for (PHINode &Phi : G.Join->phis())
    add(Phi);
  return true;
}

//===----------------------------------------------------------------------===//
// Step 3
//===----------------------------------------------------------------------===//

/// False: a way leads back to the call that does not come by the header, for
/// jumps may go round where no loop is.
bool GatheringFinder::findBehind() {
  Behind.insert(G.Block);
  SmallVector<BasicBlock *, 8> Work(successors(G.Block));
  while (!Work.empty()) {
    BasicBlock *BB = Work.pop_back_val();
    if (BB == L.getHeader())
      continue;
    if (BB == G.Block)
      return false;
    if ((L.contains(BB) ? Behind : Left).insert(BB).second)
      append_range(Work, successors(BB));
  }
  return true;
}

/// Arithmetic may be farther on, where it has been moved to its first use, if
/// it can as well be done before, even where a call in between does not return;
/// PHIs are seen to below.
bool GatheringFinder::isInPlace(const Instruction &I) const {
  if (isa<PHINode>(I) || isHere(I.getParent()))
    return true;
  return !I.isTerminator() && DT.dominates(G.Block, I.getParent()) &&
         isSafeToSpeculativelyExecute(&I) &&
         none_of(I.operands(), [&](Value *V) {
           auto *Phi = dyn_cast<PHINode>(V);
           return Phi && G.Instructions.contains(Phi) &&
                  Phi->getParent() != G.Join && !isState(*Phi);
         });
}

/// \p V is what the state is at some place of the iteration.
bool GatheringFinder::resolve(Value *V, unsigned State) {
  GatherState &S = G.States[State];
  auto Becomes = [&](Value *Next) {
    G.Holds[V] = State;
    if (S.Next && S.Next != Next)
      return false;
    S.Next = Next;
    return true;
  };
  auto *I = dyn_cast<Instruction>(V);
  if (V == G.Call || (I && !isa<PHINode>(I) && !isBetween(I->getParent()) &&
                      G.Instructions.contains(I)))
    return Becomes(V);
  auto *Phi = dyn_cast_or_null<PHINode>(I);
  if (!Phi || Phi->getParent() == L.getHeader() || !L.contains(Phi) ||
      isBetween(Phi->getParent()))
    return false;
  if (!Seen.insert(Phi).second)
    return S.Next != nullptr;
  bool Chosen = Phi->getParent() == G.Join;
  if (Chosen && !Becomes(Phi))
    return false;
  for (Use &In : Phi->incoming_values()) {
    BasicBlock *From = Phi->getIncomingBlock(In);
    if (Chosen && isHere(From))
      continue; // that is the gathering
    bool AsItWas = In == S.Phi && !Behind.contains(From);
    if (!AsItWas && (Chosen || !resolve(In, State)))
      return false;
  }
  G.Holds[Phi] = State;
  return true;
}

/// Is \p I, a PHI that is behind the gathering, a state, and is no other value
/// of the gathering wanted behind the loop?
bool GatheringFinder::handsOnOrStays(const Instruction &I) const {
  bool HandsOn = isa<PHINode>(I) && !isState(cast<PHINode>(I)) &&
                 !isBetween(I.getParent());
  return (!HandsOn || G.Holds.contains(&I)) && leavesAsItIs(I);
}

/// Behind the loop a state is what was last gathered.
bool GatheringFinder::leavesAsItIs(const Instruction &I) const {
  if (all_of(I.users(),
             [&](const User *U) { return L.contains(cast<Instruction>(U)); }))
    return true;
  if (!G.Holds.contains(&I))
    return false;
  if (I.getParent() != L.getHeader())
    return true;
  return none_of(I.uses(), [&](const Use &U) {
    auto *User = cast<Instruction>(U.getUser());
    auto *Phi = dyn_cast<PHINode>(User);
    const BasicBlock *At = Phi ? Phi->getIncomingBlock(U) : User->getParent();
    return !L.contains(User) && (Left.contains(At) || Behind.contains(At));
  });
}

//===----------------------------------------------------------------------===//
// Step 4
//===----------------------------------------------------------------------===//

bool GatheringFinder::note(Value *V) {
  auto *I = dyn_cast<Instruction>(V);
  if (!I || !L.contains(I) || G.Instructions.contains(I))
    return true;
  G.Notes.insert(V);
  return isPlain(*V) && DT.dominates(I, G.Block->getTerminator());
}

bool GatheringFinder::findNotes() {
  for (Instruction *I : G.Instructions) {
    auto *Phi = dyn_cast<PHINode>(I);
    if (!Phi) {
      for (Value *V : I->operands())
        if (!note(V))
          return false;
    } else if (isBetween(Phi->getParent()) || Phi->getParent() == G.Join) {
      for (Use &In : Phi->incoming_values())
        if (isHere(Phi->getIncomingBlock(In)) && !note(In))
          return false;
    }
  }
  return all_of(G.States, [&](const GatherState &S) { return note(S.Next); });
}

std::optional<Gathering> lazypass::findGathering(const FunctionPlan &Plan,
                                                 FunctionAnalysisManager &FAM) {
  if (Plan.Kept || mindsWhenFloatsAreComputed(*Plan.F))
    return std::nullopt;
  auto &LI = FAM.getResult<LoopAnalysis>(*Plan.F);
  for (const Site &S : Plan.AtOnce)
    if (Loop *L = LI.getLoopFor(S.Call->getParent()); L && S.Certain)
      if (auto G = GatheringFinder(S, *L, FAM).run())
        return G;
  return std::nullopt;
}
