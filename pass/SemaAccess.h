//===- SemaAccess.h - GCC's attribute access --------------------*- C++ -*-===//
//
//     int sum(const int *a, int n) __attribute__((access(read_only, 1, 2)));
//
// clang does not have it, and ignores it with a warning.  It says of a lazy
// function what LAZY_IN(n) says.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SEMAACCESS_H
#define LAZYPASS_SEMAACCESS_H

#include "clang/AST/Decl.h"
#include <vector>

namespace lazypass {

/// What one such attribute says.
struct SaidAccess {
  unsigned Access; ///< enum lazy_access; 0: not looked through
  clang::ParmVarDecl *Pointer;
  const clang::ParmVarDecl *Count; ///< so many elements; null: not said
  clang::SourceRange Range;
};

/// What is said of \p F, and no longer is.
std::vector<SaidAccess> takeAccesses(clang::FunctionDecl &F);

} // namespace lazypass

#endif // LAZYPASS_SEMAACCESS_H
