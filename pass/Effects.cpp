//===- Effects.cpp - what memory a lazy function touches ------------------===//
//
// Algorithm
//   1. Collect all functions reachable from the roots through calls of exact
//      definitions that are known.
//   2. Once for each, on a scratch clone with its locals in registers (at -O0
//      they would hide behind loads): note every access by the object it goes
//      to, and every call with the objects its pointer arguments go to
//      (Summary.cpp).
//   3. Propagate over the call graph to a fixed point, starting from "touches
//      nothing": a callee's accesses through its parameters become accesses to
//      the caller's objects, and a caller has the violations of its callees,
//      with the call on the way added to the chain.
//   4. Where that leaves a root with something that cannot be seen, find out
//      what the pointers in a call of this root may point to (PointsTo.cpp),
//      and do steps 1 to 3 again for it alone, with that knowledge.  So is
//      found what it does inside objects whose visitor is known.
//
// Sound: an object that cannot be traced counts as unknown memory; writing to
// that is a violation.  The arguments' own copies (byval), the returned object
// (sret), locals and fresh allocations are private to the call.  A function
// that the user vouches for has no violations, but where it would have had one
// it may read any memory.
//
// Given up: errno.  The mathematical functions of libm count as pure, although
// they may set it; a program that reads errno after a lazy call sees what the
// thread that ran it left there.
//
//===----------------------------------------------------------------------===//

#include "Effects.h"

#include "Summary.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace lazypass;

bool lazypass::holdsPointer(Type *T) {
  return T->isPtrOrPtrVectorTy() || any_of(T->subtypes(), holdsPointer);
}

/// Step 3, for one call.
static bool propagate(Summary &S, const Call &C, const Summary &Callee) {
  auto Measure = [&] {
    return std::tuple(S.E.ReadsUnknown, S.E.Frees, S.E.Reads.size(),
                      S.Through.count(), S.Owned.count(), S.Inside.count(),
                      S.E.Worst ? int(S.E.Worst->Kind) : -1);
  };
  auto Before = Measure();
  const AddressUse Addresses = S.E.Addresses;
  S.E.Addresses.add(Callee.E.Addresses);
  S.E.Frees |= Callee.E.Frees;
  S.E.ReadsUnknown |= Callee.E.ReadsUnknown;
  S.E.Reads.insert(Callee.E.Reads.begin(), Callee.E.Reads.end());
  if (Callee.E.Worst) {
    Violation V = *Callee.E.Worst;
    V.Chain.push_back({S.F, C.Where});
    if (!C.IsCertain)
      V.Kind = std::min(V.Kind, Violation::Unseen);
    S.violate(std::move(V));
  }
  S.Owned.add(Callee.Owned);
  S.Inside.add(Callee.Inside);
  for (unsigned I = 0, E = std::min<size_t>(C.Arguments.size(),
                                            Callee.Through.Reads.size());
       I != E; ++I) {
    if (Callee.Through.Reads.test(I))
      S.noteRead(C.Arguments[I], C.Where);
    if (Callee.Through.Writes.test(I))
      S.noteWrite(C.Arguments[I], C.Where,
                  Callee.Through.StoresPointers.test(I));
  }
  return Before != Measure() || !(Addresses == S.E.Addresses);
}

namespace {

/// Step 2: scratch clones, made when asked for.
class ScratchBodies {
  FunctionAnalysisManager &FAM;
  MapVector<Function *, Function *> Clones;

public:
  explicit ScratchBodies(FunctionAnalysisManager &FAM) : FAM(FAM) {}
  ScratchBodies(const ScratchBodies &) = delete;
  ~ScratchBodies() {
    for (auto &[F, Clone] : Clones) {
      FAM.clear(*Clone, Clone->getName());
      // Recursive calls in the clone still name the original.
      Clone->eraseFromParent();
    }
  }

  Body of(Function *F) {
    Function *&Clone = Clones[F];
    if (!Clone) {
      ValueToValueMapTy Map;
      Clone = CloneFunction(F, Map);
      SROAPass(SROAOptions::PreserveCFG).run(*Clone, FAM);
    }
    return {Clone, &FAM.getResult<TargetLibraryAnalysis>(*Clone)};
  }
};

} // namespace

/// Steps 1 to 3, for \p Roots that have a body.
static MapVector<Function *, Summary> summarizeAll(ArrayRef<Function *> Roots,
                                                   const Vows &Said,
                                                   BodyOf Bodies,
                                                   const PointsTo &Known) {
  MapVector<Function *, Summary> Summaries;
  SmallVector<Function *, 16> Work;
  auto Reach = [&](Function *F) {
    if (Summaries.insert({F, Summary()}).second)
      Work.push_back(F);
  };
  for_each(Roots, Reach);
  while (!Work.empty()) {
    Function *F = Work.pop_back_val();
    Summary S = summarize(*F, Bodies(F), Said, Known);
    for (const Call &C : S.Calls)
      Reach(C.Callee);
    Summaries[F] = std::move(S);
  }

  for (bool Changed = true; Changed;) {
    Changed = false;
    for (auto &[F, S] : Summaries)
      for (const Call &C : S.Calls)
        Changed |= propagate(S, C, Summaries[C.Callee]);
  }
  return Summaries;
}

/// What the summary of a root comes to.
static Effects conclude(Summary S) {
  S.Through.add(S.Owned);
  for (ParameterAccesses *A : {&S.Through, &S.Inside})
    A->resize(S.F->arg_size());
  S.E.ReadsThrough = S.Through.Reads;
  S.E.WritesThrough = S.Through.Writes;
  S.E.StoresPointers = S.Through.StoresPointers;
  S.E.TouchesMore.resize(S.F->arg_size());
  S.E.ReadsInside = S.Inside.Reads;
  S.E.WritesInside = S.Inside.Writes;
  S.E.ReadsUnknown |= !S.F->hasExactDefinition();
  // The extent of a variable defined elsewhere is not known for sure.
  S.E.ReadsUnknown |= any_of(S.E.Reads, [](const GlobalVariable *G) {
    return G->isDeclaration() || G->isInterposable();
  });
  return S.E;
}

/// Might it be all right, if more was known of pointers?
static bool lacksPointers(const Function &F, const Effects &E,
                          const Vows &Said) {
  if (E.Worst)
    return E.Worst->Kind == Violation::Unseen && !E.Worst->Callee;
  return E.ReadsUnknown && any_of(F.args(), [&](const Argument &A) {
           return Said.VisitOf(&F, A.getArgNo()).How != Visit::None;
         });
}

DenseMap<Function *, Effects>
lazypass::computeEffects(ArrayRef<Function *> Roots, const Vows &Said,
                         FunctionAnalysisManager &FAM) {
  DenseMap<Function *, Effects> Result;
  SmallVector<Function *, 16> Defined;
  for (Function *F : Roots)
    if (F->isDeclaration())
      Result[F].ReadsUnknown = !F->doesNotAccessMemory();
    else
      Defined.push_back(F);

  ScratchBodies Scratch(FAM);
  auto Bodies = [&](Function *F) { return Scratch.of(F); };
  auto Summaries = summarizeAll(Defined, Said, Bodies, PointsTo());
  for (Function *F : Defined) {
    Effects E = conclude(Summaries[F]);
    if (lacksPointers(*F, E, Said)) {
      PointsTo Known = computePointsTo(*F, Said, Bodies);
      E = conclude(summarizeAll(F, Said, Bodies, Known)[F]);
      for (const Argument &A : Bodies(F).Code->args())
        if (Known.lookup(&A).TouchesMore)
          E.TouchesMore.set(A.getArgNo());
    }
    Result[F] = std::move(E);
  }
  return Result;
}
