//===- Plugin.cpp - lazypass.so, loaded by clang -fplugin= ----------------===//
//
// The front door.  One action, added before clang's own, does two things:
//
//   1. hands every declaration to the AST half (Sema.cpp), which diagnoses
//      annotations that mean nothing;
//   2. pushes the IR half (LazyPass.cpp) onto the code generator's pipeline,
//      at its very start, where the program's own order is still there.
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

#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/Passes/PassBuilder.h"

using namespace clang;

namespace {

class LazyAction : public PluginASTAction {
  ActionType getActionType() override { return AddBeforeMainAction; }

  bool ParseArgs(const CompilerInstance &CI,
                 const std::vector<std::string> &Arguments) override {
    return lazypass::checkPluginArguments(CI.getDiagnostics(), Arguments);
  }

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 llvm::StringRef) override {
    // C is the language; in others the plugin is not there.
    const LangOptions &Lang = CI.getLangOpts();
    if (Lang.CPlusPlus || Lang.ObjC || Lang.OpenCL || Lang.CUDA)
      return std::make_unique<ASTConsumer>();

    Preprocessor &PP = CI.getPreprocessor();
    PP.setPredefines(PP.getPredefines() + "#define __lazypass__ 1\n");

    CodeGenOptions &Options = CI.getCodeGenOpts();
    // Remarks and creation sites want lines and columns, also without -g;
    // this level emits nothing into the object file.
    if (Options.getDebugInfo() == llvm::codegenoptions::NoDebugInfo)
      Options.setDebugInfo(llvm::codegenoptions::LocTrackingOnly);
    Options.PassBuilderCallbacks.push_back(lazypass::registerLazyPass);
    return lazypass::createSemaConsumer(CI.getDiagnostics());
  }
};

} // namespace

static FrontendPluginRegistry::Add<LazyAction>
    X("lazypass", "turn calls of lazy functions into a dataflow graph");
