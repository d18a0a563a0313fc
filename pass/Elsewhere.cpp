//===- Elsewhere.cpp - what functions out of sight read -------------------===//
//
// Sound: a body that was compiled without the plugin has no such byte, and its
// callers take it that it reads everything.  The byte is found by the linker's
// rules for the function itself, so the two belong together.
//
//===----------------------------------------------------------------------===//

#include "Elsewhere.h"

using namespace llvm;
using namespace lazypass;

static std::string nameOf(const Function &F) {
  return ("__lazy_reads_" + F.getName()).str();
}

void lazypass::tellWhatIsRead(const LazyFunctions &Lazy, Module &M) {
  Type *ByteTy = Type::getInt8Ty(M.getContext());
  for (const auto &[F, L] : Lazy) {
    if (!L.Annotated || L.Regions.empty() || F->isDeclarationForLinker() ||
        F->hasLocalLinkage())
      continue;
    bool More = L.Memory.readsMemory() || L.Memory.Worst;
    auto *Byte =
        new GlobalVariable(M, ByteTy, /*isConstant=*/true, F->getLinkage(),
                           ConstantInt::get(ByteTy, More), nameOf(*F));
    Byte->setVisibility(F->getVisibility());
    Byte->setDSOLocal(F->isDSOLocal());
    Byte->setComdat(F->getComdat());
  }
}

Value *lazypass::mayReadMore(IRBuilder<> &B, const LazyFunction &Fn) {
  Module &M = *Fn.F->getParent();
  std::string Name = nameOf(*Fn.F);
  GlobalVariable *Byte = M.getNamedGlobal(Name);
  if (!Byte)
    Byte = new GlobalVariable(M, B.getInt8Ty(), /*isConstant=*/true,
                              GlobalValue::ExternalWeakLinkage, nullptr, Name);
  auto *Yes = M.getNamedGlobal("lazy.yes");
  if (!Yes)
    Yes = new GlobalVariable(M, B.getInt8Ty(), /*isConstant=*/true,
                             GlobalValue::PrivateLinkage, B.getInt8(1),
                             "lazy.yes");
  // Not known: as if it said yes.
  Value *There = B.CreateSelect(B.CreateIsNull(Byte), Yes, Byte);
  return B.CreateIsNotNull(B.CreateLoad(B.getInt8Ty(), There));
}
