//===- Annotations.h - the words of the source ------------------*- C++ -*-===//
//
// What annotate("...") may say, and how what it says about a parameter reaches
// the IR, where parameters have no annotations and structs by value are in
// pieces: as an annotation of the function, WORD:PLACE, which
// SemaParameters.cpp adds. PLACE counts the IR's parameters from 0 in front,
// less one that the result goes through, or from -1 at the end.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_ANNOTATIONS_H
#define LAZYPASS_ANNOTATIONS_H

#include "llvm/ADT/StringRef.h"

namespace lazypass {

/// On functions: calls may become nodes.
inline constexpr llvm::StringLiteral LazyWord = "lazy";

/// On functions: taken at their word to be stateless.
inline constexpr llvm::StringLiteral TrustedWord = "lazy_trusted";

/// On functions: results are kept, whether that seems to pay or not; or never.
inline constexpr llvm::StringLiteral CachedWord = "lazy_cached";
inline constexpr llvm::StringLiteral NotCachedWord = "lazy_nocache";

/// On functions, WORD:TEXT: another text, another function, as far as results
/// that are kept are concerned; theirs, and those of all that call it.
inline constexpr llvm::StringLiteral SaltWord = "lazy_salt";

/// On parameters: a pointer that the function does not look through.
inline constexpr llvm::StringLiteral OpaqueWord = "lazy_opaque";

/// On parameters, WORD:EXTENT: so many elements from there on are all that the
/// function reads, or writes, through the pointer.  WORD:ROWS, EXTENT, STRIDE:
/// so many rows of so many elements, one every STRIDE elements.
inline constexpr llvm::StringLiteral InWord = "lazy_in";
inline constexpr llvm::StringLiteral OutWord = "lazy_out";
inline constexpr llvm::StringLiteral InOutWord = "lazy_inout";

/// On parameters: a string, which the function reads up to and including its 0.
inline constexpr llvm::StringLiteral StringWord = "lazy_str";

/// On parameters: a string that names a file which the function reads, or makes
/// anew.  On functions, from SemaParameters.cpp only, WORD:PLACE: the same.
inline constexpr llvm::StringLiteral FileInWord = "lazy_file_in";
inline constexpr llvm::StringLiteral FileOutWord = "lazy_file_out";

/// On functions, from SemaParameters.cpp only,
/// WORD:PLACE:ACCESS:EXTENT:ROWS:STRIDE: the same, EXTENT and STRIDE in bytes.
/// ACCESS is an enum lazy_access; the others are as in Extent.h.
inline constexpr llvm::StringLiteral RegionWord = "lazy_region";

/// The same, from an array declarator, which C takes no promise from: what the
/// body shows goes first.
inline constexpr llvm::StringLiteral DeclaredWord = "lazy_declared";

/// On functions: tells what an object of the type that its first parameter
/// points to consists of.  SemaVisitors.cpp takes it off the function and puts
/// it, with the function as its argument, on the type.
inline constexpr llvm::StringLiteral VisitorWord = "lazy_visitor";

/// On visitors, from SemaVisitors.cpp only, WORD:OFFSET+SIZE,...:OFFSET,...:
/// the bytes of such an object that hold numbers, and where pointers are.  Not
/// said of objects of which that cannot be told.
inline constexpr llvm::StringLiteral LayoutWord = "lazy_layout";

/// On functions, from SemaParameters.cpp only, WORD:PLACE:SIZE:CONST, with a
/// visitor as its argument: that parameter points to objects of so many bytes,
/// CONST or not, which the visitor is for.
inline constexpr llvm::StringLiteral ObjectsWord = "lazy_objects";

/// The same, WORD:PLACE, beside an ObjectsWord: it is a number.
inline constexpr llvm::StringLiteral NumberWord = "lazy_number";

/// The same, WORD:PLACE:TYPE: it points to objects of a type that holds
/// pointers and has no visitor.
inline constexpr llvm::StringLiteral HolderWord = "lazy_holder";

} // namespace lazypass

#endif // LAZYPASS_ANNOTATIONS_H
