//===- SemaVisitors.h - visitors of types -----------------------*- C++ -*-===//
//
//     LAZY_VISITOR void visit_matrix(const struct matrix *m, lazy_visit *to);
//
// says what an object of the type consists of.  That is kept on the type.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SEMAVISITORS_H
#define LAZYPASS_SEMAVISITORS_H

#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"

namespace clang {
class DiagnosticsEngine;
}

namespace lazypass {

class VisitorWords {
  clang::DiagnosticsEngine &Diags;
  unsigned WrongType, Another, AnotherHere, IsLazy;

public:
  explicit VisitorWords(clang::DiagnosticsEngine &Diags);

  /// If \p F is said to be a visitor: says on its type that it is, or what is
  /// wrong with it.
  void sayOnType(clang::FunctionDecl &F) const;

private:
  void declare(clang::FunctionDecl &F, clang::SourceLocation Where) const;
};

/// The struct or union that a pointer of type \p Pointer points to, or to
/// arrays of; null if it is none, or not complete.
clang::RecordDecl *pointedRecord(clang::QualType Pointer);

/// The visitor of \p Record, or null.
clang::FunctionDecl *visitorOf(const clang::RecordDecl &Record);

/// The address of \p F, to be the argument of an annotation.
clang::Expr *addressOf(clang::FunctionDecl &F);

/// Are there pointers to data in an object of that type?
bool holdsPointers(const clang::RecordDecl &Record);

} // namespace lazypass

#endif // LAZYPASS_SEMAVISITORS_H
