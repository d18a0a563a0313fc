//===- CheckedAccesses.cpp - accesses that LAZY=check asks about ----------===//
//
// Algorithm
//   1. Loads, stores, atomic operations and copies of blocks are asked about
//      with the bytes that they touch.  Not those to locals of the function, to
//      constants, and reads of variables by name, which are its own business.
//   2. A call of the C library is asked about where it is certain what it
//      touches: all of a number of bytes (memcpy), or text up to its end
//      (strlen).  What reads text somehow reads its first byte.
//   3. The runtime is told what malloc and its family give and take.
//
// Given up: what a library function touches at most (snprintf), or as it
// happens to go (strcmp, qsort; but the comparison that is called is looked
// into).
//
//===----------------------------------------------------------------------===//

#include "CheckedAccesses.h"

#include "LibraryFunctions.h"
#include "lazy/abi.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

/// These touch as many bytes as they are told,
static constexpr StringLiteral Exact[] = {
    "bcmp",   "bcopy",  "bzero",   "explicit_bzero", "memcmp",
    "memcpy", "memmem", "memmove", "mempcpy",        "memset"};
/// and these fill as many, but read text that may end before.
static constexpr StringLiteral Fill[] = {"strncpy", "stpncpy"};
/// These read no more text than they are told,
static constexpr StringLiteral Measure[] = {"strnlen", "strndup", "strncat",
                                            "strncpy", "stpncpy"};
/// these write all that they read,
static constexpr StringLiteral CopyText[] = {"strcpy", "stpcpy", "strcat"};
/// and this one behind the text that is there.
static constexpr StringLiteral Append = "strcat";

namespace {

class Asker {
  Function &F;
  StringRef Name;
  Emitter &Runtime;
  const TargetLibraryInfo &TLI;
  const DataLayout &DL;

public:
  Asker(Function &F, StringRef Name, Emitter &Runtime,
        const TargetLibraryInfo &TLI)
      : F(F), Name(Name), Runtime(Runtime), TLI(TLI),
        DL(F.getParent()->getDataLayout()) {}

  void run() {
    SmallVector<Instruction *, 64> All;
    for (Instruction &I : instructions(F))
      All.push_back(&I);
    for (Instruction *I : All)
      visit(*I);
  }

private:
  Constant *place(const Instruction &I) {
    return Runtime.place(Name, I.getDebugLoc());
  }

  static bool isOwnBusiness(const Value *P, unsigned Access) {
    const Value *Object = getUnderlyingObject(P, /*MaxLookup=*/0);
    return isa<AllocaInst>(Object) ||
           (isa<GlobalVariable>(Object) && !(Access & LAZY_WRITES));
  }

  void ask(Instruction &I, Value *P, Value *Size, unsigned Access) {
    if (isOwnBusiness(P, Access))
      return;
    IRBuilder<> B(&I);
    Runtime.check(B, P, B.CreateZExtOrTrunc(Size, B.getInt64Ty()), Access,
                  place(I));
  }

  void ask(Instruction &I, Value *P, Type *T, unsigned Access) {
    uint64_t Size = DL.getTypeStoreSize(T).getFixedValue();
    ask(I, P, ConstantInt::get(Type::getInt64Ty(F.getContext()), Size), Access);
  }

  /// Step 1.
  void visit(Instruction &I) {
    if (auto *L = dyn_cast<LoadInst>(&I))
      ask(I, L->getPointerOperand(), L->getType(), LAZY_READS);
    else if (auto *S = dyn_cast<StoreInst>(&I))
      ask(I, S->getPointerOperand(), S->getValueOperand()->getType(),
          LAZY_WRITES);
    else if (auto *A = dyn_cast<AtomicRMWInst>(&I))
      ask(I, A->getPointerOperand(), A->getType(), LAZY_WRITES);
    else if (auto *A = dyn_cast<AtomicCmpXchgInst>(&I))
      ask(I, A->getPointerOperand(), A->getNewValOperand()->getType(),
          LAZY_WRITES);
    else if (auto *Block = dyn_cast<MemIntrinsic>(&I)) {
      if (auto *Copy = dyn_cast<MemTransferInst>(Block))
        ask(I, Copy->getRawSource(), Copy->getLength(), LAZY_READS);
      ask(I, Block->getRawDest(), Block->getLength(), LAZY_WRITES);
    } else if (auto *Call = dyn_cast<CallBase>(&I)) {
      visit(*Call);
    }
  }

  void visit(CallBase &Call) {
    for (unsigned I = 0; I != Call.arg_size(); ++I)
      if (Call.isByValArgument(I))
        ask(Call, Call.getArgOperand(I), Call.getParamByValType(I), LAZY_READS);
    const LibraryFunction *Known = knownLibraryFunction(Call, TLI);
    if (!Known)
      return;
    askForLibrary(Call, *Known);
    if (Known->access(0) == LibraryFunction::Frees ||
        Known->Kind == LibraryFunction::Allocates)
      tellOfHeap(Call, *Known);
  }

  /// Step 2.
  void askForLibrary(CallBase &Call, const LibraryFunction &Known) {
    StringRef Callee = Call.getCalledFunction()->getName();
    if (Callee.consume_front("__"))
      Callee.consume_back("_chk");
    bool IsText = Callee.starts_with("str") || Callee.starts_with("ato");
    IRBuilder<> B(&Call);
    Value *Text = nullptr;
    for (unsigned I = 0; I != Call.arg_size(); ++I) {
      Value *P = Call.getArgOperand(I), *Length = nullptr;
      if (!P->getType()->isPointerTy()) // numbers for printf
        continue;
      for (unsigned Factor : Known.lengthOf(I)) {
        Value *Wide = B.CreateZExt(Call.getArgOperand(Factor), B.getInt64Ty());
        Length = Length ? B.CreateMul(Length, Wide) : Wide;
      }
      if (Known.access(I) == LibraryFunction::Reads) {
        if (Known.isText(Call, I))
          Text = Runtime.checkText(B, P, B.getInt64(-1), place(Call));
        else if (Length && is_contained(Exact, Callee))
          ask(Call, P, Length, LAZY_READS);
        else if (Length && is_contained(Measure, Callee))
          Runtime.checkText(B, P, Length, place(Call));
        else if (!Length && IsText)
          ask(Call, P, B.getInt64(1), LAZY_READS);
      } else if (Length &&
                 (is_contained(Exact, Callee) || is_contained(Fill, Callee))) {
        ask(Call, P, Length, LAZY_WRITES);
      }
    }
    if (!Text || !is_contained(CopyText, Callee))
      return;
    Value *To = Call.getArgOperand(0);
    if (Callee == Append) {
      Value *There = Runtime.checkText(B, To, B.getInt64(-1), place(Call));
      To = B.CreatePtrAdd(To, B.CreateSub(There, B.getInt64(1)));
    }
    ask(Call, To, Text, LAZY_WRITES);
  }

  /// Step 3.
  void tellOfHeap(CallBase &Call, const LibraryFunction &Known) {
    IRBuilder<> B(&Call);
    Value *None = Constant::getNullValue(B.getPtrTy()), *Old = None;
    if (Known.access(0) == LibraryFunction::Frees)
      Old = Call.getArgOperand(0);
    if (Known.Kind != LibraryFunction::Allocates) {
      Runtime.checkHeap(B, Old, None, B.getInt64(0));
      return;
    }
    // Its numbers say how much, but where the first is an alignment.
    StringRef Callee = Call.getCalledFunction()->getName();
    bool First = Callee.contains("align");
    Value *Size = nullptr;
    for (Value *Argument : Call.args())
      if (Argument->getType()->isIntegerTy() && !std::exchange(First, false)) {
        Value *Wide = B.CreateZExt(Argument, B.getInt64Ty());
        Size = Size ? B.CreateMul(Size, Wide) : Wide;
      }
    if (Callee.starts_with("str"))
      Size = B.getInt64(LAZY_TEXT);
    B.SetInsertPoint(Call.getNextNode());
    B.SetCurrentDebugLocation(Call.getDebugLoc());
    Runtime.checkHeap(B, Old, &Call, Size);
  }
};

} // namespace

void lazypass::askForAccesses(Function &Copy, StringRef Name, Emitter &Runtime,
                              const TargetLibraryInfo &TLI) {
  Asker(Copy, Name, Runtime, TLI).run();
}
