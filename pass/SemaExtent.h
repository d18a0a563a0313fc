//===- SemaExtent.h - extents, as the source says them ----------*- C++ -*-===//
//
// From C to the postfix text of Extent.h: the expression in LAZY_IN(...), and
// the sizes in `double m[rows][columns]`.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SEMAEXTENT_H
#define LAZYPASS_SEMAEXTENT_H

#include "clang/AST/Decl.h"
#include <optional>
#include <string>

namespace lazypass {

/// The PLACE (Annotations.h) of parameter \p I of \p F; nothing if structs by
/// value, in who knows how many pieces, stand on both sides of it.
std::optional<int> placeOf(const clang::FunctionDecl &F, unsigned I);

/// A parameter as a STEP (Extent.h), or nothing: a number, or \p OrAddress.
std::optional<std::string> stepOf(const clang::ParmVarDecl &P,
                                  const clang::FunctionDecl &F,
                                  bool OrAddress = false);

/// Rows of bytes, as in Annotations.h, or why they cannot be told.
struct WrittenExtent {
  std::string Size, Rows = "1", Stride = "0";
  std::string Error{}; ///< empty if they are good
};

/// What \p Text says in elements of what \p P points to.
WrittenExtent parseWrittenExtent(llvm::StringRef Text,
                                 const clang::ParmVarDecl &P,
                                 const clang::FunctionDecl &F);

/// As many elements of what \p P points to as parameter \p Count says.
WrittenExtent countedExtent(const clang::ParmVarDecl &Count,
                            const clang::ParmVarDecl &P,
                            const clang::FunctionDecl &F);

/// What the declarator of \p P says: bytes in postfix order, or nothing.
std::optional<std::string> declaredExtent(const clang::ParmVarDecl &P,
                                          const clang::FunctionDecl &F);

} // namespace lazypass

#endif // LAZYPASS_SEMAEXTENT_H
