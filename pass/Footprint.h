//===- Footprint.h - what a body touches through a parameter ----*- C++ -*-===//
//
// Where the source does not say how much memory a lazy function touches through
// a parameter, its body often does:
//
//     for (i = 1; i < n - 1; i++) out[i] = in[i - 1] + in[i] + in[i + 1];
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_FOOTPRINT_H
#define LAZYPASS_FOOTPRINT_H

#include "LazyFunction.h"
#include "ScratchBody.h"

namespace lazypass {

/// Adds to \p L the Regions of pointer parameters of which nothing is said, or
/// notes in PointerParameter::Lost what access cannot be bounded.
void inferRegions(LazyFunction &L, ScratchBody &Body);

} // namespace lazypass

#endif // LAZYPASS_FOOTPRINT_H
