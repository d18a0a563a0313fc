//===- MemoryObjects.h - what an address can ever lie in --------*- C++ -*-===//
#ifndef LAZYPASS_MEMORYOBJECTS_H
#define LAZYPASS_MEMORYOBJECTS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/MemoryLocation.h"
#include "llvm/IR/GlobalVariable.h"

namespace llvm {
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

/// All of every object that \p Pointer may ever point into.
llvm::SmallVector<llvm::MemoryLocation, 2>
wholeObjects(const llvm::Value *Pointer);

llvm::MemoryLocation wholeGlobal(const llvm::GlobalVariable *G);

/// Local objects only, whose addresses nobody else can have?
bool isPrivate(const llvm::Value *Pointer);

/// May a write anywhere in the objects of \p Pointer change what is read: these
/// globals, or memory nobody can name?
bool mayOverwrite(const llvm::Value *Pointer, bool ReadsUnknown,
                  llvm::ArrayRef<llvm::GlobalVariable *> Reads,
                  llvm::AAResults &AA);

/// May \p I change it?
bool mayChange(llvm::Instruction &I, bool ReadsUnknown,
               llvm::ArrayRef<llvm::GlobalVariable *> Reads,
               llvm::AAResults &AA, const llvm::TargetLibraryInfo &TLI);

} // namespace lazypass

#endif // LAZYPASS_MEMORYOBJECTS_H
