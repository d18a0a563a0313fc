//===- Compat.h - differences between LLVM 19 and 22 ------------*- C++ -*-===//
//
// The one place where the version of LLVM matters.  Everything else in pass/
// is written against what follows and the common part of both APIs.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_COMPAT_H
#define LAZYPASS_COMPAT_H

#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"

#ifdef LAZYPASS_IR
#if LLVM_VERSION_MAJOR >= 22
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif
#endif

namespace lazypass {

/// May the address held in \p Ptr outlive the instruction that uses it, other
/// than by being returned?
inline bool isCaptured(const llvm::Value *Ptr) {
#if LLVM_VERSION_MAJOR >= 22
  return llvm::PointerMayBeCaptured(Ptr, /*ReturnCaptures=*/true);
#else
  return llvm::PointerMayBeCaptured(Ptr, /*ReturnCaptures=*/true,
                                    /*StoreCaptures=*/true);
#endif
}

/// The object whose lifetime \p Marker starts or ends.  LLVM 19 has a size
/// operand in front of it.
inline llvm::Value *lifetimeObject(const llvm::IntrinsicInst *Marker) {
  return Marker->getArgOperand(Marker->arg_size() - 1);
}

/// What \p M is compiled for.  LLVM 19 has it as text.
inline llvm::Triple targetOf(const llvm::Module &M) {
  return llvm::Triple(M.getTargetTriple());
}

/// Tells LLVM that \p Call does not keep the address in argument \p I.
inline void setNotCaptured(llvm::CallBase &Call, unsigned I) {
#if LLVM_VERSION_MAJOR >= 22
  Call.addParamAttr(I, llvm::Attribute::getWithCaptureInfo(
                           Call.getContext(), llvm::CaptureInfo::none()));
#else
  Call.addParamAttr(I, llvm::Attribute::NoCapture);
#endif
}

/// The name in an attribute's argument, a clang::IdentifierLoc, which only the
/// AST half knows.
template <typename IdentifierLoc>
auto *identifierOf(const IdentifierLoc &Argument) {
#if LLVM_VERSION_MAJOR >= 22
  return Argument.getIdentifierInfo();
#else
  return Argument.Ident;
#endif
}

} // namespace lazypass

#endif // LAZYPASS_COMPAT_H
