//===- Slots.h - the pair (node, value) of each variable --------*- C++ -*-===//
//
// While a function is rewritten, every variable has two stack slots: its node,
// null at first, and its value (an object is its own value slot).  What is done
// to a variable is done to the slots; in the end LLVM's promotion turns them
// into registers, and what remains are the PHIs of the pair that the flow of
// control asks for, and nothing where a node is known to be null.
//
// Ownership: a node slot that is not null owns one reference.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SLOTS_H
#define LAZYPASS_SLOTS_H

#include "Emitter.h"
#include "Plan.h"

namespace lazypass {

class Slots {
public:
  /// Creates them, empty, at the entry of Plan.F.
  Slots(const FunctionPlan &Plan, Emitter &Runtime);

  unsigned size() const { return Vars.size(); }

  llvm::Value *loadNode(llvm::IRBuilder<> &B, unsigned Var);
  void storeNode(llvm::IRBuilder<> &B, unsigned Var, llvm::Value *Node);
  void clearNode(llvm::IRBuilder<> &B, unsigned Var);
  void storeValue(llvm::IRBuilder<> &B, unsigned Var, llvm::Value *V);

  /// Who forces a variable that has been passed on waits for those that have
  /// it.
  void orderForces(llvm::AllocaInst *InScope) { Scope = InScope; }

  /// The result of a site, in place: the one user of the call that stays.
  void storeResult(llvm::IRBuilder<> &B, unsigned Var, llvm::CallInst *Call);

  /// Before \p At: if there is a node, waits for it and takes its value.  Its
  /// reference is given up, unless handles are taken and somebody still looks.
  void force(unsigned Var, llvm::Instruction *At, bool LastUse = false);

  /// Before \p At: if there is a node, lets it go.
  void drop(unsigned Var, llvm::Instruction *At);

  /// The value of \p V here, if it is a piece of a variable; else \p V.
  llvm::Value *materialize(llvm::IRBuilder<> &B, llvm::Value *V);

  /// When all is rewritten: every remaining user of a piece loads the value
  /// where it uses it, and the slots become registers.
  void dissolve();

private:
  struct Pair {
    llvm::AllocaInst *Node;
    llvm::AllocaInst *Value;
    bool Started = false; ///< some site that defines it starts at once
  };

  const FunctionPlan &Plan;
  Emitter &Runtime;
  llvm::PointerType *PtrTy;
  std::vector<Pair> Vars;
  llvm::AllocaInst *Scope = nullptr;
  llvm::SmallPtrSet<llvm::Instruction *, 8> ResultStores;

  void findStarted();
  void replaceRegisters();
  void promote();
};

} // namespace lazypass

#endif // LAZYPASS_SLOTS_H
