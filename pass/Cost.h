//===- Cost.h - is a function too small to be worth a node? -----*- C++ -*-===//
#ifndef LAZYPASS_COST_H
#define LAZYPASS_COST_H

namespace llvm {
class Function;
}

namespace lazypass {

/// Does a call of \p F certainly cost less than to make a node of it?
bool isSmall(llvm::Function &F);

/// May it cost more than some microseconds, as what has loops does?
bool mayTakeLong(const llvm::Function &F);

} // namespace lazypass

#endif // LAZYPASS_COST_H
