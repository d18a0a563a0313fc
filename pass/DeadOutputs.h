//===- DeadOutputs.h - what is written for nobody ---------------*- C++ -*-===//

#ifndef LAZYPASS_DEADOUTPUTS_H
#define LAZYPASS_DEADOUTPUTS_H

#include "Plan.h"

namespace lazypass {

/// Is all that \p S writes in local objects which nobody reads any more?
bool writesForNobody(const Site &S, const LazyFunctions &Lazy);

} // namespace lazypass

#endif // LAZYPASS_DEADOUTPUTS_H
