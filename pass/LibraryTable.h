//===- LibraryTable.h - the functions of libc and libm ----------*- C++ -*-===//
#ifndef LAZYPASS_LIBRARYTABLE_H
#define LAZYPASS_LIBRARYTABLE_H

#include "LibraryFunctions.h"
#include "llvm/ADT/ArrayRef.h"

namespace lazypass {

/// One row of the table.  Type is the result's letter and those of the
/// parameters:
///
///   v  void            d  floating point
///   i  integer         f  the type of the variant: double for NAME, float for
///                         NAMEf, long double for NAMEl, all of them known
///   p  pointer that is not followed, as far as callers can see
///   r  pointer read    w  written    u  both    k  freed
///   t  both, and so is the text that the pointer there points to
///   c  function that is called, with pointers to what the others point to
///   x  text that is read, all of it
///   s  stream
///   o  format that is read; a conversion %n would write
///   .  any more arguments, read         ,  any more arguments, written
///
/// Digits behind a pointer are the numbers of the arguments, from 0, whose
/// product says how many bytes there are read or written at most.  An empty
/// Type fits any: where the ABI decides what the IR looks like.  In Instead, *
/// stands for the name.
struct LibraryRow {
  LibraryFunction::Effect Kind;
  llvm::StringLiteral Why, Type, Names;
  llvm::StringLiteral Instead = "";
};

llvm::ArrayRef<LibraryRow> libraryTable();

/// Names in it, all variants meant, of those whose results a standard fixes to
/// the last bit.
llvm::StringRef exactFunctions();

} // namespace lazypass

#endif // LAZYPASS_LIBRARYTABLE_H
