//===- Sites.h - which calls may become nodes -------------------*- C++ -*-===//
#ifndef LAZYPASS_SITES_H
#define LAZYPASS_SITES_H

#include "Plan.h"

namespace lazypass {

/// Says in \p Plan, of which only F is read, whether the function takes
/// handles (Kept), which of its calls may become nodes (Sites), and why others
/// do not (Remarks).
void collectSites(FunctionPlan &Plan, const LazyFunctions &Lazy);

/// "call of 'NAME'".
std::string nameOf(const Site &S);

/// The remark that \p S stays serial, because \p Why, in a function that takes
/// handles.
Remark inPlaceAmongHandles(const Site &S, llvm::StringRef Why);

} // namespace lazypass

#endif // LAZYPASS_SITES_H
