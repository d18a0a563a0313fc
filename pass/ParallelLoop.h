//===- ParallelLoop.h - loops of independent iterations ---------*- C++ -*-===//
//
//     for (i = 0; i < n; i++) out[i] = f(in[i]);
//
// A node for each call, and a store that waits for it, cost tens of
// nanoseconds, and more where memory is touched.  If no iteration touches what
// another writes, all of that can be asked once, in front of the loop: its
// iterations are then handed out in ranges that are split as long as somebody
// is idle, and each runs as it is written.
//
// Glossary
//   window     the bytes that accesses touch in one iteration; it moves by the
//              same step from each iteration to the next
//   counter    a variable that goes on by the same step
//   reduction  an integer that the iterations add up, in any order the same
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_PARALLELLOOP_H
#define LAZYPASS_PARALLELLOOP_H

#include "Emitter.h"
#include "LoopFront.h"
#include "Plan.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/PassManager.h"

namespace lazypass {

/// In iteration K: at most these bytes, K times Step farther on.
struct Window : ByteRange {
  const llvm::SCEV *Step;
  bool Writes;
  const llvm::SCEV *LastEnd = nullptr; ///< of the last iteration, if known
};

struct Counter {
  llvm::PHINode *Phi;
  Extent Step;
};

struct Reduction {
  llvm::PHINode *Phi;
  llvm::AtomicRMWInst::BinOp Operation;
  /// What is computed from the PHI on the way to its next value.
  llvm::SmallSetVector<llvm::Instruction *, 4> Chain;
};

/// A loop around one loop, whose iterations do depend on those before: see
/// Pipeline.cpp.
struct Pipeline {
  llvm::Loop *Columns;     ///< the loop inside
  const llvm::SCEV *Count; ///< of columns, in each row; an i64

  /// Two windows that may meet, by their numbers, the one in an earlier row.
  std::vector<std::pair<unsigned, unsigned>> Meeting;
  /// Two of which only their addresses tell that they never meet.
  std::vector<std::pair<unsigned, unsigned>> Apart;
  /// Windows of one column of one row; Step is from column to column.
  std::vector<Window> Windows;
  std::vector<const llvm::SCEV *> Down; ///< of each: from row to row
  std::vector<const llvm::SCEV *> Natural;
};

struct ParallelLoop {
  llvm::Loop *L;
  LoopFront Front;
  llvm::BasicBlock *Exiting = nullptr, *Exit = nullptr;
  bool TestsFirst = false; ///< the exit is in front of the body, not behind it
  const llvm::SCEV *Iterations = nullptr; ///< how many; an i64

  std::vector<Counter> Counters;
  std::vector<Reduction> Reductions;
  /// Locals that no iteration leaves to another.
  llvm::SmallSetVector<llvm::AllocaInst *, 4> Own;
  /// What the loop leaves behind, other than reductions.
  std::vector<std::pair<llvm::Instruction *, Extent>> LeftBehind;

  std::vector<Window> Windows;
  /// Windows of which only their addresses tell whether they overlap.
  std::vector<std::pair<unsigned, unsigned>> ToCompare;
  /// Numbers that must not be negative.
  std::vector<const llvm::SCEV *> Natural;
  /// They are all that the loop touches.
  bool Complete = true;
  /// Iterations are not independent, but can follow each other closely.
  std::optional<Pipeline> Rows;

  std::vector<Site> Calls; ///< that could be nodes
  bool Nested = false;     ///< some are in loops inside

  ParallelLoop(llvm::Loop &L, llvm::ScalarEvolution &SE,
               const llvm::DominatorTree &DT)
      : L(&L), Front(L, SE, DT) {}

  /// What a window covers in all iterations.
  ByteRange covered(const Window &W, llvm::ScalarEvolution &SE) const;
};

/// Looks for one, the outermost first, that is not marked yet.
std::optional<ParallelLoop>
findParallelLoop(const FunctionPlan &Plan, const LazyFunctions &Lazy,
                 llvm::FunctionAnalysisManager &FAM);

/// Rewrites and marks the loop.  What is analysed of the function is no longer
/// true.
void rewriteParallelLoop(ParallelLoop &P, Emitter &Runtime,
                         llvm::FunctionAnalysisManager &FAM);

/// Has it been seen to?
bool isMarked(const llvm::Loop &L);
void mark(const llvm::Loop &L);

/// Is it in a version of a loop in which every call runs in place?
bool isPlainCall(const llvm::CallInst &Call);

/// Is it in the version of a parallel loop that only runs where its calls are
/// dear, or its iterations do meet?
bool hasParallelVersion(const llvm::Instruction &Call);

/// Does \p I run the iterations of a loop whose accesses are touched in front?
bool runsLoop(const llvm::Instruction &I);

/// When the plan has been carried out: what stands for the loops becomes calls
/// of the runtime.
void lowerParallelLoops(llvm::Function &F, Emitter &Runtime);

} // namespace lazypass

#endif // LAZYPASS_PARALLELLOOP_H
