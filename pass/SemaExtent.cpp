//===- SemaExtent.cpp - extents, as the source says them ------------------===//
//
// Algorithm
//   1. LAZY_IN(...) reaches us as text, because a parameter may be named there
//      before it is declared.  clang's lexer cuts it up, and a parser by
//      recursive descent writes it down in postfix order:
//
//          sum     ::= product { ("+" | "-") product }
//          product ::= factor { ("*" | "/") factor }
//          factor  ::= NUMBER | PARAMETER | "(" sum ")" | "-" factor
//
//      Division is by numbers only: it must not trap where the program does
//      not.
//   2. An array declarator is an expression already; its sizes are multiplied.
//      One that says [1] says nothing: so arrays were declared before C99.
//
// Given up: members (m->len), sizeof, calls.  They are errors that say so.
//
//===----------------------------------------------------------------------===//

#include "SemaExtent.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/Expr.h"
#include "clang/Lex/Lexer.h"

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

/// A parameter as a step, or nothing.
static std::optional<std::string> stepOf(const ParmVarDecl &P,
                                         const FunctionDecl &F) {
  auto Place = placeOf(F, P.getFunctionScopeIndex());
  if (!Place || !P.getType()->isIntegralOrEnumerationType() ||
      !isOneRegister(&P, F.getASTContext()))
    return std::nullopt;
  bool Signed = P.getType()->isSignedIntegerOrEnumerationType();
  return (Signed ? "s" : "u") + std::to_string(*Place);
}

namespace {

class ExtentParser {
  std::string Text; ///< the lexer wants a zero at its end
  const FunctionDecl &F;
  Lexer Lex;
  Token Now;
  std::string Out, Error;

public:
  ExtentParser(llvm::StringRef Source, const FunctionDecl &F)
      : Text(Source), F(F),
        Lex(SourceLocation(), F.getASTContext().getLangOpts(), Text.c_str(),
            Text.c_str(), Text.c_str() + Text.size()) {}

  WrittenExtent run() {
    next();
    sum();
    if (Error.empty() && Now.isNot(tok::eof))
      fail("unexpected '" + spelling() + "'");
    return {Out, Error};
  }

private:
  void next() { Lex.LexFromRawLexer(Now); }

  /// Raw tokens remember no place; the lexer stands behind this one.
  std::string spelling() const {
    return std::string(Lex.getBufferLocation() - Now.getLength(),
                       Now.getLength());
  }

  void fail(const std::string &Why) {
    if (Error.empty())
      Error = Why;
  }
  void expect(const std::string &What) {
    fail("expected " + What +
         (Now.is(tok::eof) ? " at the end" : " before '" + spelling() + "'"));
  }

  void put(const std::string &Step) {
    if (!Out.empty())
      Out += ' ';
    Out += Step;
  }

  void sum() {
    product();
    while (Error.empty() && Now.isOneOf(tok::plus, tok::minus)) {
      std::string Operator = spelling();
      next();
      product();
      put(Operator);
    }
  }

  void product() {
    factor();
    while (Error.empty() && Now.isOneOf(tok::star, tok::slash)) {
      std::string Operator = spelling();
      next();
      if (Operator == "/" && (Now.isNot(tok::numeric_constant) ||
                              llvm::StringRef(spelling()).starts_with("0")))
        return fail("division is by numbers only, other than 0");
      factor();
      put(Operator);
    }
  }

  void factor() {
    switch (Now.getKind()) {
    case tok::numeric_constant:
      return number();
    case tok::raw_identifier:
      return parameter();
    case tok::minus:
      next();
      put("0");
      factor();
      return put("-");
    case tok::l_paren:
      next();
      sum();
      if (Now.isNot(tok::r_paren))
        return expect("')'");
      return next();
    default:
      return expect("a parameter or a number");
    }
  }

  void number() {
    std::string Digits = spelling();
    int64_t Value;
    if (llvm::StringRef(Digits).rtrim("uUlL").getAsInteger(0, Value))
      return fail("'" + Digits + "' is no integer");
    put(std::to_string(Value));
    next();
  }

  void parameter() {
    std::string Name = spelling();
    for (const ParmVarDecl *P : F.parameters()) {
      if (P->getName() != Name)
        continue;
      auto Step = stepOf(*P, F);
      if (!Step)
        return fail("'" + Name + "' is no integer parameter");
      put(*Step);
      return next();
    }
    fail("'" + Name +
         "' is no parameter of this function; use parameters, "
         "numbers and + - * /");
  }
};

} // namespace

WrittenExtent lazypass::parseWrittenExtent(llvm::StringRef Text,
                                           const FunctionDecl &F,
                                           uint64_t ElementSize) {
  WrittenExtent E = ExtentParser(Text, F).run();
  if (E.Error.empty() && ElementSize != 1)
    E.Postfix += " " + std::to_string(ElementSize) + " *";
  return E;
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
  const auto *Array = Ctx.getAsVariableArrayType(T);
  if (!Array) {
    if (T->isIncompleteType() || T->isVariablyModifiedType())
      return std::nullopt;
    return std::to_string(Ctx.getTypeSizeInChars(T).getQuantity());
  }
  auto Count = dimension(Array->getSizeExpr(), F),
       Each = bytesOf(Array->getElementType(), F);
  if (!Count || !Each)
    return std::nullopt;
  return *Count + " " + *Each + " *";
}

std::optional<std::string> lazypass::declaredExtent(const ParmVarDecl &P,
                                                    const FunctionDecl &F) {
  QualType T = P.getOriginalType();
  ASTContext &Ctx = F.getASTContext();
  if (const auto *Constant = Ctx.getAsConstantArrayType(T))
    if (Constant->getSize() == 1)
      return std::nullopt;
  if (!T->isArrayType() || T->isIncompleteArrayType())
    return std::nullopt;
  return bytesOf(T, F);
}
