//===- Expression.h - extents and ScalarEvolution's expressions -*- C++ -*-===//
//
// An Extent is arithmetic that code can do at run time; what ScalarEvolution
// holds can be reasoned about.  From the one to the other, and back.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_EXPRESSION_H
#define LAZYPASS_EXPRESSION_H

#include "Extent.h"

namespace llvm {
class SCEV;
class ScalarEvolution;
} // namespace llvm

namespace lazypass {

/// The number by which an Extent names an expression that is known before as it
/// stands, or nothing.
using KnownBefore =
    llvm::function_ref<std::optional<unsigned>(const llvm::SCEV &)>;

/// \p S, of at most 64 bits, as a signed number; nothing if it is not made of
/// what \p Name knows.
std::optional<Extent> asExtent(const llvm::SCEV *S, KnownBefore Name);

/// An i64, taken as an integer without limits; null if it is more than
/// arithmetic over arguments.
const llvm::SCEV *
asExpression(const Extent &E, llvm::ScalarEvolution &SE,
             llvm::function_ref<llvm::Value *(unsigned)> Argument);

} // namespace lazypass

#endif // LAZYPASS_EXPRESSION_H
