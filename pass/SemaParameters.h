//===- SemaParameters.h - what the source says of parameters ----*- C++ -*-===//
//
// LAZY_IN(n) and its like, and array declarators: what memory a function
// touches through a parameter is said on the function instead, in words of
// Annotations.h.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SEMAPARAMETERS_H
#define LAZYPASS_SEMAPARAMETERS_H

#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"

namespace clang {
class DiagnosticsEngine;
}

namespace lazypass {

/// A word that speaks of a parameter.
struct ParameterWord {
  llvm::StringLiteral Word;
  unsigned Access; ///< enum lazy_access; 0: not looked through
  bool HasExtent;  ///< is written WORD:EXTENT
  bool IsText;     ///< speaks of a string
  bool IsFile;     ///< ... that names a file
};

/// The one that \p Annotation starts with, or null.
const ParameterWord *findParameterWord(llvm::StringRef Annotation);

class ParameterWords {
  clang::DiagnosticsEngine &Diags;
  unsigned NoPointer, NoString, NoPlace, BadExtent, WritesConst, Contradiction;

public:
  explicit ParameterWords(clang::DiagnosticsEngine &Diags);

  /// Diagnoses \p A, which says \p Word of \p Parameter.
  void check(const clang::ParmVarDecl &Parameter, const clang::AnnotateAttr &A,
             const ParameterWord &Word) const;

  /// Moves what is said of the parameters of \p F to \p F itself.  The
  /// visitors of what they point to are added to \p Visitors.
  void
  sayOnFunction(clang::FunctionDecl &F,
                llvm::SmallVectorImpl<clang::FunctionDecl *> &Visitors) const;

private:
  unsigned sayWords(clang::FunctionDecl &F, clang::ParmVarDecl &P) const;
  void sayWord(clang::FunctionDecl &F, const clang::ParmVarDecl &P,
               const clang::AnnotateAttr &A, const ParameterWord &Word) const;
};

} // namespace lazypass

#endif // LAZYPASS_SEMAPARAMETERS_H
