//===- Diagnostics.h - errors and warnings about lazy functions -*- C++ -*-===//
//
// The IR half finds what a lazy function may not do; clang, where it is there,
// has the source line and counts the errors.  Between them stands this: plain
// data, and an interface with one function.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_DIAGNOSTICS_H
#define LAZYPASS_DIAGNOSTICS_H

#include "LazyFunction.h"
#include <string>
#include <vector>

namespace lazypass {

/// A place in the source, as debug information names it.  Line 0: unknown.
struct SourcePlace {
  std::string File, Directory;
  unsigned Line = 0, Column = 0;

  /// "FILE:LINE:COLUMN", or nothing.
  std::string text() const;
};

struct Diagnostic {
  enum Level { Warning, Error };
  struct Note {
    SourcePlace Place;
    std::string Text;
  };

  Level Severity;
  SourcePlace Place;
  std::string Text;
  std::vector<Note> Notes;
};

/// Whoever can show a diagnostic to the user.
class DiagnosticSink {
public:
  virtual ~DiagnosticSink() = default;
  virtual void report(const Diagnostic &D, llvm::LLVMContext &Context) = 0;
};

/// One diagnostic for each function of \p Lazy that is proved to do what it
/// may not, or that might do so out of sight.
void diagnoseViolations(const LazyFunctions &Lazy, DiagnosticSink &Sink);

/// One for the visitor \p V, of which \p E says that it does more than tell.
void diagnoseVisitor(const llvm::Function &V, const Effects &E,
                     DiagnosticSink &Sink);

} // namespace lazypass

#endif // LAZYPASS_DIAGNOSTICS_H
