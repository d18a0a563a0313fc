//===- Sema.cpp - the AST half --------------------------------------------===//
//
// Algorithm
//   1. Walk every declaration as it is parsed, also those inside functions.
//   2. An annotation whose text starts with "lazy" is ours: it must be a word
//      we know, on a function.  Anything else is an error with the nearest
//      word that would have been right.  Other annotations are none of our
//      business.
//   3. At the end: a precompiled header made without the plugin has an empty
//      LAZY in it, and what it declares is lazy nowhere.  It is known by the
//      macros that <lazy/lazy.h> left behind.
//
//===----------------------------------------------------------------------===//

#include "Sema.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace lazypass;

/// The words there are.  All of them go on functions.
static constexpr llvm::StringLiteral Words[] = {"lazy"};

/// Arguments of the plugin.
static constexpr llvm::StringLiteral DeferSmall = "defer-small";

static llvm::StringRef nearest(llvm::StringRef Word) {
  llvm::StringRef Best;
  unsigned BestDistance = Word.size() / 3 + 1;
  for (llvm::StringRef Known : Words) {
    unsigned Distance = Word.edit_distance_insensitive(Known);
    if (Distance <= BestDistance) {
      BestDistance = Distance;
      Best = Known;
    }
  }
  // "lazy_pure", "lazyy ...": what starts like a word was meant to be one.
  return Best.empty() ? llvm::StringRef("lazy") : Best;
}

namespace {

class Visitor : public RecursiveASTVisitor<Visitor> {
  DiagnosticsEngine &Diags;
  unsigned UnknownWord, NotAFunction, NoArguments;

public:
  explicit Visitor(DiagnosticsEngine &Diags)
      : Diags(Diags),
        UnknownWord(Diags.getCustomDiagID(
            DiagnosticsEngine::Error,
            "unknown lazypass annotation '%0'; did you mean '%1'?")),
        NotAFunction(Diags.getCustomDiagID(
            DiagnosticsEngine::Error,
            "'%0' applies to functions only; %select{'%2'|this}1 is %3")),
        NoArguments(
            Diags.getCustomDiagID(DiagnosticsEngine::Error,
                                  "the annotation '%0' takes no arguments")) {}

  bool VisitDecl(Decl *D) {
    for (const auto *A : D->specific_attrs<AnnotateAttr>())
      if (A->getAnnotation().starts_with_insensitive("lazy") &&
          !A->isInherited())
        check(*D, *A);
    return true;
  }

private:
  void check(const Decl &D, const AnnotateAttr &A) {
    llvm::StringRef Word = A.getAnnotation();
    if (!llvm::is_contained(Words, Word)) {
      Diags.Report(A.getLocation(), UnknownWord)
          << Word << nearest(Word) << A.getRange();
      return;
    }
    if (A.args_size()) {
      Diags.Report(A.getLocation(), NoArguments) << Word << A.getRange();
      return;
    }
    if (isa<FunctionDecl>(D))
      return;
    const auto *Named = dyn_cast<NamedDecl>(&D);
    bool HasName = Named && Named->getDeclName();
    Diags.Report(A.getLocation(), NotAFunction)
        << Word << !HasName << (HasName ? Named->getNameAsString() : "")
        << kindOf(D) << A.getRange();
  }

  static llvm::StringRef kindOf(const Decl &D) {
    if (isa<ParmVarDecl>(D))
      return "a parameter";
    if (const auto *V = dyn_cast<VarDecl>(&D))
      return V->getType()->isFunctionPointerType()
                 ? "a pointer to a function (annotate the functions it may "
                   "point to; calls through a pointer are plain calls)"
                 : "a variable";
    if (isa<FieldDecl>(D))
      return "a field";
    if (isa<TypedefNameDecl>(D))
      return "a type name";
    if (isa<TagDecl>(D))
      return "a type";
    return "no function";
  }
};

class AnnotationConsumer : public ASTConsumer {
  CompilerInstance &CI;
  Visitor V;

public:
  explicit AnnotationConsumer(CompilerInstance &CI)
      : CI(CI), V(CI.getDiagnostics()) {}

  bool HandleTopLevelDecl(DeclGroupRef Group) override {
    for (Decl *D : Group)
      V.TraverseDecl(D);
    return true;
  }

  void HandleTranslationUnit(ASTContext &) override {
    llvm::StringRef PCH = CI.getPreprocessorOpts().ImplicitPCHInclude;
    Preprocessor &PP = CI.getPreprocessor();
    if (PCH.empty() || !PP.isMacroDefined("LAZY_LAZY_H") ||
        PP.isMacroDefined("LAZY_HAVE_PLUGIN"))
      return;
    // clang does not map diagnostics of plugins by -w and -Werror.
    DiagnosticsEngine &Diags = CI.getDiagnostics();
    auto Level = Diags.getIgnoreAllWarnings()  ? DiagnosticsEngine::Ignored
                 : Diags.getWarningsAsErrors() ? DiagnosticsEngine::Error
                                               : DiagnosticsEngine::Warning;
    Diags.Report(Diags.getCustomDiagID(
        Level,
        "'%0' was precompiled without the plugin lazypass, so no function "
        "declared in it is lazy; precompile it with the plugin"))
        << PCH;
  }
};

} // namespace

bool lazypass::parsePluginArguments(DiagnosticsEngine &Diags,
                                    const std::vector<std::string> &Arguments,
                                    LazyOptions &Options) {
  unsigned Unknown = Diags.getCustomDiagID(
      DiagnosticsEngine::Error,
      "unknown argument '%0' of the plugin lazypass; did you mean '%1'?");
  bool Good = true;
  for (const std::string &A : Arguments) {
    if (A == DeferSmall) {
      Options.DeferSmall = true;
      continue;
    }
    Diags.Report(Unknown) << A << DeferSmall;
    Good = false;
  }
  return Good;
}

std::unique_ptr<ASTConsumer>
lazypass::createSemaConsumer(CompilerInstance &CI) {
  return std::make_unique<AnnotationConsumer>(CI);
}
