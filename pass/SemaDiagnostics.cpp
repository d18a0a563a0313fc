//===- SemaDiagnostics.cpp - diagnostics of the IR half, by clang ---------===//
//
// Algorithm
//   1. Find the place again: the file by its name, as it stood in the debug
//      information or else below the folder of the compilation, and the line
//      and column in it.  That is how clang's own backend does it.
//   2. Report through clang's engine what it calls a diagnostic of a plugin in
//      the backend.  So the source line is shown, -w, -Werror and the group's
//      name, -Wbackend-plugin, mean what they always mean, and an error fails
//      the compilation.
//
// Given up: where the file is none that this compilation read (IR as input,
// #line), the place is said in words.
//
//===----------------------------------------------------------------------===//

#include "SemaDiagnostics.h"

#include "clang/Basic/DiagnosticFrontend.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace lazypass;

namespace {

class ClangSink : public DiagnosticSink {
  CompilerInstance &CI;
  StatelessnessCheck Check;

public:
  ClangSink(CompilerInstance &CI, StatelessnessCheck Check)
      : CI(CI), Check(Check) {}

  void report(const lazypass::Diagnostic &D, llvm::LLVMContext &) override {
    if (Check == StatelessnessCheck::Off)
      return;
    bool IsError = D.Severity == lazypass::Diagnostic::Error &&
                   Check == StatelessnessCheck::Error;
    say(IsError ? diag::err_fe_backend_plugin : diag::warn_fe_backend_plugin,
        D.Place, D.Text);
    for (const lazypass::Diagnostic::Note &N : D.Notes)
      say(diag::note_fe_backend_plugin, N.Place, N.Text);
  }

private:
  /// Step 1.
  SourceLocation locate(const SourcePlace &Place) const {
    if (!Place.Line || !CI.hasSourceManager() || !CI.hasFileManager())
      return {};
    llvm::SmallString<128> Absolute(Place.Directory);
    llvm::sys::path::append(Absolute, Place.File);
    for (llvm::StringRef Name : {llvm::StringRef(Place.File), Absolute.str()})
      if (auto File = CI.getFileManager().getOptionalFileRef(Name)) {
        SourceLocation Found = CI.getSourceManager().translateFileLineCol(
            *File, Place.Line, std::max(Place.Column, 1u));
        if (Found.isValid())
          return Found;
      }
    return {};
  }

  /// Step 2.
  void say(unsigned Id, const SourcePlace &Place, llvm::StringRef Text) {
    SourceLocation Where = locate(Place);
    std::string Words =
        Where.isInvalid() && Place.Line ? Place.text() + ": " : "";
    CI.getDiagnostics().Report(Where, Id) << Words + Text.str();
  }
};

} // namespace

std::shared_ptr<DiagnosticSink>
lazypass::createClangSink(CompilerInstance &CI, StatelessnessCheck Check) {
  return std::make_shared<ClangSink>(CI, Check);
}
