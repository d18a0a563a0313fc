//===- Summary.h - what one function body does to memory --------*- C++ -*-===//
//
// Plain data that Effects.cpp propagates over the call graph: the accesses of
// one body, by the objects they go to, and its calls, by the objects their
// arguments point to.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_SUMMARY_H
#define LAZYPASS_SUMMARY_H

#include "PointsTo.h"
#include "llvm/ADT/Twine.h"
#include <vector>

namespace lazypass {

/// Where a pointer may point, as one call of the function sees it.
struct Objects {
  bool Unknown = false;
  llvm::SmallVector<llvm::GlobalVariable *, 2> Globals; ///< mutable ones
  llvm::SmallVector<unsigned, 2> Parameters;
  /// Parameters of the root whose objects these are, or that have objects with
  /// pointers to it inside.
  llvm::SmallVector<unsigned, 2> Owned, Inside;
  llvm::GlobalVariable *ThreadLocal = nullptr;

  void add(const Objects &O) {
    Unknown |= O.Unknown;
    Globals.append(O.Globals);
    Parameters.append(O.Parameters);
    Owned.append(O.Owned);
    Inside.append(O.Inside);
    if (O.ThreadLocal)
      ThreadLocal = O.ThreadLocal;
  }
};

/// A call of a known function, by the objects of its arguments.
struct Call {
  llvm::Function *Callee;
  llvm::SmallVector<Objects, 4> Arguments;
  llvm::DebugLoc Where;
  bool IsCertain = true; ///< false: one of those that a pointer may be
};

/// What happens to memory, by parameter.
struct ParameterAccesses {
  llvm::SmallBitVector Reads, Writes;
  llvm::SmallBitVector StoresPointers; ///< perhaps, where it writes

  void noteReads(llvm::ArrayRef<unsigned> Parameters) {
    set(Reads, Parameters);
  }
  void noteWrites(llvm::ArrayRef<unsigned> Parameters, bool Pointers) {
    set(Writes, Parameters);
    if (Pointers)
      set(StoresPointers, Parameters);
  }
  void add(const ParameterAccesses &A) {
    Reads |= A.Reads;
    Writes |= A.Writes;
    StoresPointers |= A.StoresPointers;
  }
  void resize(unsigned Count) {
    for (llvm::SmallBitVector *Bits : {&Reads, &Writes, &StoresPointers})
      Bits->resize(Count);
  }
  unsigned count() const {
    return Reads.count() + Writes.count() + StoresPointers.count();
  }

private:
  static void set(llvm::SmallBitVector &Bits,
                  llvm::ArrayRef<unsigned> Parameters) {
    for (unsigned P : Parameters) {
      if (Bits.size() <= P)
        Bits.resize(P + 1);
      Bits.set(P);
    }
  }
};

struct Summary {
  llvm::Function *F = nullptr;
  bool Trusted = false;
  bool OnFiles = false; ///< it is said to work on some
  Effects E;
  ParameterAccesses Through;       ///< the function's own parameters
  ParameterAccesses Owned, Inside; ///< the root's (Objects)
  std::vector<Call> Calls;
  bool MarksPlace = false; ///< calls setjmp

  /// Counts only if it is worse than what is known; of equals the first stays.
  void violate(Violation V) {
    if (V.Kind == Violation::Jump && MarksPlace)
      V.Kind = Violation::Unseen;
    if (Trusted || (OnFiles && (V.OnFile || V.Callee)))
      E.ReadsUnknown = true;
    else if (!E.Worst || E.Worst->Kind < V.Kind)
      E.Worst = std::move(V);
  }
  void violate(Violation::Gravity Kind, const llvm::DebugLoc &Where,
               const llvm::Twine &What) {
    violate(Violation{Kind, What.str(), F, Where});
  }

  /// An access to what \p O says.
  void noteRead(const Objects &O, const llvm::DebugLoc &Where);
  void noteWrite(const Objects &O, const llvm::DebugLoc &Where,
                 bool Pointers = true);
};

/// The summary of \p F, whose body is looked at as it stands in \p B.  What
/// that alone does not say of a pointer, \p Known may.
Summary summarize(llvm::Function &F, const Body &B, const Vows &Said,
                  const PointsTo &Known);

} // namespace lazypass

#endif // LAZYPASS_SUMMARY_H
