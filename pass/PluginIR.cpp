//===- PluginIR.cpp - lazypass-ir.so, loaded by opt -----------------------===//
//
// For the tests: the same pass behind `opt -load-pass-plugin=...
// -passes=lazy`, without the AST half, whose symbols only clang has.
//
//===----------------------------------------------------------------------===//

#include "Compat.h"
#include "LazyPass.h"

#include "llvm/Passes/PassBuilder.h"

using namespace llvm;

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "lazypass", LAZYPASS_VERSION,
          [](PassBuilder &PB) {
            PB.registerPipelineParsingCallback(
                [](StringRef Name, ModulePassManager &MPM,
                   ArrayRef<PassBuilder::PipelineElement>) {
                  if (Name != "lazy")
                    return false;
                  MPM.addPass(lazypass::LazyPass({/*DeferSmall=*/true}));
                  return true;
                });
          }};
}
