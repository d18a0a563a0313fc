//===- SemaExtent.cpp - extents, as the source says them ------------------===//
//
// Algorithm
//   1. LAZY_IN(...) reaches us as text, because a parameter may be named there
//      before it is declared.  clang's lexer cuts it up, and a parser by
//      recursive descent writes it down in postfix order:
//
//          extents ::= sum [ "," sum "," sum ]
//          sum     ::= product { ("+" | "-") product }
//          product ::= factor { ("*" | "/") factor }
//          factor  ::= NUMBER | PARAMETER | member | "(" sum ")" | "-" factor
//          member  ::= (PARAMETER | member) "->" FIELD { "." FIELD }
//
//      Division is by numbers only: it must not trap where the program does
//      not.  A member is the number at an address and an offset, or the
//      address of the next struct.
//   2. An array declarator is an expression already; its sizes are multiplied.
//      One that says [1] says nothing: so arrays were declared before C99.
//
// Given up: elements (m->shape[0]), members of structs that are passed by
// value, sizeof, calls.  They are errors that say so.
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

/// A parameter as a step, or nothing: a number, or \p OrAddress.
static std::optional<std::string>
stepOf(const ParmVarDecl &P, const FunctionDecl &F, bool OrAddress = false) {
  auto Place = placeOf(F, P.getFunctionScopeIndex());
  bool IsNumber = P.getType()->isIntegralOrEnumerationType() ||
                  (OrAddress && P.getType()->isPointerType());
  if (!Place || !IsNumber || !isOneRegister(&P, F.getASTContext()))
    return std::nullopt;
  bool Signed = P.getType()->isSignedIntegerOrEnumerationType();
  return (Signed ? "s" : "u") + std::to_string(*Place);
}

/// What reads an integer or a pointer of type \p T, or nothing.
static std::optional<std::string> loadOf(QualType T, ASTContext &Ctx) {
  bool IsNumber = T->isIntegralOrEnumerationType() || T->isPointerType();
  if (!IsNumber || T->isIncompleteType())
    return std::nullopt;
  uint64_t Bits = Ctx.getTypeSize(T);
  const auto *Odd = T->getAs<BitIntType>();
  if (!llvm::isPowerOf2_64(Bits) || Bits > 64 ||
      (Odd && Odd->getNumBits() != Bits))
    return std::nullopt;
  return (T->isSignedIntegerOrEnumerationType() ? "@s" : "@u") +
         std::to_string(Bits / 8);
}

/// The field \p Name of \p Record, also one of a struct without a name in it.
static const ValueDecl *findField(const RecordDecl &Record,
                                  llvm::StringRef Name) {
  for (const NamedDecl *D :
       Record.lookup(&Record.getASTContext().Idents.get(Name)))
    if (isa<FieldDecl, IndirectFieldDecl>(D))
      return cast<ValueDecl>(D);
  return nullptr;
}

static bool isBitField(const ValueDecl &Field) {
  if (const auto *Indirect = dyn_cast<IndirectFieldDecl>(&Field))
    return Indirect->getAnonField()->isBitField();
  return cast<FieldDecl>(Field).isBitField();
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

  /// One extent, or three: in postfix order, or nothing and an error.
  std::vector<std::string> run(std::string &WhyNot) {
    std::vector<std::string> Extents;
    do {
      next();
      Out.clear();
      sum();
      Extents.push_back(Out);
    } while (Error.empty() && Now.is(tok::comma));
    if (Now.isNot(tok::eof))
      fail("unexpected '" + spelling() + "'");
    if (Extents.size() != 1 && Extents.size() != 3)
      fail("say one extent, or three: rows, elements of a row, elements from "
           "one row to the next");
    WhyNot = Error;
    return Extents;
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
      next();
      bool IsAddress = Now.is(tok::arrow);
      auto Step = stepOf(*P, F, IsAddress);
      if (!Step)
        return fail("'" + Name + "' is no " +
                    (IsAddress ? "pointer" : "integer") + " parameter");
      put(*Step);
      QualType T = P->getType();
      while (Error.empty() && Now.is(tok::arrow))
        T = member(T);
      return;
    }
    fail("'" + Name +
         "' is no parameter of this function; use parameters, "
         "members of what they point to, numbers and + - * /");
  }

  /// Behind a pointer of type \p T; the type of the member.
  QualType member(QualType T) {
    ASTContext &Ctx = F.getASTContext();
    T = T->getPointeeType();
    if (T.isNull() || T.hasAddressSpace()) {
      fail("there is no struct before '->'");
      return T;
    }
    CharUnits Offset = CharUnits::Zero();
    do
      T = field(T, Offset);
    while (Error.empty() && Now.is(tok::period));
    if (!Error.empty())
      return T;
    auto Load = loadOf(T, Ctx);
    bool IsLast = Now.isNot(tok::arrow);
    if (!Load || (IsLast && T->isPointerType())) {
      fail("a member of type '" + T.getAsString() +
           "' is no number of 1, 2, 4 or 8 bytes");
      return T;
    }
    put(std::to_string(Offset.getQuantity()));
    put(*Load);
    return T;
  }

  /// One step into a struct of type \p T, which lies at \p Offset.
  QualType field(QualType T, CharUnits &Offset) {
    ASTContext &Ctx = F.getASTContext();
    next();
    std::string Name = spelling();
    const RecordDecl *Record = T->getAsRecordDecl();
    Record = Record ? Record->getDefinition() : nullptr;
    if (!Record || Record->isInvalidDecl())
      fail("'" + T.getAsString() + "' is no struct that is known here");
    const ValueDecl *Field = Record && Now.is(tok::raw_identifier)
                                 ? findField(*Record, Name)
                                 : nullptr;
    if (!Field) {
      fail("'" + T.getAsString() + "' has no member '" + Name + "'");
      return T;
    }
    if (isBitField(*Field))
      fail("'" + Name + "' is a bit-field");
    if (T.isVolatileQualified() || Field->getType().isVolatileQualified())
      fail("'" + Name + "' is volatile");
    Offset += Ctx.toCharUnitsFromBits(Ctx.getFieldOffset(Field));
    next();
    return Field->getType();
  }
};

} // namespace

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
  std::vector<std::string> Extents = ExtentParser(Text, F).run(E.Error);
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
