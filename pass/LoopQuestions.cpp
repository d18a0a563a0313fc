//===- LoopQuestions.cpp - what is asked in front of a loop ---------------===//
//
// Algorithm
//   1. Numbers that are taken to be natural are; windows are no narrower than
//      nothing.
//   2. Windows that are written move on by no less than they are wide.
//   3. Of each two that have to be compared, all that the one covers in the
//      loop lies in front of all that the other does.
//   Of a pipeline, see Pipeline.cpp.
//
// Sound: what does not fit in 64 bits is not fine (Extent.h).
//
//===----------------------------------------------------------------------===//

#include "LoopQuestions.h"

#include "Pipeline.h"
#include "llvm/Analysis/ScalarEvolution.h"

using namespace llvm;
using namespace lazypass;

Value *lazypass::areApart(IRBuilder<> &B, const AddressRange &X,
                          const AddressRange &Y) {
  return B.CreateOr(B.CreateICmpULE(X.second, Y.first),
                    B.CreateICmpULE(Y.second, X.first));
}

/// Do windows that are written move on, and overlap no other?
static Value *compareWindows(LoopNumbers &Numbers, const ParallelLoop &P) {
  IRBuilder<> &B = Numbers.B;
  ScalarEvolution &SE = Numbers.SE;
  Value *Fine = B.getTrue();
  auto Ask = [&](Value *Condition) { Fine = B.CreateAnd(Fine, Condition); };
  SmallVector<AddressRange, 8> Ends;
  for (const SCEV *Number : P.Natural)
    Ask(B.CreateICmpSGE(Numbers.of(Number), B.getInt64(0)));
  for (const Window &W : P.Windows) {
    Value *Width = Numbers.of(SE.getMinusSCEV(W.End, W.First));
    Ask(B.CreateICmpSGE(Width, B.getInt64(0)));
    if (W.Writes)
      Ask(B.CreateICmpUGE(B.CreateBinaryIntrinsic(
                              Intrinsic::abs, Numbers.of(W.Step), B.getFalse()),
                          Width));
    ByteRange Bytes = P.covered(W, SE);
    Ends.push_back({Numbers.address(W.Base, Bytes.First),
                    Numbers.address(W.Base, Bytes.End)});
  }
  for (auto [X, Y] : P.ToCompare)
    Ask(areApart(B, Ends[X], Ends[Y]));
  return Fine;
}

LoopAnswers lazypass::askInFront(LoopNumbers &Numbers, const ParallelLoop &P) {
  IRBuilder<> &B = Numbers.B;
  LoopAnswers Answers{nullptr, B.getInt64(0), B.getInt64(0)};
  if (P.Rows)
    Answers = askForPipeline(Numbers, P, *P.Rows);
  else
    Answers.Fine = compareWindows(Numbers, P);
  return Answers;
}
