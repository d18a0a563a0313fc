//===- CacheEntry.cpp - functions that look for their results -------------===//
//
//     T f(arguments) {
//       if (cached.on && __lazy_cache_enter(&cached) == LAZY_CACHE_LOOK)
//         return f.cached(arguments);
//       ...                                         as ever
//     }
//
// Algorithm, for each function whose results can be kept (Cacheable.h)
//   1. Make f.cached: it writes the arguments into a payload, as for a node,
//      and the memory that the call touches into regions, and hands both to
//      the runtime.  That finds the result, or has the thunk of f run on the
//      payload.
//   2. Put the question in front of the body.  A recursive function asks at
//      each level, and while there is a cache runs the body that asks, for the
//      plain one would compute the same over and over.
//
// Done when all callers have been rewritten: who calls a lazy function need not
// know.
//
// Sound: when f begins, what it reads is there and settled, whoever calls it.
//
//===----------------------------------------------------------------------===//

#include "CacheEntry.h"

#include "Cacheable.h"
#include "Objects.h"
#include "Regions.h"
#include "Remarks.h"
#include "Words.h"
#include "lazy/abi.h"
#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;
using namespace lazypass;

/// What the inliner takes the question to cost, and one more argument.
static constexpr unsigned QuestionCost = 120, ArgumentCost = 5;

namespace {

class CacheEntry {
  const LazyFunction &L;
  Emitter &Runtime;
  Function &F; ///< that asks
  Module &M;
  const DataLayout &DL;
  Constant *Descriptor;

public:
  CacheEntry(const LazyFunction &L, Emitter &Runtime)
      : L(L), Runtime(Runtime), F(L.Levels ? *L.Levels.At : *L.F),
        M(*L.F->getParent()), DL(M.getDataLayout()),
        Descriptor(Runtime.cached(L, countRegions(), layouts())) {}

  void run() {
    Function *Looks = createLooking();
    ask(*Looks);
    keepInlining();
    forgetPromises(F);
    forgetPromises(*L.F);
  }

private:
  unsigned countRegions() const {
    return L.Regions.size() + L.Files.size() + readVariables().size();
  }

  SmallVector<Constant *, 4> layouts() const {
    SmallVector<Constant *, 4> Known;
    auto Visitors = visitorsOf(L);
    if (Visitors.empty())
      return Known;
    auto Said = readAnnotations(M);
    for (Function *Visitor : Visitors)
      if (const auto &Layout = Said[Visitor].Layout)
        Known.push_back(Runtime.layout(*Visitor, *Layout));
    return Known;
  }

  /// What streams there are is none of a result's business.
  SmallVector<GlobalVariable *, 8> readVariables() const {
    SmallVector<GlobalVariable *, 8> Variables;
    for (GlobalVariable *G : L.Memory.Reads)
      if (L.Files.empty() || !G->isDeclaration() ||
          !is_contained({"stdin", "stdout", "stderr"}, G->getName()))
        Variables.push_back(G);
    return Variables;
  }

  //===--------------------------------------------------------------------===//
  // Step 1
  //===--------------------------------------------------------------------===//

  Function *createLooking() {
    auto *Looks =
        Function::Create(L.F->getFunctionType(), GlobalValue::InternalLinkage,
                         L.F->getName() + ".cached", M);
    Looks->copyAttributesFrom(L.F);
    forgetPromises(*Looks);
    Looks->setVisibility(GlobalValue::DefaultVisibility);
    Looks->setDLLStorageClass(GlobalValue::DefaultStorageClass);
    Looks->setDSOLocal(true);
    Looks->removeFnAttr(Attribute::AlwaysInline);
    Looks->removeFnAttr(Attribute::InlineHint);
    if (!Looks->hasFnAttribute(Attribute::OptimizeNone))
      Looks->addFnAttr(Attribute::Cold);
    Looks->addFnAttr(Attribute::NoInline);
    for (Argument &A : L.F->args())
      Looks->getArg(A.getArgNo())->setName(A.getName());

    IRBuilder<> B(BasicBlock::Create(M.getContext(), "", Looks));
    AllocaInst *Payload = Runtime.createPayload(B, L);
    SmallVector<Value *, 8> Arguments;
    for (Argument &A : Looks->args())
      Arguments.push_back(&A);
    Runtime.fillPayload(B, L, Payload, Arguments);
    Value *Regions = Constant::getNullValue(B.getPtrTy());
    if (countRegions())
      Regions = fillRegions(B, *Looks);
    Runtime.cachedCall(B, Descriptor, Payload, Regions);
    Runtime.returnFromPayload(B, L, Payload);
    return Looks;
  }

  AllocaInst *fillRegions(IRBuilder<> &B, Function &Looks) {
    AllocaInst *Scope = nullptr;
    auto Argument = [&](unsigned I) -> Value * { return Looks.getArg(I); };
    auto Member = [&](Value *Address, Value *Offset,
                      unsigned Bytes) -> Value * {
      return B.CreateAlignedLoad(B.getIntNTy(8 * Bytes),
                                 memberAddress(B, Address, Offset), Align(1));
    };
    auto Text = [&](Value *Address) {
      if (!Scope)
        Scope = Runtime.createScope(B);
      return Runtime.touchText(B, Scope,
                               B.CreateIntToPtr(Address, B.getPtrTy()));
    };
    struct Touched {
      MemoryRows Rows;
      unsigned Access;
      Constant *Objects = nullptr;
    };
    SmallVector<Touched, 8> Rows;
    for (const Region &R : L.Regions)
      Rows.push_back({computeRows(B, R, {Argument, Member, Text}), accessOf(R),
                      Runtime.objects(R)});
    for (const FileParameter &P : L.Files)
      Rows.push_back({{Looks.getArg(P.Parameter), B.getInt64(0), B.getInt64(1),
                       B.getInt64(0)},
                      P.Access | LAZY_FILE});
    for (GlobalVariable *G : readVariables()) {
      uint64_t Size = DL.getTypeAllocSize(G->getValueType()).getFixedValue();
      Rows.push_back(
          {{G, B.getInt64(Size), B.getInt64(1), B.getInt64(0)}, LAZY_READS});
    }
    AllocaInst *Regions = Runtime.createRegions(Looks, Rows.size());
    for (unsigned K = 0; K != Rows.size(); ++K)
      Runtime.setRegion(B, Regions, K, Rows[K].Rows, Rows[K].Access,
                        Rows[K].Objects);
    return Regions;
  }

  /// Who asks for the cache by name has said exactly what is touched.  Else
  /// some of it may not be written, and keep what was there, so that counts.
  unsigned accessOf(const Region &R) const {
    if (R.isVisited())
      return R.Access; // all of it is there, and counts
    bool Exact = L.Cached && R.Said && !R.Shown && !R.Declared;
    return Exact ? R.Access : R.Access | LAZY_READS | LAZY_ENCLOSES;
  }

  //===--------------------------------------------------------------------===//
  // Step 2
  //===--------------------------------------------------------------------===//

  DebugLoc place() const {
    DISubprogram *Scope = F.getSubprogram();
    return Scope ? DILocation::get(F.getContext(), Scope->getLine(), 0, Scope)
                 : nullptr;
  }

  void ask(Function &Looks) {
    BasicBlock &Entry = F.getEntryBlock();
    // They stay in the entry, where they are part of the frame.
    for (Instruction &I : make_early_inc_range(Entry))
      if (auto *A = dyn_cast<AllocaInst>(&I); A && A->isStaticAlloca())
        A->moveBefore(Entry, Entry.begin());
    BasicBlock *Body =
        Entry.splitBasicBlock(Entry.getFirstNonPHIOrDbgOrAlloca(), "compute");
    auto Block = [&](StringRef Name) {
      return BasicBlock::Create(F.getContext(), Name, &F);
    };
    BasicBlock *Ask = Block("lazy.cache.ask"), *Look = Block("lazy.cache.look"),
               *Compute = Body;
    Entry.getTerminator()->eraseFromParent();
    IRBuilder<> B(&Entry);
    B.SetCurrentDebugLocation(place());
    Runtime.branchIfCaching(B, Descriptor, Ask, Body);

    B.SetInsertPoint(Look);
    SmallVector<Value *, 8> Arguments;
    for (unsigned I = 0; I != Looks.arg_size(); ++I)
      Arguments.push_back(F.getArg(I));
    returnCall(B, Emitter::plainCall(B, Looks, Arguments));

    if (L.Levels) {
      Compute = Block("lazy.cache.compute");
      B.SetInsertPoint(Compute);
      Arguments.push_back(F.getArg(Looks.arg_size()));
      returnCall(B, Emitter::plainCall(B, *L.Levels.Shared, Arguments));
    }
    B.SetInsertPoint(Ask);
    SwitchInst *Choice =
        B.CreateSwitch(Runtime.cacheEnter(B, Descriptor), Body, 2);
    Choice->addCase(B.getInt32(LAZY_CACHE_LOOK), Look);
    Choice->addCase(B.getInt32(LAZY_CACHE_COMPUTE), Compute);
  }

  /// LLVM is to inline F where it would have without the question.
  void keepInlining() const {
    std::string Bonus =
        std::to_string(QuestionCost + ArgumentCost * L.F->arg_size());
    for (User *U : F.users())
      if (auto *Call = dyn_cast<CallBase>(U);
          Call && Call->getCalledFunction() == &F)
        Call->addFnAttr(
            Attribute::get(F.getContext(), "call-threshold-bonus", Bonus));
  }

  static void returnCall(IRBuilder<> &B, CallInst *Call) {
    if (Call->getType()->isVoidTy())
      B.CreateRetVoid();
    else
      B.CreateRet(Call);
  }
};

} // namespace

/// Who has asked for it, has missed something.
static void tell(const LazyFunction &L, const Twine &Why) {
  std::string Text =
      ("results of '" + L.F->getName() + "' cannot be kept: " + Why).str();
  if (L.Cached)
    remarkMissed(*L.F, "NotCached", Text);
  else
    remarkKnown(*L.F, "NotCached", Text);
}

void lazypass::lookBeforeComputing(const LazyFunctions &Lazy,
                                   Emitter &Runtime) {
  auto Trusted = collectTrustedFunctions(*Lazy.front().first->getParent());
  for (const auto &[F, L] : Lazy) {
    if (!isWorthCaching(L) || F->isDeclaration())
      continue;
    std::string Why = L.isDeferrable() || L.InOrder
                          ? whyNotCacheable(L, Trusted.contains(F))
                          : L.Refusal;
    if (Why.empty())
      CacheEntry(L, Runtime).run();
    else
      tell(L, Why);
  }
}
