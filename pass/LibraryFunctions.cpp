//===- LibraryFunctions.cpp - what is known of libc and libm --------------===//
//
// Algorithm
//   1. A table, by effect and prototype.
//   2. A name alone proves nothing: a program may have a function of its own
//      that is called `read`.  The prototype must be right in every parameter,
//      also for LLVM's TargetLibraryInfo where that knows the name, and
//      -ffreestanding and -fno-builtin switch the knowledge off.
//
// Sound as far as the table is (LibraryTable.cpp).  abort and a failed
// assertion count as stateless: they end the process wherever they run.
//
//===----------------------------------------------------------------------===//

#include "LibraryFunctions.h"

#include "LibraryTable.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;
using namespace lazypass;

namespace {

/// A function of a row, and which variant of it.
struct Entry {
  LibraryFunction Function;
  char Variant; ///< 'd', 'f' or 'l'
};

} // namespace

LibraryFunction::Access LibraryFunction::access(unsigned I) const {
  // Not in the table one by one: the ABI's own, or variadic.
  if (I + 1 >= Type.size())
    return Reads;
  switch (Type[I + 1]) {
  case 'r':
  case 'x':
  case '.':
  case ',':
  case 'o':
    return Reads;
  case 'w':
    return Writes;
  case 'u':
    return Updates;
  case 't':
    return UpdatesText;
  case 'c':
    return Calls;
  case 'k':
    return Frees;
  case 's':
    return Stream;
  default:
    return Nothing;
  }
}

ArrayRef<unsigned> LibraryFunction::lengthOf(unsigned I) const {
  return I + 1 < Type.size() ? ArrayRef(Lengths[I + 1]) : ArrayRef<unsigned>();
}

/// Letters and digits apart.
static void readType(StringRef Written, LibraryFunction &Function) {
  for (char C : Written) {
    if (isDigit(C)) {
      Function.Lengths.back().push_back(C - '0');
    } else {
      Function.Type.push_back(C);
      Function.Lengths.emplace_back();
    }
  }
}

/// The name of \p Variant.  The letter of lgamma_r's stands before the ending.
static std::string variantOf(StringRef Name, char Variant) {
  std::string Full = Name.str();
  if (Variant != 'd')
    Full.insert(Name.ends_with("_r") ? Full.size() - 2 : Full.size(), 1,
                Variant);
  return Full;
}

static StringMap<Entry> makeIndex() {
  StringMap<Entry> Index;
  SmallVector<StringRef, 128> ExactNames;
  exactFunctions().split(ExactNames, ' ');
  StringSet<> Exact;
  for (StringRef Name : ExactNames)
    Exact.insert(Name);
  for (const LibraryRow &R : libraryTable()) {
    bool HasVariants = R.Type.contains('f');
    SmallVector<StringRef, 64> Names;
    R.Names.split(Names, ' ');
    for (StringRef Name : Names)
      for (char Variant : StringRef(HasVariants ? "dfl" : "d")) {
        std::string Instead = R.Instead.str();
        if (R.Instead.starts_with("*"))
          Instead.replace(0, 1, Name);
        LibraryFunction Function;
        Function.Kind = R.Kind;
        Function.Why = R.Why;
        Function.Exact = Exact.contains(Name);
        Function.Instead = variantOf(Instead, Variant);
        readType(R.Type, Function);
        Index.insert({variantOf(Name, Variant), {Function, Variant}});
      }
  }
  return Index;
}

static bool fitsLetter(const Type *T, char Letter, char Variant) {
  switch (Letter) {
  case 'v':
    return T->isVoidTy();
  case 'i':
    return T->isIntegerTy();
  case 'd':
    return T->isFloatingPointTy();
  case 'f':
    return Variant == 'd'   ? T->isDoubleTy()
           : Variant == 'f' ? T->isFloatTy()
                            : T->isFloatingPointTy() && !T->isFloatTy();
  default:
    return T->isPointerTy();
  }
}

static bool fitsType(const FunctionType *T, StringRef Letters, char Variant) {
  if (Letters.empty())
    return true;
  bool Variadic = Letters.consume_back(".") || Letters.consume_back(",");
  if (T->isVarArg() != Variadic || T->getNumParams() + 1 != Letters.size() ||
      !fitsLetter(T->getReturnType(), Letters[0], Variant))
    return false;
  for (unsigned I = 0; I != T->getNumParams(); ++I)
    if (!fitsLetter(T->getParamType(I), Letters[I + 1], Variant))
      return false;
  return true;
}

/// Are all conversions of \p Format such?  False also if it is no constant.
static bool
allConversions(const Value *Format,
               function_ref<bool(StringRef Flags, char Conversion)> Are) {
  StringRef Text;
  if (!getConstantStringInfo(Format, Text))
    return false;
  for (size_t At = Text.find('%'); At != StringRef::npos;
       At = Text.find('%', At + 1)) {
    size_t Flags = At + 1;
    At = Text.find_first_not_of("-+ #0'I123456789.*$hljztLqw", Flags);
    if (At == StringRef::npos || !Are(Text.slice(Flags, At), Text[At]))
      return false;
  }
  return true;
}

bool LibraryFunction::mayWriteMore(const CallBase &Call) const {
  size_t Format = Type.find('o');
  return StringRef(Type).ends_with(",") ||
         (Format != std::string::npos &&
          !allConversions(Call.getArgOperand(Format - 1),
                          [](StringRef, char C) { return C != 'n'; }));
}

bool LibraryFunction::isText(const CallBase &Call, unsigned I) const {
  if (I < Call.getFunctionType()->getNumParams())
    return I + 1 < Type.size() && Type[I + 1] == 'x';
  // %p may point anywhere, %.5s need have no end, %ls has another one.
  size_t Format = Type.find('o');
  return Format != std::string::npos &&
         allConversions(Call.getArgOperand(Format - 1), [](StringRef Flags,
                                                           char C) {
           return StringRef("diouxXeEfFgGaAc%").contains(C) ||
                  (C == 's' && !Flags.contains('.') && !Flags.contains('l'));
         });
}

const LibraryFunction *
lazypass::knownLibraryFunction(const CallBase &Call,
                               const TargetLibraryInfo &TLI) {
  const Function *F = Call.getCalledFunction();
  // glibc's headers have bodies of some, for the optimiser only.
  if (!F || !F->isDeclarationForLinker() || F->isIntrinsic())
    return nullptr;
  static const StringMap<Entry> Index = makeIndex();
  auto It = Index.find(F->getName());
  if (It == Index.end())
    return nullptr;
  const auto &[Known, Variant] = It->second;
  // These are no promises that a switch could take back.
  if (Known.Kind == LibraryFunction::PerThread ||
      Known.Kind == LibraryFunction::Support)
    return &Known;
  if (Call.isNoBuiltin() ||
      !fitsType(F->getFunctionType(), Known.Type, Variant))
    return nullptr;
  const Function &Caller = *Call.getFunction();
  if (Caller.hasFnAttribute("no-builtins") ||
      Caller.hasFnAttribute(("no-builtin-" + F->getName()).str()))
    return nullptr;
  LibFunc Builtin;
  if (TLI.getLibFunc(F->getName(), Builtin)) {
    bool Fits = Known.Type.empty() || TLI.getLibFunc(*F, Builtin);
    if (!Fits || !TLI.has(Builtin))
      return nullptr;
  }
  // A lazy function may not call these in any case.
  if (Known.Kind < LibraryFunction::Streams && Known.mayWriteMore(Call))
    return nullptr;
  return &Known;
}

bool lazypass::isFreshMemory(const CallBase &Call,
                             const TargetLibraryInfo &TLI) {
  if (isNoAliasCall(&Call))
    return true;
  const LibraryFunction *Known = knownLibraryFunction(Call, TLI);
  return Known && Known->Kind == LibraryFunction::Allocates;
}
