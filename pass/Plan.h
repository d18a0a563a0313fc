//===- Plan.h - what is to be done to one function --------------*- C++ -*-===//
//
// The planner writes a FunctionPlan, the rewriter obeys it.  Plain data.
//
// Glossary
//   site       a call of a lazy function that may become a node
//   variable   something that may hold a pending value: the result of a site,
//              a PHI that such a value flows through, or a local object that a
//              site returns its struct into.  At run time a pair (node, value)
//   settled    its node is null: the value is there
//   event      a place in a block where something happens to a variable, in
//              program order
//   scope      what is pending in memory in this activation: stores of pending
//              values, which wait in it and are performed in program order, and
//              the regions that pending nodes read and write themselves
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_PLAN_H
#define LAZYPASS_PLAN_H

#include "LazyFunction.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Instructions.h"
#include <vector>

namespace lazypass {

constexpr unsigned None = ~0u;

struct Variable {
  enum Kind { Result, Flow, Object };
  Kind K;
  llvm::Value *Root;     ///< the call; the PHI; the alloca
  llvm::Type *Ty;        ///< type of the whole value
  uint64_t Size;         ///< bytes of it that a node's result holds
  llvm::Align Alignment; ///< of the result in the node
  Extension Extended;    ///< of the result in the node

  /// Memory its pending node may read: what a write must be checked against.
  bool ReadsUnknown = false;
  llvm::SmallSetVector<llvm::GlobalVariable *, 4> Reads;
  bool readsMemory() const { return ReadsUnknown || !Reads.empty(); }

  /// A pointer that sites get while it is pending, and work behind: who forces
  /// it waits for them as well.
  bool PassedOn = false;
};

struct Site {
  llvm::CallInst *Call;
  const LazyFunction *Fn;
  unsigned Defines; ///< variable; None: it returns nothing
  bool Certain = false;
  bool Recursive = false; ///< the call may lead here again

  bool hasRegions() const { return !Fn->Regions.empty(); }
};

/// Bytes of a variable, as they lie in a node's result: all of them, or one
/// field of a struct in registers.
struct Piece {
  unsigned Var = None;
  uint64_t Offset = 0, Size = 0;
  explicit operator bool() const { return Var != None; }
};

/// How much memory is accessed.
enum class Reach {
  Bytes,      ///< as many as is said
  Text,       ///< up to and with the first byte 0; it is read
  Allocation, ///< all of what malloc has given there; it is freed
  Unknown,
};

struct Event {
  enum Kind {
    Define,  ///< a site: gives the variable, if there is one, a new value
    Use,     ///< the value is needed: force it
    Edge,    ///< the value becomes argument Argument of site SiteIndex
    Commit,  ///< the value is stored; the store may wait in the scope
    Handle,  ///< the program takes the node itself
    Kill,    ///< the object's lifetime starts or ends
    Clobber, ///< force it if anybody still looks at it: memory its node may
             ///< read is about to change
    Touch,   ///< the program accesses memory that a waiting store may overlap
    TouchRegions, ///< ... by a call of a function that is known
    Settle,       ///< ... and cannot say which: perform all waiting stores
    Stream,       ///< the program uses a stream: settle if it leads to memory
  };
  Kind K;
  llvm::Instruction *At;
  unsigned Var = None;
  unsigned SiteIndex = None; ///< Define, Edge
  unsigned Argument = None;  ///< Edge: operand number of the call
  uint64_t Offset = 0;       ///< Edge, Commit: of the piece in the value
  uint64_t Size = 0;         ///< Commit: bytes
  llvm::StringRef Reason;    ///< Use, Clobber, Settle: for the remark

  /// Settle: the site or store that is pending in what may be accessed; with
  /// the Argument through which the site does.  Null: any.
  llvm::Instruction *Met = nullptr;

  const LazyFunction *Callee = nullptr; ///< TouchRegions
  llvm::Value *Address = nullptr; ///< Touch, Commit; Stream: null if standard
  bool Writes = false;            ///< Touch
  Reach To = Reach::Bytes;        ///< Touch, never Unknown
  /// Touch: the factors of the number of bytes.
  llvm::SmallVector<llvm::Value *, 2> Length;

  /// Commit: globals that pending nodes read, and that the address may lie in
  /// as far as is known; checked at run time.
  llvm::SmallVector<llvm::GlobalVariable *, 2> Avoid;

  // Answers of the data-flow analysis.
  bool MayBePending = false; ///< the variable may have a node before this
  bool LastUse = false;      ///< nobody looks at the variable after this

  Event(Kind K, llvm::Instruction *At) : K(K), At(At) {}
};

/// A PHI that carries a variable, on one incoming edge.
struct Copy {
  unsigned To;
  unsigned From;         ///< variable, or None:
  llvm::Value *Concrete; ///< the plain value
  bool MayBePending = false, LastUse = false;
};

struct BlockPlan {
  std::vector<Event> Events;  ///< in program order
  std::vector<Copy> Copies;   ///< at the end, all at once
  std::vector<unsigned> Drop; ///< at the start: dead, but may have a node
};

/// What the user is to be told about the plan.
struct Remark {
  llvm::Instruction *At;
  bool Missed;
  llvm::StringRef Id;
  std::string Text;
};

struct FunctionPlan {
  llvm::Function *F = nullptr;
  std::vector<Variable> Variables;
  std::vector<Site> Sites;
  llvm::DenseMap<llvm::BasicBlock *, BlockPlan> Blocks;

  /// Calls that run in place because their values are needed at once.
  std::vector<Site> AtOnce;

  /// Calls whose results nobody ever looks at.
  llvm::SmallSetVector<llvm::CallInst *, 4> Unneeded;

  /// Local objects that are variables.
  llvm::DenseMap<const llvm::AllocaInst *, unsigned> Objects;

  /// Registers that hold nothing but bytes of a variable, and vanish with it.
  llvm::MapVector<llvm::Value *, Piece> Pieces;

  std::vector<Remark> Remarks;

  /// The function takes handles: nodes stay, and may be changed.
  bool Kept = false;

  bool hasScope() const;
  Piece pieceOf(llvm::Value *V) const { return Pieces.lookup(V); }
  unsigned objectOf(const llvm::Value *Address) const {
    auto It = Objects.find(llvm::dyn_cast<llvm::AllocaInst>(Address));
    return It == Objects.end() ? None : It->second;
  }
};

inline bool FunctionPlan::hasScope() const {
  for (const Site &S : Sites)
    if (S.hasRegions())
      return true;
  for (const auto &[Block, Plan] : Blocks)
    for (const Event &E : Plan.Events)
      if (E.K == Event::Commit)
        return true;
  return false;
}

} // namespace lazypass

#endif // LAZYPASS_PLAN_H
