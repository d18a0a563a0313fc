//===- SemaVisitors.cpp - visitors of types -------------------------------===//
//
// Algorithm
//   1. A visitor takes a pointer to const objects of a struct or union, and a
//      lazy_visit to tell what it knows.  A type has one visitor.
//   2. The word is taken off the function, which it would keep in the object
//      file, and put on the type, with the address of the function.  There it
//      is found wherever the type is, also if both come from a precompiled
//      header.
//   3. SemaParameters.cpp says it of the parameters of lazy functions.  So the
//      visitor is compiled where a lazy function wants it, and only there.
//   4. What of an object are numbers, pointers and padding is said on its
//      visitor (SemaLayout.cpp): the IR does not know.
//
// Given up: lazy functions that are declared before the visitor.
//
//===----------------------------------------------------------------------===//

#include "SemaVisitors.h"

#include "Annotations.h"
#include "SemaLayout.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/Basic/Diagnostic.h"

using namespace clang;
using namespace lazypass;

VisitorWords::VisitorWords(DiagnosticsEngine &Diags)
    : Diags(Diags),
      WrongType(Diags.getCustomDiagID(
          DiagnosticsEngine::Error,
          "a visitor is a function void (const TYPE *, lazy_visit *), where "
          "TYPE is a struct or union that is complete; %0 has type %1")),
      Another(Diags.getCustomDiagID(
          DiagnosticsEngine::Error,
          "%0 cannot be the visitor of %1, which has another")),
      AnotherHere(Diags.getCustomDiagID(DiagnosticsEngine::Note,
                                        "%0 is declared here")),
      IsLazy(Diags.getCustomDiagID(
          DiagnosticsEngine::Error,
          "%0 cannot be lazy: it is a visitor, and runs at once")) {}

RecordDecl *lazypass::pointedRecord(QualType Pointer) {
  QualType T = Pointer->getPointeeType();
  while (!T.isNull() && T->isArrayType())
    T = T->getAsArrayTypeUnsafe()->getElementType();
  RecordDecl *Record = T.isNull() ? nullptr : T->getAsRecordDecl();
  Record = Record ? Record->getDefinition() : nullptr;
  return Record && !Record->isInvalidDecl() ? Record : nullptr;
}

/// Step 1.
static bool isVisitorType(const FunctionDecl &F) {
  if (!F.getReturnType()->isVoidType() || F.isVariadic() ||
      F.getNumParams() != 2)
    return false;
  QualType Object = F.getParamDecl(0)->getType(),
           To = F.getParamDecl(1)->getType();
  if (!Object->isPointerType() || !To->isPointerType() ||
      !pointedRecord(Object))
    return false;
  const RecordDecl *Told = To->getPointeeType()->getAsRecordDecl();
  Qualifiers Q = Object->getPointeeType().getQualifiers();
  return Told && Told->getName() == "lazy_visit" &&
         !To->getPointeeType().hasQualifiers() && Q.hasConst() &&
         !Q.hasVolatile() && !Q.hasAddressSpace() &&
         !Object->getPointeeType()->isArrayType();
}

Expr *lazypass::addressOf(FunctionDecl &F) {
  ASTContext &Ctx = F.getASTContext();
  Expr *Name =
      DeclRefExpr::Create(Ctx, NestedNameSpecifierLoc(), SourceLocation(), &F,
                          /*RefersToEnclosingVariableOrCapture=*/false,
                          F.getLocation(), F.getType(), VK_PRValue);
  Expr *Address = ImplicitCastExpr::Create(
      Ctx, Ctx.getPointerType(F.getType()), CK_FunctionToPointerDecay, Name,
      nullptr, VK_PRValue, FPOptionsOverride());
  return ConstantExpr::Create(Ctx, Address,
                              APValue(APValue::LValueBase(&F),
                                      CharUnits::Zero(),
                                      APValue::NoLValuePath()));
}

FunctionDecl *lazypass::visitorOf(const RecordDecl &Record) {
  for (const auto *A : Record.specific_attrs<AnnotateAttr>())
    if (A->isImplicit() && A->getAnnotation() == VisitorWord && A->args_size())
      return dyn_cast_or_null<FunctionDecl>(
          (*A->args_begin())->getReferencedDeclOfCallee());
  return nullptr;
}

bool lazypass::holdsPointers(const RecordDecl &Record) {
  return llvm::any_of(Record.fields(), [](const FieldDecl *Field) {
    QualType T = Field->getType();
    while (T->isArrayType())
      T = T->getAsArrayTypeUnsafe()->getElementType();
    const RecordDecl *Inner = T->getAsRecordDecl();
    Inner = Inner ? Inner->getDefinition() : nullptr;
    return (T->isPointerType() && !T->isFunctionPointerType()) ||
           (Inner && holdsPointers(*Inner));
  });
}

void VisitorWords::declare(FunctionDecl &F, SourceLocation Where) const {
  if (!isVisitorType(F)) {
    Diags.Report(Where, WrongType) << &F << F.getType();
    return;
  }
  if (llvm::any_of(F.specific_attrs<AnnotateAttr>(), [](const AnnotateAttr *A) {
        return A->getAnnotation() == LazyWord;
      })) {
    Diags.Report(Where, IsLazy) << &F;
    return;
  }
  RecordDecl &Record = *pointedRecord(F.getParamDecl(0)->getType());
  sayLayout(F, Record);
  const FunctionDecl *Other = visitorOf(Record);
  if (Other && Other->getCanonicalDecl() != F.getCanonicalDecl()) {
    Diags.Report(Where, Another)
        << &F << F.getParamDecl(0)->getType()->getPointeeType();
    Diags.Report(Other->getLocation(), AnotherHere) << Other;
  }
  if (Other)
    return;
  Expr *Address = addressOf(F);
  Record.addAttr(AnnotateAttr::CreateImplicit(F.getASTContext(), VisitorWord,
                                              &Address, 1, F.getSourceRange()));
}

void VisitorWords::sayOnType(FunctionDecl &F) const {
  SourceLocation Where;
  if (F.hasAttr<AnnotateAttr>())
    llvm::erase_if(F.getAttrs(), [&](const Attr *Attribute) {
      const auto *A = dyn_cast<AnnotateAttr>(Attribute);
      if (!A || A->getAnnotation() != VisitorWord)
        return false;
      Where = A->getLocation();
      return true;
    });
  if (Where.isValid())
    declare(F, Where);
}
