//===- Checker.cpp - code that checks annotations -------------------------===//
//
// Algorithm
//   1. Copy each lazy function that has regions and a body, each function in
//      sight that it calls, and so on.  Where a call goes through a pointer,
//      or a function is handed to somebody (qsort), all functions whose address
//      is taken count as called.
//   2. In the copies, put a question in front of each access to memory
//      (CheckedAccesses.cpp), and let calls go to copies.  What is vouched for
//      is called as it is, and nothing is asked meanwhile.
//   3. The copy of a lazy function begins by telling its regions, computed as
//      where a node is made, and tells when it ends.
//   4. The functions themselves jump to their copies under LAZY=check: lazy
//      ones always, those that somebody may call through a pointer while a lazy
//      function is being checked.  So calls from other modules are checked too.
//   5. In front of calls of lazy functions with regions stands the place of the
//      call, for messages.
//
// Sound: the copies are made before anything is made lazy, and do what the
// program says, in its order.  What they keep below their frame is their own;
// so they are never inlined.
//
// Given up: functions with computed gotos, variadic ones called through
// pointers, and plain ones of other modules that a lazy one calls, are not
// looked into.  Tail calls take room on the stack.
//
//===----------------------------------------------------------------------===//

#include "Checker.h"

#include "CheckedAccesses.h"
#include "Regions.h"
#include "lazy/abi.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace lazypass;

using Functions = SmallPtrSet<const Function *, 16>;

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// Tables of labels (goto *) are of one function only.
static bool canBeCopied(const Function &F) {
  return !F.isDeclaration() && !F.hasFnAttribute(Attribute::Naked) &&
         none_of(F, [](const BasicBlock &B) { return B.hasAddressTaken(); });
}

/// Something is said, and of all pointers: what goes through another one could
/// not be told from what is wrong.
static bool isChecked(const LazyFunction &L) {
  return L.Annotated && !L.Regions.empty() &&
         all_of(L.Pointers, [&](const PointerParameter &P) {
           return L.allowedAccess(P.Parameter) || !L.accessThrough(P.Parameter);
         });
}

/// Functions of which \p I makes an address.
static bool handsOnFunction(const Instruction &I) {
  const auto *Call = dyn_cast<CallBase>(&I);
  if (Call && !Call->getCalledFunction() && !Call->isInlineAsm())
    return true;
  return any_of(I.operands(), [&](const Use &U) {
    return isa<Function>(U) && !(Call && Call->isCallee(&U));
  });
}

/// Step 1: whose.
static SmallSetVector<Function *, 16>
reachedFunctions(Module &M, const LazyFunctions &Lazy,
                 const Functions &Trusted) {
  SmallSetVector<Function *, 16> Reached;
  bool AnyPointer = false;
  auto Reach = [&](Function *F) {
    if (canBeCopied(*F) && !Trusted.contains(F))
      Reached.insert(F);
  };
  for (const auto &[F, L] : Lazy)
    if (isChecked(L) && canBeCopied(*F))
      Reached.insert(F);
  for (unsigned K = 0; K != Reached.size(); ++K) {
    for (Instruction &I : instructions(Reached[K])) {
      if (auto *Call = dyn_cast<CallBase>(&I))
        if (Function *Callee = Call->getCalledFunction())
          Reach(Callee);
      AnyPointer |= handsOnFunction(I);
    }
    if (K + 1 == Reached.size() && AnyPointer)
      for (Function &F : M)
        if (F.hasAddressTaken())
          Reach(&F);
  }
  return Reached;
}

static Function *copy(Function &F) {
  Function *Copy = cloneInternally(F, ".check");
  // It tells the runtime, whatever the function was declared to be.
  for (auto Kind : {Attribute::Memory, Attribute::AlwaysInline,
                    Attribute::InlineHint, Attribute::Speculatable})
    Copy->removeFnAttr(Kind);
  // One stack tells what is its own.
  Copy->removeFnAttr(Attribute::SafeStack);
  Copy->addFnAttr(Attribute::NoInline);
  return Copy;
}

CheckedCopies lazypass::copyForChecks(Module &M, const LazyFunctions &Lazy) {
  CheckedCopies Copies;
  auto Reached = reachedFunctions(M, Lazy, collectTrustedFunctions(M));
  for (Function *F : Reached)
    Copies[F] = copy(*F);
  return Copies;
}

//===----------------------------------------------------------------------===//
// What they tell
//===----------------------------------------------------------------------===//

namespace {

class Checker {
  Module &M;
  const CheckedCopies &Copies;
  const LazyFunctions &Lazy;
  Emitter &Runtime;
  FunctionAnalysisManager &FAM;
  const DataLayout &DL;
  Functions Trusted;

public:
  Checker(Module &M, const CheckedCopies &Copies, const LazyFunctions &Lazy,
          Emitter &Runtime, FunctionAnalysisManager &FAM)
      : M(M), Copies(Copies), Lazy(Lazy), Runtime(Runtime), FAM(FAM),
        DL(M.getDataLayout()), Trusted(collectTrustedFunctions(M)) {}

  void run() {
    for (auto &[F, L] : Lazy)
      if (isChecked(L) && (F->isDeclaration() || Copies.contains(F)))
        announceCalls(*F);
    for (auto &[F, Copy] : Copies)
      instrument(*F, *Copy);
    for (auto &[F, Copy] : Copies)
      dispatch(*F, *Copy);
  }

private:
  const LazyFunction *checkedFunction(Function &F) const {
    const auto *It = Lazy.find(&F);
    return It != Lazy.end() && isChecked(It->second) ? &It->second : nullptr;
  }

  /// Step 5.
  void announceCalls(Function &F) {
    for (User *U : F.users())
      if (auto *Call = dyn_cast<CallInst>(U);
          Call && Call->getCalledFunction() == &F) {
        IRBuilder<> B(Call);
        Runtime.checkCall(B, Runtime.place(F.getName(), Call->getDebugLoc()));
      }
  }

  /// Step 2.
  void instrument(Function &F, Function &Copy) {
    SmallVector<CallInst *, 16> Calls;
    for (Instruction &I : instructions(Copy))
      if (auto *Call = dyn_cast<CallInst>(&I)) {
        // The end is told behind it.
        if (Call->isMustTailCall())
          Call->setTailCallKind(CallInst::TCK_None);
        Calls.push_back(Call);
      }
    askForAccesses(Copy, F.getName(), Runtime,
                   FAM.getResult<TargetLibraryAnalysis>(F));
    for (CallInst *Call : Calls)
      redirect(*Call);
    if (const LazyFunction *L = checkedFunction(F))
      tellRegions(*L, Copy);
  }

  void redirect(CallInst &Call) {
    Function *Callee = Call.getCalledFunction();
    if (!Callee || Callee->getFunctionType() != Call.getFunctionType())
      return;
    if (const auto *It = Copies.find(Callee); It != Copies.end()) {
      Call.removeFnAttr(Attribute::Memory);
      if (!Callee->isInterposable())
        Call.setCalledFunction(It->second);
    } else if (Trusted.contains(Callee)) {
      IRBuilder<> B(&Call);
      Runtime.checkTrust(B);
      B.SetInsertPoint(Call.getNextNode());
      B.SetCurrentDebugLocation(Call.getDebugLoc());
      Runtime.checkLeave(B);
    }
  }

  /// Step 3.
  void tellRegions(const LazyFunction &L, Function &Copy) {
    RegionNames Names;
    struct Row {
      MemoryRows Rows;
      unsigned Access;
      Constant *Objects;
    };
    SmallVector<Row, 8> Regions;
    Instruction *Start = &*Copy.getEntryBlock().getFirstNonPHIOrDbgOrAlloca();
    IRBuilder<> B(Start);
    B.SetCurrentDebugLocation(placeOf(Copy));
    Value *One = B.getInt64(1), *Zero = B.getInt64(0);
    auto Add = [&](const MemoryRows &Rows, unsigned Access, Constant *Objects,
                   std::string Name, unsigned Kind) {
      Regions.push_back({Rows, Access, Objects});
      Names.push_back({std::move(Name), Kind});
    };
    auto Whole = [&](Value *P, Type *T, unsigned Access, StringRef Name,
                     unsigned Kind) {
      uint64_t Size = DL.getTypeAllocSize(T).getFixedValue();
      Add({P, B.getInt64(Size), One, Zero}, Access, nullptr, Name.str(), Kind);
    };

    auto Argument = [&](unsigned I) -> Value * { return Copy.getArg(I); };
    auto Member = [&](Value *Address, Value *Offset,
                      unsigned Bytes) -> Value * {
      return B.CreateAlignedLoad(B.getIntNTy(8 * Bytes),
                                 memberAddress(B, Address, Offset), Align(1));
    };
    AllocaInst *Scope = nullptr;
    auto Text = [&](Value *Address) {
      if (!Scope)
        Scope = Runtime.createScope(B);
      return Runtime.touchText(B, Scope,
                               B.CreateIntToPtr(Address, B.getPtrTy()));
    };
    for (const Region &R : L.Regions)
      Add(computeRows(B, R, {Argument, Member, Text}), R.Access,
          Runtime.objects(R), nameOf(L, R.Parameter),
          R.Shown ? LAZY_NAME_SHOWN : LAZY_NAME_SAID);
    for (GlobalVariable *G : L.Memory.Reads)
      Whole(G, G->getValueType(), LAZY_READS, G->getName(), LAZY_NAME_VARIABLE);
    for (llvm::Argument &A : Copy.args())
      if (Type *T = A.hasByValAttr()       ? A.getParamByValType()
                    : A.hasStructRetAttr() ? A.getParamStructRetType()
                                           : nullptr)
        Whole(&A, T, LAZY_READS | LAZY_WRITES, "", LAZY_NAME_OWN);

    AllocaInst *Table = Runtime.createRegions(Copy, Regions.size());
    for (unsigned K = 0; K != Regions.size(); ++K)
      Runtime.setRegion(B, Table, K, Regions[K].Rows, Regions[K].Access,
                        Regions[K].Objects);
    Runtime.checkEnter(B, Runtime.checked(L, Names, flagsOf(L)), Table);
    for (BasicBlock &Block : Copy)
      if (isa<ReturnInst>(Block.getTerminator())) {
        B.SetInsertPoint(Block.getTerminator());
        B.SetCurrentDebugLocation(placeOf(Copy));
        Runtime.checkLeave(B);
      }
  }

  unsigned flagsOf(const LazyFunction &L) const {
    return (L.Memory.ReadsUnknown ? LAZY_CHECKED_READS : 0) |
           (!L.isDeferrable() ? LAZY_CHECKED_SERIAL : 0) |
           (Trusted.contains(L.F) ? LAZY_CHECKED_TRUSTED : 0);
  }

  static std::string nameOf(const LazyFunction &L, unsigned Parameter) {
    StringRef Name = L.F->getArg(Parameter)->getName();
    return Name.empty() ? "parameter " + std::to_string(Parameter + 1 - L.SRet)
                        : ("'" + Name + "'").str();
  }

  /// Somewhere in \p F: calls must be, where there are locations.
  static DebugLoc placeOf(const Function &F) {
    DISubprogram *Scope = F.getSubprogram();
    return Scope ? DILocation::get(F.getContext(), Scope->getLine(), 0, Scope)
                 : nullptr;
  }

  /// Step 4.
  void dispatch(Function &F, Function &Copy) {
    bool Always = checkedFunction(F);
    if (F.isVarArg() || !(Always || F.hasAddressTaken() || F.isInterposable()))
      return;
    BasicBlock &Entry = F.getEntryBlock();
    // They stay in the entry, where they are part of the frame.
    for (Instruction &I : make_early_inc_range(Entry))
      if (auto *A = dyn_cast<AllocaInst>(&I); A && A->isStaticAlloca())
        A->moveBefore(Entry, Entry.begin());
    BasicBlock *Body =
        Entry.splitBasicBlock(Entry.getFirstNonPHIOrDbgOrAlloca(), "unchecked");
    auto *Checked = BasicBlock::Create(M.getContext(), "checked", &F, Body);
    Entry.getTerminator()->eraseFromParent();
    IRBuilder<> B(&Entry);
    B.SetCurrentDebugLocation(placeOf(F));
    Value *Checks = Runtime.checks(B);
    if (!Always) {
      auto *Ask = BasicBlock::Create(M.getContext(), "ask", &F, Checked);
      B.CreateCondBr(Checks, Ask, Body);
      B.SetInsertPoint(Ask);
      Checks = Runtime.checkInside(B);
    }
    B.CreateCondBr(Checks, Checked, Body);
    B.SetInsertPoint(Checked);
    SmallVector<Value *, 8> Arguments;
    for (Argument &A : F.args())
      Arguments.push_back(&A);
    CallInst *Call = Emitter::plainCall(B, Copy, Arguments);
    if (Call->getType()->isVoidTy())
      B.CreateRetVoid();
    else
      B.CreateRet(Call);
  }
};

} // namespace

void lazypass::addChecks(Module &M, const CheckedCopies &Copies,
                         const LazyFunctions &Lazy, Emitter &Runtime,
                         FunctionAnalysisManager &FAM) {
  Checker(M, Copies, Lazy, Runtime, FAM).run();
}
