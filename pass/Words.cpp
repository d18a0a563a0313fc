//===- Words.cpp - what the source says about a function ------------------===//
//
// Algorithm
//   1. Walk @llvm.global.annotations, where clang puts the annotations of
//      functions, and Sema*.cpp what is said about parameters.
//   2. Split each at its colons, and read the fields (Annotations.h).
//
// What does not read as it should is no word of ours: other tools annotate
// functions, too.  Sema.cpp has already told of mistakes.
//
//===----------------------------------------------------------------------===//

#include "Words.h"

#include "Annotations.h"
#include "lazy/abi.h"
#include "llvm/IR/Constants.h"

using namespace llvm;
using namespace lazypass;

static StringRef annotationText(const Constant *Text) {
  auto *G = dyn_cast<GlobalVariable>(Text->stripPointerCasts());
  if (!G || !G->hasInitializer())
    return "";
  auto *Bytes = dyn_cast<ConstantDataSequential>(G->getInitializer());
  return Bytes && Bytes->isCString() ? Bytes->getAsCString() : "";
}

/// \p Fields are PLACE:ACCESS:EXTENT:ROWS:STRIDE.
static std::optional<Region> parseRegion(ArrayRef<StringRef> Fields,
                                         const Function &F) {
  int Place;
  Region R;
  if (Fields.size() != 5 || Fields[0].getAsInteger(10, Place) ||
      Fields[1].getAsInteger(10, R.Access))
    return std::nullopt;
  auto Size = parseExtent(Fields[2], F), Rows = parseExtent(Fields[3], F),
       Stride = parseExtent(Fields[4], F);
  if (!Size || !Rows || !Stride)
    return std::nullopt;
  R.Parameter = parameterAt(F, Place);
  R.Size = *Size;
  R.Rows = *Rows;
  R.Stride = *Stride;
  return R;
}

/// \p Fields are PLACE:SIZE:CONST, and \p Arguments the visitor.
static void readObjects(Words &W, ArrayRef<StringRef> Fields,
                        const Constant *Arguments, const Function &F) {
  auto *G = dyn_cast<GlobalVariable>(Arguments->stripPointerCasts());
  int Place;
  Visitable O;
  if (!G || !G->hasInitializer() || Fields.size() != 3 ||
      Fields[0].getAsInteger(10, Place) || Fields[1].getAsInteger(10, O.Size) ||
      Fields[2].getAsInteger(10, O.Const))
    return;
  O.Visitor = dyn_cast_or_null<Function>(
      G->getInitializer()->getAggregateElement(0u)->stripPointerCasts());
  if (O.Visitor)
    W.Visited[parameterAt(F, Place)] = O;
}

/// \p Fields are OFFSET+SIZE,... and OFFSET,...
static std::optional<ObjectLayout> parseLayout(ArrayRef<StringRef> Fields) {
  ObjectLayout L;
  SmallVector<StringRef, 16> Numbers, Pointers;
  if (Fields.size() != 2)
    return std::nullopt;
  Fields[0].split(Numbers, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  Fields[1].split(Pointers, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef Number : Numbers) {
    auto [From, Size] = Number.split('+');
    L.Numbers.emplace_back();
    if (From.getAsInteger(10, L.Numbers.back().first) ||
        Size.getAsInteger(10, L.Numbers.back().second))
      return std::nullopt;
  }
  for (StringRef Pointer : Pointers) {
    L.Pointers.emplace_back();
    if (Pointer.getAsInteger(10, L.Pointers.back()))
      return std::nullopt;
  }
  return L;
}

static void read(Words &W, StringRef Annotation, const Constant *Arguments,
                 const Function &F) {
  SmallVector<StringRef, 6> Part;
  Annotation.split(Part, ':');
  int Place;
  if (Annotation == LazyWord)
    W.Lazy = true;
  else if (Annotation == TrustedWord)
    W.Trusted = true;
  else if (Annotation == CachedWord)
    W.Cached = true;
  else if (Annotation == NotCachedWord)
    W.NotCached = true;
  else if (Part[0] == SaltWord)
    W.Salt += Annotation.split(':').second;
  else if (Part[0] == OpaqueWord && Part.size() == 2 &&
           !Part[1].getAsInteger(10, Place))
    W.Opaque.push_back(parameterAt(F, Place));
  else if (Part[0] == RegionWord || Part[0] == DeclaredWord)
    if (auto R = parseRegion(ArrayRef(Part).drop_front(), F)) {
      R->Declared = Part[0] == DeclaredWord;
      W.Regions.push_back(*R);
    }
  if ((Part[0] == FileInWord || Part[0] == FileOutWord) && Part.size() == 2 &&
      !Part[1].getAsInteger(10, Place))
    W.Files[parameterAt(F, Place)] |=
        Part[0] == FileInWord ? LAZY_READS : LAZY_WRITES;
  if (Part[0] == LayoutWord)
    W.Layout = parseLayout(ArrayRef(Part).drop_front());
  if (Part[0] == ObjectsWord && Arguments)
    readObjects(W, ArrayRef(Part).drop_front(), Arguments, F);
  if (Part[0] == NumberWord && Part.size() == 2 &&
      !Part[1].getAsInteger(10, Place))
    W.Numbers.push_back(parameterAt(F, Place));
  if (Part[0] == HolderWord && Part.size() > 2 &&
      !Part[1].getAsInteger(10, Place))
    W.Holders[parameterAt(F, Place)] =
        Annotation.split(':').second.split(':').second.str();
}

DenseMap<const Function *, Words> lazypass::readAnnotations(const Module &M) {
  DenseMap<const Function *, Words> Annotated;
  auto *Annotations = M.getGlobalVariable("llvm.global.annotations");
  if (!Annotations || !Annotations->hasInitializer())
    return Annotated;
  auto *List = dyn_cast<ConstantArray>(Annotations->getInitializer());
  if (!List)
    return Annotated;
  for (const Use &U : List->operands()) {
    auto *Entry = dyn_cast<ConstantStruct>(U.get());
    if (!Entry || Entry->getNumOperands() < 2)
      continue;
    auto *F = dyn_cast<Function>(Entry->getOperand(0)->stripPointerCasts());
    if (F)
      read(Annotated[F], annotationText(Entry->getOperand(1)),
           Entry->getNumOperands() > 4 ? Entry->getOperand(4) : nullptr, *F);
  }
  return Annotated;
}
