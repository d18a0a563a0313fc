//===- PointerUses.cpp - where a pointer goes -----------------------------===//

#include "PointerUses.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
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
