//===- Remarks.cpp - the one funnel for what the pass tells ---------------===//

#include "Remarks.h"

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/LLVMContext.h"

using namespace llvm;

static constexpr const char *PassName = "lazy";

void lazypass::remarkDone(const Instruction &At, StringRef Id,
                          const Twine &Text) {
  OptimizationRemark R(PassName, Id, At.getDebugLoc(), At.getParent());
  R << Text.str();
  At.getContext().diagnose(R);
}

void lazypass::remarkMissed(const Instruction &At, StringRef Id,
                            const Twine &Text) {
  OptimizationRemarkMissed R(PassName, Id, At.getDebugLoc(), At.getParent());
  R << Text.str();
  At.getContext().diagnose(R);
}

template <typename Kind>
static void remarkAtHead(const Function &F, StringRef Id, const Twine &Text) {
  if (F.isDeclaration())
    return;
  Kind R(PassName, Id, F.getSubprogram(), &F.getEntryBlock());
  R << Text.str();
  F.getContext().diagnose(R);
}

void lazypass::remarkMissed(const Function &F, StringRef Id,
                            const Twine &Text) {
  remarkAtHead<OptimizationRemarkMissed>(F, Id, Text);
}

void lazypass::remarkKnown(const Function &F, StringRef Id, const Twine &Text) {
  remarkAtHead<OptimizationRemarkAnalysis>(F, Id, Text);
}

void lazypass::remarkKnown(const Instruction &At, StringRef Id,
                           const Twine &Text) {
  OptimizationRemarkAnalysis R(PassName, Id, At.getDebugLoc(), At.getParent());
  R << Text.str();
  At.getContext().diagnose(R);
}

std::string lazypass::atPlace(const Instruction &At) {
  const DebugLoc &Loc = At.getDebugLoc();
  if (!Loc)
    return "";
  return " at " + Loc->getFilename().str() + ":" +
         std::to_string(Loc.getLine()) + ":" + std::to_string(Loc.getCol());
}
