//===- Canonicalize.h - the shape the planner wants -------------*- C++ -*-===//
#ifndef LAZYPASS_CANONICALIZE_H
#define LAZYPASS_CANONICALIZE_H

#include "LazyFunction.h"
#include "Plan.h"
#include "llvm/IR/PassManager.h"

namespace lazypass {

/// Prefix of the markers that stand for lazy_handle() of a value in registers.
inline constexpr llvm::StringLiteral HandleMarker = "lazy.handle.";
/// What lazy_handle() calls in the source.
inline constexpr llvm::StringLiteral HandleFunction = "__lazy_handle_at";

/// Is \p V the result of a direct call that may become a node?
llvm::CallInst *asDeferrableCall(llvm::Value *V, const LazyFunctions &Lazy);

/// Does \p I compute its result from its operands, and do nothing else?
bool isPureArithmetic(const llvm::Instruction &I);

/// Does the module of \p F set how floating-point numbers are rounded, or look
/// at what they have raised?  Then it does matter when they are computed, even
/// where the language does not say so.
bool mindsWhenFloatsAreComputed(const llvm::Function &F);

/// Brings \p F, which calls lazy functions, into the planner's shape: locals
/// in registers, no select of lazy values, no critical edge into a PHI of
/// them, loops with preheaders, pure arithmetic on them as late as it goes.
/// Changes no behaviour.
void canonicalize(llvm::Function &F, const LazyFunctions &Lazy,
                  llvm::FunctionAnalysisManager &FAM);

/// Two of these steps, in Simplify.cpp: small functions in line, and what is
/// passed by value in memory in locals.
void inlineHelpers(llvm::Function &F, const LazyFunctions &Lazy);
void localizeArguments(llvm::Function &F);

/// The last of these steps, in Sink.cpp: moves pure arithmetic on lazy values
/// down to where its result is first used.
void sinkLazyArithmetic(llvm::Function &F, const LazyFunctions &Lazy,
                        llvm::FunctionAnalysisManager &FAM);

/// Another, in Reunite.cpp: values that lazy calls return in registers flow
/// whole, not in parts or converted.  True: something changed.
bool reuniteValues(llvm::Function &F, const LazyFunctions &Lazy);

/// Also in Sink.cpp: moves calls that \p Plan found not certain to be needed,
/// and that depend on their arguments only, to where they are.  Such a call
/// needs no node to be lazy.  True: something moved, so plan again.
bool sinkUncertainCalls(const FunctionPlan &Plan,
                        llvm::FunctionAnalysisManager &FAM);

/// Results of deferrable calls in registers, and the PHIs they flow through.
llvm::SmallSetVector<llvm::Value *, 16>
collectLazyRegisters(llvm::Function &F, const LazyFunctions &Lazy);

} // namespace lazypass

#endif // LAZYPASS_CANONICALIZE_H
