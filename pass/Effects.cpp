//===- Effects.cpp - what memory a lazy function touches ------------------===//
//
// Algorithm
//   1. Collect all functions reachable from the roots through direct calls of
//      exact definitions.
//   2. Once for each, on a scratch clone with its locals in registers (at -O0
//      they would hide behind loads): note every access by the object it goes
//      to, and every call with the objects its pointer arguments go to.
//   3. Propagate over the call graph to a fixed point, starting from "touches
//      nothing": a callee's accesses through its parameters become accesses to
//      the caller's objects.
//
// Sound: an object that cannot be traced counts as unknown memory; writing to
// that is a violation.  The arguments' own copies (byval), the returned object
// (sret), locals and fresh allocations are private to the call.
//
// Given up: errno.  The mathematical functions of libm count as pure, although
// they may set it; a program that reads errno after a lazy call sees what the
// thread that ran it left there.
//
//===----------------------------------------------------------------------===//

#include "Effects.h"

#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace lazypass;

namespace {

/// Where a pointer may point, as one call of the function sees it.
struct Objects {
  bool Unknown = false;
  SmallVector<GlobalVariable *, 2> Globals; ///< mutable ones
  SmallVector<unsigned, 2> Parameters;
  GlobalVariable *ThreadLocal = nullptr;
};

/// A direct call, by the objects of its arguments.
struct Call {
  Function *Callee;
  SmallVector<Objects, 4> Arguments;
  DebugLoc Where;
};

struct Summary {
  Effects E;
  SmallBitVector ParameterReads, ParameterWrites;
  std::vector<Call> Calls;

  void violate(const DebugLoc &Where, const Twine &Text) {
    if (!E.Violation.empty())
      return;
    E.Violation = Text.str();
    E.Where = Where;
  }
};

} // namespace

/// libc and libm functions that depend on their arguments only and write no
/// memory but what their arguments point to.  ISO C 7.12 (math), 7.22 and
/// 7.24 (the parts without state), POSIX for the sleeping functions.  abort
/// and a failed assertion end the process wherever they run.
static constexpr StringLiteral Stateless[] = {
    "acos",   "acosh",     "asin",      "asinh", "atan",      "atan2",
    "atanh",  "cbrt",      "ceil",      "cos",   "cosh",      "copysign",
    "erf",    "erfc",      "exp",       "exp10", "exp2",      "expm1",
    "fabs",   "fdim",      "floor",     "fma",   "fmax",      "fmin",
    "fmod",   "hypot",     "ilogb",     "ldexp", "llrint",    "llround",
    "log",    "log10",     "log1p",     "log2",  "logb",      "lrint",
    "lround", "nearbyint", "nextafter", "pow",   "remainder", "rint",
    "round",  "scalbln",   "scalbn",    "sin",   "sinh",      "sqrt",
    "tan",    "tanh",      "tgamma",    "trunc"};
static constexpr StringLiteral StatelessOther[] = {
    "abs",           "labs",      "llabs", "abort",
    "__assert_fail", "nanosleep", "sleep", "usleep"};

/// What clang itself calls to multiply and divide complex numbers.
static constexpr StringLiteral ComplexArithmetic[] = {
    "__mulsc3", "__muldc3", "__mulxc3", "__multc3",
    "__divsc3", "__divdc3", "__divxc3", "__divtc3"};

/// Those that read what their arguments point to, and nothing else.
static constexpr StringLiteral ReadOnly[] = {
    "bcmp",    "memchr",  "memcmp",  "strchr",  "strcmp", "strcspn", "strlen",
    "strncmp", "strnlen", "strpbrk", "strrchr", "strspn", "strstr"};

/// Declared const by glibc, but only within a thread.
static constexpr StringLiteral PerThread[] = {
    "pthread_self",        "__errno_location",    "__ctype_b_loc",
    "__ctype_tolower_loc", "__ctype_toupper_loc", "__h_errno_location"};

static bool isStateless(StringRef Name) {
  if (is_contained(StatelessOther, Name) || is_contained(Stateless, Name) ||
      is_contained(ComplexArithmetic, Name))
    return true;
  // float and long double variants
  return (Name.ends_with("f") || Name.ends_with("l")) &&
         is_contained(Stateless, Name.drop_back());
}

static void addObjects(Objects &Into, const Value *Pointer) {
  SmallVector<const Value *, 4> Found;
  getUnderlyingObjects(Pointer, Found, /*LI=*/nullptr, /*MaxLookup=*/0);
  for (const Value *V : Found) {
    if (isa<AllocaInst>(V) || isa<ConstantPointerNull>(V) || isa<UndefValue>(V))
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
    if (isa<Function>(V))
      continue;
    if (auto *C = dyn_cast<CallBase>(V)) {
      if (isNoAliasCall(C)) // fresh from malloc
        continue;
      if (auto *I = dyn_cast<IntrinsicInst>(C))
        if (I->getIntrinsicID() == Intrinsic::threadlocal_address) {
          Into.ThreadLocal = dyn_cast<GlobalVariable>(
              I->getArgOperand(0)->stripPointerCasts());
          continue;
        }
    }
    Into.Unknown = true;
  }
}

static void noteRead(Summary &S, const Objects &O, const DebugLoc &Where) {
  S.E.ReadsUnknown |= O.Unknown;
  S.E.Reads.insert(O.Globals.begin(), O.Globals.end());
  for (unsigned P : O.Parameters)
    S.ParameterReads.set(P);
  if (O.ThreadLocal)
    S.violate(Where, "it reads '" + O.ThreadLocal->getName() +
                         "', which is another variable in each thread");
}

static void noteWrite(Summary &S, const Objects &O, const DebugLoc &Where) {
  for (unsigned P : O.Parameters)
    S.ParameterWrites.set(P);
  if (!O.Globals.empty())
    S.violate(Where, "it writes '" + O.Globals[0]->getName() +
                         "', which others see; return the value instead");
  else if (O.ThreadLocal)
    S.violate(Where, "it writes '" + O.ThreadLocal->getName() +
                         "', which is another variable in each thread");
  else if (O.Unknown)
    S.violate(Where, "it writes through a pointer that cannot be traced to "
                     "its own locals");
}

static void noteCall(Summary &S, CallBase &CB,
                     function_ref<bool(const Function *)> IsLazy) {
  const DebugLoc &Where = CB.getDebugLoc();
  if (auto *I = dyn_cast<IntrinsicInst>(&CB)) {
    if (auto *M = dyn_cast<MemIntrinsic>(I)) {
      Objects To;
      addObjects(To, M->getRawDest());
      noteWrite(S, To, Where);
      if (auto *T = dyn_cast<MemTransferInst>(M)) {
        Objects From;
        addObjects(From, T->getRawSource());
        noteRead(S, From, Where);
      }
      if (M->isVolatile())
        S.violate(Where, "it accesses volatile memory");
      return;
    }
    if (I->isLifetimeStartOrEnd() || I->doesNotAccessMemory() ||
        isa<DbgInfoIntrinsic>(I) || I->isAssumeLikeIntrinsic())
      return;
    // The rounding mode travels with the node.
    if (isa<ConstrainedFPIntrinsic>(I))
      return;
    switch (I->getIntrinsicID()) {
    case Intrinsic::trap:
    case Intrinsic::ubsantrap:
    case Intrinsic::stacksave:
    case Intrinsic::stackrestore:
      return;
    default:
      break;
    }
  }
  if (CB.isInlineAsm()) {
    if (!CB.doesNotAccessMemory() ||
        cast<InlineAsm>(CB.getCalledOperand())->hasSideEffects())
      S.violate(Where, "it contains inline assembly");
    return;
  }
  Function *Callee = CB.getCalledFunction();
  if (!Callee || Callee->getFunctionType() != CB.getFunctionType()) {
    if (!CB.doesNotAccessMemory())
      S.violate(Where, "it calls through a pointer");
    return;
  }
  if (is_contained(PerThread, Callee->getName())) {
    S.violate(Where, "it calls '" + Callee->getName() +
                         "', whose answer depends on the thread");
    return;
  }
  if (CB.doesNotAccessMemory())
    return;
  // A body that the linker may replace is looked at all the same, if lazy.
  bool MayBeReplaced = IsLazy(Callee) && !Callee->isDeclaration() &&
                       !Callee->hasExactDefinition();
  S.E.ReadsUnknown |= MayBeReplaced;
  if (!Callee->hasExactDefinition() && !MayBeReplaced) {
    if (CB.onlyReadsMemory() || IsLazy(Callee)) {
      S.E.ReadsUnknown = true;
      return;
    }
    StringRef Name = Callee->getName();
    if (isNoAliasCall(&CB) && (Name == "malloc" || Name == "calloc"))
      return;
    if (Name == "free") {
      Objects O;
      addObjects(O, CB.getArgOperand(0));
      if (O.Unknown || !O.Globals.empty() || !O.Parameters.empty())
        S.violate(Where, "it frees memory that it did not allocate itself");
      return;
    }
    bool OnlyReads = is_contained(ReadOnly, Name);
    if (!OnlyReads && !isStateless(Name)) {
      S.violate(Where,
                "it calls '" + Name +
                    "', whose body is out of sight; if that depends on its "
                    "arguments only, declare it __attribute__((const))");
      return;
    }
    for (Value *A : CB.args())
      if (A->getType()->isPointerTy()) {
        Objects O;
        addObjects(O, A);
        noteRead(S, O, Where);
        if (!OnlyReads && Name != "__assert_fail")
          noteWrite(S, O, Where);
      }
    return;
  }
  Call C;
  C.Callee = Callee;
  C.Where = Where;
  for (Value *A : CB.args()) {
    Objects O;
    if (A->getType()->isPointerTy())
      addObjects(O, A);
    C.Arguments.push_back(std::move(O));
  }
  // A pointer handed over as byval is read here, by the copy.
  for (unsigned I = 0; I != CB.arg_size(); ++I)
    if (CB.isByValArgument(I))
      noteRead(S, C.Arguments[I], Where);
    else if (CB.paramHasAttr(I, Attribute::StructRet))
      noteWrite(S, C.Arguments[I], Where);
  S.Calls.push_back(std::move(C));
}

/// Step 2, on the body as it stands in \p Body.
static void summarize(Summary &S, Function &Body,
                      function_ref<bool(const Function *)> IsLazy) {
  S.ParameterReads.resize(Body.arg_size());
  S.ParameterWrites.resize(Body.arg_size());
  for (Instruction &I : instructions(Body)) {
    const DebugLoc &Where = I.getDebugLoc();
    if (I.isAtomic() || isa<FenceInst>(I)) {
      S.violate(Where, "it uses atomic operations");
    } else if (I.isVolatile()) {
      S.violate(Where, "it accesses volatile memory");
    } else if (auto *L = dyn_cast<LoadInst>(&I)) {
      Objects O;
      addObjects(O, L->getPointerOperand());
      noteRead(S, O, Where);
    } else if (auto *St = dyn_cast<StoreInst>(&I)) {
      Objects O;
      addObjects(O, St->getPointerOperand());
      noteWrite(S, O, Where);
    } else if (auto *CB = dyn_cast<CallBase>(&I)) {
      noteCall(S, *CB, IsLazy);
    } else if (I.mayReadOrWriteMemory()) {
      S.violate(Where, "it accesses memory in a way that cannot be analysed");
    }
  }
}

/// Step 3, for one call.
static bool propagate(Summary &S, const Call &C, const Summary &Callee) {
  Effects Before = S.E;
  SmallBitVector Reads = S.ParameterReads, Writes = S.ParameterWrites;
  S.E.ReadsUnknown |= Callee.E.ReadsUnknown;
  S.E.Reads.insert(Callee.E.Reads.begin(), Callee.E.Reads.end());
  if (!Callee.E.Violation.empty())
    S.violate(Callee.E.Where,
              "it calls '" + C.Callee->getName() + "': " + Callee.E.Violation);
  for (unsigned I = 0, E = std::min<size_t>(C.Arguments.size(),
                                            Callee.ParameterReads.size());
       I != E; ++I) {
    if (Callee.ParameterReads.test(I))
      noteRead(S, C.Arguments[I], C.Where);
    if (Callee.ParameterWrites.test(I))
      noteWrite(S, C.Arguments[I], C.Where);
  }
  return Before.ReadsUnknown != S.E.ReadsUnknown ||
         Before.Reads.size() != S.E.Reads.size() ||
         Before.Violation != S.E.Violation || Reads != S.ParameterReads ||
         Writes != S.ParameterWrites;
}

DenseMap<Function *, Effects>
lazypass::computeEffects(ArrayRef<Function *> Roots,
                         function_ref<bool(const Function *)> IsLazy,
                         FunctionAnalysisManager &FAM) {
  DenseMap<Function *, Effects> Result;
  MapVector<Function *, Summary> Summaries;
  SmallVector<Function *, 16> Work;
  auto Reach = [&](Function *F) {
    if (Summaries.insert({F, Summary()}).second)
      Work.push_back(F);
  };
  for (Function *F : Roots)
    if (!F->isDeclaration())
      Reach(F);
    else
      Result[F].ReadsUnknown = !F->doesNotAccessMemory();

  while (!Work.empty()) {
    Function *F = Work.pop_back_val();
    ValueToValueMapTy Map;
    Function *Scratch = CloneFunction(F, Map);
    SROAPass(SROAOptions::PreserveCFG).run(*Scratch, FAM);
    Summary S;
    summarize(S, *Scratch, IsLazy);
    FAM.clear(*Scratch, Scratch->getName());
    // Recursive calls in the clone still name the original.
    Scratch->eraseFromParent();
    for (const Call &C : S.Calls)
      Reach(C.Callee);
    Summaries[F] = std::move(S);
  }

  for (bool Changed = true; Changed;) {
    Changed = false;
    for (auto &[F, S] : Summaries)
      for (const Call &C : S.Calls)
        Changed |= propagate(S, C, Summaries[C.Callee]);
  }

  for (Function *F : Roots) {
    auto It = Summaries.find(F);
    if (It == Summaries.end())
      continue;
    Summary &S = It->second;
    if (S.ParameterWrites.any())
      S.violate(DebugLoc(), "it writes through a parameter");
    S.E.ReadsThrough = S.ParameterReads;
    S.E.ReadsUnknown |= S.ParameterReads.any() || !F->hasExactDefinition();
    // The extent of a variable defined elsewhere is not known for sure.
    S.E.ReadsUnknown |= any_of(S.E.Reads, [](const GlobalVariable *G) {
      return G->isDeclaration() || G->isInterposable();
    });
    Result[F] = S.E;
  }
  return Result;
}
