//===- Sema.h - the AST half ------------------------------------*- C++ -*-===//
//
// Diagnoses what a user can mend, in clang's own style and at the place where
// it stands in the source.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SEMA_H
#define LAZYPASS_SEMA_H

#include "LazyPass.h"
#include "clang/AST/ASTConsumer.h"
#include <memory>
#include <string>
#include <vector>

namespace clang {
class CompilerInstance;
class DiagnosticsEngine;
class LangOptions;
} // namespace clang

namespace lazypass {

/// C is the language; in others the plugin is not there.
bool isC(const clang::LangOptions &Lang);

/// What comes as -fplugin-arg-lazypass-...; reports what there is none of.
/// False: do not go on.
bool parsePluginArguments(clang::DiagnosticsEngine &Diags,
                          const std::vector<std::string> &Arguments,
                          LazyOptions &Options);

std::unique_ptr<clang::ASTConsumer>
createSemaConsumer(clang::CompilerInstance &CI, const LazyOptions &Options);

} // namespace lazypass

#endif // LAZYPASS_SEMA_H
