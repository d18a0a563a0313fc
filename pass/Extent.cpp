//===- Extent.cpp - arithmetic over the arguments of a call ---------------===//
//
// See Extent.h.
//
//===----------------------------------------------------------------------===//

#include "Extent.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Function.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace lazypass;

/// How many steps before it one takes the results of.
static unsigned operandsOf(Extent::Kind K) {
  switch (K) {
  case Extent::Number:
  case Extent::SignedParameter:
  case Extent::UnsignedParameter:
    return 0;
  case Extent::SignExtend:
  case Extent::ZeroExtend:
  case Extent::TextLength:
    return 1;
  default:
    return 2;
  }
}

bool Extent::uses(unsigned I) const {
  return llvm::any_of(Steps, [&](const Step &S) {
    return (S.K == SignedParameter || S.K == UnsignedParameter) && S.Value == I;
  });
}

bool Extent::looksIntoMemory() const {
  return llvm::any_of(Steps, [](const Step &S) {
    return S.K == LoadSigned || S.K == LoadUnsigned || S.K == TextLength;
  });
}

//===----------------------------------------------------------------------===//
// As text
//===----------------------------------------------------------------------===//

int lazypass::parameterAt(const Function &F, int Place) {
  bool SRet = F.arg_size() && F.hasParamAttribute(0, Attribute::StructRet);
  return Place + (Place < 0 ? int(F.arg_size()) : int(SRet));
}

static std::optional<Extent::Step> parseParameter(Extent::Kind K, int64_t Place,
                                                  const Function &F) {
  int Parameter = parameterAt(F, int(Place));
  if (Parameter < 0 || unsigned(Parameter) >= F.arg_size())
    return std::nullopt;
  Type *T = F.getArg(Parameter)->getType();
  bool IsAddress = K == Extent::UnsignedParameter &&
                   T == PointerType::get(T->getContext(), 0);
  if (!T->isIntegerTy() && !IsAddress)
    return std::nullopt;
  return Extent::Step{K, Parameter};
}

/// One step, or nothing.
static std::optional<Extent::Step> parseStep(StringRef Text,
                                             const Function &F) {
  auto Operator = StringSwitch<Extent::Kind>(Text)
                      .Case("+", Extent::Add)
                      .Case("-", Extent::Subtract)
                      .Case("*", Extent::Multiply)
                      .Case("/", Extent::Divide)
                      .Case("len", Extent::TextLength)
                      .Default(Extent::Number);
  if (Operator != Extent::Number)
    return Extent::Step{Operator};
  Extent::Kind K = Extent::Number;
  if (Text.consume_front("@s"))
    K = Extent::LoadSigned;
  else if (Text.consume_front("@u"))
    K = Extent::LoadUnsigned;
  else if (Text.consume_front("s"))
    K = Extent::SignedParameter;
  else if (Text.consume_front("u"))
    K = Extent::UnsignedParameter;
  int64_t Value;
  if (Text.getAsInteger(10, Value))
    return std::nullopt;
  switch (K) {
  case Extent::Number:
    return Extent::Step{K, Value};
  case Extent::LoadSigned:
  case Extent::LoadUnsigned:
    if (Value != 1 && Value != 2 && Value != 4 && Value != 8)
      return std::nullopt;
    return Extent::Step{K, Value};
  default:
    return parseParameter(K, Value, F);
  }
}

std::optional<Extent> lazypass::parseExtent(StringRef Postfix,
                                            const Function &F) {
  Extent E;
  SmallVector<StringRef, 8> Words;
  Postfix.split(Words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  unsigned Depth = 0;
  for (StringRef Word : Words) {
    auto Step = parseStep(Word, F);
    if (!Step || Depth < operandsOf(Step->K))
      return std::nullopt;
    Depth += 1 - operandsOf(Step->K);
    E.Steps.push_back(*Step);
  }
  if (Depth != 1)
    return std::nullopt;
  return E;
}

static std::string binaryText(Extent::Kind K, const std::string &Left,
                              const std::string &Right) {
  auto Between = [&](const char *Symbol) {
    return "(" + Left + Symbol + Right + ")";
  };
  auto Of = [&](const char *Function) {
    return Function + ("(" + Left + ", " + Right + ")");
  };
  switch (K) {
  case Extent::Add:
    return Between(" + ");
  case Extent::Subtract:
    return Between(" - ");
  case Extent::Multiply:
    return Between(" * ");
  case Extent::Divide:
  case Extent::DivideUnsigned:
    return Between(" / ");
  case Extent::Least:
  case Extent::LeastUnsigned:
    return Of("min");
  case Extent::Greatest:
  case Extent::GreatestUnsigned:
    return Of("max");
  default:
    return Left + "[" + Right + "]";
  }
}

std::string lazypass::toText(const Extent &E,
                             function_ref<std::string(unsigned)> Name) {
  SmallVector<std::string, 8> Stack;
  for (const Extent::Step &S : E.Steps) {
    if (S.K == Extent::Number) {
      Stack.push_back(std::to_string(S.Value));
    } else if (operandsOf(S.K) == 0) {
      Stack.push_back(Name(S.Value));
    } else if (S.K == Extent::TextLength) {
      Stack.push_back("(strlen(" + Stack.pop_back_val() + ") + 1)");
    } else if (operandsOf(S.K) == 2) {
      std::string Right = Stack.pop_back_val(), Left = Stack.pop_back_val();
      Stack.push_back(binaryText(S.K, Left, Right));
    }
  }
  return Stack.back();
}

//===----------------------------------------------------------------------===//
// As code
//===----------------------------------------------------------------------===//

Value *ExtentBuilder::parameter(const Extent::Step &S) {
  Value *V = From.Argument(S.Value);
  if (V->getType()->isPointerTy())
    return B.CreatePtrToInt(V, B.getInt64Ty());
  return S.K == Extent::SignedParameter
             ? B.CreateSExtOrTrunc(V, B.getInt64Ty())
             : B.CreateZExtOrTrunc(V, B.getInt64Ty());
}

void ExtentBuilder::overflowsIf(Value *Condition) {
  Overflow = Overflow ? B.CreateOr(Overflow, Condition) : Condition;
}

Value *ExtentBuilder::checked(Intrinsic::ID Operation, Value *Left,
                              Value *Right) {
  Value *Pair = B.CreateBinaryIntrinsic(Operation, Left, Right);
  overflowsIf(B.CreateExtractValue(Pair, 1));
  return B.CreateExtractValue(Pair, 0);
}

Value *ExtentBuilder::unary(const Extent::Step &S, Value *V) {
  if (S.K == Extent::TextLength)
    return From.Text(V);
  Value *Narrow = B.CreateTrunc(V, B.getIntNTy(S.Value));
  return S.K == Extent::SignExtend ? B.CreateSExt(Narrow, B.getInt64Ty())
                                   : B.CreateZExt(Narrow, B.getInt64Ty());
}

/// Of two numbers, which LLVM would fold too late for those who want to know.
static std::optional<int64_t> fold(Extent::Kind K, int64_t Left,
                                   int64_t Right) {
  int64_t Result;
  switch (K) {
  case Extent::Add:
    return AddOverflow(Left, Right, Result) ? std::nullopt
                                            : std::optional(Result);
  case Extent::Subtract:
    return SubOverflow(Left, Right, Result) ? std::nullopt
                                            : std::optional(Result);
  case Extent::Multiply:
    return MulOverflow(Left, Right, Result) ? std::nullopt
                                            : std::optional(Result);
  case Extent::Least:
    return std::min(Left, Right);
  case Extent::Greatest:
    return std::max(Left, Right);
  default:
    return std::nullopt;
  }
}

Value *ExtentBuilder::binary(const Extent::Step &S, Value *Left, Value *Right) {
  auto *L = dyn_cast<ConstantInt>(Left), *R = dyn_cast<ConstantInt>(Right);
  if (L && R)
    if (auto Number = fold(S.K, L->getSExtValue(), R->getSExtValue()))
      return B.getInt64(*Number);
  switch (S.K) {
  case Extent::Add:
    return checked(Intrinsic::sadd_with_overflow, Left, Right);
  case Extent::Subtract:
    return checked(Intrinsic::ssub_with_overflow, Left, Right);
  case Extent::Multiply:
    return checked(Intrinsic::smul_with_overflow, Left, Right);
  case Extent::Divide:
    return B.CreateSDiv(Left, Right);
  case Extent::DivideUnsigned:
    return B.CreateUDiv(Left, Right);
  case Extent::Least:
    return B.CreateBinaryIntrinsic(Intrinsic::smin, Left, Right);
  case Extent::Greatest:
    return B.CreateBinaryIntrinsic(Intrinsic::smax, Left, Right);
  case Extent::LeastUnsigned:
    return B.CreateBinaryIntrinsic(Intrinsic::umin, Left, Right);
  case Extent::GreatestUnsigned:
    return B.CreateBinaryIntrinsic(Intrinsic::umax, Left, Right);
  case Extent::LoadSigned:
    return B.CreateSExt(From.Member(Left, Right, S.Value), B.getInt64Ty());
  case Extent::LoadUnsigned:
    return B.CreateZExt(From.Member(Left, Right, S.Value), B.getInt64Ty());
  default:
    llvm_unreachable("no step with two operands");
  }
}

/// No object begins or ends nearer than this to the ends of memory.
static constexpr uint64_t PageSize = 4096;

Value *ExtentBuilder::address(Value *Base, const Extent &Offset) {
  Value *Bytes = compute(Offset);
  Value *Address = B.CreatePtrAdd(Base, Bytes);
  auto *Constant = dyn_cast<ConstantInt>(Bytes);
  if (!Constant || Constant->getValue().abs().ugt(PageSize)) {
    Value *IsBelow = B.CreateICmpULT(Address, Base),
          *IsNegative = B.CreateICmpSLT(Bytes, B.getInt64(0));
    overflowsIf(B.CreateICmpNE(IsBelow, IsNegative));
  }
  return Address;
}

/// Memory may have changed since it was looked at.
static bool looksAtMemory(Extent::Kind K) {
  return K == Extent::TextLength || K == Extent::LoadSigned ||
         K == Extent::LoadUnsigned;
}

Value *ExtentBuilder::step(const Extent::Step &S, Value *Left, Value *Right) {
  if (looksAtMemory(S.K))
    return Right ? binary(S, Left, Right) : unary(S, Left);
  Value *&Result = Known[{S.K, S.Value, Left, Right}];
  if (!Result)
    Result = Right  ? binary(S, Left, Right)
             : Left ? unary(S, Left)
                    : parameter(S);
  return Result;
}

Value *ExtentBuilder::compute(const Extent &E) {
  SmallVector<Value *, 8> Stack;
  for (const Extent::Step &S : E.Steps) {
    if (S.K == Extent::Number) {
      Stack.push_back(B.getInt64(S.Value));
      continue;
    }
    unsigned Operands = operandsOf(S.K);
    Value *Right = Operands == 2 ? Stack.pop_back_val() : nullptr;
    Value *Left = Operands ? Stack.pop_back_val() : nullptr;
    Stack.push_back(step(S, Left, Right));
  }
  return Stack.back();
}
