//===- LoopSlice.h - the part of a loop that can run ahead ------*- C++ -*-===//
//
// To know with which arguments a call in a loop will be made, one need not run
// the whole loop: only what the arguments are computed from, and what decides
// how often and whether control comes by.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_LOOPSLICE_H
#define LAZYPASS_LOOPSLICE_H

#include "LazyFunction.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/PostDominators.h"

namespace lazypass {

struct LoopSlice {
  /// Instructions of the loop that belong to it, terminators with a choice
  /// included.
  llvm::SmallPtrSet<llvm::Instruction *, 32> Instructions;

  /// Where control goes after a terminator whose choice does not matter.
  llvm::DenseMap<llvm::Instruction *, llvm::BasicBlock *> Shortcuts;
};

class LoopSlicer {
public:
  LoopSlicer(const llvm::Loop &L, const LazyFunctions &Lazy,
             llvm::PostDominatorTree &PDT, llvm::AAResults &AA);

  /// Adds all that decides when \p BB executes, and when the loop ends.  False:
  /// that cannot run ahead of the rest of the loop.
  bool addControl(llvm::BasicBlock *BB);

  /// Adds what \p V is computed from.  False, and nothing added: it cannot run
  /// ahead.
  bool addValue(llvm::Value *V);

  /// Can the memory at \p Pointer be read ahead?
  bool addMemory(llvm::Value *Pointer);

  LoopSlice finish();

private:
  const llvm::Loop &L;
  const LazyFunctions &Lazy;
  llvm::PostDominatorTree &PDT;
  llvm::AAResults &AA;
  llvm::SmallVector<llvm::Instruction *, 8> Writers;
  LoopSlice S;

  bool add(llvm::ArrayRef<llvm::Value *> Values,
           llvm::ArrayRef<llvm::BasicBlock *> Blocks);
  bool canRunAhead(llvm::Instruction &I) const;
  bool mayWrite(llvm::Instruction &Writer,
                const llvm::MemoryLocation &Object) const;
  bool staysAsItIs(const llvm::Value *Pointer) const;
};

} // namespace lazypass

#endif // LAZYPASS_LOOPSLICE_H
