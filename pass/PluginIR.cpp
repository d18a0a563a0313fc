//===- PluginIR.cpp - lazypass-ir.so, loaded by opt -----------------------===//
//
// For the tests: the same pass behind `opt -load-pass-plugin=...
// -passes=lazy`, without the AST half, whose symbols only clang has.
//
//===----------------------------------------------------------------------===//

#include "Compat.h"
#include "Diagnostics.h"
#include "LazyPass.h"

#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Passes/PassBuilder.h"

using namespace llvm;

namespace {

class Message : public DiagnosticInfo {
  std::string Text;

public:
  Message(std::string Text, DiagnosticSeverity Severity)
      : DiagnosticInfo(getNextAvailablePluginDiagnosticKind(), Severity),
        Text(std::move(Text)) {}
  void print(DiagnosticPrinter &Out) const override { Out << Text; }
};

/// Says it by way of the context; opt then fails.
class ContextSink : public lazypass::DiagnosticSink {
  void report(const lazypass::Diagnostic &D, LLVMContext &Context) override {
    bool IsError = D.Severity == lazypass::Diagnostic::Error;
    say(Context, IsError ? DS_Error : DS_Warning, D.Place, D.Text);
    for (const lazypass::Diagnostic::Note &N : D.Notes)
      say(Context, DS_Note, N.Place, N.Text);
  }

  static void say(LLVMContext &Context, DiagnosticSeverity Severity,
                  const lazypass::SourcePlace &Place, StringRef Text) {
    std::string Where = Place.Line ? Place.text() + ": " : "";
    Context.diagnose(Message(Where + Text.str(), Severity));
  }
};

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "lazypass", LAZYPASS_VERSION,
          [](PassBuilder &PB) {
            PB.registerPipelineParsingCallback(
                [](StringRef Name, ModulePassManager &MPM,
                   ArrayRef<PassBuilder::PipelineElement>) {
                  if (Name != "lazy")
                    return false;
                  lazypass::LazyOptions Options;
                  Options.DeferSmall = true;
                  MPM.addPass(lazypass::LazyPass(
                      Options, std::make_shared<ContextSink>()));
                  return true;
                });
          }};
}
