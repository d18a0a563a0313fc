//===- PointsToMemory.h - places, and what memory holds of them -*- C++ -*-===//
//
// Step 1 of PointsTo.cpp, and its step 4.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_POINTSTOMEMORY_H
#define LAZYPASS_POINTSTOMEMORY_H

#include "PointsTo.h"
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace llvm {
class Constant;
class DataLayout;
class Function;
class Value;
} // namespace llvm

namespace lazypass {

/// A byte of an object, or any byte of it.
struct Place {
  static constexpr unsigned Any = ~0u;
  unsigned Object, Offset;
  bool operator<(const Place &P) const {
    return std::tie(Object, Offset) < std::tie(P.Object, P.Offset);
  }
};

/// Of each object either some bytes, not many, or any.
using Places = std::set<Place>;

/// Is anything of \p From new in \p To?
bool addPlaces(Places &To, const Places &From);

/// The same objects, at any byte; or so many bytes further.
Places anywhere(const Places &P);
Places movedBy(const Places &P, int64_t Bytes);

class PlaceMemory {
public:
  static constexpr uint64_t AnySize = ~uint64_t(0);

  /// \p Changed is set where memory comes to hold more than it did.
  PlaceMemory(const llvm::DataLayout &DL, bool &Changed);

  /// All that is not made by the call.
  static Place foreign() { return {0, Place::Any}; }
  bool isForeign(const Place &P) const;

  /// In objects that parameter \p Parameter of the root points to, whose
  /// visitor is known.
  Place visited(unsigned Parameter, Visit How);

  bool isVisited(const Place &P) const {
    return Objects[P.Object].K == Object::Owned ||
           Objects[P.Object].K == Object::Inside;
  }

  /// Made by the call, or constant?
  bool isOwn(const Place &P) const { return !isForeign(P) && !isVisited(P); }

  /// Has more than one of these been loaded or stored, perhaps?
  bool touchesMore(unsigned Parameter) const;

  /// Whose memory that is, if it is not the call's own.
  void describe(const Place &P, Pointees &Into) const;

  /// The function whose address that is, or null.
  llvm::Function *function(const Place &P) const;

  /// What is made in the context \p C at \p Site.
  unsigned object(unsigned C, const llvm::Value *Site);

  /// What \p V carries.
  Places constant(const llvm::Constant *V);

  Places load(const Places &From, uint64_t Size) const;
  void store(const Places &To, uint64_t Size, const Places &What);
  void copy(const Places &To, const Places &From, uint64_t Size);

  /// What has got into foreign memory, others load and store as they do that.
  void mingleEscaped();

private:
  struct Object {
    enum Kind { Foreign, Owned, Inside, Made } K;
    const llvm::Value *Site = nullptr;     ///< Made
    unsigned Parameter = 0;                ///< Owned, Inside
    Visit How = {};                        ///< Owned, Inside
    mutable bool TouchesMore = false;      ///< Owned: beyond the first object
    std::map<unsigned, Places> Words = {}; ///< by number, or Any
  };

  const llvm::DataLayout &DL;
  bool &Changed;
  std::vector<Object> Objects;
  std::map<std::pair<unsigned, const llvm::Value *>, unsigned> Numbers;
  std::map<unsigned, unsigned> Visited; ///< objects, by parameter

  bool isFlat(const Place &P) const {
    return Objects[P.Object].K == Object::Inside &&
           Objects[P.Object].How.How == Visit::Flat;
  }
  void touch(const Place &P, uint64_t Size) const;
  std::optional<Place> behind(const Place &P) const;
  unsigned holderOf(const Place &P) const { return isOwn(P) ? P.Object : 0; }
  void initialize(unsigned Number, uint64_t Offset, const llvm::Constant *C);
};

} // namespace lazypass

#endif // LAZYPASS_POINTSTOMEMORY_H
