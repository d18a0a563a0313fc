//===- SemaExtent.cpp - extents, as the source says them ------------------===//
//
// Algorithm
//   1. LAZY_IN(...) is text, which SemaExtentText.cpp reads.
//   2. An array declarator is an expression already; its sizes are multiplied.
//      One that says [1] says nothing: so arrays were declared before C99.
//
//===----------------------------------------------------------------------===//

#include "SemaExtent.h"

#include "SemaExtentText.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/Expr.h"

using namespace clang;
using namespace lazypass;

/// Is it one parameter of the IR, whatever the ABI?
static bool isOneRegister(const ParmVarDecl *Parameter, ASTContext &Ctx) {
  QualType T = Parameter->getType();
  bool Scalar = T->isAnyPointerType() || T->isRealFloatingType() ||
                (T->isIntegralOrEnumerationType() &&
                 Ctx.getTypeSize(T) <= Ctx.getTypeSize(Ctx.LongLongTy));
  return Scalar && !Parameter->hasAttr<PassObjectSizeAttr>();
}

std::optional<int> lazypass::placeOf(const FunctionDecl &F, unsigned I) {
  auto AreScalars = [&](llvm::ArrayRef<ParmVarDecl *> Others) {
    return llvm::all_of(Others, [&](const ParmVarDecl *P) {
      return isOneRegister(P, F.getASTContext());
    });
  };
  if (AreScalars(F.parameters().take_front(I)))
    return int(I);
  if (AreScalars(F.parameters().drop_front(I + 1)))
    return int(I) - int(F.getNumParams());
  return std::nullopt;
}

std::optional<std::string>
lazypass::stepOf(const ParmVarDecl &P, const FunctionDecl &F, bool OrAddress) {
  auto Place = placeOf(F, P.getFunctionScopeIndex());
  bool IsNumber = P.getType()->isIntegralOrEnumerationType() ||
                  (OrAddress && P.getType()->isPointerType());
  if (!Place || !IsNumber || !isOneRegister(&P, F.getASTContext()))
    return std::nullopt;
  bool Signed = P.getType()->isSignedIntegerOrEnumerationType();
  return (Signed ? "s" : "u") + std::to_string(*Place);
}

/// The size of one dimension, or nothing.
static std::optional<std::string> dimension(const Expr *E,
                                            const FunctionDecl &F) {
  E = E ? E->IgnoreParenImpCasts() : nullptr;
  if (const auto *Literal = dyn_cast_or_null<IntegerLiteral>(E))
    return std::to_string(Literal->getValue().getLimitedValue(INT64_MAX));
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E))
    if (const auto *P = dyn_cast<ParmVarDecl>(Ref->getDecl()))
      return stepOf(*P, F);
  const auto *Operation = dyn_cast_or_null<BinaryOperator>(E);
  if (!Operation ||
      !(Operation->isAdditiveOp() || Operation->getOpcode() == BO_Mul))
    return std::nullopt;
  auto Left = dimension(Operation->getLHS(), F),
       Right = dimension(Operation->getRHS(), F);
  if (!Left || !Right)
    return std::nullopt;
  return *Left + " " + *Right + " " + Operation->getOpcodeStr().str();
}

/// Bytes of \p T, or nothing.
static std::optional<std::string> bytesOf(QualType T, const FunctionDecl &F) {
  ASTContext &Ctx = F.getASTContext();
  if (T->isIncompleteType() || T->isFunctionType() || T->isSizelessType())
    return std::nullopt;
  const auto *Array = Ctx.getAsArrayType(T);
  if (!Array || !T->isVariablyModifiedType())
    return std::to_string(Ctx.getTypeSizeInChars(T).getQuantity());
  std::optional<std::string> Count, Each = bytesOf(Array->getElementType(), F);
  if (const auto *Variable = dyn_cast<VariableArrayType>(Array))
    Count = dimension(Variable->getSizeExpr(), F);
  else if (const auto *Constant = dyn_cast<ConstantArrayType>(Array))
    Count = std::to_string(Constant->getZExtSize());
  if (!Count || !Each)
    return std::nullopt;
  return *Count + " " + *Each + " *";
}

/// From elements of what \p P points to into bytes.
static void countInBytes(WrittenExtent &E, const ParmVarDecl &P,
                         const FunctionDecl &F) {
  QualType Element = P.getType()->getPointeeType();
  auto Each = Element->isVoidType() ? "1" : bytesOf(Element, F);
  if (!Each)
    E.Error = "how large '" + Element.getAsString() + "' is, is not known";
  else if (*Each != "1")
    for (std::string *Elements : {&E.Size, &E.Stride})
      if (*Elements != "0")
        *Elements += " " + *Each + " *";
}

WrittenExtent lazypass::parseWrittenExtent(llvm::StringRef Text,
                                           const ParmVarDecl &P,
                                           const FunctionDecl &F) {
  WrittenExtent E;
  std::vector<std::string> Extents = parseExtentText(Text, F, E.Error);
  if (!E.Error.empty())
    return E;
  if (Extents.size() == 1) {
    E.Size = Extents[0];
  } else {
    E.Rows = Extents[0];
    E.Size = Extents[1];
    E.Stride = Extents[2];
  }
  countInBytes(E, P, F);
  return E;
}

WrittenExtent lazypass::countedExtent(const ParmVarDecl &Count,
                                      const ParmVarDecl &P,
                                      const FunctionDecl &F) {
  WrittenExtent E;
  auto Step = stepOf(Count, F);
  if (Step)
    E.Size = *Step;
  else
    E.Error = "which register it is in, is not known";
  countInBytes(E, P, F);
  return E;
}

std::optional<std::string> lazypass::declaredExtent(const ParmVarDecl &P,
                                                    const FunctionDecl &F) {
  QualType T = P.getOriginalType();
  ASTContext &Ctx = F.getASTContext();
  if (const auto *Constant = Ctx.getAsConstantArrayType(T))
    if (Constant->getSize() == 1)
      return std::nullopt;
  if (!T->isArrayType())
    return std::nullopt;
  return bytesOf(T, F);
}
