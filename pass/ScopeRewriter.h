//===- ScopeRewriter.h - what is pending in memory --------------*- C++ -*-===//
//
// The part of the rewriter that knows the scope of the function: stores that
// wait, nodes with regions, and the program's own accesses among them.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SCOPEREWRITER_H
#define LAZYPASS_SCOPEREWRITER_H

#include "Slots.h"

namespace lazypass {

class ScopeRewriter {
public:
  /// Creates the scope, if the plan has use for it.
  ScopeRewriter(const FunctionPlan &Plan, Emitter &Runtime, Slots &Vars);

  /// What Event::Touch, Settle, Stream and Commit ask for.
  void touch(const Event &E);
  void touchRegions(const Event &E);
  void settle(llvm::Instruction *At);
  void useStream(const Event &E);
  void commit(const Event &E);

  /// So many nodes a node of \p S may have to wait for in memory.
  static unsigned countOrders(const Site &S);

  /// Room for what memory \p S touches, or null if it has no regions.
  llvm::AllocaInst *createRegions(const Site &S);

  /// In front of the start of \p Node; if it cannot have its regions, the call
  /// is made in place.
  void enterRegions(llvm::IRBuilder<> &B, const Site &S, llvm::Value *Node,
                    llvm::AllocaInst *Regions, llvm::BasicBlock *InPlace);

  /// Tells the runtime what memory \p Node, which is kept, is computed from;
  /// \p Regions, if there are any, say so already.
  void noteReads(llvm::IRBuilder<> &B, const Site &S, llvm::Value *Node,
                 llvm::AllocaInst *Regions);

  /// In front of the call in place, if anything is pending.
  void waitForRegions(const Site &S, llvm::AllocaInst *Regions);

private:
  const FunctionPlan &Plan;
  Emitter &Runtime;
  Slots &Vars;
  llvm::Function &F;
  const llvm::DataLayout &DL;
  llvm::PointerType *PtrTy;
  llvm::MDNode *Unlikely;
  llvm::AllocaInst *Scope = nullptr;

  void fillRegions(llvm::IRBuilder<> &B, const Site &S,
                   llvm::AllocaInst *Regions);
  llvm::Instruction *branch(llvm::Value *If, llvm::Instruction *At, bool Rare);
  llvm::Instruction *branchIfPending(llvm::Instruction *At);
  void touchBytes(llvm::Instruction *At, llvm::Value *Address,
                  llvm::Value *Length, bool Writes);
  void touchUpwards(const Event &E);
  llvm::Value *loadMember(llvm::IRBuilder<> &B, llvm::Value *Address,
                          llvm::Value *Offset, unsigned Bytes);
  void standFor(llvm::IRBuilder<> &B, llvm::Value *Pointer, MemoryRows &Rows);
  void avoidReaders(const Event &E);
};

} // namespace lazypass

#endif // LAZYPASS_SCOPEREWRITER_H
