//===- Reunite.cpp - what a call returned travels whole -------------------===//
//
// A node holds what its function returns in registers: a struct {double,
// double}, a complex float as <2 x float>, a _Bool as i1.  Between calls, clang
// takes such values apart or converts them, and each part goes its own way.
// But only the value as a whole can flow, or become an argument, unforced.
//
// Algorithm, for each register W that holds the value of a lazy call, until
// nothing changes
//   1. What puts W together again from all its parts is W.
//   2. PHIs of one block that carry parts of W on some edge become one PHI of
//      the whole, which they are parts of.
//   3. A PHI or select of casts of W and its like becomes the cast of a PHI or
//      select.
//
// Sound: parts and casts are pure; a cast goes behind a PHI only if each of its
// operands is the same cast of something, or a constant that comes out of the
// cast as it is.
//
// Given up: parts taken by shifts, as of a struct of two ints in one register;
// parts of parts.
//
//===----------------------------------------------------------------------===//

#include "Canonicalize.h"

#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace lazypass;

/// If \p V is a part of a struct or vector: its number; else None.
static unsigned partOf(const Value *V) {
  if (auto *Extract = dyn_cast<ExtractValueInst>(V))
    return Extract->getNumIndices() == 1 ? Extract->getIndices()[0] : None;
  if (auto *Extract = dyn_cast<ExtractElementInst>(V))
    if (auto *Index = dyn_cast<ConstantInt>(Extract->getIndexOperand()))
      return Index->getLimitedValue(None);
  return None;
}

static Value *wholeOf(const Value *Part) {
  return cast<Instruction>(Part)->getOperand(0);
}

static unsigned countParts(Type *T) {
  if (auto *Vector = dyn_cast<FixedVectorType>(T))
    return Vector->getNumElements();
  return isa<StructType, ArrayType>(T) ? T->getNumContainedTypes() : 0;
}

/// Step 1.  The value that \p Last, the end of a chain of insertions, puts
/// together again, or null.
static Value *rebuilt(Instruction &Last) {
  SmallVector<Value *, 8> Parts(countParts(Last.getType()));
  unsigned Missing = Parts.size();
  for (Value *Chain = &Last; Missing;) {
    unsigned Index;
    if (auto *Insert = dyn_cast<InsertValueInst>(Chain)) {
      if (Insert->getNumIndices() != 1)
        return nullptr;
      Index = Insert->getIndices()[0];
    } else if (isa<InsertElementInst>(Chain)) {
      auto *At = dyn_cast<ConstantInt>(cast<User>(Chain)->getOperand(2));
      if (!At || At->getValue().uge(Parts.size()))
        return nullptr;
      Index = At->getZExtValue();
    } else {
      return nullptr;
    }
    Value *Part = cast<User>(Chain)->getOperand(1);
    if (!Parts[Index]) {
      if (partOf(Part) != Index)
        return nullptr;
      Parts[Index] = wholeOf(Part);
      --Missing;
    }
    Chain = cast<User>(Chain)->getOperand(0);
  }
  bool Same = !Parts.empty() && all_equal(Parts) &&
              Parts[0]->getType() == Last.getType();
  return Same ? Parts[0] : nullptr;
}

static bool reuniteChains(Function &F) {
  bool Changed = false;
  for (Instruction &I : instructions(F))
    if (isa<InsertValueInst, InsertElementInst>(I) && !I.use_empty())
      if (Value *Whole = rebuilt(I)) {
        I.replaceAllUsesWith(Whole);
        Changed = true;
      }
  return Changed;
}

namespace {

/// Step 2.  PHIs of one block, by the part that each carries.
struct PartPhis {
  Type *Ty;
  SmallVector<PHINode *, 8> Parts; ///< null: carried by none

  /// What comes in whole from \p Pred; puts it together there if need be.
  Value *incoming(BasicBlock *Pred, PHINode *Whole) const {
    Value *From = nullptr;
    bool IsWhole = true;
    for (unsigned I = 0; I != Parts.size(); ++I) {
      if (!Parts[I])
        continue;
      Value *In = Parts[I]->getIncomingValueForBlock(Pred);
      Value *Of = In == Parts[I] ? Whole : partOf(In) == I ? wholeOf(In) : In;
      IsWhole &= Of->getType() == Ty && (!From || From == Of);
      From = Of;
    }
    if (IsWhole)
      return From;
    IRBuilder<> B(Pred->getTerminator());
    Value *Built = PoisonValue::get(Ty);
    for (unsigned I = 0; I != Parts.size(); ++I)
      if (Parts[I]) {
        Value *In = Parts[I]->getIncomingValueForBlock(Pred);
        Built = Ty->isVectorTy() ? B.CreateInsertElement(Built, In, I)
                                 : B.CreateInsertValue(Built, In, I);
      }
    return Built;
  }

  void replace() const {
    PHINode *First = *find_if(Parts, [](PHINode *P) { return P; });
    BasicBlock *BB = First->getParent();
    auto *Whole =
        PHINode::Create(Ty, First->getNumIncomingValues(), "", BB->begin());
    Whole->setDebugLoc(First->getDebugLoc());
    // An edge that stands twice brings the same value twice.
    DenseMap<BasicBlock *, Value *> From;
    for (BasicBlock *Pred : First->blocks()) {
      Value *&In = From[Pred];
      if (!In)
        In = incoming(Pred, Whole);
      Whole->addIncoming(In, Pred);
    }
    IRBuilder<> B(BB, BB->getFirstInsertionPt());
    for (unsigned I = 0; I != Parts.size(); ++I)
      if (Parts[I]) {
        Parts[I]->replaceAllUsesWith(Ty->isVectorTy()
                                         ? B.CreateExtractElement(Whole, I)
                                         : B.CreateExtractValue(Whole, I));
        Parts[I]->eraseFromParent();
      }
  }
};

} // namespace

static bool reuniteParts(Value *W) {
  unsigned Count = countParts(W->getType());
  MapVector<BasicBlock *, PartPhis> Blocks;
  for (User *Part : W->users()) {
    unsigned I = partOf(Part);
    if (I >= Count)
      continue;
    for (User *U : Part->users())
      if (auto *Phi = dyn_cast<PHINode>(U)) {
        PartPhis &Group =
            Blocks.insert({Phi->getParent(), {W->getType(), {}}}).first->second;
        Group.Parts.resize(Count);
        if (!is_contained(Group.Parts, Phi))
          Group.Parts[I] = Phi;
      }
  }
  bool Changed = false;
  for (auto &[BB, Group] : Blocks)
    if (BB->getFirstInsertionPt() != BB->end()) {
      Group.replace();
      Changed = true;
    }
  return Changed;
}

/// Step 3.  What \p V is before \p Like casts it; null if that is not known.
static Value *beforeCast(Value *V, const CastInst &Like, const DataLayout &DL) {
  if (auto *Cast = dyn_cast<CastInst>(V))
    return Cast->getOpcode() == Like.getOpcode() &&
                   Cast->getSrcTy() == Like.getSrcTy()
               ? Cast->getOperand(0)
               : nullptr;
  auto *C = dyn_cast<Constant>(V);
  if (!C || !isa<ZExtInst, SExtInst, BitCastInst>(Like))
    return nullptr;
  unsigned Back =
      isa<BitCastInst>(Like) ? Instruction::BitCast : Instruction::Trunc;
  Constant *Before = ConstantFoldCastOperand(Back, C, Like.getSrcTy(), DL);
  bool Same = Before && ConstantFoldCastOperand(Like.getOpcode(), Before,
                                                V->getType(), DL) == C;
  return Same ? Before : nullptr;
}

static bool castBehind(PHINode &Phi, const CastInst &Like,
                       const DataLayout &DL) {
  BasicBlock *BB = Phi.getParent();
  if (BB->getFirstInsertionPt() == BB->end())
    return false;
  SmallVector<Value *, 4> Before;
  for (Value *In : Phi.incoming_values()) {
    Before.push_back(In == &Phi ? &Phi : beforeCast(In, Like, DL));
    if (!Before.back())
      return false;
  }
  auto *New =
      PHINode::Create(Like.getSrcTy(), Before.size(), "", Phi.getIterator());
  New->setDebugLoc(Phi.getDebugLoc());
  for (auto [In, Pred] : zip(Before, Phi.blocks()))
    New->addIncoming(In == &Phi ? New : In, Pred);
  IRBuilder<> B(BB, BB->getFirstInsertionPt());
  Phi.replaceAllUsesWith(B.CreateCast(Like.getOpcode(), New, Phi.getType()));
  Phi.eraseFromParent();
  return true;
}

static bool castBehind(SelectInst &Select, const CastInst &Like,
                       const DataLayout &DL) {
  Value *True = beforeCast(Select.getTrueValue(), Like, DL);
  Value *False = beforeCast(Select.getFalseValue(), Like, DL);
  if (!True || !False || Select.getCondition()->getType()->isVectorTy())
    return false;
  IRBuilder<> B(&Select);
  Value *New = B.CreateSelect(Select.getCondition(), True, False);
  Select.replaceAllUsesWith(
      B.CreateCast(Like.getOpcode(), New, Select.getType()));
  Select.eraseFromParent();
  return true;
}

static bool sinkCasts(Value *W, const DataLayout &DL) {
  for (User *U : W->users()) {
    auto *Cast = dyn_cast<CastInst>(U);
    if (!Cast)
      continue;
    for (User *V : Cast->users()) {
      auto *Phi = dyn_cast<PHINode>(V);
      auto *Select = dyn_cast<SelectInst>(V);
      if ((Phi && castBehind(*Phi, *Cast, DL)) ||
          (Select && castBehind(*Select, *Cast, DL)))
        return true;
    }
  }
  return false;
}

bool lazypass::reuniteValues(Function &F, const LazyFunctions &Lazy) {
  const DataLayout &DL = F.getParent()->getDataLayout();
  bool Any = false;
  for (bool Changed = true; Changed; Any |= Changed) {
    Changed = reuniteChains(F);
    for (Value *W : collectLazyRegisters(F, Lazy))
      if (reuniteParts(W) || sinkCasts(W, DL)) {
        Changed = true;
        break; // others may be gone
      }
  }
  return Any;
}
