//===- MemoryOrder.h - pending work against the program's memory -*- C++ -*-==//
//
// Two kinds of pending work care about memory: stores that wait in the scope,
// and nodes whose functions read memory.  This analysis says, instruction by
// instruction, what has to be done before it so that neither the program nor a
// node sees a byte that the serial program would not have seen.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_MEMORYORDER_H
#define LAZYPASS_MEMORYORDER_H

#include "Plan.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/MemoryLocation.h"

namespace lazypass {

class MemoryOrder {
public:
  MemoryOrder(const FunctionPlan &Plan, const LazyFunctions &Lazy,
              llvm::AAResults &AA);

  /// May a store of a pending value at \p Address wait?  If so, fills in
  /// Event::Avoid and remembers the address; if not, says why.
  bool canWait(llvm::Value *Address, Event &Commit, llvm::StringRef &WhyNot);

  /// Call after all canWait(): appends the events that must precede \p I,
  /// which is no Commit (that looks after itself).
  void before(llvm::Instruction &I, std::vector<Event> &Out) const;

private:
  const FunctionPlan &Plan;
  const LazyFunctions &Lazy;
  llvm::AAResults &AA;
  const llvm::DataLayout &DL;

  /// Anywhere in the objects that waiting stores may go to.
  std::vector<llvm::MemoryLocation> Waiting;
  std::vector<unsigned> Readers; ///< variables whose nodes read memory
  bool WaitingReaders = false;   ///< so do nodes whose stores wait

  bool mayLeave(const llvm::Instruction &I) const;
  bool mayWait(const llvm::MemoryLocation &Loc) const;
  void beforeLazyCall(llvm::CallBase &Call, const LazyFunction &Fn,
                      std::vector<Event> &Out) const;
  void beforeWrite(llvm::Instruction &I, std::vector<Event> &Out) const;
};

/// All of every object that \p Pointer may ever point into.
llvm::SmallVector<llvm::MemoryLocation, 2>
wholeObjects(const llvm::Value *Pointer);

/// May \p I change what is read: these globals, or memory nobody can name?
bool mayChange(llvm::Instruction &I, bool ReadsUnknown,
               llvm::ArrayRef<llvm::GlobalVariable *> Reads,
               llvm::AAResults &AA);

/// A call of a lazy function that writes nothing but the object it returns
/// into.
bool isStatelessCall(const llvm::Instruction &I, const LazyFunctions &Lazy);

/// Removes Touch and Settle events that no waiting store can reach.
void pruneClosedScope(FunctionPlan &Plan);

} // namespace lazypass

#endif // LAZYPASS_MEMORYORDER_H
