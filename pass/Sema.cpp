//===- Sema.cpp - the AST half --------------------------------------------===//
//
// Algorithm
//   1. Walk every declaration as it is parsed, also those inside functions.
//   2. An annotation whose text starts with "lazy" is ours: it must be a word
//      we know, on what it speaks of.  Anything else is an error with the
//      nearest word that would have been right.  Other annotations are none of
//      our business.
//   3. What is said of a parameter is said on its function instead
//      (SemaParameters.cpp), and what is said of a visitor on the type that it
//      is for (SemaVisitors.cpp).
//   4. Where locations are tracked for us alone, clang need not track those of
//      functions that come before the first sign of a lazy one: it would take
//      a fifth of the time of a compilation without optimisation.  What the IR
//      half has to say of such a function has no line then.
//   5. At the end: a precompiled header made without the plugin has an empty
//      LAZY in it, and what it declares is lazy nowhere.  It is known by the
//      macros that <lazy/lazy.h> left behind.
//
//===----------------------------------------------------------------------===//

#include "Sema.h"

#include "Annotations.h"
#include "SemaParameters.h"
#include "SemaVisitors.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace lazypass;

/// The words there are.
static constexpr llvm::StringLiteral Words[] = {
    LazyWord,   TrustedWord, CachedWord, NotCachedWord, SaltWord,
    OpaqueWord, InWord,      OutWord,    InOutWord,     StringWord,
    FileInWord, FileOutWord, VisitorWord};

/// An argument of the plugin, and what it means.
namespace {
struct Argument {
  llvm::StringLiteral Word;
  void (*Set)(LazyOptions &);
};
} // namespace

static constexpr Argument PluginArguments[] = {
    {"defer-small", [](LazyOptions &O) { O.DeferSmall = true; }},
    {"cache-short", [](LazyOptions &O) { O.CacheShort = true; }},
    {"fingerprints", [](LazyOptions &O) { O.TellCode = true; }},
    {"instrument", [](LazyOptions &O) { O.Instrument = true; }},
    {"check=error",
     [](LazyOptions &O) { O.Check = StatelessnessCheck::Error; }},
    {"check=warn", [](LazyOptions &O) { O.Check = StatelessnessCheck::Warn; }},
    {"check=off", [](LazyOptions &O) { O.Check = StatelessnessCheck::Off; }}};

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
  ParameterWords Parameters;
  VisitorWords Visitors;
  llvm::SmallVector<FunctionDecl *, 4> Wanted;
  unsigned UnknownWord, Misplaced, NoArguments, NoExtent;
  bool SeenAny = false;

public:
  explicit Visitor(DiagnosticsEngine &Diags)
      : Diags(Diags), Parameters(Diags), Visitors(Diags),
        UnknownWord(Diags.getCustomDiagID(
            DiagnosticsEngine::Error,
            "unknown lazypass annotation '%0'; did you mean '%1'?")),
        Misplaced(
            Diags.getCustomDiagID(DiagnosticsEngine::Error,
                                  "'%0' applies to %select{functions|"
                                  "parameters}1 only; %select{'%3'|this}2 is "
                                  "%4")),
        NoArguments(
            Diags.getCustomDiagID(DiagnosticsEngine::Error,
                                  "the annotation '%0' takes no arguments")),
        NoExtent(Diags.getCustomDiagID(
            DiagnosticsEngine::Error,
            "'%0' needs %select{an extent: annotate(\"%0:n\")|a text: "
            "annotate(\"%0:text\")}1, or the macro")) {}

  /// Any annotation of ours, right or wrong.
  bool hasSeenAny() const { return SeenAny; }

  /// The visitors that lazy functions have been found to want since.
  llvm::SmallVector<FunctionDecl *, 4> takeWanted() {
    return std::exchange(Wanted, {});
  }

  bool VisitDecl(Decl *D) {
    for (const auto *A : D->specific_attrs<AnnotateAttr>())
      if (A->getAnnotation().starts_with_insensitive("lazy") &&
          !A->isInherited() && !A->isImplicit()) {
        SeenAny = true;
        check(*D, *A);
      }
    return true;
  }

  /// Step 3, when the parameters have been visited.
  bool TraverseFunctionDecl(FunctionDecl *F) {
    bool Go = RecursiveASTVisitor::TraverseFunctionDecl(F);
    Parameters.sayOnFunction(*F, Wanted);
    Visitors.sayOnType(*F);
    return Go;
  }

private:
  void check(const Decl &D, const AnnotateAttr &A) {
    llvm::StringRef Word = A.getAnnotation().split(':').first;
    const ParameterWord *OfParameter = findParameterWord(Word);
    bool TakesExtent =
        (OfParameter && OfParameter->HasExtent) || Word == SaltWord;
    bool HasExtent = A.getAnnotation().contains(':');
    if (TakesExtent && !HasExtent) {
      Diags.Report(A.getLocation(), NoExtent)
          << Word << (Word == SaltWord) << A.getRange();
      return;
    }
    if (!llvm::is_contained(Words, Word) || (HasExtent && !TakesExtent)) {
      Diags.Report(A.getLocation(), UnknownWord)
          << A.getAnnotation() << nearest(Word) << A.getRange();
      return;
    }
    if (A.args_size()) {
      Diags.Report(A.getLocation(), NoArguments) << Word << A.getRange();
      return;
    }
    if (OfParameter ? isa<ParmVarDecl>(D) : isa<FunctionDecl>(D)) {
      if (auto *Parameter = dyn_cast<ParmVarDecl>(&D))
        Parameters.check(*Parameter, A, *OfParameter);
      return;
    }
    const auto *Named = dyn_cast<NamedDecl>(&D);
    bool HasName = Named && Named->getDeclName();
    Diags.Report(A.getLocation(), Misplaced)
        << Word << (OfParameter != nullptr) << !HasName
        << (HasName ? Named->getNameAsString() : "") << kindOf(D)
        << A.getRange();
  }

  static llvm::StringRef kindOf(const Decl &D) {
    if (isa<FunctionDecl>(D))
      return "a function";
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
  bool DropsLocations;
  Visitor V;

public:
  AnnotationConsumer(CompilerInstance &CI, const LazyOptions &Options)
      : CI(CI),
        DropsLocations(Options.OwnLocations && !CI.getLangOpts().CompilingPCH),
        V(CI.getDiagnostics()) {}

  void Initialize(ASTContext &Ctx) override {
    const SourceManager &SM = Ctx.getSourceManager();
    if (SM.getBufferData(SM.getMainFileID()).contains("annotate"))
      DropsLocations = false;
  }

  bool HandleTopLevelDecl(DeclGroupRef Group) override {
    for (Decl *D : Group)
      V.TraverseDecl(D);
    for (FunctionDecl *Visitor : V.takeWanted())
      emit(*Visitor);
    if (DropsLocations)
      dropLocations(Group);
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

private:
  /// Nobody calls a visitor, so clang is to be told to compile it.
  void emit(FunctionDecl &Visitor) {
    FunctionDecl *Known = Visitor.getDefinition();
    if (!Known)
      Known = Visitor.getMostRecentDecl();
    if (Known->hasAttr<UsedAttr>())
      return;
    Known->addAttr(UsedAttr::CreateImplicit(CI.getASTContext()));
    CI.getASTConsumer().HandleTopLevelDecl(DeclGroupRef(Known));
  }

  /// Step 4.
  void dropLocations(DeclGroupRef Group) {
    if (V.hasSeenAny() || CI.getPreprocessor().isMacroDefined("LAZY_LAZY_H")) {
      DropsLocations = false;
      return;
    }
    for (Decl *D : Group)
      if (auto *F = dyn_cast<FunctionDecl>(D);
          F && F->doesThisDeclarationHaveABody())
        F->addAttr(NoDebugAttr::CreateImplicit(F->getASTContext()));
  }
};

} // namespace

bool lazypass::isC(const LangOptions &Lang) {
  return !(Lang.CPlusPlus || Lang.ObjC || Lang.OpenCL || Lang.CUDA);
}

bool lazypass::parsePluginArguments(DiagnosticsEngine &Diags,
                                    const std::vector<std::string> &Arguments,
                                    LazyOptions &Options) {
  unsigned Unknown = Diags.getCustomDiagID(
      DiagnosticsEngine::Error,
      "unknown argument '%0' of the plugin lazypass; did you mean '%1'?");
  bool Good = true;
  for (llvm::StringRef A : Arguments) {
    const auto *Known = llvm::find_if(
        PluginArguments, [&](const Argument &K) { return K.Word == A; });
    if (Known != std::end(PluginArguments)) {
      Known->Set(Options);
      continue;
    }
    const auto *Nearest =
        std::min_element(std::begin(PluginArguments), std::end(PluginArguments),
                         [&](const Argument &L, const Argument &R) {
                           return A.edit_distance_insensitive(L.Word) <
                                  A.edit_distance_insensitive(R.Word);
                         });
    Diags.Report(Unknown) << A << Nearest->Word;
    Good = false;
  }
  return Good;
}

std::unique_ptr<ASTConsumer>
lazypass::createSemaConsumer(CompilerInstance &CI, const LazyOptions &Options) {
  return std::make_unique<AnnotationConsumer>(CI, Options);
}
