//===- Addresses.h - does a result depend on where memory lies? -*- C++ -*-===//
//
// A result that is kept for another run, or another call, must not be an
// address, nor follow from one.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_ADDRESSES_H
#define LAZYPASS_ADDRESSES_H

#include "llvm/ADT/StringRef.h"

namespace llvm {
class Function;
class TargetLibraryInfo;
} // namespace llvm

namespace lazypass {

/// What a body, and all that it calls, does with addresses.
struct AddressUse {
  llvm::StringRef Looks; ///< why its effects depend on them; a verb phrase
  bool Stores = false;   ///< them, in memory of its own
  bool Copies = false;   ///< memory, addresses perhaps and all

  void add(const AddressUse &Other) {
    if (Looks.empty())
      Looks = Other.Looks;
    Stores |= Other.Stores;
    Copies |= Other.Copies;
  }

  /// Why results cannot be kept; empty if they can.
  llvm::StringRef problem() const;

  bool operator==(const AddressUse &Other) const {
    return Looks == Other.Looks && Stores == Other.Stores &&
           Copies == Other.Copies;
  }
};

/// Of \p Code alone, whose locals are in registers.
AddressUse addressUse(const llvm::Function &Code,
                      const llvm::TargetLibraryInfo &TLI);

} // namespace lazypass

#endif // LAZYPASS_ADDRESSES_H
