//===- Cacheable.cpp - whose results can be kept --------------------------===//
//
// Results are kept under a key made of the code, the arguments, and what is in
// the memory that a call reads.  So all three must be there to be seen.
//
// Algorithm
//   1. The body is in sight, and is the last word.
//   2. All memory that it reads has a name or a region.
//   3. What it returns and writes are no addresses, nor follow from any
//      (Addresses.h).  What malloc() has given it, it may return: then what is
//      in that memory is the result.
//   4. Of the arguments count the bytes of numbers, those of structs without
//      padding; for pointers, what is in their regions counts; of objects with
//      pointers inside, what their visitors tell (runtime/shape.c).  Into such
//      objects it copies no pointers, then.
//
// Sound: what is not known keeps a function out.
//
//===----------------------------------------------------------------------===//

#include "Cacheable.h"

#include "lazy/abi.h"
#include "llvm/IR/DerivedTypes.h"

using namespace llvm;
using namespace lazypass;

static std::string parameterText(const LazyFunction &L, unsigned Parameter) {
  StringRef Name = L.F->getArg(Parameter)->getName();
  return Name.empty() ? "parameter " + std::to_string(Parameter + 1 - L.SRet)
                      : ("'" + Name + "'").str();
}

/// Step 3, for one pointer.
static std::string whyNotPointer(const LazyFunction &L,
                                 const PointerParameter &P) {
  std::string Name = parameterText(L, P.Parameter);
  if (P.Opaque)
    return "what " + Name + " points to is not looked at, so it is an address";
  if (!P.Holder.empty())
    return Name + " points to '" + P.Holder +
           "', which holds pointers and has no visitor";
  auto Region = find_if(L.Regions, [&](const lazypass::Region &R) {
    return R.Parameter == P.Parameter;
  });
  if (Region == L.Regions.end())
    return L.accessThrough(P.Parameter)
               ? "how much is read or written through " + Name + " is not known"
               : "";
  if (Region->isVisited() && (Region->all() & LAZY_WRITES) &&
      L.Memory.Addresses.Copies)
    return "it may copy an address to where " + Name + " points";
  return "";
}

std::string lazypass::whyNotCacheable(const LazyFunction &L, bool Trusted) {
  if (!L.F->hasExactDefinition())
    return L.F->isDeclaration() ? "its body is in another file"
                                : "its body may be replaced by the linker";
  if (Trusted && !L.Cached)
    return "it is vouched for, and may do more than compute; add LAZY_CACHED "
           "if it does not";
  if (L.Contradicted)
    return "the body does what the source says that it does not";
  if (L.Memory.ReadsUnknown)
    return "it reads memory that has no name";
  for (const FileParameter &P : L.Files)
    if (P.Access == (LAZY_READS | LAZY_WRITES))
      return "it changes the file that " + parameterText(L, P.Parameter) +
             " names in place";
  if (!L.ReturnsBlock && (holdsPointer(L.F->getReturnType()) ||
                          (L.SRet && holdsPointer(L.Result.Ty))))
    return "it returns an address";
  if (L.ReturnsBlock && L.Memory.Addresses.Stores)
    return "what it returns may hold addresses";
  if (L.Memory.Frees)
    return "it may free memory that it has not allocated itself";
  if (StringRef Why = L.Memory.Addresses.problem(); !Why.empty())
    return ("it " + Why).str();
  for (const PointerParameter &P : L.Pointers)
    if (std::string Why = whyNotPointer(L, P); !Why.empty())
      return Why;
  return "";
}

bool lazypass::isWorthCaching(const LazyFunction &L) {
  return L.Annotated && !L.NotCached &&
         (L.Cached || L.InOrder || (L.isDeferrable() && !L.Short)) &&
         !(L.isVoid() && !L.writesRegions() && !L.writesFiles());
}

/// Step 4: the bytes of a value of type \p T at \p Offset.
static void addBytes(SmallVectorImpl<std::pair<uint64_t, uint64_t>> &Bytes,
                     Type *T, uint64_t Offset, const DataLayout &DL) {
  if (auto *Struct = dyn_cast<StructType>(T)) {
    const StructLayout *Layout = DL.getStructLayout(Struct);
    for (unsigned I = 0; I != Struct->getNumElements(); ++I)
      addBytes(Bytes, Struct->getElementType(I),
               Offset + Layout->getElementOffset(I).getFixedValue(), DL);
    return;
  }
  auto *Array = dyn_cast<ArrayType>(T);
  Type *Element = Array ? Array->getElementType() : nullptr;
  if (Array && DL.getTypeStoreSize(Element) != DL.getTypeAllocSize(Element)) {
    for (uint64_t I = 0; I != Array->getNumElements(); ++I)
      addBytes(Bytes, Element, Offset + I * DL.getTypeAllocSize(Element), DL);
    return;
  }
  uint64_t Size = DL.getTypeStoreSize(memoryType(T, DL)).getFixedValue();
  if (Size == 0)
    return;
  if (!Bytes.empty() && Bytes.back().first + Bytes.back().second == Offset)
    Bytes.back().second += Size;
  else
    Bytes.push_back({Offset, Size});
}

SmallVector<std::pair<uint64_t, uint64_t>, 8>
lazypass::keyedBytes(const LazyFunction &L, const DataLayout &DL) {
  SmallVector<std::pair<uint64_t, uint64_t>, 8> Bytes;
  for (const ArgumentSlot &S : L.Arguments)
    if (S.ByVal || !S.Ty->isPointerTy())
      addBytes(Bytes, S.Ty, S.Offset, DL);
  return Bytes;
}
