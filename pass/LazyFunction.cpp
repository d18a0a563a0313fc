//===- LazyFunction.cpp - which functions are lazy, and can be ------------===//
//
// Algorithm
//   1. Words.cpp says which functions are annotated "lazy", and what the source
//      says about their parameters.
//   2. Lay out the payload: arguments in order of the IR's parameters, then
//      the result, each at its natural alignment, or at the payload's if that
//      is less: registers are loaded and stored as unaligned as they lie, and
//      the thunk copies objects that the function wants aligned more strictly.
//   3. Refuse what the payload cannot hold or a thunk cannot call: variadic
//      functions, results that are void or unsized.  Refuse everything where
//      there is no runtime.
//   4. Once the effects are known, refuse pointers that may be looked through
//      where the source does not say how far, or says otherwise than the body.
//      One that the function only hands on is a value like any other; so is a
//      pointer it returns, because nobody can follow that before the call is
//      done.
//   5. Refuse all of a module in which calls are counted or announced:
//      coverage, profiles and -finstrument-functions show the serial order
//      and number of calls, and must go on doing so.
//
// The IR's parameters are used, not the C types: clang has already split
// structs as the ABI wants them, and a thunk that calls with the same IR types
// is right by construction on every target.
//
//===----------------------------------------------------------------------===//

#include "LazyFunction.h"

#include "Compat.h"
#include "Words.h"
#include "lazy/abi.h"
#include "llvm/IR/DataLayout.h"

using namespace llvm;
using namespace lazypass;

/// Plain bytes of fixed size?
static bool isPlain(Type *T) {
  return T->isSized() && !T->isScalableTy() && !T->isTargetExtTy() &&
         !T->isX86_AMXTy();
}

/// The runtime is Linux's (futexes, ELF's TLS), and the layout of its structs
/// that of 64-bit pointers (abi.h).  <lazy/lazy.h> asks the same.
bool lazypass::hasRuntime(const Module &M) {
  Triple Target = targetOf(M);
  return Target.isOSLinux() && !Target.isBPF() &&
         M.getDataLayout().getPointerSizeInBits() == 64;
}

static std::string parameterName(unsigned Parameter, bool SRet) {
  return "parameter " + std::to_string(Parameter + 1 - SRet);
}

Align PayloadSlot::alignment() const {
  return commonAlignment(Align(LAZY_PAYLOAD_ALIGN), Offset);
}

Align lazypass::payloadAlign(Type *T, const DataLayout &DL) {
  return std::min(DL.getABITypeAlign(T), Align(LAZY_PAYLOAD_ALIGN));
}

Type *lazypass::memoryType(Type *T, const DataLayout &DL) {
  if (!T->isIntegerTy() || T->getIntegerBitWidth() % 8 == 0)
    return T;
  return IntegerType::get(T->getContext(),
                          DL.getTypeAllocSizeInBits(T).getFixedValue());
}

static Extension extensionOf(Type *T, const AttributeSet &Attributes) {
  if (Attributes.hasAttribute(Attribute::SExt))
    return Extension::Sign;
  if (Attributes.hasAttribute(Attribute::ZExt) || T->isIntegerTy(1))
    return Extension::Zero;
  return Extension::Unknown;
}

static PointerParameter describePointer(unsigned I, const Words &W) {
  PointerParameter P{I, is_contained(W.Opaque, I)};
  if (auto It = W.Visited.find(I); It != W.Visited.end() && !P.Opaque)
    P.Points = It->second;
  if (auto It = W.Holders.find(I); It != W.Holders.end())
    P.Holder = It->second;
  return P;
}

static void layOut(LazyFunction &L, const Words &W) {
  Function &F = *L.F;
  const DataLayout &DL = F.getParent()->getDataLayout();

  if (!hasRuntime(*F.getParent())) {
    L.Refusal = "there is no liblazy for this target, only for 64-bit Linux";
    return;
  }
  if (F.isVarArg()) {
    L.Refusal = "it is variadic; give it fixed parameters";
    return;
  }
  L.SRet = F.arg_size() && F.hasParamAttribute(0, Attribute::StructRet);

  uint64_t Offset = 0;
  auto Place = [&](PayloadSlot &S, Type *T, const AttributeSet &Attributes) {
    S.Ty = T;
    S.Extended = extensionOf(T, Attributes);
    S.Wanted =
        std::max(DL.getABITypeAlign(T), Attributes.getAlignment().valueOrOne());
    S.Size = DL.getTypeStoreSize(memoryType(T, DL)).getFixedValue();
    S.Offset = alignTo(Offset, std::min(S.Wanted, Align(LAZY_PAYLOAD_ALIGN)));
    // The thunk hands the payload itself to a function that takes or returns
    // an object in memory, so all of it must be there, padding included.
    Offset = S.Offset + DL.getTypeAllocSize(T).getFixedValue();
  };

  for (Argument &A : F.args()) {
    unsigned I = A.getArgNo();
    if (L.SRet && I == 0)
      continue;
    bool ByVal = A.hasByValAttr();
    Type *T = ByVal ? A.getParamByValType() : A.getType();
    std::string Name = parameterName(I, L.SRet);
    if (A.hasInAllocaAttr() || A.hasPreallocatedAttr() || A.hasNestAttr() ||
        A.hasSwiftErrorAttr() || !isPlain(T)) {
      L.Refusal = Name + " has a type that cannot be kept in a node";
      return;
    }
    if (holdsPointer(T))
      L.Pointers.push_back(describePointer(I, W));
    ArgumentSlot S;
    S.Parameter = I;
    S.ByVal = ByVal;
    Place(S, T, F.getAttributes().getParamAttrs(I));
    L.Arguments.push_back(S);
  }

  L.Numbers = W.Numbers;
  for (const Region &R : W.Regions)
    if (R.Parameter < F.arg_size() &&
        F.getArg(R.Parameter)->getType() == PointerType::get(F.getContext(), 0))
      L.Regions.push_back(R);
  for (auto [I, Access] : W.Files)
    L.Files.push_back({I, Access});

  Type *Result = L.SRet ? F.getParamStructRetType(0) : F.getReturnType();
  if (Result->isVoidTy()) {
    L.PayloadSize = Offset;
    return;
  }
  if (!isPlain(Result)) {
    L.Refusal = "its result has a type that cannot be kept in a node";
    return;
  }
  Place(L.Result, Result,
        L.SRet ? F.getAttributes().getParamAttrs(0)
               : F.getAttributes().getRetAttrs());
  L.PayloadSize = Offset;
  if (L.PayloadSize > UINT32_MAX)
    L.Refusal = "its arguments and result are too large for a node";
}

bool LazyFunction::writesThrough(unsigned I) const {
  return any_of(Regions, [&](const Region &R) {
    return R.Parameter == I && (R.all() & LAZY_WRITES);
  });
}

bool LazyFunction::writesRegions() const {
  return any_of(Regions, [](const Region &R) { return R.all() & LAZY_WRITES; });
}

bool LazyFunction::writesFiles() const {
  return any_of(Files,
                [](const FileParameter &P) { return P.Access & LAZY_WRITES; });
}

unsigned LazyFunction::allowedAccess(unsigned I) const {
  unsigned Access = 0;
  for (const Region &R : Regions)
    if (R.Parameter == I)
      Access |= R.all() & LAZY_WRITES ? LAZY_READS | LAZY_WRITES : LAZY_READS;
  return Access;
}

static unsigned accessOf(unsigned I, const SmallBitVector &Reads,
                         const SmallBitVector &Writes) {
  return (I < Reads.size() && Reads.test(I) ? LAZY_READS : 0) |
         (I < Writes.size() && Writes.test(I) ? LAZY_WRITES : 0);
}

unsigned LazyFunction::seenDirectly(unsigned I) const {
  return accessOf(I, Memory.ReadsThrough, Memory.WritesThrough);
}

unsigned LazyFunction::seenInside(unsigned I) const {
  return accessOf(I, Memory.ReadsInside, Memory.WritesInside);
}

bool LazyFunction::looksInside(unsigned I) const {
  return seenInside(I) || any_of(Regions, [&](const Region &R) {
           return R.Parameter == I && R.isVisited();
         });
}

unsigned LazyFunction::accessThrough(unsigned I) const {
  const Argument &A = *F->getArg(I);
  Type *T = A.hasByValAttr() ? A.getParamByValType() : A.getType();
  if (!holdsPointer(T) || A.hasStructRetAttr())
    return 0;
  unsigned Said = allowedAccess(I);
  if (Memory.WritesThrough.size() == F->arg_size())
    return Said | seenAccess(I);
  bool Opaque = any_of(Pointers, [&](const PointerParameter &P) {
    return P.Parameter == I && P.Opaque;
  });
  return Opaque ? 0 : Said ? Said : LAZY_READS | LAZY_WRITES;
}

bool LazyFunction::saysWhatItTouches() const {
  return all_of(F->args(), [&](const Argument &A) {
    return !(accessThrough(A.getArgNo()) & ~allowedAccess(A.getArgNo()));
  });
}

bool LazyFunction::writesNothing() const {
  return !doesMore() && none_of(F->args(), [&](const Argument &A) {
    return accessThrough(A.getArgNo()) & LAZY_WRITES;
  });
}

/// Does the body more with \p P than the source says?
static bool contradicts(const LazyFunction &L, const PointerParameter &P) {
  unsigned Seen = L.seenAccess(P.Parameter),
           Allowed = L.allowedAccess(P.Parameter);
  return P.Opaque ? Seen : Allowed && (Seen & ~Allowed);
}

/// Why \p P stands in the way, or nothing.
static std::string whyRefused(const LazyFunction &L,
                              const PointerParameter &P) {
  unsigned Seen = L.seenAccess(P.Parameter),
           Allowed = L.allowedAccess(P.Parameter);
  std::string Name = parameterName(P.Parameter, L.SRet);
  if (contradicts(L, P))
    return Name + (P.Opaque ? " is said to be opaque, but is looked through"
                            : " is said to be read only, but is written "
                              "through");
  if (P.Opaque || Allowed || (!Seen && !L.Memory.ReadsUnknown))
    return "";
  bool Holds = L.slotOf(P.Parameter)->ByVal;
  if (P.Lost)
    return Name + " is used at " + std::to_string(P.Lost.getLine()) + ":" +
           std::to_string(P.Lost.getCol()) +
           " in a way that does not show how much memory it points to; say "
           "LAZY_IN(count) or LAZY_OUT(count)";
  if (L.looksInside(P.Parameter))
    return Name + (L.Memory.StoresPointers.test(P.Parameter)
                       ? " points to an object whose pointers may not be there "
                         "yet; say LAZY_INOUT(1) if they are, or LAZY_OUT(1)"
                       : " may point to several objects; say LAZY_IN(count) or "
                         "LAZY_INOUT(count)");
  return Name + (Holds ? " holds a pointer" : " is a pointer") +
         ", and what it points to is not known; say LAZY_IN(count) or "
         "LAZY_OUT(count), or pass the data by value" +
         (Seen ? "" : ", or say LAZY_OPAQUE if it is not looked through");
}

/// What would help, if pointers in objects are all that is the matter.
static std::string howToVisit(const LazyFunction &L, const Violation &V) {
  if (V.Kind == Violation::Unseen && !V.Callee)
    for (const PointerParameter &P : L.Pointers)
      if (!P.Holder.empty())
        return ", or a function that tells what pointers in '" + P.Holder +
               "' point to LAZY_VISITOR";
  return "";
}

void lazypass::refuseForEffects(LazyFunction &L) {
  if (const auto &Worst = L.Memory.Worst) {
    L.Refusal = "it " + Worst->predicate(*L.F) + howToVisit(L, *Worst);
    return;
  }
  for (const PointerParameter &P : L.Pointers) {
    L.Refusal = whyRefused(L, P);
    L.Contradicted = contradicts(L, P);
    if (!L.isDeferrable())
      return;
  }
  if (L.isVoid() && !L.writesRegions() && !L.writesFiles())
    L.Refusal = "it returns nothing, and does not say what it writes; return "
                "the result by value, or say LAZY_OUT(count) of a parameter";
  if (L.isDeferrable() && !L.Files.empty()) {
    L.InOrder = true;
    L.Refusal = "it reads or writes files, which happens in order";
  }
}

/// Why the program would see when and how often functions run, or nothing.
/// The counters are plain memory, not made for several threads; those of
/// --coverage are only put in behind this pass.
static std::string whyObserved(const Module &M) {
  auto IsCounter = [](const Function &F) {
    return F.getName().starts_with("llvm.instrprof.") && !F.use_empty();
  };
  if (M.getNamedMetadata("llvm.gcov") || any_of(M, IsCounter))
    return "calls are counted here, for coverage or a profile";

  auto CallsHook = [](const Function &F) {
    return any_of(
        ArrayRef{"instrument-function-entry", "instrument-function-exit",
                 "instrument-function-entry-inlined"},
        [&](StringRef Kind) {
          return F.getFnAttribute(Kind).getValueAsString().starts_with("__cyg");
        });
  };
  if (any_of(M, CallsHook))
    return "functions of the program's own are called on entry and exit "
           "(-finstrument-functions)";
  return "";
}

LazyFunctions lazypass::collectLazyFunctions(Module &M) {
  LazyFunctions Result;
  auto Annotated = readAnnotations(M);
  // In module order, so that output does not depend on the annotations' order,
  // which differs between compilers.
  const std::string Observed = whyObserved(M);
  for (Function &F : M)
    if (auto It = Annotated.find(&F);
        It != Annotated.end() && !It->second.Salt.empty())
      F.addFnAttr("lazy-salt", It->second.Salt); // for its fingerprint
  for (Function &F : M)
    if (auto It = Annotated.find(&F);
        It != Annotated.end() && It->second.Lazy) {
      LazyFunction &L = Result[&F];
      L.F = &F;
      L.Refusal = Observed;
      L.Cached = It->second.Cached;
      L.NotCached = It->second.NotCached;
      if (L.isDeferrable())
        layOut(L, It->second);
    }
  return Result;
}

SmallPtrSet<const Function *, 16>
lazypass::collectTrustedFunctions(const Module &M) {
  SmallPtrSet<const Function *, 16> Result;
  for (const auto &[F, W] : readAnnotations(M))
    if (W.Trusted)
      Result.insert(F);
  return Result;
}
