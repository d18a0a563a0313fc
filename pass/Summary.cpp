//===- Summary.cpp - what one function body does to memory ----------------===//
//
// Algorithm
//   1. Loads and stores: trace the pointer to the objects it may point into;
//      where that fails, ask what PointsTo.cpp has found.
//   2. Intrinsics: the memory they take as arguments, if LLVM says that they
//      touch no other.
//   3. Calls of the C library: by the table of LibraryFunctions.cpp.
//   4. Calls of other functions without a body here: the user's word, or a
//      violation.  Calls of functions with a body are kept for Effects.cpp,
//      also those through a pointer whose targets are all known.
//   5. A jump (longjmp) is a violation, since the frame it goes to may be
//      another thread's; not proved, if a function on the way calls setjmp.
//
// What a lazy function may not do is a violation: proved, if it is there to be
// seen; unseen, if what is there hides what happens.
//
// Sound: what is not recognised is a violation, unseen.
//
//===----------------------------------------------------------------------===//

#include "Summary.h"

#include "LibraryFunctions.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace lazypass;

void Summary::noteRead(const Objects &O, const DebugLoc &Where) {
  E.ReadsUnknown |= O.Unknown;
  E.Reads.insert(O.Globals.begin(), O.Globals.end());
  Through.noteReads(O.Parameters);
  Owned.noteReads(O.Owned);
  Inside.noteReads(O.Inside);
  if (O.ThreadLocal)
    violate(Violation::Unseen, Where,
            "reads '" + O.ThreadLocal->getName() +
                "', which is another variable in each thread");
}

void Summary::noteWrite(const Objects &O, const DebugLoc &Where,
                        bool Pointers) {
  Through.noteWrites(O.Parameters, Pointers);
  Owned.noteWrites(O.Owned, Pointers);
  Inside.noteWrites(O.Inside, Pointers);
  if (!O.Globals.empty())
    violate(Violation::Proved, Where,
            "writes '" + O.Globals[0]->getName() +
                "', which others see; return the value instead");
  else if (O.ThreadLocal)
    violate(Violation::Proved, Where,
            "writes '" + O.ThreadLocal->getName() +
                "', which is another variable in each thread");
  else if (O.Unknown)
    violate(Violation::Unseen, Where,
            "writes through a pointer that cannot be traced to its own "
            "locals");
}

namespace {

/// Walks one body.
class Summarizer {
  Summary &S;
  const Vows &Said;
  const TargetLibraryInfo &TLI;
  const PointsTo &Known;

public:
  Summarizer(Summary &S, const Vows &Said, const TargetLibraryInfo &TLI,
             const PointsTo &Known)
      : S(S), Said(Said), TLI(TLI), Known(Known) {}
  void run(const Function &Code);

private:
  Objects objectsOf(const Value *Pointer) const;
  Objects objectsOfArguments(const CallBase &CB) const;
  SmallVector<Function *, 4> functionsOf(const Value *Pointer) const;
  void noteMemory(const Instruction &I);
  bool noteIntrinsic(const IntrinsicInst &I);
  void noteLibraryCall(const CallBase &CB, const LibraryFunction &Known);
  void noteOutOfSight(const CallBase &CB, const Function &Callee);
  void noteOwnCopies(const CallBase &CB);
  void noteCallback(const CallBase &CB, unsigned Argument);
  void noteIndirectCall(const CallBase &CB);
  void noteBody(const CallBase &CB, Function &Callee);
  void noteCall(const CallBase &CB);
};

} // namespace

Objects Summarizer::objectsOf(const Value *Pointer) const {
  Objects Into;
  SmallVector<const Value *, 4> Found;
  getUnderlyingObjects(Pointer, Found, /*LI=*/nullptr, /*MaxLookup=*/0);
  for (const Value *V : Found) {
    if (isa<AllocaInst, ConstantPointerNull, UndefValue, Function>(V))
      continue;
    if (auto *A = dyn_cast<Argument>(V)) {
      if (!A->hasByValAttr() && !A->hasStructRetAttr())
        Into.Parameters.push_back(A->getArgNo());
      continue;
    }
    if (auto *G = dyn_cast<GlobalVariable>(V)) {
      if (G->isThreadLocal())
        Into.ThreadLocal = const_cast<GlobalVariable *>(G);
      else if (!G->isConstant())
        Into.Globals.push_back(const_cast<GlobalVariable *>(G));
      continue;
    }
    if (auto *I = dyn_cast<IntrinsicInst>(V);
        I && I->getIntrinsicID() == Intrinsic::threadlocal_address) {
      Into.ThreadLocal =
          dyn_cast<GlobalVariable>(I->getArgOperand(0)->stripPointerCasts());
      continue;
    }
    if (auto *C = dyn_cast<CallBase>(V); C && isFreshMemory(*C, TLI))
      continue;
    Into.Unknown = true;
  }
  if (Into.Unknown) {
    auto Found = Known.find(Pointer);
    Into.Unknown = Found == Known.end() || Found->second.Foreign;
    if (Found != Known.end()) {
      append_range(Into.Owned, Found->second.Owned);
      append_range(Into.Inside, Found->second.Inside);
    }
  }
  return Into;
}

/// All that the arguments of \p CB point to.
Objects Summarizer::objectsOfArguments(const CallBase &CB) const {
  Objects All;
  for (const Value *A : CB.args())
    if (A->getType()->isPointerTy())
      All.add(objectsOf(A));
  return All;
}

/// The functions that \p Pointer may be, if all are known and have a body here
/// that is the last word; else none.
SmallVector<Function *, 4> Summarizer::functionsOf(const Value *Pointer) const {
  SmallVector<Function *, 4> Functions;
  auto Found = Known.find(Pointer);
  if (auto *F = dyn_cast<Function>(Pointer))
    Functions.push_back(const_cast<Function *>(F));
  else if (Found != Known.end() && Found->second.isOwnMemory())
    Functions.append(Found->second.Functions.begin(),
                     Found->second.Functions.end());
  if (!all_of(Functions, [](Function *F) { return F->hasExactDefinition(); }))
    Functions.clear();
  return Functions;
}

/// False: it is one that this knows nothing about.
bool Summarizer::noteIntrinsic(const IntrinsicInst &I) {
  if (I.isLifetimeStartOrEnd() || I.doesNotAccessMemory() ||
      isa<DbgInfoIntrinsic>(I) || I.isAssumeLikeIntrinsic())
    return true;
  // The rounding mode travels with the node.
  if (isa<ConstrainedFPIntrinsic>(I))
    return true;
  const DebugLoc &Where = I.getDebugLoc();
  switch (I.getIntrinsicID()) {
  case Intrinsic::trap:
  case Intrinsic::ubsantrap:
  case Intrinsic::stacksave:
  case Intrinsic::stackrestore:
    return true;
  case Intrinsic::vastart:
  case Intrinsic::vaend:
    S.noteWrite(objectsOf(I.getArgOperand(0)), Where);
    return true;
  case Intrinsic::vacopy:
    S.noteWrite(objectsOf(I.getArgOperand(0)), Where);
    S.noteRead(objectsOf(I.getArgOperand(1)), Where);
    return true;
  default:
    break;
  }
  if (isa<InstrProfInstBase>(I)) {
    S.violate(Violation::Unsupported, Where, "is counted for a profile");
    return true;
  }
  if (!I.onlyAccessesArgMemory())
    return false;
  for (unsigned A = 0; A != I.arg_size(); ++A) {
    if (!I.getArgOperand(A)->getType()->isPointerTy())
      continue;
    Objects O = objectsOf(I.getArgOperand(A));
    if (!I.onlyWritesMemory(A))
      S.noteRead(O, Where);
    if (!I.onlyReadsMemory(A))
      S.noteWrite(O, Where, !isa<MemSetInst>(I));
  }
  return true;
}

void Summarizer::noteLibraryCall(const CallBase &CB,
                                 const LibraryFunction &Known) {
  const DebugLoc &Where = CB.getDebugLoc();
  std::string Calls =
      ("calls '" + CB.getCalledFunction()->getName() + "', ").str();
  switch (Known.Kind) {
  case LibraryFunction::Streams:
  case LibraryFunction::OnFiles:
  case LibraryFunction::OwnState:
  case LibraryFunction::Stateful: {
    Violation V{Violation::Proved, Calls + "which " + Known.Why.str(), S.F,
                Where};
    V.OnFile = Known.worksOnFile();
    V.Instead = Known.Instead;
    S.violate(std::move(V));
    if (S.Trusted)
      return;
    break;
  }
  case LibraryFunction::Jumps:
    S.violate(Violation::Jump, Where,
              Calls + "which leaves functions without returning");
    return;
  case LibraryFunction::MarksPlace:
    S.violate(Violation::Unseen, Where,
              Calls + "and who jumps there cannot be seen");
    return;
  case LibraryFunction::PerThread: {
    Violation V{Violation::Unseen,
                Known.Why.empty() ? Calls + "whose answer depends on the thread"
                                  : Known.Why.str(),
                S.F, Where};
    V.OnFile = !Known.Why.empty(); // it stays on its thread
    S.violate(std::move(V));
    return;
  }
  case LibraryFunction::Stateless:
  case LibraryFunction::Support:
  case LibraryFunction::Stops:
  case LibraryFunction::ReadsLocale:
  case LibraryFunction::ReadsState:
  case LibraryFunction::Allocates:
    break;
  }
  S.E.ReadsUnknown |= Known.Kind == LibraryFunction::ReadsLocale ||
                      Known.Kind == LibraryFunction::ReadsState;
  for (unsigned I = 0; I != CB.arg_size(); ++I) {
    if (!CB.getArgOperand(I)->getType()->isPointerTy())
      continue;
    Objects O = objectsOf(CB.getArgOperand(I));
    switch (Known.access(I)) {
    case LibraryFunction::Nothing:
    case LibraryFunction::Stream:
      break;
    case LibraryFunction::Reads:
      S.noteRead(O, Where);
      break;
    case LibraryFunction::Calls:
      noteCallback(CB, I);
      break;
    case LibraryFunction::UpdatesText: // which is what it returns
      S.noteWrite(objectsOf(&CB), Where);
      [[fallthrough]];
    case LibraryFunction::Updates:
      S.noteRead(O, Where);
      [[fallthrough]];
    case LibraryFunction::Writes:
      S.noteWrite(O, Where);
      break;
    case LibraryFunction::Frees:
      if (O.Unknown)
        S.violate(Violation::Unseen, Where,
                  "frees memory that it may not have allocated itself");
      else
        S.noteWrite(O, Where);
      S.E.Frees |= O.Unknown || !O.Parameters.empty() || !O.Owned.empty() ||
                   !O.Inside.empty() || !O.Globals.empty();
      break;
    }
  }
}

/// A call of a function whose body is not there, or is not the last word.
void Summarizer::noteOutOfSight(const CallBase &CB, const Function &Callee) {
  if (CB.onlyReadsMemory() || Said.IsLazy(&Callee) || Said.IsTrusted(&Callee)) {
    S.E.ReadsUnknown = true;
    for (unsigned I = 0; I != CB.arg_size(); ++I)
      if (Said.WritesThrough(&Callee, I)) {
        Objects O = objectsOf(CB.getArgOperand(I));
        if (Said.VisitOf(&Callee, I).How != Visit::None)
          O.Unknown = true; // and what else it leads to
        S.noteWrite(O, CB.getDebugLoc());
      }
    return;
  }
  // What UndefinedBehaviorSanitizer says, it says of a program whose meaning
  // has ended.
  StringRef Name = Callee.getName();
  if (Name.starts_with("__ubsan_handle_"))
    return;
  if (!S.Trusted) // a caller that works on files may
    for (const Value *A : CB.args())
      if (A->getType()->isPointerTy())
        S.noteRead(objectsOf(A), CB.getDebugLoc());
  StringRef Why = Callee.isDeclaration() ? "is out of sight"
                                         : "may be replaced by the linker";
  S.violate(Violation{Violation::Unseen,
                      ("calls '" + Name + "', whose body " + Why).str(), S.F,
                      CB.getDebugLoc(), &Callee});
}

/// Arguments passed by a copy in memory, and results returned there.
void Summarizer::noteOwnCopies(const CallBase &CB) {
  for (unsigned I = 0; I != CB.arg_size(); ++I)
    if (CB.isByValArgument(I))
      S.noteRead(objectsOf(CB.getArgOperand(I)), CB.getDebugLoc());
    else if (CB.paramHasAttr(I, Attribute::StructRet))
      S.noteWrite(objectsOf(CB.getArgOperand(I)), CB.getDebugLoc());
}

/// The library calls a function, with pointers to what the others point to.
void Summarizer::noteCallback(const CallBase &CB, unsigned Argument) {
  SmallVector<Function *, 4> Callees = functionsOf(CB.getArgOperand(Argument));
  if (Callees.empty())
    S.violate(Violation::Unseen, CB.getDebugLoc(),
              "calls '" + CB.getCalledFunction()->getName() +
                  "' with a function whose body is out of sight");
  for (Function *Callee : Callees) {
    Call C{Callee, {}, CB.getDebugLoc(), CB.getArgOperand(Argument) == Callee};
    C.Arguments.assign(Callee->arg_size(), objectsOfArguments(CB));
    S.Calls.push_back(std::move(C));
  }
}

/// A call through a pointer.
void Summarizer::noteIndirectCall(const CallBase &CB) {
  if (CB.doesNotAccessMemory())
    return;
  SmallVector<Function *, 4> Callees = functionsOf(CB.getCalledOperand());
  if (Callees.empty() || any_of(Callees, [&](const Function *F) {
        return F->getFunctionType() != CB.getFunctionType();
      })) {
    S.violate(Violation::Unseen, CB.getDebugLoc(), "calls through a pointer");
    return;
  }
  for (Function *Callee : Callees)
    noteBody(CB, *Callee);
}

void Summarizer::noteBody(const CallBase &CB, Function &Callee) {
  Call C{&Callee, {}, CB.getDebugLoc(), CB.getCalledOperand() == &Callee};
  for (const Value *A : CB.args())
    C.Arguments.push_back(A->getType()->isPointerTy() ? objectsOf(A)
                                                      : Objects());
  S.Calls.push_back(std::move(C));
}

void Summarizer::noteCall(const CallBase &CB) {
  const DebugLoc &Where = CB.getDebugLoc();
  if (auto *I = dyn_cast<IntrinsicInst>(&CB)) {
    if (!noteIntrinsic(*I))
      S.violate(Violation::Unseen, Where,
                "uses the intrinsic '" + I->getCalledFunction()->getName() +
                    "', whose effects are not known");
    return;
  }
  if (CB.isInlineAsm()) {
    if (!CB.doesNotAccessMemory() ||
        cast<InlineAsm>(CB.getCalledOperand())->hasSideEffects())
      S.violate(Violation::Unseen, Where, "contains inline assembly");
    return;
  }
  noteOwnCopies(CB);
  Function *Callee = CB.getCalledFunction();
  if (!Callee) {
    noteIndirectCall(CB);
    return;
  }
  if (!Said.IsTrusted(Callee) && !Said.IsLazy(Callee))
    if (const LibraryFunction *Known = knownLibraryFunction(CB, TLI)) {
      noteLibraryCall(CB, *Known);
      return;
    }
  if (CB.doesNotAccessMemory())
    return;
  if (Said.UsesFiles(Callee)) {
    Violation V{
        Violation::Proved,
        ("calls '" + Callee->getName() + "', which works on files").str(), S.F,
        Where};
    V.OnFile = true;
    S.violate(std::move(V));
  }
  if (!Callee->hasExactDefinition()) {
    // A body that the linker may replace is looked at all the same, if lazy.
    bool Look = Said.IsLazy(Callee) && !Callee->isDeclaration();
    if (!Look) {
      noteOutOfSight(CB, *Callee);
      return;
    }
    S.E.ReadsUnknown = true;
  }
  noteBody(CB, *Callee);
}

/// Is it the function's own local that \p I accesses?  Then nobody can tell
/// how. (setjmp and the rounding of intermediate results are why locals are
/// volatile.)
static bool accessesLocal(const Instruction &I) {
  const Value *Pointer = getLoadStorePointerOperand(&I);
  auto *Local = dyn_cast_or_null<AllocaInst>(
      Pointer ? getUnderlyingObject(Pointer) : nullptr);
  return Local != nullptr;
}

/// An access to memory by an instruction of its own.
void Summarizer::noteMemory(const Instruction &I) {
  const DebugLoc &Where = I.getDebugLoc();
  if ((I.isAtomic() || I.isVolatile()) && accessesLocal(I))
    return;
  if (I.isAtomic())
    S.violate(Violation::Proved, Where, "uses atomic operations");
  else if (I.isVolatile())
    S.violate(Violation::Proved, Where, "accesses volatile memory");
  else if (auto *L = dyn_cast<LoadInst>(&I))
    S.noteRead(objectsOf(L->getPointerOperand()), Where);
  else if (auto *St = dyn_cast<StoreInst>(&I))
    S.noteWrite(objectsOf(St->getPointerOperand()), Where,
                holdsPointer(St->getValueOperand()->getType()));
  else if (auto *VA = dyn_cast<VAArgInst>(&I)) {
    S.noteRead(objectsOf(VA->getPointerOperand()), Where);
    S.noteWrite(objectsOf(VA->getPointerOperand()), Where);
    S.E.ReadsUnknown = true;
  } else if (I.mayReadOrWriteMemory())
    S.violate(Violation::Unseen, Where,
              "accesses memory in a way that cannot be analysed");
}

void Summarizer::run(const Function &Code) {
  S.MarksPlace = Code.callsFunctionThatReturnsTwice();
  for (const Instruction &I : instructions(Code))
    if (auto *CB = dyn_cast<CallBase>(&I); CB && !I.isVolatile())
      noteCall(*CB);
    else
      noteMemory(I);
}

Summary lazypass::summarize(Function &F, const Body &B, const Vows &Said,
                            const PointsTo &Known) {
  Summary S;
  S.F = &F;
  S.Trusted = Said.IsTrusted(&F);
  S.OnFiles = Said.UsesFiles(&F);
  S.Through.resize(F.arg_size());
  Summarizer(S, Said, *B.TLI, Known).run(*B.Code);
  S.E.Addresses = addressUse(*B.Code, *B.TLI);
  return S;
}
