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

/// What \p Text says, times \p ElementSize, or why not.
struct WrittenExtent {
  std::string Postfix;
  std::string Error; ///< empty if it is good
};
WrittenExtent parseWrittenExtent(llvm::StringRef Text,
                                 const clang::FunctionDecl &F,
                                 uint64_t ElementSize);

/// What the declarator of \p P says: bytes in postfix order, or nothing.
std::optional<std::string> declaredExtent(const clang::ParmVarDecl &P,
                                          const clang::FunctionDecl &F);

} // namespace lazypass

#endif // LAZYPASS_SEMAEXTENT_H
