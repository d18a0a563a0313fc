//===- SemaExtentText.cpp - the text of an extent -------------------------===//
//
// Algorithm
//   LAZY_IN(...) reaches us as text, because a parameter may be named there
//   before it is declared.  clang's lexer cuts it up, and a parser by
//   recursive descent writes it down in postfix order:
//
//       extents ::= sum [ "," sum "," sum ]
//       sum     ::= product { ("+" | "-") product }
//       product ::= factor { ("*" | "/") factor }
//       factor  ::= NUMBER | ENUMERATOR | PARAMETER | member | "*" pointer
//                 | "(" sum ")" | "-" factor
//       pointer ::= PARAMETER | member
//       member  ::= pointer ( "->" FIELD | "[" INDEX "]" )
//                   { "." FIELD | "[" INDEX "]" }
//
//   Division is by numbers only, and an index is a number or an enumerator:
//   nothing must trap where the program does not.  A member is the number at
//   an address and an offset, or the address of the next struct.
//
// Given up: members of structs that are passed by value, sizeof, calls.  They
// are errors that say so.
//
//===----------------------------------------------------------------------===//

#include "SemaExtentText.h"

#include "SemaExtent.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace lazypass;

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
  bool PointerWanted = false; ///< at the end of the member

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
      fail("unexpected '" + spelling() +
           "'; the operators are + - * and, by a number, /");
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
    case tok::star:
      next();
      return dereference();
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

  /// What a constant that the program has named is worth.
  std::optional<int64_t> enumerator() const {
    ASTContext &Ctx = F.getASTContext();
    for (const NamedDecl *D :
         Ctx.getTranslationUnitDecl()->lookup(&Ctx.Idents.get(spelling())))
      if (const auto *Constant = dyn_cast<EnumConstantDecl>(D))
        return Constant->getInitVal().trySExtValue();
    return std::nullopt;
  }

  void parameter() {
    std::string Name = spelling();
    for (const ParmVarDecl *P : F.parameters())
      if (P->getName() == Name)
        return void(parameter(*P, /*IsAddress=*/false));
    if (auto Value = enumerator()) {
      put(std::to_string(*Value));
      return next();
    }
    fail("'" + Name +
         "' is no parameter of this function; use parameters, "
         "members of what they point to, enumerators, numbers and + - * /");
  }

  /// With what hangs on to it; what that is, or what it points to.
  QualType parameter(const ParmVarDecl &P, bool IsAddress) {
    next();
    IsAddress |= isAccess();
    QualType T = P.getType();
    auto Step = stepOf(P, F, IsAddress);
    if (!Step) {
      fail("'" + P.getName().str() + "' is no " +
           (IsAddress ? "pointer" : "integer") + " parameter");
      return T;
    }
    put(*Step);
    while (Error.empty() && isAccess())
      T = member(T);
    return T;
  }

  void dereference() {
    std::string Name = spelling();
    for (const ParmVarDecl *P : F.parameters()) {
      if (P->getName() != Name)
        continue;
      PointerWanted = true;
      QualType T = parameter(*P, /*IsAddress=*/true)->getPointeeType();
      PointerWanted = false;
      if (T.isNull())
        fail("there is no pointer behind '*'");
      if (Error.empty())
        load(T, CharUnits::Zero());
      return;
    }
    expect("a parameter");
  }

  bool isAccess() const { return Now.isOneOf(tok::arrow, tok::l_square); }

  /// The number, or the pointer, of type \p T so far behind an address.
  void load(QualType T, CharUnits Offset) {
    auto Load = loadOf(T, F.getASTContext());
    if (!Load || (T->isPointerType() && !isAccess() && !PointerWanted))
      return fail("a member of type '" + T.getAsString() +
                  "' is no number of 1, 2, 4 or 8 bytes");
    put(std::to_string(Offset.getQuantity()));
    put(*Load);
  }

  /// Behind a pointer of type \p T; the type of the member.
  QualType member(QualType T) {
    T = T->getPointeeType();
    if (T.isNull() || T.hasAddressSpace()) {
      fail("there is no struct before '" + spelling() + "'");
      return T;
    }
    CharUnits Offset = CharUnits::Zero();
    T = Now.is(tok::arrow) ? field(T, Offset) : element(T, Offset);
    while (Error.empty() &&
           (Now.is(tok::period) || (T->isArrayType() && isAccess()))) {
      if (Now.is(tok::period))
        T = field(T, Offset);
      else if (const auto *Array = F.getASTContext().getAsConstantArrayType(T))
        T = element(Array->getElementType(), Offset);
      else
        fail("'" + T.getAsString() + "' has no elements of a known size");
    }
    if (Error.empty())
      load(T, Offset);
    return T;
  }

  /// One of the elements, of type \p T, from \p Offset on.
  QualType element(QualType T, CharUnits &Offset) {
    next();
    std::optional<int64_t> Index = enumerator();
    if (Now.is(tok::numeric_constant)) {
      int64_t Value;
      if (!llvm::StringRef(spelling()).rtrim("uUlL").getAsInteger(0, Value))
        Index = Value;
    }
    next();
    if (!Index || *Index < 0 || *Index > INT32_MAX || Now.isNot(tok::r_square))
      fail("an index is a number or an enumerator");
    else if (T->isIncompleteType() || T.isVolatileQualified())
      fail("'" + T.getAsString() + "' is volatile or not known here");
    else
      Offset += *Index * F.getASTContext().getTypeSizeInChars(T);
    next();
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

std::vector<std::string> lazypass::parseExtentText(llvm::StringRef Text,
                                                   const FunctionDecl &F,
                                                   std::string &Error) {
  return ExtentParser(Text, F).run(Error);
}
