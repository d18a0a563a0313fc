//===- PointerUses.cpp - where a pointer goes -----------------------------===//

#include "PointerUses.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

const Use *lazypass::findUseUnless(const Value &Pointer,
                                   function_ref<bool(const Use &)> Allowed) {
  SmallVector<const Value *, 16> Work{&Pointer};
  SmallPtrSet<const Value *, 16> Seen;
  while (!Work.empty()) {
    const Value *P = Work.pop_back_val();
    if (!Seen.insert(P).second)
      continue;
    for (const Use &U : P->uses()) {
      const User *By = U.getUser();
      if (isa<GetElementPtrInst, PHINode, SelectInst>(By) &&
          By->getType()->isPointerTy())
        Work.push_back(By);
      else if (!Allowed(U))
        return &U;
    }
  }
  return nullptr;
}

bool lazypass::isAccessOrCompare(const Use &U) {
  const User *By = U.getUser();
  if (isa<LoadInst, ICmpInst>(By))
    return true;
  if (isa<StoreInst>(By))
    return U.getOperandNo() == StoreInst::getPointerOperandIndex();
  if (isa<MemIntrinsic>(By))
    return true;
  auto *Intrinsic = dyn_cast<IntrinsicInst>(By);
  return Intrinsic && Intrinsic->isAssumeLikeIntrinsic();
}

bool lazypass::tellsPlace(const Use &U, const Value &Pointer) {
  if (!U->getType()->isPtrOrPtrVectorTy() || isa<ConstantPointerNull>(U))
    return false;
  auto *Compare = dyn_cast<ICmpInst>(U.getUser());
  if (!Compare)
    return isa<PtrToIntInst>(U.getUser());
  SmallVector<const Value *, 4> Objects;
  getUnderlyingObjects(Compare->getOperand(1 - U.getOperandNo()), Objects,
                       /*LI=*/nullptr, /*MaxLookup=*/0);
  return !all_of(Objects, [&](const Value *Object) {
    return Object == &Pointer || isa<ConstantPointerNull>(Object);
  });
}
