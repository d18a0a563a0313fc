//===- Plugin.cpp - lazypass.so, loaded by clang -fplugin= ----------------===//
//
// The front door.  One action, added before clang's own, does three things:
//
//   1. hands every declaration to the AST half (Sema.cpp), which diagnoses
//      annotations that mean nothing;
//   2. pushes the IR half (LazyPass.cpp) onto the code generator's pipeline,
//      at its very start, where the program's own order is still there, with
//      clang to tell what it finds (SemaDiagnostics.cpp);
//
//   3. makes __has_attribute(lazypass) true, by which <lazy/lazy.h> knows that
//      the plugin is there: unlike a macro this also holds under -E, where no
//      action of a plugin runs, and disturbs no precompiled header.
//
// The way from here: LazyPass.cpp -> Planner.cpp (what to do, and why) ->
// Rewriter.cpp (does it).
//
// There is deliberately no llvmGetPassPluginInfo here: clang would then load
// the pass a second time.  PluginIR.cpp has it, for opt.
//
//===----------------------------------------------------------------------===//

#include "LazyPass.h"
#include "Sema.h"
#include "SemaDiagnostics.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "clang/Sema/ParsedAttr.h"
#include "clang/Sema/Sema.h"
#include "llvm/Passes/PassBuilder.h"

using namespace clang;

namespace {

class LazyAction : public PluginASTAction {
  lazypass::LazyOptions Options;

  ActionType getActionType() override { return AddBeforeMainAction; }

  bool ParseArgs(const CompilerInstance &CI,
                 const std::vector<std::string> &Arguments) override {
    return lazypass::parsePluginArguments(CI.getDiagnostics(), Arguments,
                                          Options);
  }

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 llvm::StringRef) override {
    if (!lazypass::isC(CI.getLangOpts()))
      return std::make_unique<ASTConsumer>();

    CodeGenOptions &CodeGen = CI.getCodeGenOpts();
    // The runtime's thread-local variable is a real one (-femulated-tls).
    if (CodeGen.EmulatedTLS)
      return lazypass::createSemaConsumer(CI, Options);
    // Remarks and creation sites want lines and columns, also without -g;
    // this level emits nothing into the object file.
    if (CodeGen.getDebugInfo() == llvm::codegenoptions::NoDebugInfo) {
      CodeGen.setDebugInfo(llvm::codegenoptions::LocTrackingOnly);
      Options.OwnLocations = true;
    }
    CodeGen.PassBuilderCallbacks.push_back(
        [Options = Options, Sink = lazypass::createClangSink(
                                CI, Options.Check)](llvm::PassBuilder &PB) {
          lazypass::registerLazyPass(PB, Options, Sink);
        });
    return lazypass::createSemaConsumer(CI, Options);
  }
};

/// There to be asked for, not to be written.
struct PresenceAttribute : public ParsedAttrInfo {
  PresenceAttribute() {
    static constexpr Spelling Names[] = {{ParsedAttr::AS_GNU, "lazypass"}};
    Spellings = Names;
  }

  bool diagAppertainsToDecl(Sema &S, const ParsedAttr &Attribute,
                            const Decl *) const override {
    DiagnosticsEngine &Diags = S.getDiagnostics();
    unsigned Id = Diags.getCustomDiagID(
        DiagnosticsEngine::Error,
        "'lazypass' is the name of the plugin; the attribute is "
        "annotate(\"lazy\")");
    Diags.Report(Attribute.getLoc(), Id);
    return false;
  }
};

} // namespace

static ParsedAttrInfoRegistry::Add<PresenceAttribute>
    Presence("lazypass", "says that the plugin is there");

static FrontendPluginRegistry::Add<LazyAction>
    Action("lazypass", "turn calls of lazy functions into a dataflow graph");
