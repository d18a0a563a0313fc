//===- EmitterCode.cpp - what compiled code says of itself ----------------===//
//
// See Fingerprint.h, and struct lazy_code in abi.h.
//
// A module that does not say what its code is leaves the others with a null
// pointer: the names are weak.  The functions themselves are not referred to,
// for that would have the linker ask for some that the optimiser drops.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "lazy/abi.h"
#include "llvm/IR/Constants.h"

using namespace llvm;
using namespace lazypass;

GlobalVariable *Emitter::codeOf(const std::string &Name) {
  std::string Full = "__lazy_code_" + Name;
  GlobalVariable *G = M.getNamedGlobal(Full);
  return G ? G
           : new GlobalVariable(M, CodeTy, /*isConstant=*/true,
                                GlobalValue::ExternalWeakLinkage, nullptr,
                                Full);
}

Constant *Emitter::hash(const Fingerprint &Code) {
  return ConstantDataArray::get(Ctx, ArrayRef(Code.Hash));
}

Constant *Emitter::externals(const Fingerprint &Code, const Twine &Name) {
  if (Code.Externals.empty())
    return Constant::getNullValue(PtrTy);
  SmallVector<Constant *, 8> All;
  for (const std::string &E : Code.Externals)
    All.push_back(ConstantStruct::get(ExternalTy, {string(E), codeOf(E)}));
  return privateGlobal(
      ConstantArray::get(ArrayType::get(ExternalTy, All.size()), All),
      /*Constant=*/true, Name);
}

void Emitter::tellCode(GlobalValue &G, const Fingerprint &Code) {
  std::string Name = GlobalValue::dropLLVMManglingEscape(G.getName()).str();
  GlobalVariable *Told = codeOf(Name);
  Told->setInitializer(ConstantStruct::get(
      CodeTy, {hash(Code), externals(Code, "lazy.externals." + Name),
               ConstantInt::get(I64, Code.Externals.size())}));
  Told->setLinkage(G.getLinkage());
  Told->setVisibility(G.getVisibility());
  Told->setDSOLocal(G.isDSOLocal());
  if (auto *O = dyn_cast<GlobalObject>(&G))
    Told->setComdat(const_cast<Comdat *>(O->getComdat()));
}
