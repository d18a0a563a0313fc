//===- Sema.cpp - the AST half --------------------------------------------===//
//
// Algorithm
//   1. Walk every declaration as it is parsed, also those inside functions.
//   2. An annotation whose text starts with "lazy" is ours: it must be a word
//      we know, on what it speaks of.  Anything else is an error with the
//      nearest word that would have been right.  Other annotations are none of
//      our business.
//   3. What is said of a parameter is said on its function instead, with the
//      parameter's place in the IR (Annotations.h).  That is known as long as
//      all parameters on one side of it are scalars, which are one each.  On
//      the parameter itself it would keep it in memory.
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

/// The words there are.
static constexpr llvm::StringLiteral Words[] = {LazyWord, TrustedWord,
                                                OpaqueWord};

/// An argument of the plugin, and what it means.
namespace {
struct Argument {
  llvm::StringLiteral Word;
  void (*Set)(LazyOptions &);
};
} // namespace

static constexpr Argument PluginArguments[] = {
    {"defer-small", [](LazyOptions &O) { O.DeferSmall = true; }},
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
  unsigned UnknownWord, Misplaced, NoArguments, NoPointer, NoPlace;
  bool SeenAny = false;

public:
  explicit Visitor(DiagnosticsEngine &Diags)
      : Diags(Diags),
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
        NoPointer(Diags.getCustomDiagID(
            DiagnosticsEngine::Error,
            "'%0' applies to pointers only; this parameter has type %1")),
        NoPlace(Diags.getCustomDiagID(
            DiagnosticsEngine::Error,
            "cannot tell which register '%0' speaks of, because structs by "
            "value stand on both sides of the parameter; make it the first "
            "one")) {}

  /// Any annotation of ours, right or wrong.
  bool hasSeenAny() const { return SeenAny; }

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
    for (unsigned I = 0; I != F->getNumParams(); ++I) {
      ParmVarDecl *Parameter = F->getParamDecl(I);
      if (!Parameter->hasAttr<AnnotateAttr>())
        continue;
      llvm::erase_if(Parameter->getAttrs(), [&](const Attr *A) {
        const auto *Annotation = dyn_cast<AnnotateAttr>(A);
        if (!Annotation || Annotation->getAnnotation() != OpaqueWord)
          return false;
        if (Parameter->getType()->isAnyPointerType())
          sayOnFunction(*F, I, *Annotation);
        return true;
      });
    }
    return Go;
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
    bool OnParameter = Word == OpaqueWord;
    if (OnParameter ? isa<ParmVarDecl>(D) : isa<FunctionDecl>(D)) {
      auto *Parameter = dyn_cast<ParmVarDecl>(&D);
      if (Parameter && !Parameter->getType()->isAnyPointerType())
        Diags.Report(A.getLocation(), NoPointer)
            << Word << Parameter->getType() << A.getRange();
      return;
    }
    const auto *Named = dyn_cast<NamedDecl>(&D);
    bool HasName = Named && Named->getDeclName();
    Diags.Report(A.getLocation(), Misplaced)
        << Word << OnParameter << !HasName
        << (HasName ? Named->getNameAsString() : "") << kindOf(D)
        << A.getRange();
  }

  /// Is it one parameter of the IR, whatever the ABI?
  static bool isOneRegister(const ParmVarDecl *Parameter, ASTContext &Ctx) {
    QualType T = Parameter->getType();
    bool Scalar = T->isAnyPointerType() || T->isRealFloatingType() ||
                  (T->isIntegralOrEnumerationType() &&
                   Ctx.getTypeSize(T) <= Ctx.getTypeSize(Ctx.LongLongTy));
    return Scalar && !Parameter->hasAttr<PassObjectSizeAttr>();
  }

  void sayOnFunction(FunctionDecl &F, unsigned I, const AnnotateAttr &A) {
    ASTContext &Ctx = F.getASTContext();
    auto AreScalars = [&](llvm::ArrayRef<ParmVarDecl *> Others) {
      return llvm::all_of(
          Others, [&](const ParmVarDecl *P) { return isOneRegister(P, Ctx); });
    };
    int Count = F.getNumParams(), Place = I;
    if (!AreScalars(F.parameters().take_front(I)))
      Place -= Count;
    if (Place < 0 && !AreScalars(F.parameters().drop_front(I + 1))) {
      if (!A.isInherited())
        Diags.Report(A.getLocation(), NoPlace) << OpaqueWord << A.getRange();
      return;
    }
    std::string Text = (OpaqueWord + ":" + llvm::Twine(Place)).str();
    for (const auto *Said : F.specific_attrs<AnnotateAttr>())
      if (Said->getAnnotation() == Text)
        return;
    F.addAttr(
        AnnotateAttr::CreateImplicit(Ctx, Text, nullptr, 0, A.getRange()));
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
