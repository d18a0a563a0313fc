//===- Extent.h - how many bytes a parameter points to ----------*- C++ -*-===//
//
// Integer arithmetic over the parameters of a lazy function, as the source says
// it (LAZY_IN(rows * columns), double a[n]).  Sema.cpp writes it down as text
// in postfix order; here it is read, and computed where the function is called.
//
//     STEP ::= NUMBER | s PLACE | u PLACE | + | - | * | /
//
// s and u are parameters with and without sign, PLACE is as in Annotations.h.
// All arithmetic is that of int64_t, without overflow checks.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_EXTENT_H
#define LAZYPASS_EXTENT_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/IRBuilder.h"
#include <optional>
#include <vector>

namespace lazypass {

struct Extent {
  enum Kind { Number, SignedParameter, UnsignedParameter, Operator };
  struct Step {
    Kind K;
    int64_t Value; ///< the number; the IR's parameter; '+', '-', '*' or '/'
  };
  std::vector<Step> Steps;

  /// Is IR parameter \p I part of it?
  bool uses(unsigned I) const;
};

/// Where a PLACE is among the IR's parameters of \p F.
int parameterAt(const llvm::Function &F, int Place);

/// Nothing if \p Postfix is none, which only a stranger's annotation is.
std::optional<Extent> parseExtent(llvm::StringRef Postfix,
                                  const llvm::Function &F);

/// An i64; \p Argument gives the values of parameters.
llvm::Value *emitExtent(llvm::IRBuilder<> &B, const Extent &E,
                        llvm::function_ref<llvm::Value *(unsigned)> Argument);

} // namespace lazypass

#endif // LAZYPASS_EXTENT_H
