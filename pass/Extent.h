//===- Extent.h - arithmetic over the arguments of a call -------*- C++ -*-===//
//
// How many bytes a parameter points to, and from where on: integer arithmetic
// over the parameters of a lazy function, as the source says it (LAZY_IN(rows *
// columns), double a[n]) or as its body shows it (Bounds.h).  What the source
// says Sema.cpp writes down as text in postfix order:
//
//     STEP ::= NUMBER | s PLACE | u PLACE | @s BYTES | @u BYTES
//            | len | + | - | * | /
//
// s and u are parameters with and without sign, or a pointer's address; @s and
// @u are members of structs, so many BYTES at an address and an offset from
// there; len is what the string at an address fills.  PLACE is as in
// Annotations.h.
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
#include <map>
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
    ZeroExtend,
    LoadSigned, ///< so many bytes of memory; of an address and an offset
    LoadUnsigned,
    TextLength ///< bytes of a string and its 0; of an address
  };
  struct Step {
    Kind K;
    int64_t Value = 0; ///< the number; the IR's parameter; bits; bytes
  };
  std::vector<Step> Steps;

  Extent() = default;
  explicit Extent(int64_t Constant) : Steps{{Number, Constant}} {}

  /// What it is always, if that is plain to see.
  std::optional<int64_t> asNumber() const {
    if (Steps.size() != 1 || Steps[0].K != Number)
      return std::nullopt;
    return Steps[0].Value;
  }

  /// Is IR parameter \p I part of it?
  bool uses(unsigned I) const;
  /// Is a member of a struct, or the length of a string?
  bool looksIntoMemory() const;
};

/// Where a PLACE is among the IR's parameters of \p F.
int parameterAt(const llvm::Function &F, int Place);

/// Nothing if \p Postfix is none, which only a stranger's annotation is.
std::optional<Extent> parseExtent(llvm::StringRef Postfix,
                                  const llvm::Function &F);

/// As a reader would write it; parameter I of the IR is \p Name(I).
std::string toText(const Extent &E,
                   llvm::function_ref<std::string(unsigned)> Name);

/// Where the values are that extents are made of; what the source alone says is
/// only needed where that is computed.
struct ExtentSource {
  /// The IR's parameter.
  llvm::function_ref<llvm::Value *(unsigned)> Argument;
  /// An integer of so many bytes at an address, both i64, and an offset; 0 if
  /// the address is null.
  llvm::function_ref<llvm::Value *(llvm::Value *Address, llvm::Value *Offset,
                                   unsigned Bytes)>
      Member = nullptr;
  /// Bytes of the string at an address, with its 0, both i64; 0 if that is
  /// null.
  llvm::function_ref<llvm::Value *(llvm::Value *Address)> Text = nullptr;
};

/// Computes extents in one place, and what they have in common once.
class ExtentBuilder {
  llvm::IRBuilder<> &B;
  ExtentSource From;
  llvm::Value *Overflow = nullptr;

  using Computation =
      std::tuple<Extent::Kind, int64_t, llvm::Value *, llvm::Value *>;
  std::map<Computation, llvm::Value *> Known;

public:
  ExtentBuilder(llvm::IRBuilder<> &B, const ExtentSource &From)
      : B(B), From(From) {}

  /// An i64.
  llvm::Value *compute(const Extent &E);

  /// So many bytes behind \p Base.  What is not between the first and the last
  /// address does not fit.
  llvm::Value *address(llvm::Value *Base, const Extent &Offset);

  /// An i1, or null for never: something did not fit.
  llvm::Value *overflow() const { return Overflow; }

private:
  llvm::Value *step(const Extent::Step &S, llvm::Value *Left,
                    llvm::Value *Right);
  void overflowsIf(llvm::Value *Condition);
  llvm::Value *parameter(const Extent::Step &S);
  llvm::Value *checked(llvm::Intrinsic::ID Operation, llvm::Value *Left,
                       llvm::Value *Right);
  llvm::Value *unary(const Extent::Step &S, llvm::Value *V);
  llvm::Value *binary(const Extent::Step &S, llvm::Value *Left,
                      llvm::Value *Right);
};

} // namespace lazypass

#endif // LAZYPASS_EXTENT_H
