//===- Extent.cpp - how many bytes a parameter points to ------------------===//
//
// See Extent.h.
//
//===----------------------------------------------------------------------===//

#include "Extent.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Function.h"

using namespace llvm;
using namespace lazypass;

static constexpr StringLiteral Operators = "+-*/";

bool Extent::uses(unsigned I) const {
  return llvm::any_of(Steps, [&](const Step &S) {
    return (S.K == SignedParameter || S.K == UnsignedParameter) && S.Value == I;
  });
}

int lazypass::parameterAt(const Function &F, int Place) {
  bool SRet = F.arg_size() && F.hasParamAttribute(0, Attribute::StructRet);
  return Place + (Place < 0 ? int(F.arg_size()) : int(SRet));
}

/// One step, or nothing.
static std::optional<Extent::Step> parseStep(StringRef Text,
                                             const Function &F) {
  if (Text.size() == 1 && Operators.contains(Text[0]))
    return Extent::Step{Extent::Operator, Text[0]};
  Extent::Kind K = Extent::Number;
  if (Text.consume_front("s"))
    K = Extent::SignedParameter;
  else if (Text.consume_front("u"))
    K = Extent::UnsignedParameter;
  int64_t Value;
  if (Text.getAsInteger(10, Value))
    return std::nullopt;
  if (K == Extent::Number)
    return Extent::Step{K, Value};
  int Parameter = parameterAt(F, int(Value));
  if (Parameter < 0 || unsigned(Parameter) >= F.arg_size() ||
      !F.getArg(Parameter)->getType()->isIntegerTy())
    return std::nullopt;
  return Extent::Step{K, Parameter};
}

std::optional<Extent> lazypass::parseExtent(StringRef Postfix,
                                            const Function &F) {
  Extent E;
  SmallVector<StringRef, 8> Words;
  Postfix.split(Words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  unsigned Depth = 0;
  for (StringRef Word : Words) {
    auto Step = parseStep(Word, F);
    if (!Step || (Step->K == Extent::Operator && Depth < 2))
      return std::nullopt;
    Depth = Step->K == Extent::Operator ? Depth - 1 : Depth + 1;
    E.Steps.push_back(*Step);
  }
  if (Depth != 1)
    return std::nullopt;
  return E;
}

Value *lazypass::emitExtent(IRBuilder<> &B, const Extent &E,
                            function_ref<Value *(unsigned)> Argument) {
  SmallVector<Value *, 4> Stack;
  for (const Extent::Step &S : E.Steps) {
    switch (S.K) {
    case Extent::Number:
      Stack.push_back(B.getInt64(S.Value));
      continue;
    case Extent::SignedParameter:
      Stack.push_back(B.CreateSExtOrTrunc(Argument(S.Value), B.getInt64Ty()));
      continue;
    case Extent::UnsignedParameter:
      Stack.push_back(B.CreateZExtOrTrunc(Argument(S.Value), B.getInt64Ty()));
      continue;
    case Extent::Operator:
      break;
    }
    Value *Right = Stack.pop_back_val(), *Left = Stack.pop_back_val();
    switch (S.Value) {
    case '+':
      Stack.push_back(B.CreateAdd(Left, Right));
      break;
    case '-':
      Stack.push_back(B.CreateSub(Left, Right));
      break;
    case '*':
      Stack.push_back(B.CreateMul(Left, Right));
      break;
    default:
      Stack.push_back(B.CreateSDiv(Left, Right));
      break;
    }
  }
  return Stack.back();
}
