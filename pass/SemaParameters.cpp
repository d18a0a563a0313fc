//===- SemaParameters.cpp - what the source says of parameters ------------===//
//
// Algorithm
//   1. Each annotation of a parameter must suit its type.
//   2. It is taken off the parameter, which it would keep in memory, and said
//      on the function, with the parameter's place in the IR (Annotations.h)
//      and its extent in bytes (SemaExtent.h).  The place is known as long as
//      all parameters on one side of it are scalars, which are one each.
//   3. GCC's attribute access says the same, on the function (SemaAccess.h).
//   4. What the type of a parameter of a lazy function says of pointers in
//      objects is said, too: their visitor, or that there is none.
//   5. Of a parameter of a lazy function of which nothing else is said, its
//      declarator may say something: `const double a[n]`.
//
//===----------------------------------------------------------------------===//

#include "SemaParameters.h"

#include "Annotations.h"
#include "SemaAccess.h"
#include "SemaExtent.h"
#include "SemaVisitors.h"
#include "lazy/abi.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/Diagnostic.h"

using namespace clang;
using namespace lazypass;

static constexpr ParameterWord Words[] = {
    {OpaqueWord, 0, false, false, false},
    {InWord, LAZY_READS, true, false, false},
    {OutWord, LAZY_WRITES, true, false, false},
    {InOutWord, LAZY_READS | LAZY_WRITES, true, false, false},
    {StringWord, LAZY_READS, false, true, false},
    {FileInWord, LAZY_READS, false, true, true},
    {FileOutWord, LAZY_READS, false, true, true}};

const ParameterWord *lazypass::findParameterWord(llvm::StringRef Annotation) {
  llvm::StringRef Word = Annotation.split(':').first;
  const auto *Known = llvm::find_if(
      Words, [&](const ParameterWord &K) { return K.Word == Word; });
  return Known == std::end(Words) ? nullptr : Known;
}

ParameterWords::ParameterWords(DiagnosticsEngine &Diags)
    : Diags(Diags),
      NoPointer(Diags.getCustomDiagID(
          DiagnosticsEngine::Error,
          "'%0' applies to pointers only; this parameter has type %1")),
      NoString(Diags.getCustomDiagID(
          DiagnosticsEngine::Error,
          "'%0' applies to strings of char only; this parameter has type %1")),
      NoPlace(Diags.getCustomDiagID(
          DiagnosticsEngine::Error,
          "cannot tell which register '%0' speaks of, because structs by "
          "value stand on both sides of the parameter; make it the first "
          "one")),
      BadExtent(Diags.getCustomDiagID(DiagnosticsEngine::Error,
                                      "the extent '%0' cannot be used: %1")),
      WritesConst(Diags.getCustomDiagID(
          DiagnosticsEngine::Error,
          "'%0' says that the function writes, but %1 points to const")),
      Contradiction(Diags.getCustomDiagID(
          DiagnosticsEngine::Error,
          "'%0' says that the function does not look through this parameter, "
          "and another annotation how much it reads or writes there")) {}

/// Objects that are const, with pointers in them to what is not?
static bool mayWriteInside(QualType Pointer, const ParameterWord &Word) {
  const RecordDecl *Record = pointedRecord(Pointer);
  return Word.Word == InOutWord && Record && visitorOf(*Record);
}

void ParameterWords::check(const ParmVarDecl &Parameter, const AnnotateAttr &A,
                           const ParameterWord &Word) const {
  QualType T = Parameter.getType();
  if (!T->isAnyPointerType())
    Diags.Report(A.getLocation(), NoPointer) << Word.Word << T << A.getRange();
  else if (Word.IsText && !T->getPointeeType()->isCharType())
    Diags.Report(A.getLocation(), NoString) << Word.Word << T << A.getRange();
  else if ((Word.Access & LAZY_WRITES) &&
           T->getPointeeType().isConstQualified() && !mayWriteInside(T, Word))
    Diags.Report(A.getLocation(), WritesConst)
        << Word.Word << Parameter.getName() << A.getRange();
}

//===----------------------------------------------------------------------===//
// Steps 2 to 5
//===----------------------------------------------------------------------===//

static bool isLazy(const FunctionDecl &F) {
  return llvm::any_of(
      F.specific_attrs<AnnotateAttr>(),
      [](const AnnotateAttr *A) { return A->getAnnotation() == LazyWord; });
}

/// Once.
static void say(FunctionDecl &F, const llvm::Twine &Words, SourceRange Range,
                Expr *Argument = nullptr) {
  std::string Text = Words.str();
  for (const auto *Said : F.specific_attrs<AnnotateAttr>())
    if (Said->getAnnotation() == Text)
      return;
  F.addAttr(AnnotateAttr::CreateImplicit(F.getASTContext(), Text, &Argument,
                                         Argument ? 1 : 0, Range));
}

static void sayOpaque(FunctionDecl &F, int Place, SourceRange Range) {
  say(F, OpaqueWord + ":" + llvm::Twine(Place), Range);
}

static void sayRegion(FunctionDecl &F, int Place, unsigned Access,
                      const WrittenExtent &E, SourceRange Range,
                      llvm::StringRef Word = RegionWord) {
  say(F,
      Word + ":" + llvm::Twine(Place) + ":" + llvm::Twine(Access) + ":" +
          E.Size + ":" + E.Rows + ":" + E.Stride,
      Range);
}

void ParameterWords::sayWord(FunctionDecl &F, const ParmVarDecl &P,
                             const AnnotateAttr &A,
                             const ParameterWord &Word) const {
  auto Place = placeOf(F, P.getFunctionScopeIndex());
  if (!Place) {
    if (!A.isInherited())
      Diags.Report(A.getLocation(), NoPlace) << Word.Word << A.getRange();
  } else if (!Word.Access) {
    sayOpaque(F, *Place, A.getRange());
  } else if (!Word.HasExtent) {
    WrittenExtent E;
    E.Size = "u" + std::to_string(*Place) + " len";
    sayRegion(F, *Place, Word.Access, E, A.getRange());
    if (Word.IsFile)
      say(F, Word.Word + ":" + llvm::Twine(*Place), A.getRange());
  } else {
    llvm::StringRef Text = A.getAnnotation().split(':').second;
    WrittenExtent E = parseWrittenExtent(Text, P, F);
    if (E.Error.empty())
      sayRegion(F, *Place, Word.Access, E, A.getRange());
    else if (!A.isInherited())
      Diags.Report(A.getLocation(), BadExtent)
          << Text << E.Error << A.getRange();
  }
}

/// What of the two is said of a parameter.
enum { SaysOpaque = 1, SaysRegion = 2 };

unsigned ParameterWords::sayWords(FunctionDecl &F, ParmVarDecl &P) const {
  unsigned Said = 0;
  if (P.hasAttr<AnnotateAttr>())
    llvm::erase_if(P.getAttrs(), [&](const Attr *Attribute) {
      const auto *A = dyn_cast<AnnotateAttr>(Attribute);
      const ParameterWord *Word =
          A ? findParameterWord(A->getAnnotation()) : nullptr;
      if (!Word || Word->HasExtent != A->getAnnotation().contains(':'))
        return false;
      sayWord(F, P, *A, *Word);
      Said |= Word->Access ? SaysRegion : SaysOpaque;
      return true;
    });
  return Said;
}

/// Step 3.  What we cannot use of it is no error: it was not written for us.
static unsigned sayAccess(FunctionDecl &F, const SaidAccess &A) {
  auto Place = placeOf(F, A.Pointer->getFunctionScopeIndex());
  if (!Place)
    return 0;
  if (!A.Access) {
    sayOpaque(F, *Place, A.Range);
    return SaysOpaque;
  }
  if (!A.Count)
    return 0;
  WrittenExtent E = countedExtent(*A.Count, *A.Pointer, F);
  if (!E.Error.empty())
    return 0;
  sayRegion(F, *Place, A.Access, E, A.Range);
  return SaysRegion;
}

/// Step 4.  Returns the visitor, or null.
static FunctionDecl *sayObjects(FunctionDecl &F, const ParmVarDecl &P) {
  ASTContext &Ctx = F.getASTContext();
  auto Place = placeOf(F, P.getFunctionScopeIndex());
  const RecordDecl *Record = pointedRecord(P.getType());
  if (!Place || !Record)
    return nullptr;
  QualType Object = P.getType()->getPointeeType();
  while (Object->isArrayType())
    Object = Ctx.getAsArrayType(Object)->getElementType();
  FunctionDecl *Visitor = visitorOf(*Record);
  if (Visitor)
    say(F,
        ObjectsWord + ":" + llvm::Twine(*Place) + ":" +
            llvm::Twine(Ctx.getTypeSizeInChars(Object).getQuantity()) + ":" +
            llvm::Twine(int(Object.isConstQualified())),
        P.getSourceRange(), addressOf(*Visitor));
  else if (holdsPointers(*Record))
    say(F,
        HolderWord + ":" + llvm::Twine(*Place) + ":" +
            Object.getUnqualifiedType().getAsString(),
        P.getSourceRange());
  return Visitor;
}

/// With objects among the parameters, it counts what can be no pointer.
static void sayNumbers(FunctionDecl &F) {
  for (const ParmVarDecl *P : F.parameters())
    if (P->getType()->isArithmeticType())
      if (auto Place = placeOf(F, P->getFunctionScopeIndex()))
        say(F, NumberWord + ":" + llvm::Twine(*Place), P->getSourceRange());
}

/// Step 5.
static void sayDeclarator(FunctionDecl &F, const ParmVarDecl &P) {
  auto Place = placeOf(F, P.getFunctionScopeIndex());
  auto Bytes = declaredExtent(P, F);
  if (!Place || !Bytes)
    return;
  QualType Element = P.getType()->getPointeeType();
  while (const auto *Array = Element->getAsArrayTypeUnsafe())
    Element = Array->getElementType();
  unsigned Access = LAZY_READS | LAZY_WRITES;
  if (Element.isConstQualified())
    Access = LAZY_READS;
  sayRegion(F, *Place, Access, {*Bytes}, P.getSourceRange(), DeclaredWord);
}

void ParameterWords::sayOnFunction(
    FunctionDecl &F, llvm::SmallVectorImpl<FunctionDecl *> &Visitors) const {
  bool Lazy = isLazy(F);
  size_t VisitorsBefore = Visitors.size();
  llvm::SmallVector<unsigned, 8> Said(F.getNumParams(), 0);
  if (Lazy || F.isThisDeclarationADefinition())
    for (const SaidAccess &A : takeAccesses(F))
      if (Lazy)
        Said[A.Pointer->getFunctionScopeIndex()] |= sayAccess(F, A);
  for (ParmVarDecl *P : F.parameters()) {
    if (!P->getType()->isAnyPointerType())
      continue;
    unsigned &Here = Said[P->getFunctionScopeIndex()];
    Here |= sayWords(F, *P);
    if (Here == (SaysOpaque | SaysRegion))
      Diags.Report(P->getLocation(), Contradiction)
          << OpaqueWord << P->getSourceRange();
    if (Lazy && !(Here & SaysOpaque))
      if (FunctionDecl *Visitor = sayObjects(F, *P))
        Visitors.push_back(Visitor);
    if (!Here && Lazy)
      sayDeclarator(F, *P);
  }
  if (Visitors.size() != VisitorsBefore)
    sayNumbers(F);
}
