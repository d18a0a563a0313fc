//===- Elsewhere.h - what functions out of sight read -----------*- C++ -*-===//
//
// The source says what a lazy function touches through its parameters, and a
// caller in another module does not see what it reads by name besides.  The
// module that has the body knows: it says so in a byte of its own beside the
// function (abi.h), which the caller looks at when it makes a node.  Who does
// not know the visitors of its objects sees nothing of what they tell.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_ELSEWHERE_H
#define LAZYPASS_ELSEWHERE_H

#include "LazyFunction.h"
#include "llvm/IR/IRBuilder.h"

namespace lazypass {

/// Writes the bytes beside all functions of \p Lazy with a body that others may
/// see.
void tellWhatIsRead(const LazyFunctions &Lazy);

/// An i64, as the size of a region (abi.h): of all memory, how much may \p Fn,
/// whose body is out of sight, read besides its regions?
llvm::Value *howMuchMore(llvm::IRBuilder<> &B, const LazyFunction &Fn);

} // namespace lazypass

#endif // LAZYPASS_ELSEWHERE_H
