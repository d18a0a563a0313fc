//===- SemaDiagnostics.h - diagnostics of the IR half, by clang -*- C++ -*-===//
#ifndef LAZYPASS_SEMADIAGNOSTICS_H
#define LAZYPASS_SEMADIAGNOSTICS_H

#include "Diagnostics.h"
#include "LazyPass.h"

namespace clang {
class CompilerInstance;
}

namespace lazypass {

/// A sink that reports to the user of \p CI, which must outlive it, as \p Check
/// wants it.
std::shared_ptr<DiagnosticSink> createClangSink(clang::CompilerInstance &CI,
                                                StatelessnessCheck Check);

} // namespace lazypass

#endif // LAZYPASS_SEMADIAGNOSTICS_H
