//===- LazyFunction.h - which functions are lazy, and can be ----*- C++ -*-===//
//
// Reads the annotations and decides, per function, whether calls of it can
// become nodes at all: every argument and the result must be plain bytes that
// fit into a node's payload.  Pure analysis: changes nothing.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_LAZYFUNCTION_H
#define LAZYPASS_LAZYFUNCTION_H

#include "Effects.h"
#include "Extent.h"
#include "Fingerprint.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/DebugLoc.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include <map>
#include <string>
#include <vector>

namespace lazypass {

/// How the bits above an integer's own are filled, where it lies in memory.
enum class Extension { Unknown, Zero, Sign };

/// How a value lies in the payload.
struct PayloadSlot {
  llvm::Type *Ty = nullptr; ///< in a register, or of the object in memory
  Extension Extended = Extension::Unknown;

  /// What the function wants of an object in memory; the slot may have less.
  llvm::Align Wanted;
  uint64_t Offset = 0, Size = 0;

  /// The alignment of its bytes.
  llvm::Align alignment() const;
};

/// One argument's place in the payload.
struct ArgumentSlot : PayloadSlot {
  unsigned Parameter; ///< index among the IR function's parameters
  bool ByVal;         ///< passed as a pointer to a copy
};

/// What is known of the objects that a pointer points to.
struct Visitable {
  llvm::Function *Visitor = nullptr; ///< of their type; null: has none
  uint64_t Size = 0;                 ///< of one, in bytes
  bool Const = false;                ///< the pointer is one to const
  bool Flat = false; ///< what the visitor tells holds no pointers
};

/// What an object that has a visitor is made of, beside padding; in bytes.
struct ObjectLayout {
  llvm::SmallVector<std::pair<uint64_t, uint64_t>, 8> Numbers; ///< from, size
  llvm::SmallVector<uint64_t, 8> Pointers;
};

/// A parameter that is a pointer, or an object in memory that holds one.
struct PointerParameter {
  unsigned Parameter;   ///< index among the IR function's parameters
  bool Opaque;          ///< the user says: not looked through
  Visitable Points{};   ///< with a visitor
  std::string Holder{}; ///< or a type that holds pointers and has none

  /// Someone may know it when the call has ended who did not before.
  bool Kept = true;

  /// The body looks at where it points.
  bool Compared = false;

  /// An access through it that reaches nobody knows how far.
  llvm::DebugLoc Lost{};
};

/// Memory that the function touches through a parameter: rows of bytes, or of
/// objects and what their visitor tells.
struct Region {
  unsigned Parameter;        ///< index among the IR function's parameters
  unsigned Access;           ///< enum lazy_access
  Extent Size;               ///< bytes
  Extent Offset{0};          ///< bytes from where it points to the first row
  Extent Rows{1}, Stride{0}; ///< bytes from one row to the next; 0: one row
  Visitable Of{};
  bool Said = true;      ///< by the source, or by the body
  bool Shown = false;    ///< by the body
  bool Declared = false; ///< by an array declarator
  unsigned Told = 0; ///< enum lazy_access of what the visitor tells; 0: nothing

  /// So many bytes of the payload, from Copy on, may hold a copy of it, if it
  /// is as small as that; 0: a copy will not do.
  uint64_t Room = 0, Copy = 0;

  bool isVisited() const { return Of.Visitor && Told; }
  unsigned all() const { return Access | Told; }

  /// Does what memory it is depend on what is in memory when the call is made?
  bool looksIntoMemory() const {
    return isVisited() || Size.looksIntoMemory() || Offset.looksIntoMemory() ||
           Rows.looksIntoMemory() || Stride.looksIntoMemory();
  }
  bool uses(unsigned I) const {
    return Parameter == I || Size.uses(I) || Offset.uses(I) || Rows.uses(I) ||
           Stride.uses(I);
  }
};

/// A recursive function in several bodies (Recursion.cpp).
struct RecursionLevels {
  llvm::Function *Plain = nullptr, *Shared = nullptr, *At = nullptr;
  uint64_t Slot = 0; ///< bytes from the start of the payload to the level
  explicit operator bool() const { return Plain; }
};

/// A parameter that names a file which the function reads, or makes anew.
struct FileParameter {
  unsigned Parameter; ///< index among the IR function's parameters
  unsigned Access;    ///< enum lazy_access
};

struct LazyFunction {
  llvm::Function *F = nullptr;

  /// Why no call of it can be deferred; empty if calls can.
  std::string Refusal;

  std::vector<ArgumentSlot> Arguments; ///< all parameters but sret
  std::vector<PointerParameter> Pointers;
  std::vector<Region> Regions;
  llvm::SmallVector<FileParameter, 2> Files; ///< their names are Regions
  llvm::SmallVector<unsigned, 4> Numbers;    ///< parameters that are, in C
  PayloadSlot Result; ///< of size 0 if it returns nothing
  bool SRet = false;  ///< the result goes through parameter 0

  /// The result points to memory that nobody else knows.
  bool ReturnsFresh = false;

  /// ... or is what malloc() has returned, to the byte.
  bool ReturnsBlock = false;

  /// The body touches more than array declarators name, which is all that
  /// callers in other modules see.
  bool DeclaresLess = false;

  /// The body does what the source says that it does not.
  bool Contradicted = false;

  uint64_t PayloadSize = 0;

  Effects Memory; ///< what memory a call reads

  bool Small = false; ///< costs less to call than to defer
  bool Short = false; ///< costs less to call than to find in a cache

  /// Of the body, as it was written.
  Fingerprint Code;

  RecursionLevels Levels; ///< none, if it is not split

  /// The source asks for its results to be kept, or never to be.
  bool Cached = false, NotCached = false;

  /// False: a plain function of the program, whose calls are never deferred.
  bool Annotated = true;

  /// It works on files, which is what Refusal says, and nothing else stands in
  /// the way: its calls run in order, and their results may be kept.
  bool InOrder = false;

  bool isDeferrable() const { return Refusal.empty(); }

  /// May it do more than memory shows?
  bool doesMore() const { return Memory.Worst || !Files.empty(); }
  bool isVoid() const { return !SRet && F->getReturnType()->isVoidTy(); }
  bool writesRegions() const;
  bool writesFiles() const;
  /// ... through IR parameter \p I, as the source says.
  bool writesThrough(unsigned I) const;

  /// The enum lazy_access that is known of IR parameter \p I by its Regions.
  /// What may be written may be read back: a write waits for all that a read
  /// does.
  unsigned allowedAccess(unsigned I) const;
  /// The enum lazy_access that the body shows; of the objects themselves, or of
  /// what pointers inside lead to.
  unsigned seenAccess(unsigned I) const {
    return seenDirectly(I) | seenInside(I);
  }
  unsigned seenDirectly(unsigned I) const;
  unsigned seenInside(unsigned I) const;
  /// Does it touch what pointers inside lead to, as the body shows or the
  /// source says?
  bool looksInside(unsigned I) const;

  /// The enum lazy_access through IR parameter \p I, whatever stands in the way
  /// of deferring calls: what the body shows, or else what the source says.
  unsigned accessThrough(unsigned I) const;
  /// Do its Regions say all that it touches through parameters?
  bool saysWhatItTouches() const;

  /// Does a call write nothing but the object it returns into?
  bool writesNothing() const;

  /// Is the value of IR parameter \p I asked for when a node is made?
  bool isPartOfRegion(unsigned I) const {
    return llvm::any_of(Regions, [&](const Region &R) { return R.uses(I); });
  }

  /// The slot of IR parameter \p Parameter, or null for sret.
  const ArgumentSlot *slotOf(unsigned Parameter) const {
    for (const ArgumentSlot &S : Arguments)
      if (S.Parameter == Parameter)
        return &S;
    return nullptr;
  }
};

/// What a value of type \p T is loaded and stored as: an integer that is no
/// whole number of bytes (a _Bool, a _BitInt(13)) fills all bytes it has in C.
llvm::Type *memoryType(llvm::Type *T, const llvm::DataLayout &DL);

/// The alignment of a value of type \p T in the payload, if the function does
/// not ask for more.
llvm::Align payloadAlign(llvm::Type *T, const llvm::DataLayout &DL);

using LazyFunctions = llvm::MapVector<llvm::Function *, LazyFunction>;

/// Is there a runtime for what \p M is compiled for?
bool hasRuntime(const llvm::Module &M);

/// All functions of \p M annotated "lazy", in module order, with layouts and
/// refusals but without Effects.
LazyFunctions collectLazyFunctions(llvm::Module &M);

/// All functions of \p M annotated "lazy_trusted", lazy or not.
llvm::SmallPtrSet<const llvm::Function *, 16>
collectTrustedFunctions(const llvm::Module &M);

/// Refuses \p L if its Effects forbid to defer it, or if it may read through a
/// pointer: how far is not known.
void refuseForEffects(LazyFunction &L);

} // namespace lazypass

#endif // LAZYPASS_LAZYFUNCTION_H
