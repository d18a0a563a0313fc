//===- Effects.h - what memory a lazy function touches ----------*- C++ -*-===//
//
// A call may run later and elsewhere only if nothing can tell the difference.
// This analysis says, for each lazy function and everything it calls:
//
//   pure       the result follows from the arguments
//   reads      it also reads memory that the program may write: the caller
//              orders the call against such writes
//   violation  it writes memory others see, does I/O, or calls what might:
//              its calls run in place, and the user is told (Violation.h)
//
// A function marked LAZY_TRUSTED is taken at its word: no violation is found in
// it, only what it reads.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_EFFECTS_H
#define LAZYPASS_EFFECTS_H

#include "Addresses.h"
#include "Violation.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/IR/PassManager.h"
#include <optional>

namespace llvm {
class Function;
class GlobalVariable;
class Type;
} // namespace llvm

namespace lazypass {

struct Effects {
  /// Reads memory that cannot be named: through pointers found in memory, or
  /// in a body out of sight.
  bool ReadsUnknown = false;

  /// Mutable globals it reads.
  llvm::SmallSetVector<llvm::GlobalVariable *, 4> Reads;

  /// By parameter of the IR: does it read, or write, what that points to?
  /// Empty where the body is out of sight.
  llvm::SmallBitVector ReadsThrough, WritesThrough;
  /// ... what pointers in there point to, if it is a parameter that Vows says
  /// are objects with visitors.
  llvm::SmallBitVector ReadsInside, WritesInside;
  /// Does it store pointers there, so that they may not be there before?  May
  /// it touch more than one object?
  llvm::SmallBitVector StoresPointers, TouchesMore;

  AddressUse Addresses;

  /// May it free memory that it has not allocated itself?
  bool Frees = false;

  /// What forbids deferring it; the worst, if several things do.
  std::optional<Violation> Worst;

  /// Writes nothing that others see.
  /// Other than through its parameters.
  bool readsMemory() const { return ReadsUnknown || !Reads.empty(); }
};

/// How the objects behind a parameter are visited.
struct Visit {
  enum Kind {
    None,
    Flat, ///< what pointers in them lead to holds no pointers that are followed
    Deep
  } How = None;
  uint64_t Size = 0; ///< of one object
};

/// What the user says of functions.
struct Vows {
  llvm::function_ref<bool(const llvm::Function *)> IsLazy, IsTrusted;
  /// It reads or makes files that its parameters name.
  llvm::function_ref<bool(const llvm::Function *)> UsesFiles;
  /// A lazy function, through a parameter of the IR.
  llvm::function_ref<bool(const llvm::Function *, unsigned)> WritesThrough;
  /// ... which points to objects whose visitor tells what pointers in them
  /// point to.
  llvm::function_ref<Visit(const llvm::Function *, unsigned)> VisitOf;
  /// ... which is no pointer in disguise.
  llvm::function_ref<bool(const llvm::Function *, unsigned)> IsNumber;
};

/// Does a value of this type hold a pointer the IR can see?
bool holdsPointer(llvm::Type *T);

/// Computes the effects of each function of \p Roots, whose calls of each
/// other and of functions that are lazy or trusted are taken to be checked in
/// their own right.  Leaves the module as it was: bodies are canonicalised on
/// scratch clones.
llvm::DenseMap<llvm::Function *, Effects>
computeEffects(llvm::ArrayRef<llvm::Function *> Roots, const Vows &Said,
               llvm::FunctionAnalysisManager &FAM);

} // namespace lazypass

#endif // LAZYPASS_EFFECTS_H
