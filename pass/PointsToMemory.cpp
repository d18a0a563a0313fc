//===- PointsToMemory.cpp - places, and what memory holds of them ---------===//
//
// Algorithm
//   1. The words of an object are numbered from its start; what is stored
//      somewhere in it is also held by the word "any", and every load sees it.
//   2. Mutable globals and whatever else was there before the call are foreign.
//      Those of a constant hold what its initializer names.
//   3. Objects behind a parameter whose visitor is known, the owned ones, and
//      what is reached from there, inside them, stand for themselves: a pointer
//      found there leads inside.  But parameters may point to the same, and to
//      what else is foreign, so all that is stored in any of these is held by
//      the words of the foreign object, and seen by every load there.  Where
//      the visitor says that there are no pointers inside, what is foreign does
//      not get there: numbers do not count.
//   4. Once the foreign object holds a place in an object of the call's own,
//      the two hold the same.
//
// Sound: bytes past the first 256 are not told apart, and a value that comes to
// more than eight bytes of an object may be at any of them; so sets stay small
// and the analysis ends.
//
//===----------------------------------------------------------------------===//

#include "PointsToMemory.h"

#include "llvm/ADT/Sequence.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/MathExtras.h"
#include <optional>

using namespace llvm;
using namespace lazypass;

static constexpr unsigned WordSize = 8, ManyBytes = 256, ManyOffsets = 8;

static bool addPlace(Places &To, Place P) {
  auto First = To.lower_bound({P.Object, 0});
  auto Last = To.upper_bound({P.Object, Place::Any});
  if (First != Last && std::prev(Last)->Offset == Place::Any)
    return false;
  if (P.Offset != Place::Any) {
    if (To.count(P))
      return false;
    if (std::distance(First, Last) < ManyOffsets)
      return To.insert(P).second;
  }
  To.erase(First, Last);
  return To.insert({P.Object, Place::Any}).second;
}

bool lazypass::addPlaces(Places &To, const Places &From) {
  bool Added = false;
  for (const Place &P : From)
    Added |= addPlace(To, P);
  return Added;
}

Places lazypass::anywhere(const Places &P) {
  Places Moved;
  for (const Place &At : P)
    Moved.insert({At.Object, Place::Any});
  return Moved;
}

Places lazypass::movedBy(const Places &P, int64_t Bytes) {
  Places Moved;
  for (const Place &At : P) {
    int64_t Offset = int64_t(At.Offset) + Bytes;
    bool IsNear = At.Offset != Place::Any && Offset >= 0 && Offset < ManyBytes;
    addPlace(Moved, {At.Object, IsNear ? unsigned(Offset) : Place::Any});
  }
  return Moved;
}

PlaceMemory::PlaceMemory(const DataLayout &DL, bool &Changed)
    : DL(DL), Changed(Changed) {
  Objects.push_back({Object::Foreign});
}

bool PlaceMemory::isForeign(const Place &P) const {
  auto *G = dyn_cast_or_null<GlobalVariable>(Objects[P.Object].Site);
  return Objects[P.Object].K == Object::Foreign ||
         (G && (!G->isConstant() || G->isThreadLocal()));
}

Place PlaceMemory::visited(unsigned Parameter, Visit How) {
  auto [It, IsNew] = Visited.insert({Parameter, unsigned(Objects.size())});
  if (IsNew) {
    Objects.push_back({Object::Owned, nullptr, Parameter, How});
    Objects.push_back({Object::Inside, nullptr, Parameter, How});
  }
  return {It->second, 0};
}

bool PlaceMemory::touchesMore(unsigned Parameter) const {
  auto It = Visited.find(Parameter);
  return It != Visited.end() && Objects[It->second].TouchesMore;
}

void PlaceMemory::touch(const Place &P, uint64_t Size) const {
  const Object &O = Objects[P.Object];
  O.TouchesMore |= P.Offset == Place::Any || O.How.Size < P.Offset ||
                   O.How.Size - P.Offset < Size;
}

void PlaceMemory::describe(const Place &P, Pointees &Into) const {
  const Object &O = Objects[P.Object];
  Into.Foreign |= isForeign(P);
  if (O.K == Object::Owned)
    Into.Owned.insert(O.Parameter);
  else if (O.K == Object::Inside)
    Into.Inside.insert(O.Parameter);
}

/// Where pointers lead that were there, if the call has not made it.
std::optional<Place> PlaceMemory::behind(const Place &P) const {
  if (isForeign(P) || isFlat(P))
    return foreign();
  if (!isVisited(P))
    return std::nullopt;
  return Place{Visited.at(Objects[P.Object].Parameter) + 1, Place::Any};
}

Function *PlaceMemory::function(const Place &P) const {
  auto *F = dyn_cast_or_null<Function>(Objects[P.Object].Site);
  return const_cast<Function *>(F);
}

unsigned PlaceMemory::object(unsigned C, const Value *Site) {
  auto [It, IsNew] = Numbers.insert({{C, Site}, unsigned(Objects.size())});
  if (!IsNew)
    return It->second;
  unsigned Number = It->second;
  Objects.push_back({Object::Made, Site});
  auto *G = dyn_cast<GlobalVariable>(Site);
  if (!G || isForeign({Number, 0}))
    return Number;
  if (G->hasDefinitiveInitializer())
    initialize(Number, 0, G->getInitializer());
  else
    Objects[Number].Words[Place::Any] = {foreign()};
  return Number;
}

/// Step 2.  Constants are the same in every context.
void PlaceMemory::initialize(unsigned Number, uint64_t Offset,
                             const Constant *C) {
  if (!C->needsRelocation())
    return;
  if (auto *S = dyn_cast<ConstantStruct>(C)) {
    const StructLayout *Layout = DL.getStructLayout(S->getType());
    for (unsigned I = 0; I != S->getNumOperands(); ++I)
      initialize(Number, Offset + Layout->getElementOffset(I),
                 S->getOperand(I));
  } else if (auto *A = dyn_cast<ConstantArray>(C)) {
    uint64_t Size = DL.getTypeAllocSize(A->getType()->getElementType());
    for (unsigned I = 0; I != A->getNumOperands(); ++I)
      initialize(Number, Offset + I * Size, A->getOperand(I));
  } else {
    Place At = {Number,
                Offset < ManyBytes ? unsigned(Offset) : unsigned(Place::Any)};
    store({At}, DL.getTypeStoreSize(C->getType()), constant(C));
  }
}

Places PlaceMemory::constant(const Constant *C) {
  if (isa<GlobalVariable, Function>(C))
    return {{object(0, C), 0}};
  if (isa<GlobalValue>(C)) // an alias, which may be anything's
    return {foreign()};
  if (auto *Step = dyn_cast<GEPOperator>(C)) {
    APInt Offset(DL.getIndexTypeSizeInBits(C->getType()), 0);
    Places Base = constant(cast<Constant>(Step->getPointerOperand()));
    bool IsConstant = !C->getType()->isVectorTy() &&
                      Step->accumulateConstantOffset(DL, Offset) &&
                      Offset.getSignificantBits() <= 32;
    return IsConstant ? movedBy(Base, Offset.getSExtValue()) : anywhere(Base);
  }
  if (isa<BlockAddress>(C))
    return {};
  Places All;
  if (auto *E = dyn_cast<ConstantExpr>(C);
      E && E->getOpcode() == Instruction::IntToPtr)
    All.insert(foreign());
  for (const Value *O : C->operands())
    addPlaces(All, anywhere(constant(cast<Constant>(O))));
  return All;
}

/// The words of \p Size bytes from \p Offset; none, if that may be anywhere.
static std::optional<iota_range<unsigned>> wordsOf(unsigned Offset,
                                                   uint64_t Size) {
  if (Offset == Place::Any || Size > ManyBytes)
    return std::nullopt;
  return seq(Offset / WordSize,
             unsigned(divideCeil(Offset + Size, uint64_t(WordSize))));
}

Places PlaceMemory::load(const Places &From, uint64_t Size) const {
  Places Found;
  for (const Place &P : From) {
    touch(P, Size);
    auto Words = wordsOf(P.Offset, Size);
    if (auto Behind = behind(P))
      addPlace(Found, *Behind);
    for (const auto &[Number, Held] : Objects[holderOf(P)].Words)
      if (!Words || Number == Place::Any ||
          (Number >= *Words->begin() && Number < *Words->end()))
        addPlaces(Found, Held);
  }
  return Found;
}

static Places without(Places From, const Place &P) {
  From.erase(P);
  return From;
}

void PlaceMemory::store(const Places &To, uint64_t Size, const Places &What) {
  for (const Place &P : To) {
    if (function(P))
      continue;
    touch(P, Size);
    auto &Words = Objects[holderOf(P)].Words;
    auto Known = wordsOf(P.Offset, Size);
    if (isFlat(P))
      Changed |= addPlaces(Words[Place::Any], without(What, foreign()));
    else if (!isOwn(P) || !Known)
      Changed |= addPlaces(Words[Place::Any], What);
    else
      for (unsigned Number : *Known)
        Changed |= addPlaces(Words[Number], What);
  }
}

void PlaceMemory::copy(const Places &To, const Places &From, uint64_t Size) {
  if (Size > ManyBytes) {
    store(To, AnySize, load(From, AnySize));
    return;
  }
  for (uint64_t At = 0; At < Size; At += WordSize) {
    uint64_t Part = std::min<uint64_t>(WordSize, Size - At);
    store(movedBy(To, At), Part, load(movedBy(From, At), Part));
  }
}

/// Step 4.
void PlaceMemory::mingleEscaped() {
  Places &Outside = Objects[0].Words[Place::Any];
  for (bool More = true; More;) {
    More = false;
    for (const Place &P : Places(Outside))
      if (isOwn(P))
        for (const auto &[Number, Held] : Objects[P.Object].Words)
          More |= addPlaces(Outside, Held);
    Changed |= More;
  }
  for (const Place &P : Places(Outside))
    if (isOwn(P) && !function(P))
      store({{P.Object, Place::Any}}, AnySize, Outside);
}
