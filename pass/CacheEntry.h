//===- CacheEntry.h - functions that look for their results -----*- C++ -*-===//
#ifndef LAZYPASS_CACHEENTRY_H
#define LAZYPASS_CACHEENTRY_H

#include "Emitter.h"

namespace lazypass {

/// Lets the lazy functions of \p Lazy that it can be done for look for their
/// results in the cache, whenever one is on, before they compute them.
void lookBeforeComputing(const LazyFunctions &Lazy, Emitter &Runtime);

} // namespace lazypass

#endif // LAZYPASS_CACHEENTRY_H
