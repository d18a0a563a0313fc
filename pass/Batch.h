//===- Batch.h - calls in a loop, many at a time ----------------*- C++ -*-===//
//
//     for (i = 0; i < n; i++) sum += f(a[i]);
//
// needs every value at once, and a node for each would cost more than a small f
// takes.  But which calls are to come is known ahead of the additions: so the
// loop runs ahead, only to note arguments in a row of records; the calls of all
// the records are made, on all threads; and the loop itself then goes through
// the records, in order, and does with the results whatever it does.
//
// Glossary
//   record   the arguments of one execution of the batch's calls, and results
//   slice    what is run ahead (LoopSlice.h)
//   group    calls in one block that are made together
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_BATCH_H
#define LAZYPASS_BATCH_H

#include "Emitter.h"
#include "LoopSlice.h"
#include "Plan.h"

namespace lazypass {

/// A value of the slice, or the bytes at an address that it computes.
struct BatchInput {
  llvm::Value *V;
  llvm::Type *Ty; ///< of the value; of the bytes
  bool InMemory;
  llvm::Align Wanted;  ///< by the called function
  uint64_t Offset = 0; ///< in the record
};

struct BatchCall : Site {
  uint64_t ResultOffset; ///< in the record
};

struct Batch {
  llvm::Loop *L;
  llvm::BasicBlock *Block = nullptr;
  std::vector<BatchCall> Calls; ///< in Block, in order
  std::vector<BatchInput> Inputs;
  /// Arithmetic between the calls, from one's result to another's argument.
  llvm::SmallVector<llvm::Instruction *, 4> Between;
  uint64_t Stride;       ///< bytes of a record
  llvm::Align Alignment; ///< of a record
  bool Deferrable;       ///< calls left alone would be nodes, not in place
  bool Recursive;        ///< the calls may come by this loop again
  LoopSlice Slice;

  llvm::Align alignAt(uint64_t Offset) const {
    return llvm::commonAlignment(Alignment, Offset);
  }
};

/// Looks for one among the certain calls of \p Plan that is no batch yet.
std::optional<Batch> findBatch(const FunctionPlan &Plan,
                               const LazyFunctions &Lazy,
                               llvm::FunctionAnalysisManager &FAM);

/// Rewrites the loop.  What is analysed of the function is no longer true.
void rewriteBatch(Batch &B, Emitter &Runtime, llvm::DominatorTree &DT);

/// Does \p I note an input, in a record or for a parallel loop?  That is read
/// before the function looks at its waiting stores again, so this one may not
/// wait.
bool notesInput(const llvm::Instruction &I);
void setNotesInput(llvm::Instruction &I);

/// Has \p Call been made part of a batch?  Where the runtime sees no gain in
/// one, it is still made, in place or as a node.
bool isBatched(const llvm::CallInst &Call);

} // namespace lazypass

#endif // LAZYPASS_BATCH_H
