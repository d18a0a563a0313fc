//===- LazyFunction.cpp - which functions are lazy, and can be ------------===//
//
// Algorithm
//   1. Walk @llvm.global.annotations; keep functions annotated "lazy".
//   2. Lay out the payload: arguments in order of the IR's parameters, each at
//      its natural alignment, then the result.
//   3. Refuse what the payload cannot hold or a thunk cannot call: pointers
//      (their extent is unknown), variadic functions, alignments above the
//      payload's, results that are void or unsized.  Refuse everything where
//      there is no runtime.
//
// The IR's parameters are used, not the C types: clang has already split
// structs as the ABI wants them, and a thunk that calls with the same IR types
// is right by construction on every target.
//
//===----------------------------------------------------------------------===//

#include "LazyFunction.h"

#include "Compat.h"
#include "lazy/abi.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"

using namespace llvm;
using namespace lazypass;

static bool isLazyAnnotation(const Constant *Text) {
  auto *G = dyn_cast<GlobalVariable>(Text->stripPointerCasts());
  if (!G || !G->hasInitializer())
    return false;
  auto *Bytes = dyn_cast<ConstantDataSequential>(G->getInitializer());
  return Bytes && Bytes->isCString() && Bytes->getAsCString() == "lazy";
}

/// Does a value of this type hold a pointer the IR can see?
static bool holdsPointer(Type *T) {
  if (T->isPtrOrPtrVectorTy())
    return true;
  return llvm::any_of(T->subtypes(), holdsPointer);
}

/// Plain bytes of fixed size?
static bool isPlain(Type *T) {
  return T->isSized() && !T->isScalableTy() && !T->isTargetExtTy() &&
         !T->isX86_AMXTy();
}

/// The runtime is Linux's (futexes, ELF's TLS), and the layout of its structs
/// that of 64-bit pointers (abi.h).  <lazy/lazy.h> asks the same.
static bool hasRuntime(const Module &M) {
  Triple Target = targetOf(M);
  return Target.isOSLinux() && !Target.isBPF() &&
         M.getDataLayout().getPointerSizeInBits() == 64;
}

static std::string parameterName(unsigned Parameter, bool SRet) {
  return "parameter " + std::to_string(Parameter + 1 - SRet);
}

static void layOut(LazyFunction &L) {
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
  auto Place = [&](Type *T, const Twine &What, uint64_t &Size) -> uint64_t {
    Align A = DL.getABITypeAlign(T);
    if (A.value() > LAZY_PAYLOAD_ALIGN)
      L.Refusal =
          (What + " is aligned to " + Twine(A.value()) + " bytes; at most " +
           Twine(LAZY_PAYLOAD_ALIGN) + " can be deferred")
              .str();
    Size = DL.getTypeStoreSize(T).getFixedValue();
    uint64_t At = alignTo(Offset, A);
    Offset = At + DL.getTypeAllocSize(T).getFixedValue();
    return At;
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
    if (holdsPointer(T)) {
      L.Refusal = Name + (ByVal ? " holds a pointer" : " is a pointer") +
                  ", and what it points to is not known; pass the data by "
                  "value";
      return;
    }
    ArgumentSlot S{I, T, ByVal, 0, 0};
    S.Offset = Place(T, Name, S.Size);
    if (ByVal && A.getParamAlign().valueOrOne().value() > LAZY_PAYLOAD_ALIGN)
      L.Refusal = Name + " is aligned more strictly than a node can be";
    if (!L.Refusal.empty())
      return;
    L.Arguments.push_back(S);
  }

  L.ResultTy = L.SRet ? F.getParamStructRetType(0) : F.getReturnType();
  if (L.ResultTy->isVoidTy()) {
    L.Refusal = "it returns nothing, so nothing can wait for it; return the "
                "result by value";
    return;
  }
  if (!isPlain(L.ResultTy) || holdsPointer(L.ResultTy)) {
    L.Refusal = "its result holds a pointer, and who owns what it points to "
                "is not known; return the data by value";
    return;
  }
  L.ResultOffset = Place(L.ResultTy, "its result", L.ResultSize);
  // The thunk hands the payload itself to a function that returns through a
  // pointer, so the whole object must be there, padding included.
  L.PayloadSize = Offset;
  if (L.PayloadSize > UINT32_MAX)
    L.Refusal = "its arguments and result are too large for a node";
}

LazyFunctions lazypass::collectLazyFunctions(Module &M) {
  LazyFunctions Result;
  auto *Annotations = M.getGlobalVariable("llvm.global.annotations");
  if (!Annotations || !Annotations->hasInitializer())
    return Result;
  auto *List = dyn_cast<ConstantArray>(Annotations->getInitializer());
  if (!List)
    return Result;

  SmallPtrSet<Function *, 16> Annotated;
  for (const Use &U : List->operands()) {
    auto *Entry = dyn_cast<ConstantStruct>(U.get());
    if (!Entry || Entry->getNumOperands() < 2)
      continue;
    auto *F = dyn_cast<Function>(Entry->getOperand(0)->stripPointerCasts());
    if (F && isLazyAnnotation(Entry->getOperand(1)))
      Annotated.insert(F);
  }
  // In module order, so that output does not depend on the annotations' order,
  // which differs between compilers.
  for (Function &F : M)
    if (Annotated.contains(&F)) {
      LazyFunction &L = Result[&F];
      L.F = &F;
      layOut(L);
    }
  return Result;
}
