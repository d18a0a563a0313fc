//===- Elsewhere.cpp - what functions out of sight read -------------------===//
//
// Sound: a body that was compiled without the plugin has no such byte, and its
// callers take it that it reads everything.  One that is not proved to write
// nothing else has one that makes them run it in place.  The byte is found by
// the linker's rules for the function itself, so the two belong together.
//
//===----------------------------------------------------------------------===//

#include "Elsewhere.h"

#include "Objects.h"
#include "lazy/abi.h"

using namespace llvm;
using namespace lazypass;

/// Of the byte for callers that see no visitors, or those of \p Visited.
static std::string nameOf(const Function &F, ArrayRef<unsigned> Visited) {
  std::string Name = ("__lazy_reads_" + F.getName()).str();
  if (!Visited.empty())
    Name += ".visiting";
  for (unsigned I : Visited)
    Name += "." + std::to_string(I);
  return Name;
}

/// The parameters behind which visitors tell what there is, as callers see it
/// who do not see the body.
static SmallVector<unsigned, 4> visitedBy(const LazyFunction &L) {
  SmallVector<unsigned, 4> Visited;
  for (const PointerParameter &P : L.Pointers) {
    bool IsSaid = any_of(L.Regions, [&](const Region &R) {
      return R.Parameter == P.Parameter && R.Said;
    });
    if (visitOf(L, P.Parameter).How != Visit::None &&
        (IsSaid || P.Points.Const))
      Visited.push_back(P.Parameter);
  }
  return Visited;
}

static void tell(Function &F, ArrayRef<unsigned> Visited, unsigned Access) {
  Module &M = *F.getParent();
  Type *ByteTy = Type::getInt8Ty(M.getContext());
  auto *Byte =
      new GlobalVariable(M, ByteTy, /*isConstant=*/true, F.getLinkage(),
                         ConstantInt::get(ByteTy, Access), nameOf(F, Visited));
  Byte->setVisibility(F.getVisibility());
  Byte->setDSOLocal(F.isDSOLocal());
  Byte->setComdat(F.getComdat());
}

void lazypass::tellWhatIsRead(const LazyFunctions &Lazy) {
  for (const auto &[F, L] : Lazy) {
    if (!L.Annotated || L.Regions.empty() || F->isDeclarationForLinker() ||
        F->hasLocalLinkage())
      continue;
    unsigned More = L.doesMore() || L.DeclaresLess ? LAZY_READS | LAZY_WRITES
                    : L.Memory.readsMemory()       ? LAZY_READS
                                                   : 0;
    unsigned Told = 0;
    for (const Region &R : L.Regions)
      Told |= R.Told;
    auto Visited = visitedBy(L);
    tell(*F, {}, Told | More);
    if (!Visited.empty())
      tell(*F, Visited, More);
  }
}

Value *lazypass::howMuchMore(IRBuilder<> &B, const LazyFunction &Fn) {
  Module &M = *Fn.F->getParent();
  std::string Name = nameOf(*Fn.F, visitedBy(Fn));
  GlobalVariable *Byte = M.getNamedGlobal(Name);
  if (!Byte)
    Byte = new GlobalVariable(M, B.getInt8Ty(), /*isConstant=*/true,
                              GlobalValue::ExternalWeakLinkage, nullptr, Name);
  // Not known: it may read anything; or more, where nobody has said how many
  // objects there are.
  bool AllSaid = all_of(Fn.Regions, [](const Region &R) { return R.Said; });
  unsigned Most = LAZY_READS | (AllSaid ? 0 : LAZY_WRITES);
  std::string UnknownName = "lazy.unknown." + std::to_string(Most);
  auto *Unknown = M.getNamedGlobal(UnknownName);
  if (!Unknown)
    Unknown = new GlobalVariable(M, B.getInt8Ty(), /*isConstant=*/true,
                                 GlobalValue::PrivateLinkage, B.getInt8(Most),
                                 UnknownName);
  Value *There = B.CreateSelect(B.CreateIsNull(Byte), Unknown, Byte);
  Value *Access = B.CreateLoad(B.getInt8Ty(), There);
  Value *Writes = B.CreateICmpUGE(Access, B.getInt8(LAZY_WRITES));
  return B.CreateSelect(Writes, B.getInt64(LAZY_NOBODY_KNOWS),
                        B.CreateSelect(B.CreateIsNotNull(Access),
                                       B.getInt64(LAZY_EVERYWHERE),
                                       B.getInt64(0)));
}
