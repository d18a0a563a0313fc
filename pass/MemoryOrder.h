//===- MemoryOrder.h - pending work against the program's memory -*- C++ -*-==//
//
// Two kinds of pending work care about memory: stores that wait in the scope,
// and nodes whose functions read memory.  This analysis says, instruction by
// instruction, what has to be done before it so that neither the program nor a
// node sees a byte that the serial program would not have seen.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_MEMORYORDER_H
#define LAZYPASS_MEMORYORDER_H

#include "MemoryObjects.h"
#include "Plan.h"

namespace lazypass {

struct LibraryCall;

class MemoryOrder {
public:
  MemoryOrder(const FunctionPlan &Plan, const LazyFunctions &Lazy,
              llvm::AAResults &AA, const llvm::TargetLibraryInfo &TLI);

  /// May a store of a pending value at \p Address wait?  If so, fills in
  /// Event::Avoid and remembers the address; if not, says why.
  bool canWait(llvm::Value *Address, Event &Commit, llvm::StringRef &WhyNot);

  /// Call after all canWait(): appends the events that must precede \p I,
  /// which is no Commit (that looks after itself).
  void before(llvm::Instruction &I, std::vector<Event> &Out) const;

private:
  const FunctionPlan &Plan;
  const LazyFunctions &Lazy;
  llvm::AAResults &AA;
  const llvm::TargetLibraryInfo &TLI;
  const llvm::DataLayout &DL;

  /// Anywhere in an object.
  struct Pending {
    llvm::MemoryLocation Where;
    llvm::Instruction *By; ///< a site, or a store that may wait
    unsigned Argument;     ///< of the site; None: by name
  };
  /// What pending work may write: stores that wait, and regions.
  std::vector<Pending> Waiting;
  /// Regions that are only read.
  std::vector<Pending> Watched;
  bool WatchesAll = false; ///< some pending node may read any memory
  bool WritesAll = false;  ///< ... may write what pointers in memory lead to
  bool HasRegions = false;
  std::vector<unsigned> Readers; ///< variables whose nodes read memory
  bool WaitingReaders = false;   ///< so do nodes whose stores wait

  void addRegions(const Site &S);
  const Site *siteWithRegions(const llvm::Instruction &I) const;
  bool mayWriteWhatIsRead(const Site &S, const Variable &Reader) const;
  bool isIdle() const {
    return Waiting.empty() && Watched.empty() && !WatchesAll && !WritesAll;
  }
  bool mayLeave(const llvm::Instruction &I) const;
  bool mayWait(const llvm::MemoryLocation &Loc, bool Writes = false,
               const Pending **Met = nullptr) const;
  bool mayMeet(llvm::Instruction &I, const Pending *&Met) const;
  static Event settle(llvm::Instruction &I, llvm::StringRef Reason = "",
                      const Pending *Met = nullptr);
  void beforeOwnCopies(llvm::CallBase &Call, std::vector<Event> &Out) const;
  bool mayMeetFar(const LazyFunction &Fn) const;
  bool mayMeetKnown(llvm::CallBase &Call, const LazyFunction &Fn,
                    const Pending *&Met) const;
  bool mayChangeKnown(llvm::CallBase &Call, const LazyFunction &Fn,
                      const Variable &Reader) const;
  void beforeKnownCall(llvm::CallBase &Call, const LazyFunction &Fn,
                       std::vector<Event> &Out) const;
  void beforeLifetime(llvm::IntrinsicInst &Marker,
                      std::vector<Event> &Out) const;
  void beforeLibraryCall(llvm::CallBase &Call, const LibraryCall &Known,
                         std::vector<Event> &Out) const;
  void beforeWrite(llvm::Instruction &I, std::vector<Event> &Out) const;
};

/// The function that \p I calls, if it touches what its Effects and Regions
/// say, and nothing else.
const LazyFunction *asKnownCall(const llvm::Instruction &I,
                                const LazyFunctions &Lazy);

/// A call of one that writes nothing but the object it returns into.
bool isStatelessCall(const llvm::Instruction &I, const LazyFunctions &Lazy);

/// Removes Touch, Settle and Stream events that nothing pending can reach.
void pruneClosedScope(FunctionPlan &Plan);

} // namespace lazypass

#endif // LAZYPASS_MEMORYORDER_H
