//===- SemaExtentText.h - the text of an extent -----------------*- C++ -*-===//

#ifndef LAZYPASS_SEMAEXTENTTEXT_H
#define LAZYPASS_SEMAEXTENTTEXT_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace clang {
class FunctionDecl;
} // namespace clang

namespace lazypass {

/// One extent, or three, as LAZY_IN(...) of a parameter of \p F says it: each
/// in postfix order (Extent.h); or an \p Error.
std::vector<std::string> parseExtentText(llvm::StringRef Text,
                                         const clang::FunctionDecl &F,
                                         std::string &Error);

} // namespace lazypass

#endif // LAZYPASS_SEMAEXTENTTEXT_H
