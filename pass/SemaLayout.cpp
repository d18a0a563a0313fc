//===- SemaLayout.cpp - numbers and pointers in objects -------------------===//
//
// A result is kept under a key made of what is in the objects that a call
// reads, wherever they lie: of their numbers, and of what their pointers lead
// to, but neither of addresses nor of padding (runtime/shape.c).
//
// Algorithm: from field to field, down to scalars.  Given up, so that results
// are not kept: unions with pointers inside, pointers to functions, volatile
// and atomic fields, and objects of very many parts.
//
//===----------------------------------------------------------------------===//

#include "SemaLayout.h"

#include "Annotations.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/RecordLayout.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;
using namespace lazypass;

static constexpr size_t MostParts = 1024;

namespace {

struct Layout {
  llvm::SmallVector<std::pair<uint64_t, uint64_t>, 8> Numbers;
  llvm::SmallVector<uint64_t, 8> Pointers;

  bool addNumber(uint64_t Offset, uint64_t Size) {
    if (!Numbers.empty() &&
        Numbers.back().first + Numbers.back().second >= Offset)
      Numbers.back().second =
          std::max(Numbers.back().second, Offset + Size - Numbers.back().first);
    else if (Size > 0)
      Numbers.push_back({Offset, Size});
    return Numbers.size() < MostParts;
  }
  bool addPointer(uint64_t Offset) {
    Pointers.push_back(Offset);
    return Pointers.size() < MostParts;
  }
};

class LayoutBuilder {
  const ASTContext &Ctx;
  Layout &L;

public:
  LayoutBuilder(const ASTContext &Ctx, Layout &L) : Ctx(Ctx), L(L) {}

  /// False: cannot be told.
  bool add(QualType T, uint64_t Offset) {
    if (T.isVolatileQualified() || T->isAtomicType())
      return false;
    if (const auto *Array = Ctx.getAsConstantArrayType(T))
      return addArray(*Array, Offset);
    if (T->isIncompleteArrayType()) // a flexible one: told, if it is there
      return true;
    if (const RecordDecl *Record = T->getAsRecordDecl())
      return Record->isUnion() ? addUnion(*Record, T, Offset)
                               : addStruct(*Record, Offset);
    if (T->isPointerType())
      return !T->isFunctionPointerType() && L.addPointer(Offset);
    return T->isScalarType() || T->isVectorType() || T->isAnyComplexType()
               ? addScalar(T, Offset)
               : false;
  }

  bool addStruct(const RecordDecl &Record, uint64_t Offset) {
    const ASTRecordLayout &Fields = Ctx.getASTRecordLayout(&Record);
    return llvm::all_of(Record.fields(), [&](const FieldDecl *F) {
      uint64_t Bits = Fields.getFieldOffset(F->getFieldIndex());
      if (!F->isBitField())
        return add(F->getType(), Offset + Bits / 8);
      uint64_t End = Bits + widthOf(*F);
      return L.addNumber(Offset + Bits / 8, (End + 7) / 8 - Bits / 8);
    });
  }

private:
  uint64_t sizeOf(QualType T) const {
    return Ctx.getTypeSizeInChars(T).getQuantity();
  }

  uint64_t widthOf(const FieldDecl &F) const {
    return F.getBitWidth()->EvaluateKnownConstInt(Ctx).getZExtValue();
  }

  /// Without the padding of those that have some.
  bool addScalar(QualType T, uint64_t Offset) {
    if (const auto *Complex = T->getAs<ComplexType>())
      return addScalar(Complex->getElementType(), Offset) &&
             addScalar(Complex->getElementType(),
                       Offset + sizeOf(Complex->getElementType()));
    bool IsX87 =
        T->isRealFloatingType() &&
        &Ctx.getFloatTypeSemantics(T) == &llvm::APFloat::x87DoubleExtended();
    return L.addNumber(Offset, IsX87 ? 10 : sizeOf(T));
  }

  bool addArray(const ConstantArrayType &Array, uint64_t Offset) {
    QualType Element = Array.getElementType();
    uint64_t Count = Array.getSize().getZExtValue();
    if (Element->isIntegralOrEnumerationType() && !Element->isBitIntType())
      return L.addNumber(Offset, Count * sizeOf(Element));
    for (uint64_t I = 0; I != Count; ++I)
      if (!add(Element, Offset + I * sizeOf(Element)))
        return false;
    return true;
  }

  /// All its bytes, if none can be of a pointer.
  bool addUnion(const RecordDecl &Record, QualType T, uint64_t Offset) {
    Layout Members;
    LayoutBuilder B(Ctx, Members);
    return llvm::all_of(
               Record.fields(),
               [&](const FieldDecl *F) { return B.add(F->getType(), 0); }) &&
           Members.Pointers.empty() && L.addNumber(Offset, sizeOf(T));
  }
};

} // namespace

void lazypass::sayLayout(FunctionDecl &Visitor, const RecordDecl &Record) {
  ASTContext &Ctx = Visitor.getASTContext();
  Layout L;
  LayoutBuilder B(Ctx, L);
  if (Record.isUnion() || !B.addStruct(Record, 0))
    return;
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  OS << LayoutWord << ':';
  llvm::ListSeparator Comma(","), OtherComma(",");
  for (auto [Offset, Size] : L.Numbers)
    OS << Comma << Offset << '+' << Size;
  OS << ':';
  for (uint64_t Offset : L.Pointers)
    OS << OtherComma << Offset;
  Visitor.addAttr(AnnotateAttr::CreateImplicit(Ctx, Text, nullptr, 0,
                                               Visitor.getSourceRange()));
}
