//===- Objects.cpp - objects with pointers inside, and visitors -----------===//
//
// Algorithm
//   1. A visitor runs in the program where a call is made, and nowhere in the
//      serial program.  So it may write nothing, and read nothing but its
//      object: of other memory nobody waits for what is pending there.  The
//      same is asked of the functions that it names for what it tells.
//   2. Effects.cpp tells apart what happens to the objects themselves, and
//      inside, where pointers found there lead.  Only the first keeps others
//      from looking at the objects: who visits a matrix need not wait for those
//      that write its numbers.
//   3. What the source says of a parameter counts for both, but no more than
//      the body shows, if that is in sight; it is read in any case, because it
//      is visited.  LAZY_OUT says that the objects are made by the call, so
//      there is nothing to visit yet.
//   4. Of which the source says nothing, that is one object, if the body shows
//      that the pointers in it are there before: it follows some and stores
//      none; and that it touches no other objects behind the first.  Out of
//      sight, const says so, but not that nothing is written inside.
//
//===----------------------------------------------------------------------===//

#include "Objects.h"

#include "Remarks.h"
#include "lazy/abi.h"
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace lazypass;

//===----------------------------------------------------------------------===//
// Step 1
//===----------------------------------------------------------------------===//

/// Calls \p Do for all calls in \p Visitor and in what it calls.
static void forEachCall(Function &Visitor,
                        function_ref<void(const CallBase &, Function &)> Do) {
  SmallSetVector<Function *, 8> Reached;
  Reached.insert(&Visitor);
  for (unsigned I = 0; I != Reached.size(); ++I)
    for (const Instruction &In : instructions(Reached[I]))
      if (auto *Call = dyn_cast<CallBase>(&In))
        if (Function *Callee = Call->getCalledFunction()) {
          Do(*Call, *Callee);
          Reached.insert(Callee);
        }
}

static bool tellsObjects(const Function &Callee) {
  return Callee.getName() == "__lazy_visit_objects";
}

/// Adds those that \p Visitors name.
static void addNamed(SmallSetVector<Function *, 8> &Visitors) {
  for (unsigned I = 0; I != Visitors.size(); ++I)
    forEachCall(*Visitors[I], [&](const CallBase &Call, Function &Callee) {
      if (!tellsObjects(Callee) || Call.arg_size() != 5)
        return;
      auto *Named = dyn_cast<Constant>(Call.getArgOperand(4));
      if (Named) // lazy.h makes a number of it on the way
        Named =
            ConstantFoldConstant(Named, Callee.getParent()->getDataLayout());
      if (auto *Visitor = dyn_cast_or_null<Function>(Named))
        Visitors.insert(Visitor);
    });
}

SmallSetVector<Function *, 8> lazypass::visitorsOf(const LazyFunction &L) {
  SmallSetVector<Function *, 8> Visitors;
  for (const Region &R : L.Regions)
    if (R.isVisited())
      Visitors.insert(R.Of.Visitor);
  addNamed(Visitors);
  return Visitors;
}

/// The visitors of parameters, and those that they name.
static SmallSetVector<Function *, 8> allVisitors(const LazyFunctions &Lazy) {
  SmallSetVector<Function *, 8> Visitors;
  for (const auto &[F, L] : Lazy)
    for (const PointerParameter &P : L.Pointers)
      if (P.Points.Visitor)
        Visitors.insert(P.Points.Visitor);
  addNamed(Visitors);
  return Visitors;
}

/// Does it tell plain memory only?
static bool isFlat(Function &Visitor) {
  bool Flat = Visitor.hasExactDefinition();
  forEachCall(Visitor, [&](const CallBase &, Function &Callee) {
    Flat &= !tellsObjects(Callee);
  });
  return Flat;
}

static bool onlyTells(const Effects &E) {
  return !E.Worst && !E.readsMemory() && E.WritesThrough.none();
}

void lazypass::checkVisitors(LazyFunctions &Lazy, const Vows &Said,
                             FunctionAnalysisManager &FAM,
                             DiagnosticSink &Sink) {
  auto Visitors = allVisitors(Lazy);
  Visitors.remove_if([&](const Function *V) {
    return !V->hasExactDefinition() || Said.IsTrusted(V);
  });
  auto Found = computeEffects(Visitors.getArrayRef(), Said, FAM);
  bool AllTell = true;
  for (Function *V : Visitors)
    if (!onlyTells(Found[V])) {
      diagnoseVisitor(*V, Found[V], Sink);
      AllTell = false;
    }
  for (auto &[F, L] : Lazy)
    for (PointerParameter &P : L.Pointers)
      if (!AllTell)
        P.Points = Visitable();
      else if (P.Points.Visitor)
        P.Points.Flat = isFlat(*P.Points.Visitor);
}

//===----------------------------------------------------------------------===//
// Steps 2 to 4
//===----------------------------------------------------------------------===//

/// What \p L says of parameter \p I.
static SmallVector<Region *, 2> regionsOf(LazyFunction &L, unsigned I) {
  SmallVector<Region *, 2> Regions;
  for (Region &R : L.Regions)
    if (R.Parameter == I)
      Regions.push_back(&R);
  return Regions;
}

Visit lazypass::visitOf(const LazyFunction &L, unsigned I) {
  auto P = find_if(L.Pointers,
                   [&](const PointerParameter &P) { return P.Parameter == I; });
  auto Regions = regionsOf(const_cast<LazyFunction &>(L), I);
  bool IsMade =
      none_of(Regions, [](const Region *R) { return R->Access & LAZY_READS; });
  if (P == L.Pointers.end() || !P->Points.Visitor ||
      (!Regions.empty() && IsMade))
    return {};
  return {P->Points.Flat ? Visit::Flat : Visit::Deep, P->Points.Size};
}

static void remarkObjects(const LazyFunction &L, const Region &R) {
  auto Verb = [](unsigned Access) -> StringRef {
    return Access == LAZY_READS    ? "reads "
           : Access == LAZY_WRITES ? "writes "
                                   : "reads and writes ";
  };
  remarkKnown(*L.F, "Objects",
              Verb(R.Access) + "what parameter " +
                  Twine(R.Parameter + 1 - L.SRet) + " points to, and " +
                  Verb(R.Told) + "what '" + R.Of.Visitor->getName() +
                  "' tells of it");
}

/// Step 3.
static void visitRegion(const LazyFunction &L, Region &R,
                        const Visitable &Objects, bool InSight) {
  if (!(R.Access & LAZY_READS))
    return;
  R.Of = Objects;
  R.Told = R.Access;
  if (InSight) {
    R.Told &= L.seenInside(R.Parameter);
    R.Access = LAZY_READS | (R.Access & L.seenDirectly(R.Parameter));
  } else if (Objects.Const) {
    R.Access = LAZY_READS;
  }
}

/// Step 4.
static std::optional<Region>
wholeObject(const LazyFunction &L, const PointerParameter &P, bool InSight) {
  unsigned I = P.Parameter;
  Region R;
  R.Parameter = I;
  R.Of = P.Points;
  R.Said = false;
  R.Size = Extent(P.Points.Size);
  if (InSight) {
    R.Access = LAZY_READS | L.seenDirectly(I);
    R.Told = L.seenInside(I);
    bool IsThere =
        !L.Memory.StoresPointers.test(I) && !L.Memory.TouchesMore.test(I);
    return R.Told && IsThere ? std::optional(R) : std::nullopt;
  }
  R.Access = LAZY_READS;
  R.Told = LAZY_READS | (L.F->onlyReadsMemory() ? 0 : LAZY_WRITES);
  return P.Points.Const && !L.F->doesNotAccessMemory() ? std::optional(R)
                                                       : std::nullopt;
}

void lazypass::visitObjects(LazyFunction &L, bool InSight) {
  for (const PointerParameter &P : L.Pointers) {
    if (!P.Points.Visitor)
      continue;
    auto Said = regionsOf(L, P.Parameter);
    for (Region *R : Said)
      visitRegion(L, *R, P.Points, InSight);
    if (Said.empty())
      if (auto R = wholeObject(L, P, InSight))
        L.Regions.push_back(*R);
    for (const Region *R : regionsOf(L, P.Parameter))
      if (R->isVisited())
        remarkObjects(L, *R);
  }
}
