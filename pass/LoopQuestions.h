//===- LoopQuestions.h - what is asked in front of a loop -------*- C++ -*-===//
#ifndef LAZYPASS_LOOPQUESTIONS_H
#define LAZYPASS_LOOPQUESTIONS_H

#include "ParallelLoop.h"
#include <functional>

namespace lazypass {

/// Computes, where \p B stands in front of a loop, what ScalarEvolution knows.
class LoopNumbers {
  ParallelLoop &P;
  std::function<llvm::Value *(unsigned)> ValueOf;
  ExtentBuilder Numbers;
  bool Lost = false;

public:
  llvm::IRBuilder<> &B;
  llvm::ScalarEvolution &SE;

  LoopNumbers(llvm::IRBuilder<> &B, ParallelLoop &P, llvm::ScalarEvolution &SE)
      : P(P), ValueOf([this](unsigned I) {
          return this->P.Front.valueOf(this->B, I);
        }),
        Numbers(B, {ValueOf}), B(B), SE(SE) {}
  LoopNumbers(const LoopNumbers &) = delete;
  LoopNumbers &operator=(const LoopNumbers &) = delete;

  /// An i64.
  llvm::Value *of(const Extent &E) { return Numbers.compute(E); }
  llvm::Value *of(const llvm::SCEV *S) { return of(extentOf(S)); }
  /// So many bytes behind \p Base.
  llvm::Value *address(llvm::Value *Base, const llvm::SCEV *Offset) {
    return Numbers.address(Base, extentOf(Offset));
  }
  std::optional<ComputedRange> range(const ByteRange &R) {
    return P.Front.compute(B, Numbers, R);
  }

  /// An i1, or null for never: some number did not fit.
  llvm::Value *overflow() const { return Numbers.overflow(); }
  /// Something was found to be computable and, by now, no longer is; then
  /// nobody may rely on any of it.
  bool lost() const { return Lost; }

private:
  Extent extentOf(const llvm::SCEV *S) {
    auto E = P.Front.extentOf(S);
    Lost |= !E;
    return E.value_or(Extent(0));
  }
};

/// In code, addresses: from the first up to the second.
using AddressRange = std::pair<llvm::Value *, llvm::Value *>;

/// An i1.
llvm::Value *areApart(llvm::IRBuilder<> &B, const AddressRange &X,
                      const AddressRange &Y);

struct LoopAnswers {
  llvm::Value *Fine; ///< an i1: can the iterations run together?
  /// i64: of a pipeline, columns in a row, and how many to stay behind.
  llvm::Value *Columns, *Lag;
};

LoopAnswers askInFront(LoopNumbers &Numbers, const ParallelLoop &P);

} // namespace lazypass

#endif // LAZYPASS_LOOPQUESTIONS_H
