//===- Cacheable.h - whose results can be kept ------------------*- C++ -*-===//
#ifndef LAZYPASS_CACHEABLE_H
#define LAZYPASS_CACHEABLE_H

#include "LazyFunction.h"

namespace lazypass {

/// Why the results of \p L cannot be kept; empty if they can.  \p Trusted: the
/// user vouches for what it does.
std::string whyNotCacheable(const LazyFunction &L, bool Trusted);

/// Is it worth the question, in front of each call, whether there is a cache?
bool isWorthCaching(const LazyFunction &L);

/// The bytes of a call's payload that its result follows from: arguments, but
/// neither addresses nor padding.  Pairs of offset and size, in order.
llvm::SmallVector<std::pair<uint64_t, uint64_t>, 8>
keyedBytes(const LazyFunction &L, const llvm::DataLayout &DL);

} // namespace lazypass

#endif // LAZYPASS_CACHEABLE_H
