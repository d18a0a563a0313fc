//===- SemaLayout.h - numbers and pointers in objects -----------*- C++ -*-===//
#ifndef LAZYPASS_SEMALAYOUT_H
#define LAZYPASS_SEMALAYOUT_H

namespace clang {
class FunctionDecl;
class RecordDecl;
} // namespace clang

namespace lazypass {

/// Says on \p Visitor which bytes of \p Record, its objects' type, are numbers
/// and which are pointers, as far as that can be told (Annotations.h).
void sayLayout(clang::FunctionDecl &Visitor, const clang::RecordDecl &Record);

} // namespace lazypass

#endif // LAZYPASS_SEMALAYOUT_H
