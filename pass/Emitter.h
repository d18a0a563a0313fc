//===- Emitter.h - what compiled code says to the runtime -------*- C++ -*-===//
//
// include/lazy/abi.h in IR: types, functions, descriptors, thunks and the
// module's record.  Nothing else in pass/ knows the layout of a struct there.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_EMITTER_H
#define LAZYPASS_EMITTER_H

#include "Plan.h"
#include "llvm/IR/IRBuilder.h"
#include <map>

namespace lazypass {

struct Batch;

/// Rows of bytes: a pointer, and three i64.
struct MemoryRows {
  llvm::Value *P, *Size, *Count, *Stride;
};

/// What the regions of a function are: text, and enum lazy_name_kind.
using RegionNames = llvm::SmallVector<std::pair<std::string, unsigned>, 8>;

class Emitter {
public:
  explicit Emitter(llvm::Module &M);

  /// The runtime's functions, by their names in abi.h less the prefix.
  llvm::CallInst *open(llvm::IRBuilder<> &B, llvm::Constant *Site);
  void input(llvm::IRBuilder<> &B, llvm::Value *Node, unsigned K,
             llvm::Value *Producer, uint64_t Offset);
  void start(llvm::IRBuilder<> &B, llvm::Value *Node);
  llvm::CallInst *force(llvm::IRBuilder<> &B, llvm::Value *Node);
  llvm::CallInst *retain(llvm::IRBuilder<> &B, llvm::Value *Node);
  void release(llvm::IRBuilder<> &B, llvm::Value *Node);
  void deferStore(llvm::IRBuilder<> &B, llvm::Value *Scope, llvm::Value *Node,
                  llvm::Value *To, uint64_t Offset, uint64_t Size);
  void touch(llvm::IRBuilder<> &B, llvm::Value *Scope, llvm::Value *P,
             llvm::Value *Size, bool Writes);
  void touchAllocation(llvm::IRBuilder<> &B, llvm::Value *Scope,
                       llvm::Value *P);
  /// Bytes of the text and its 0, an i64; 0 if \p P is null.
  llvm::Value *touchText(llvm::IRBuilder<> &B, llvm::Value *Scope,
                         llvm::Value *P);
  void useStream(llvm::IRBuilder<> &B, llvm::Value *Scope, llvm::Value *Stream);
  void settle(llvm::IRBuilder<> &B, llvm::Value *Scope);

  /// Are there several threads, and does this one want more work?
  llvm::Value *wantsWork(llvm::IRBuilder<> &B);
  /// Goes on where \p S may become a node now, as far as can be seen without a
  /// call, and to \p InPlace where not.  One that has batches may only where
  /// its calls are too dear for these.
  void askToDefer(llvm::IRBuilder<> &B, const Site &S,
                  llvm::Constant *Descriptor, bool Kept,
                  llvm::BasicBlock *InPlace);

  /// The runtime's side of a batch (Batch.h).
  llvm::Constant *batch(const Batch &B);
  llvm::Value *batchOpen(llvm::IRBuilder<> &B, llvm::Constant *Descriptor,
                         llvm::Value *Records);
  llvm::Value *batchLimit(llvm::IRBuilder<> &B, llvm::Value *Records);
  llvm::Value *batchPatience(llvm::IRBuilder<> &B, llvm::Constant *Descriptor);
  llvm::Value *firstRecord(llvm::IRBuilder<> &B, llvm::Value *Records);
  void batchRun(llvm::IRBuilder<> &B, llvm::Constant *Descriptor,
                llvm::Value *Records, llvm::Value *End, bool ReadsMemory);
  void batchClose(llvm::IRBuilder<> &B, llvm::Value *Records);

  /// The runtime's side of a parallel loop (ParallelLoop.h).
  llvm::Function *loopFunction(const llvm::Function &Around);
  llvm::Constant *loop(const Site &S, llvm::Function &Range, bool Nested,
                       bool Pipelined);
  static llvm::Function *functionOfLoop(llvm::Constant *Descriptor);
  llvm::Value *hasThreads(llvm::IRBuilder<> &B);
  llvm::Value *isLoopSmall(llvm::IRBuilder<> &B, llvm::Constant *Descriptor,
                           llvm::Value *Count);
  llvm::Value *loopChoose(llvm::IRBuilder<> &B, llvm::Constant *Descriptor,
                          llvm::Value *Count);
  /// \p Numbers: of iterations, of columns, and to stay behind.
  void loopRun(llvm::IRBuilder<> &B, llvm::Constant *Descriptor,
               llvm::Value *Frame, llvm::ArrayRef<llvm::Value *> Numbers);
  llvm::FunctionCallee loopStep();

  /// Address of byte \p Offset of the payload of \p Node.
  llvm::Value *payload(llvm::IRBuilder<> &B, llvm::Value *Node,
                       uint64_t Offset);

  /// A value in a register from and to its place in a payload.
  llvm::Value *load(llvm::IRBuilder<> &B, llvm::Type *T, llvm::Value *From,
                    llvm::Align A);
  void store(llvm::IRBuilder<> &B, llvm::Value *V, Extension Extended,
             llvm::Value *To, llvm::Align A);

  /// A scope in the frame, empty.
  llvm::AllocaInst *createScope(llvm::IRBuilder<> &B);
  llvm::Value *scopeLow(llvm::IRBuilder<> &B, llvm::Value *Scope);
  llvm::Value *scopeHigh(llvm::IRBuilder<> &B, llvm::Value *Scope);

  /// Room for what memory a call touches, at the entry of the function.
  llvm::AllocaInst *createRegions(llvm::Function &F, unsigned Count);
  /// \p Objects: what the rows are made of, or null.
  void setRegion(llvm::IRBuilder<> &B, llvm::AllocaInst *Regions, unsigned K,
                 const MemoryRows &R, unsigned Access,
                 llvm::Constant *Objects = nullptr);
  /// Those of \p R and their visitor, or null.
  llvm::Constant *objects(const Region &R);
  /// An i1: \p Node may start, and waits for what it must.
  llvm::Value *acceptRegions(llvm::IRBuilder<> &B, llvm::Value *Scope,
                             llvm::Value *Node, llvm::AllocaInst *Regions);
  void noteReads(llvm::IRBuilder<> &B, llvm::Value *Node,
                 llvm::AllocaInst *Regions);
  void touchRegions(llvm::IRBuilder<> &B, llvm::Value *Scope,
                    llvm::AllocaInst *Regions);

  /// The bodies of a recursive function but the plain and the shared one
  /// (Recursion.cpp), which are there.
  void levels(const LazyFunction &Fn);
  /// The level, an i32, of a call of \p Fn that is made here.
  static llvm::Value *levelOf(llvm::IRBuilder<> &B, const LazyFunction &Fn);
  void storeLevel(llvm::IRBuilder<> &B, const LazyFunction &Fn,
                  llvm::Value *Node);

  /// What another thread may write at any time.
  static llvm::Value *relaxedLoad(llvm::IRBuilder<> &B, llvm::Type *T,
                                  llvm::Value *From);

  /// A call of the function itself.
  static llvm::CallInst *plainCall(llvm::IRBuilder<> &B, llvm::Function &F,
                                   llvm::ArrayRef<llvm::Value *> Arguments);

  /// The site's descriptor; creates the function's and its thunk on the way.
  llvm::Constant *site(const Site &S, unsigned Inputs, bool Kept);

  /// What other modules can find: \p Code is that of \p G.
  void tellCode(llvm::GlobalValue &G, const Fingerprint &Code);

  /// The runtime's side of the cache (CacheEntry.h).
  /// \p Objects: the layouts of those that it touches.
  llvm::Constant *cached(const LazyFunction &Fn, unsigned Regions,
                         llvm::ArrayRef<llvm::Constant *> Objects);
  llvm::Constant *layout(llvm::Function &Visitor, const ObjectLayout &L);
  /// To \p Ask, where there is a cache that is worth asking.
  void branchIfCaching(llvm::IRBuilder<> &B, llvm::Constant *Cached,
                       llvm::BasicBlock *Ask, llvm::BasicBlock *Compute);
  llvm::Value *cacheEnter(llvm::IRBuilder<> &B, llvm::Constant *Cached);
  void cachedCall(llvm::IRBuilder<> &B, llvm::Constant *Cached,
                  llvm::Value *Payload, llvm::Value *Regions);
  /// A payload in the frame, all 0; its arguments, from those of the IR; and
  /// its result, returned.
  llvm::AllocaInst *createPayload(llvm::IRBuilder<> &B, const LazyFunction &Fn);
  void fillPayload(llvm::IRBuilder<> &B, const LazyFunction &Fn,
                   llvm::Value *Payload,
                   llvm::ArrayRef<llvm::Value *> Arguments);
  void returnFromPayload(llvm::IRBuilder<> &B, const LazyFunction &Fn,
                         llvm::Value *Payload);

  /// The runtime's side of LAZY=check (Checker.h).  An i1: is it asked for, and
  /// is a lazy function being checked?
  llvm::Value *checks(llvm::IRBuilder<> &B);
  llvm::Value *checkInside(llvm::IRBuilder<> &B);
  llvm::Constant *place(llvm::StringRef Function, const llvm::DebugLoc &Where);
  llvm::Constant *checked(const LazyFunction &Fn, const RegionNames &Names,
                          unsigned Flags);
  void checkCall(llvm::IRBuilder<> &B, llvm::Constant *Place);
  void checkEnter(llvm::IRBuilder<> &B, llvm::Constant *Checked,
                  llvm::AllocaInst *Regions);
  void checkTrust(llvm::IRBuilder<> &B);
  void checkLeave(llvm::IRBuilder<> &B);
  void check(llvm::IRBuilder<> &B, llvm::Value *P, llvm::Value *Size,
             unsigned Access, llvm::Constant *Place);
  /// How many bytes the text has, but no more than \p Most; i64.
  llvm::Value *checkText(llvm::IRBuilder<> &B, llvm::Value *P,
                         llvm::Value *Most, llvm::Constant *Place);
  void checkHeap(llvm::IRBuilder<> &B, llvm::Value *Old, llvm::Value *P,
                 llvm::Value *Size);

  /// Thunks and batches.
  const llvm::SmallPtrSetImpl<llvm::Function *> &made() const { return Made; }

  /// Registers the module, if any site was made or it \p Checks.
  void finish(bool Checks);

private:
  llvm::Module &M;
  llvm::LLVMContext &Ctx;
  llvm::PointerType *PtrTy;
  llvm::IntegerType *I32, *I64, *SizeTy;
  llvm::StructType *SlotTy, *CopyTy, *FunctionTy, *SiteTy, *ModuleTy, *ScopeTy,
      *RegionTy, *ObjectsTy, *PlaceTy, *NameTy, *CheckedTy, *CachedTy,
      *LayoutTy, *ExternalTy, *CodeTy;
  llvm::GlobalVariable *Record = nullptr;
  llvm::SmallPtrSet<llvm::Function *, 16> Made;
  llvm::DenseMap<const LazyFunction *, llvm::Constant *> Functions;
  llvm::StringMap<llvm::Constant *> Strings;
  std::map<std::tuple<llvm::Function *, uint64_t, unsigned>, llvm::Constant *>
      Visitables;
  llvm::DenseMap<std::pair<const llvm::DILocation *, llvm::Constant *>,
                 llvm::Constant *>
      Places;
  llvm::DenseMap<const LazyFunction *, llvm::GlobalVariable *> LevelCosts;
  llvm::SmallVector<llvm::Constant *, 8> CachedFunctions;
  llvm::DenseMap<llvm::Function *, llvm::Constant *> Layouts;

  llvm::Function *batchFunction(const Batch &Plan);
  llvm::StructType *batchType() const;
  /// The descriptor that \p Call shares with its batch, if it has one.
  static llvm::GlobalVariable *batchedSite(const llvm::CallInst &Call);
  llvm::Function *internalFunction(const llvm::Function &Like,
                                   llvm::StringRef Suffix,
                                   llvm::ArrayRef<llvm::Type *> Parameters);
  llvm::GlobalVariable *privateGlobal(llvm::Constant *Init, bool Constant,
                                      const llvm::Twine &Name);
  llvm::GlobalVariable *threadLocal(llvm::StringRef Name, llvm::Type *T);
  llvm::Value *isHungry(llvm::IRBuilder<> &B);
  llvm::Value *countCall(llvm::IRBuilder<> &B);
  llvm::Value *isSpared(llvm::IRBuilder<> &B, llvm::Constant *Descriptor);
  llvm::Value *isSmallAt(llvm::IRBuilder<> &B, const LazyFunction &Fn,
                         llvm::Value *Level);
  llvm::Function *timed(const LazyFunction &Fn);
  llvm::Value *modeIsAtLeast(llvm::IRBuilder<> &B, unsigned Mode);
  /// One of the numbers that the runtime keeps in a site.
  enum { SiteCost = 6, SiteSparing = 7 };
  llvm::Value *measure(llvm::IRBuilder<> &B, llvm::Constant *Site,
                       unsigned Field);
  void noteAt(llvm::IRBuilder<> &B, llvm::Value *Scope);
  llvm::CallInst *call(llvm::IRBuilder<> &B, llvm::StringRef Name,
                       llvm::Type *Result,
                       llvm::ArrayRef<llvm::Value *> Arguments);
  llvm::Constant *string(llvm::StringRef Text);
  llvm::GlobalVariable *record();
  void tellCached();
  llvm::Constant *slot(uint64_t Offset, uint64_t Size);
  llvm::Constant *slots(llvm::ArrayRef<llvm::Constant *> Slots,
                        const llvm::Twine &Name);
  llvm::Constant *function(const LazyFunction &Fn);
  llvm::Constant *copies(const LazyFunction &Fn);
  llvm::GlobalVariable *codeOf(const std::string &Name);
  llvm::Constant *hash(const Fingerprint &Code);
  llvm::Constant *externals(const Fingerprint &Code, const llvm::Twine &Name);
  llvm::Function *thunk(const LazyFunction &Fn);
  void callOnPayload(llvm::IRBuilder<> &B, const LazyFunction &Fn,
                     llvm::Value *Payload);
};

/// A copy of \p F that is this module's own.
llvm::Function *cloneInternally(llvm::Function &F, const llvm::Twine &Suffix);

/// \p F now calls the runtime, whatever it promised before.
void forgetPromises(llvm::Function &F);

/// Is \p I made by an Emitter, and touches none of the program's memory?
bool isHarmless(const llvm::Instruction &I);
void markHarmless(llvm::Instruction &I);

} // namespace lazypass

#endif // LAZYPASS_EMITTER_H
