//===- LazyPass.cpp - the IR half of the plugin ---------------------------===//
//
// Algorithm, for one module
//   1. LazyFunction.cpp: which functions are annotated, and fit into a node.
//      None: the module is left exactly as it would be without the plugin.
//   2. Effects.cpp: which of them can run later and elsewhere; Diagnostics.cpp
//      tells what they may not do.  Objects.cpp, Footprint.cpp: what memory
//      they touch.  Cost.cpp: which are worth it.
//   3. For each function that calls one of those:
//        Canonicalize.cpp, Sink.cpp   bring it into shape
//        Planner.cpp                  decide (Events, Dataflow, MemoryOrder)
//        ParallelLoop.cpp             hand loops out whole, and decide again
//        BatchPlanner, BatchRewriter  let loops run ahead, and decide again
//        Gathering, ...Rewriter       let values wait that loops only gather
//        LoopTouch.cpp                ask in front of loops, and decide again
//        Rewriter.cpp                 obey
//   4. Emitter.cpp: descriptors, thunks, and the module's record;
//      Elsewhere.cpp, and Fingerprint.cpp before step 3: what other modules
//      want to know.
//   5. If asked for: copies of lazy functions that check what is said of their
//      memory (Checker.cpp), made before step 3 and finished behind step 4.
//
// When: at the start of the pipeline.  Later, tail-call elimination would have
// turned fib(n-1) + fib(n-2) into a loop that needs each value at once, and
// reassociation and unrolling would have destroyed the order that deferral
// lives on.
//
//===----------------------------------------------------------------------===//

#include "LazyPass.h"

#include "Batch.h"
#include "CacheEntry.h"
#include "Canonicalize.h"
#include "Checker.h"
#include "Cost.h"
#include "Diagnostics.h"
#include "Elsewhere.h"
#include "Emitter.h"
#include "Fingerprint.h"
#include "Footprint.h"
#include "FreshMemory.h"
#include "Gathering.h"
#include "LazyFunction.h"
#include "LoopTouch.h"
#include "Objects.h"
#include "OwnBodies.h"
#include "ParallelLoop.h"
#include "PlainFunctions.h"
#include "Planner.h"
#include "Recursion.h"
#include "Remarks.h"
#include "Rewriter.h"
#include "Snapshot.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace lazypass;

namespace {

/// Names the function being compiled, should the compiler crash.
class CompilingFunction : public PrettyStackTraceEntry {
  const Function &F;

public:
  explicit CompilingFunction(const Function &F) : F(F) {}
  void print(raw_ostream &OS) const override {
    OS << "lazypass: making the calls in function '" << F.getName()
       << "' lazy\n";
  }
};

} // namespace

/// Steps 1 and 2.
static LazyFunctions analyseFunctions(Module &M, const LazyOptions &Options,
                                      Fingerprints &Code,
                                      FunctionAnalysisManager &FAM,
                                      DiagnosticSink &Diagnostics) {
  LazyFunctions Lazy = collectLazyFunctions(M);
  SmallVector<Function *, 16> Roots;
  for (auto &[F, L] : Lazy)
    Roots.push_back(F);
  auto Trusted = collectTrustedFunctions(M);
  auto IsLazy = [&](const Function *F) {
    return Lazy.contains(const_cast<Function *>(F));
  };
  auto IsTrusted = [&](const Function *F) { return Trusted.contains(F); };
  auto UsesFiles = [&](const Function *F) {
    auto It = Lazy.find(const_cast<Function *>(F));
    return It != Lazy.end() && !It->second.Files.empty();
  };
  auto WritesThrough = [&](const Function *F, unsigned I) {
    auto It = Lazy.find(const_cast<Function *>(F));
    return It != Lazy.end() && It->second.writesThrough(I);
  };
  auto VisitOf = [&](const Function *F, unsigned I) {
    auto It = Lazy.find(const_cast<Function *>(F));
    return It != Lazy.end() ? visitOf(It->second, I) : Visit();
  };
  auto IsNumber = [&](const Function *F, unsigned I) {
    auto It = Lazy.find(const_cast<Function *>(F));
    return It != Lazy.end() && is_contained(It->second.Numbers, I);
  };
  const Vows Said{IsLazy,        IsTrusted, UsesFiles,
                  WritesThrough, VisitOf,   IsNumber};
  checkVisitors(Lazy, Said, FAM, Diagnostics);
  auto Found = computeEffects(Roots, Said, FAM);
  for (auto &[F, L] : Lazy) {
    L.Memory = Found[F];
    if (!L.Memory.Worst)
      visitObjects(L, F->hasExactDefinition() && !IsTrusted(F));
    L.Small = !Options.DeferSmall && isSmall(*F);
    L.Short = !Options.CacheShort && !mayTakeLong(*F);
    if (!L.isDeferrable())
      continue;
    // Who vouches for it and says what it touches, has said all.
    if ((IsTrusted(F) || UsesFiles(F)) && !L.Regions.empty() &&
        L.saysWhatItTouches())
      L.Memory.ReadsUnknown = false;
    if (!L.Memory.Worst) {
      ScratchBody Body(*F, FAM);
      inferRegions(L, Body);
      makeRoomForSnapshots(L, Body);
      findFreshMemory(L, Body);
    }
    refuseForEffects(L);
  }
  for (auto &[F, L] : Lazy)
    if (!F->isDeclaration())
      L.Code = Code.of(L);
  addPlainFunctions(Lazy, M, Said, FAM);
  return Lazy;
}

/// What other modules' fingerprints want to know.
static void
tellCode(const std::vector<std::pair<GlobalValue *, Fingerprint>> &Visible,
         Emitter &Runtime) {
  for (const auto &[G, Code] : Visible)
    Runtime.tellCode(*G, Code);
}

static void remarkRefusals(Module &M, const LazyFunctions &Lazy) {
  for (Function &Caller : M)
    for (Instruction &I : instructions(Caller)) {
      auto *Call = dyn_cast<CallBase>(&I);
      Function *F = Call ? Call->getCalledFunction() : nullptr;
      auto It = F ? Lazy.find(F) : Lazy.end();
      if (It == Lazy.end() || !It->second.Annotated)
        continue;
      StringRef Why;
      if (!It->second.isDeferrable())
        Why = It->second.Refusal;
      else if (!isa<CallInst>(Call))
        Why = "an exception may pass through it";
      else if (Call->isMustTailCall())
        Why = "it must be a tail call";
      else if (Call->getFunctionType() != F->getFunctionType())
        Why = "its arguments do not fit the definition; declare the function "
              "with a prototype";
      else if (Call->hasOperandBundles())
        Why = "it is of a special form";
      else
        continue;
      remarkMissed(I, "Refused",
                   "call of '" + F->getName() + "' runs in place: " + Why);
    }
}

/// Handles of values that turned out to be plain ones.
static void dropHandleMarkers(Function &F) {
  for (Instruction &I : make_early_inc_range(instructions(F)))
    if (auto *Call = dyn_cast<CallInst>(&I))
      if (Function *Callee = Call->getCalledFunction();
          Callee && Callee->getName().starts_with(HandleMarker)) {
        Call->replaceAllUsesWith(Constant::getNullValue(Call->getType()));
        Call->eraseFromParent();
      }
}

static StringRef whyParallel(const ParallelLoop &P) {
  if (P.Rows)
    return "what one needs of those before it is done early, as is checked";
  return P.ToCompare.empty()
             ? "none touches what another one writes"
             : "none touches what another one writes, as is checked";
}

/// Hands out whole what loops it can.
static bool runInParallel(FunctionPlan &Plan, const LazyFunctions &Lazy,
                          Emitter &Runtime, FunctionAnalysisManager &FAM) {
  bool Any = false;
  while (auto P = findParallelLoop(Plan, Lazy, FAM)) {
    for (const Site &S : P->Calls)
      remarkDone(*S.Call, "Parallel",
                 "call of '" + S.Fn->F->getName() +
                     "' runs in parallel with those of other iterations: " +
                     whyParallel(*P));
    rewriteParallelLoop(*P, Runtime, FAM);
    Plan = planFunction(*Plan.F, Lazy, FAM);
    Any = true;
  }
  return Any;
}

/// Makes what batches it can of the calls in loops.
static bool runInBatches(FunctionPlan &Plan, const LazyFunctions &Lazy,
                         Emitter &Runtime, FunctionAnalysisManager &FAM) {
  bool Any = false;
  while (!Plan.Kept) {
    auto B = findBatch(Plan, Lazy, FAM);
    if (!B)
      break;
    for (const BatchCall &C : B->Calls)
      remarkDone(*C.Call, "Batched",
                 "call of '" + C.Fn->F->getName() +
                     "' runs in batches: the loop runs ahead to where its "
                     "arguments are known, and uses the values in order");
    rewriteBatch(*B, Runtime, FAM.getResult<DominatorTreeAnalysis>(*Plan.F));
    FAM.invalidate(*Plan.F, PreservedAnalyses::none());
    Any = true;
  }
  return Any;
}

/// Lets values wait that loops only gather.
static void gatherLater(FunctionPlan &Plan, const LazyFunctions &Lazy,
                        FunctionAnalysisManager &FAM) {
  while (auto G = findGathering(Plan, FAM)) {
    rewriteGathering(*G);
    FAM.invalidate(*Plan.F, PreservedAnalyses::none());
    Plan = planFunction(*Plan.F, Lazy, FAM);
  }
}

/// Step 3.
static bool makeLazy(Function &F, const LazyFunctions &Lazy, Emitter &Runtime,
                     FunctionAnalysisManager &FAM) {
  if (F.isDeclaration() || none_of(instructions(F), [&](Instruction &I) {
        return asDeferrableCall(&I, Lazy);
      }))
    return false;
  CompilingFunction Trace(F);
  canonicalize(F, Lazy, FAM);
  FunctionPlan Plan = planFunction(F, Lazy, FAM);
  while (sinkUncertainCalls(Plan, FAM)) {
    sinkLazyArithmetic(F, Lazy, FAM); // what it computes with may follow
    FAM.invalidate(F, PreservedAnalyses::none());
    Plan = planFunction(F, Lazy, FAM);
  }
  runInParallel(Plan, Lazy, Runtime, FAM);
  if (runInBatches(Plan, Lazy, Runtime, FAM))
    Plan = planFunction(F, Lazy, FAM);
  gatherLater(Plan, Lazy, FAM);
  if (touchBeforeLoops(Plan, FAM))
    Plan = planFunction(F, Lazy, FAM);
  if (!areTouchedRangesRight(Plan, FAM)) {
    dropTouchedRanges(F);
    Plan = planFunction(F, Lazy, FAM);
  }
  for (const Remark &R : Plan.Remarks)
    if (!hasParallelVersion(*R.At))
      (R.Missed ? remarkMissed(*R.At, R.Id, R.Text)
                : remarkDone(*R.At, R.Id, R.Text));
  if (!Plan.Sites.empty() || !Plan.Unneeded.empty())
    rewriteFunction(Plan, Runtime);
  dropHandleMarkers(F);
  dropTouchedRanges(F);
  lowerParallelLoops(F, Runtime);
  FAM.invalidate(F, PreservedAnalyses::none());

  std::string Why;
  raw_string_ostream OS(Why);
  if (verifyFunction(F, &OS))
    F.getContext().emitError("lazypass: internal error: function '" +
                             F.getName() + "' came out malformed: " + Why);
  return true;
}

/// Without lazy functions nobody wants the locations that Plugin.cpp asked for,
/// and all passes to come would carry them along, at a price.
static void dropLocations(Module &M) {
  StripDebugInfo(M);
  NamedMDNode *Flags = M.getModuleFlagsMetadata();
  if (!Flags)
    return;
  SmallVector<MDNode *, 8> Kept(
      make_filter_range(Flags->operands(), [](const MDNode *Flag) {
        return cast<MDString>(Flag->getOperand(1))->getString() !=
               "Debug Info Version";
      }));
  Flags->clearOperands();
  for (MDNode *Flag : Kept)
    Flags->addOperand(Flag);
}

PreservedAnalyses LazyPass::run(Module &M, ModuleAnalysisManager &MAM) {
  auto &FAM = MAM.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager();
  Fingerprints Code(M, Options.Level, FAM);
  LazyFunctions Lazy = analyseFunctions(M, Options, Code, FAM, *Diagnostics);
  Emitter Runtime(M);
  if (Lazy.empty()) {
    if (Options.OwnLocations)
      dropLocations(M);
    if (!Options.TellCode)
      return PreservedAnalyses::all();
    tellCode(Code.ofVisible(), Runtime);
    return PreservedAnalyses::none();
  }

  diagnoseViolations(Lazy, *Diagnostics);
  remarkRefusals(M, Lazy);
  const auto Visible = Code.ofVisible();
  CheckedCopies Copies;
  if (Options.Instrument)
    Copies = copyForChecks(M, Lazy);
  else if (!Options.DeferSmall)
    splitRecursion(Lazy, Runtime, FAM);
  // Thunks are added on the way; they make plain calls and are left alone.
  SmallVector<Function *, 32> Functions;
  for (Function &F : M)
    if (!isPlainBody(F, Lazy))
      Functions.push_back(&F);
  for (Function *F : Functions)
    makeLazy(*F, Lazy, Runtime, FAM);
  joinLevels(Lazy, Runtime);
  lookBeforeComputing(Lazy, Runtime);
  giveThunksOwnBodies(Lazy, Runtime.made());
  forgetTouchedRanges(M);
  tellWhatIsRead(Lazy);
  tellCode(Visible, Runtime);
  if (Options.Instrument)
    addChecks(M, Copies, Lazy, Runtime, FAM);
  Runtime.finish(Options.Instrument);
  return PreservedAnalyses::none();
}

void lazypass::registerLazyPass(
    PassBuilder &PB, LazyOptions Options,
    const std::shared_ptr<DiagnosticSink> &Diagnostics) {
  PB.registerPipelineStartEPCallback(
      [Options, Diagnostics](ModulePassManager &MPM, OptimizationLevel Level) {
        LazyOptions Here = Options;
        Here.Level = Level.getSpeedupLevel() * 4 + Level.getSizeLevel();
        MPM.addPass(LazyPass(Here, Diagnostics));
      });
}
