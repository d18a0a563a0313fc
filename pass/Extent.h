//===- Extent.h - arithmetic over the arguments of a call -------*- C++ -*-===//
//
// How many bytes a parameter points to, and from where on: integer arithmetic
// over the parameters of a lazy function, as the source says it (LAZY_IN(rows *
// columns), double a[n]) or as its body shows it (Bounds.h).  What the source
// says Sema.cpp writes down as text in postfix order:
//
//     STEP ::= NUMBER | s PLACE | u PLACE | + | - | * | /
//
// s and u are parameters with and without sign, PLACE is as in Annotations.h.
//
// It is computed in 64 bits where the function is called.  What does not fit in
// there says nothing about memory, so the answer comes with a flag.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_EXTENT_H
#define LAZYPASS_EXTENT_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/IRBuilder.h"
#include <optional>
#include <string>
#include <vector>

namespace lazypass {

struct Extent {
  enum Kind {
    Number,
    SignedParameter,
    UnsignedParameter, ///< also a pointer, as an address
    Add,
    Subtract,
    Multiply,
    Divide, ///< signed; as all of these, of the two on top of the stack
    DivideUnsigned,
    Least,
    Greatest,
    LeastUnsigned,
    GreatestUnsigned,
    SignExtend, ///< the top of the stack, from so many bits
    ZeroExtend
  };
  struct Step {
    Kind K;
    int64_t Value = 0; ///< the number; the IR's parameter; bits
  };
  std::vector<Step> Steps;

  Extent() = default;
  explicit Extent(int64_t Constant) : Steps{{Number, Constant}} {}

  /// Is IR parameter \p I part of it?
  bool uses(unsigned I) const;
};

/// Where a PLACE is among the IR's parameters of \p F.
int parameterAt(const llvm::Function &F, int Place);

/// Nothing if \p Postfix is none, which only a stranger's annotation is.
std::optional<Extent> parseExtent(llvm::StringRef Postfix,
                                  const llvm::Function &F);

/// As a reader would write it; parameter I of the IR is \p Name(I).
std::string toText(const Extent &E,
                   llvm::function_ref<std::string(unsigned)> Name);

/// Computes extents in one place.
class ExtentBuilder {
  llvm::IRBuilder<> &B;
  llvm::function_ref<llvm::Value *(unsigned)> Argument;
  llvm::Value *Overflow = nullptr;

public:
  /// \p Argument gives the values of the IR's parameters.
  ExtentBuilder(llvm::IRBuilder<> &B,
                llvm::function_ref<llvm::Value *(unsigned)> Argument)
      : B(B), Argument(Argument) {}

  /// An i64.
  llvm::Value *compute(const Extent &E);

  /// An i1, or null for never: something did not fit.
  llvm::Value *overflow() const { return Overflow; }

private:
  llvm::Value *parameter(const Extent::Step &S);
  llvm::Value *checked(llvm::Intrinsic::ID Operation, llvm::Value *Left,
                       llvm::Value *Right);
  llvm::Value *binary(Extent::Kind K, llvm::Value *Left, llvm::Value *Right);
};

} // namespace lazypass

#endif // LAZYPASS_EXTENT_H
