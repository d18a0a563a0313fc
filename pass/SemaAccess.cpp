//===- SemaAccess.cpp - GCC's attribute access ----------------------------===//
//
// Algorithm
//   1. access(MODE, POINTER [, COUNT]) is parsed by clang like any attribute
//      that it does not know, and handed to us.  What is wrong with it is an
//      error where it is one for GCC; on a type of functions it is right, and
//      nothing to us.
//   2. Whether the function is lazy is not known yet: the word may come later,
//      also with another declaration.  So what is said is kept as an
//      annotation of the function, which later declarations inherit,
//
//          lazy_access:ACCESS:POINTER:COUNT
//
//      with numbers of parameters from 1, and 0 for no COUNT.
//   3. It is taken off where it is made use of, and from any definition: it
//      would keep a function in the object file that is inlined everywhere.
//
// Given up: [[gnu::access(...)]], whose arguments clang does not parse.
//
//===----------------------------------------------------------------------===//

#include "SemaAccess.h"

#include "Compat.h"
#include "Sema.h"
#include "lazy/abi.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/Sema/ParsedAttr.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaDiagnostic.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace lazypass;

static constexpr llvm::StringLiteral AccessWord = "lazy_access";

//===----------------------------------------------------------------------===//
// The attribute
//===----------------------------------------------------------------------===//

namespace {

/// Checks one attribute against the function it is on.
class AccessCheck {
  Sema &S;
  const ParsedAttr &Written;
  const FunctionDecl &F;

public:
  AccessCheck(Sema &S, const ParsedAttr &Written, const FunctionDecl &F)
      : S(S), Written(Written), F(F) {}

  /// What is to be kept of it, or nothing.
  std::optional<std::string> run() {
    auto Access = mode();
    if (!Access)
      return std::nullopt;
    const ParmVarDecl *Pointer = parameter(1);
    if (!Pointer || !checkPointer(*Pointer, *Access))
      return std::nullopt;
    unsigned Count = 0;
    if (Written.getNumArgs() == 3) {
      const ParmVarDecl *P = parameter(2);
      if (!P || !checkCount(*P))
        return std::nullopt;
      Count = P->getFunctionScopeIndex() + 1;
    }
    return (AccessWord + ":" + llvm::Twine(*Access) + ":" +
            llvm::Twine(Pointer->getFunctionScopeIndex() + 1) + ":" +
            llvm::Twine(Count))
        .str();
  }

private:
  /// Reports; %0 is the attribute.
  template <unsigned N>
  DiagnosticBuilder error(SourceLocation At, const char (&Text)[N]) {
    DiagnosticsEngine &Diags = S.getDiagnostics();
    return Diags.Report(At,
                        Diags.getCustomDiagID(DiagnosticsEngine::Error, Text))
           << Written.getAttrName();
  }

  /// The enum lazy_access of the first argument.
  std::optional<unsigned> mode() {
    llvm::StringRef Mode;
    if (Written.isArgIdent(0))
      Mode = identifierOf(*Written.getArgAsIdent(0))->getName();
    if (Mode.size() > 4 && Mode.starts_with("__") && Mode.ends_with("__"))
      Mode = Mode.drop_front(2).drop_back(2);
    auto Access = llvm::StringSwitch<std::optional<unsigned>>(Mode)
                      .Case("read_only", LAZY_READS)
                      .Case("write_only", LAZY_WRITES)
                      .Case("read_write", LAZY_READS | LAZY_WRITES)
                      .Case("none", 0)
                      .Default(std::nullopt);
    if (!Access)
      error(Written.getLoc(), "the mode of attribute %0 is one of read_only, "
                              "read_write, write_only and none");
    return Access;
  }

  /// The one that argument \p I is the number of, or null.
  const ParmVarDecl *parameter(unsigned I) {
    const Expr *E = Written.isArgExpr(I) ? Written.getArgAsExpr(I) : nullptr;
    auto Number =
        E ? E->getIntegerConstantExpr(F.getASTContext()) : std::nullopt;
    if (Number && *Number >= 1 && *Number <= F.getNumParams())
      return F.getParamDecl(unsigned(Number->getExtValue()) - 1);
    error(E ? E->getExprLoc() : Written.getLoc(),
          "argument %1 of attribute %0 is no number of a parameter")
        << I + 1;
    return nullptr;
  }

  bool checkPointer(const ParmVarDecl &P, unsigned Access) {
    QualType T = P.getType();
    if (!T->isPointerType() || T->isFunctionPointerType()) {
      error(Written.getLoc(),
            "attribute %0 is about a pointer to data; parameter %1 has type %2")
          << P.getFunctionScopeIndex() + 1 << T;
      return false;
    }
    if ((Access & LAZY_WRITES) && T->getPointeeType().isConstQualified()) {
      error(Written.getLoc(), "attribute %0 says that the function writes, but "
                              "parameter %1 points to const")
          << P.getFunctionScopeIndex() + 1;
      return false;
    }
    return true;
  }

  bool checkCount(const ParmVarDecl &P) {
    if (P.getType()->isIntegralOrEnumerationType())
      return true;
    error(Written.getLoc(),
          "attribute %0 counts by an integer; parameter %1 has type %2")
        << P.getFunctionScopeIndex() + 1 << P.getType();
    return false;
  }
};

struct AccessAttribute : public ParsedAttrInfo {
  AccessAttribute() {
    static constexpr Spelling Names[] = {{ParsedAttr::AS_GNU, "access"}};
    Spellings = Names;
    NumArgs = 2;
    OptArgs = 1;
  }

  AttrHandling handleDeclAttribute(Sema &S, Decl *D,
                                   const ParsedAttr &Written) const override {
    auto *F = dyn_cast<FunctionDecl>(D);
    if (!F) {
      if (!D->getFunctionType())
        S.Diag(Written.getLoc(), diag::warn_attribute_ignored) << Written;
      return AttributeNotApplied;
    }
    if (!isC(S.getLangOpts()))
      return AttributeNotApplied;
    auto Kept = AccessCheck(S, Written, *F).run();
    if (!Kept)
      return AttributeNotApplied;
    F->addAttr(AnnotateAttr::CreateImplicit(F->getASTContext(), *Kept, nullptr,
                                            0, Written.getRange()));
    return AttributeApplied;
  }
};

} // namespace

static ParsedAttrInfoRegistry::Add<AccessAttribute>
    Access("access", "how a function accesses memory behind a parameter");

//===----------------------------------------------------------------------===//
// What is kept of it
//===----------------------------------------------------------------------===//

static std::optional<SaidAccess> parseAccess(const AnnotateAttr &A,
                                             FunctionDecl &F) {
  llvm::SmallVector<llvm::StringRef, 4> Part;
  A.getAnnotation().split(Part, ':');
  unsigned Access, Pointer, Count;
  if (!A.isImplicit() || Part.size() != 4 || Part[0] != AccessWord ||
      Part[1].getAsInteger(10, Access) || Part[2].getAsInteger(10, Pointer) ||
      Part[3].getAsInteger(10, Count))
    return std::nullopt;
  if (Pointer > F.getNumParams() || Count > F.getNumParams())
    return std::nullopt; // a declaration without parameters
  return SaidAccess{Access, F.getParamDecl(Pointer - 1),
                    Count ? F.getParamDecl(Count - 1) : nullptr, A.getRange()};
}

std::vector<SaidAccess> lazypass::takeAccesses(FunctionDecl &F) {
  std::vector<SaidAccess> Said;
  if (F.hasAttr<AnnotateAttr>())
    llvm::erase_if(F.getAttrs(), [&](const Attr *Attribute) {
      const auto *A = dyn_cast<AnnotateAttr>(Attribute);
      auto Access = A ? parseAccess(*A, F) : std::nullopt;
      if (Access)
        Said.push_back(*Access);
      return Access.has_value();
    });
  return Said;
}
