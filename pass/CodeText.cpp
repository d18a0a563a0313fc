//===- CodeText.cpp - code without names and places -----------------------===//
//
// Algorithm
//   1. Write a function down instruction by instruction, blocks in reverse
//      post-order from the entry; so where they lie in the file does not
//      matter, and what is never reached is left out.
//   2. Whatever has a name gets a number instead, in the order in which it
//      first appears: locals, types, constants, lists of attributes.  With its
//      number a type or a constant is written once, by what it consists of.
//   3. What lies outside, functions and variables, gets a number, too; their
//      texts are their own.
//   4. Hash it.
//
// The text can be read back: each part tells how long it is.  So what differs
// has different texts.
//
// Left out, for no result depends on it: names, debug information, and with it
// each line and file; all metadata but what intrinsics take as arguments, for
// it only promises what holds in any case (TBAA, ranges); alignment of
// variables, sections, linkage; what a failed assertion prints.
//
// A variable that is written to is known by its name, or else by what it
// begins with: what is in it when a call is made counts then.
//
// Given up: options that are in no IR (-mllvm, -fveclib).
//
//===----------------------------------------------------------------------===//

#include "CodeText.h"

#include "Effects.h"
#include "LibraryFunctions.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace lazypass;

/// Metadata that intrinsics take is a name or two; what is deeper is not.
static constexpr unsigned MostNested = 4;

namespace {

class Writer {
  CodeText &Text;
  const TargetLibraryInfo *TLI = nullptr;
  SmallVector<uint8_t, 0> Bytes;
  DenseMap<const void *, unsigned> Types, Values, Attributes, Outside;
  DenseMap<const Function *, DenseMap<const BasicBlock *, unsigned>> Orders;

public:
  explicit Writer(CodeText &Text) : Text(Text) {}

  void write(const GlobalValue &G, unsigned Level,
             FunctionAnalysisManager &FAM);

private:
  //===--------------------------------------------------------------------===//
  // Numbers and strings
  //===--------------------------------------------------------------------===//

  void number(uint64_t N) {
    uint8_t Digits[10];
    Bytes.append(Digits, Digits + encodeULEB128(N, Digits));
  }
  void string(StringRef S) {
    number(S.size());
    Bytes.append(S.bytes_begin(), S.bytes_end());
  }
  void bits(const APInt &N) {
    number(N.getBitWidth());
    for (unsigned I = 0; I != N.getNumWords(); ++I)
      number(N.getRawData()[I]);
  }

  /// The number of \p Key among those of its kind.  True: it is a new one, and
  /// has to be described.
  bool isNew(DenseMap<const void *, unsigned> &Numbers, const void *Key) {
    auto [It, New] = Numbers.insert({Key, Numbers.size()});
    number(It->second);
    return New;
  }

  void type(const Type *T);
  void attribute(const Attribute &A);
  void attributes(const AttributeList &List);
  void metadata(const Metadata *M, unsigned Depth);
  void block(const BasicBlock *B);
  void constant(const Constant &C);
  void value(const Value *V);
  template <typename Range> void values(const Range &All) {
    number(std::distance(All.begin(), All.end()));
    for (const Use &U : All)
      value(U.get());
  }

  void path(ArrayRef<unsigned> Indices) {
    number(Indices.size());
    for (unsigned Index : Indices)
      number(Index);
  }
  void atomic(AtomicOrdering Ordering, SyncScope::ID Scope) {
    number(unsigned(Ordering));
    number(Scope);
  }
  void callee(const CallBase &Call);
  void call(const CallBase &Call);
  void details(const Instruction &I);
  void instruction(const Instruction &I);

  void outside(const GlobalValue &G);
  void function(const Function &F, unsigned Level);
  void variable(const GlobalVariable &V);

  const DenseMap<const BasicBlock *, unsigned> &orderOf(const Function &F);
};

} // namespace

//===----------------------------------------------------------------------===//
// Types, attributes, metadata
//===----------------------------------------------------------------------===//

void Writer::type(const Type *T) {
  if (!isNew(Types, T))
    return;
  number(T->getTypeID());
  if (auto *Struct = dyn_cast<StructType>(T))
    number(Struct->isOpaque() ? 2 : Struct->isPacked());
  else if (auto *Array = dyn_cast<ArrayType>(T))
    number(Array->getNumElements());
  else if (auto *Vector = dyn_cast<VectorType>(T))
    number(Vector->getElementCount().getKnownMinValue());
  else if (auto *Integer = dyn_cast<IntegerType>(T))
    number(Integer->getBitWidth());
  else if (auto *Pointer = dyn_cast<PointerType>(T))
    number(Pointer->getAddressSpace());
  else if (auto *Code = dyn_cast<FunctionType>(T))
    number(Code->isVarArg());
  else if (auto *Target = dyn_cast<TargetExtType>(T)) {
    string(Target->getName());
    number(Target->getNumIntParameters());
    for (unsigned Parameter : Target->int_params())
      number(Parameter);
  }
  number(T->getNumContainedTypes());
  for (const Type *Part : T->subtypes())
    type(Part);
}

void Writer::attribute(const Attribute &A) {
  if (A.isStringAttribute()) {
    number(0);
    string(A.getKindAsString());
    string(A.getValueAsString());
    return;
  }
  number(A.getKindAsEnum());
  if (A.isIntAttribute())
    number(A.getValueAsInt());
  else if (A.isTypeAttribute())
    type(A.getValueAsType());
  else if (!A.isEnumAttribute())
    string(A.getAsString());
}

void Writer::attributes(const AttributeList &List) {
  if (!isNew(Attributes, List.getRawPointer()))
    return;
  number(List.getNumAttrSets());
  for (AttributeSet Set : List) {
    number(Set.getNumAttributes());
    for (const Attribute &A : Set)
      attribute(A);
  }
}

void Writer::metadata(const Metadata *M, unsigned Depth) {
  if (auto *String = dyn_cast_or_null<MDString>(M)) {
    number(1);
    string(String->getString());
  } else if (auto *Of = dyn_cast_or_null<ValueAsMetadata>(M)) {
    number(2);
    value(Of->getValue());
  } else if (auto *Tuple = dyn_cast_or_null<MDTuple>(M);
             Tuple && Depth < MostNested) {
    number(3 + Tuple->getNumOperands());
    for (const MDOperand &Operand : Tuple->operands())
      metadata(Operand, Depth + 1);
  } else {
    number(0);
  }
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

const DenseMap<const BasicBlock *, unsigned> &
Writer::orderOf(const Function &F) {
  auto [It, New] = Orders.try_emplace(&F);
  if (New && !F.isDeclaration())
    for (const BasicBlock *B : ReversePostOrderTraversal<const Function *>(&F))
      It->second.insert({B, It->second.size() + 1});
  return It->second;
}

/// 0: it is never reached.
void Writer::block(const BasicBlock *B) {
  number(orderOf(*B->getParent()).lookup(B));
}

void Writer::constant(const Constant &C) {
  type(C.getType());
  number(C.getValueID());
  if (auto *Integer = dyn_cast<ConstantInt>(&C)) {
    bits(Integer->getValue());
  } else if (auto *Float = dyn_cast<ConstantFP>(&C)) {
    bits(Float->getValueAPF().bitcastToAPInt());
  } else if (auto *Data = dyn_cast<ConstantDataSequential>(&C)) {
    string(Data->getRawDataValues());
  } else {
    if (auto *Expression = dyn_cast<ConstantExpr>(&C)) {
      number(Expression->getOpcode());
      number(Expression->getRawSubclassOptionalData());
      if (auto *Address = dyn_cast<GEPOperator>(Expression))
        type(Address->getSourceElementType());
      if (Expression->getOpcode() == Instruction::ShuffleVector)
        for (int Element : Expression->getShuffleMask())
          number(unsigned(Element));
    }
    values(C.operands());
  }
}

void Writer::value(const Value *V) {
  if (!isNew(Values, V))
    return;
  number(V->getValueID());
  if (auto *F = dyn_cast<Function>(V); F && F->isIntrinsic()) {
    number(0);
    string(Intrinsic::getBaseName(F->getIntrinsicID()));
    type(F->getFunctionType());
  } else if (auto *G = dyn_cast<GlobalValue>(V)) {
    number(1);
    if (isNew(Outside, G))
      Text.References.push_back(G);
  } else if (auto *C = dyn_cast<Constant>(V)) {
    constant(*C);
  } else if (auto *B = dyn_cast<BasicBlock>(V)) {
    block(B);
  } else if (auto *Asm = dyn_cast<InlineAsm>(V)) {
    string(Asm->getAsmString());
    string(Asm->getConstraintString());
    number(Asm->hasSideEffects() | Asm->isAlignStack() << 1 |
           Asm->canThrow() << 2 | unsigned(Asm->getDialect()) << 3);
    type(Asm->getFunctionType());
  } else if (auto *Metadata = dyn_cast<MetadataAsValue>(V)) {
    metadata(Metadata->getMetadata(), 0);
  }
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// Ends the process, and says where: lines and text of the source, which no
/// result depends on.
static bool isFailedAssertion(const CallBase &Call) {
  static const StringSet<> Names{"__assert_fail", "__assert_perror_fail",
                                 "__assert", "__assert_rtn"};
  const Function *F = Call.getCalledFunction();
  return F && F->isDeclaration() && Names.contains(F->getName()) &&
         Call.doesNotReturn();
}

/// What an annotation of a local variable says besides its words: a file and a
/// line.
static bool isPlace(const CallBase &Call, unsigned Argument) {
  switch (Call.getIntrinsicID()) {
  case Intrinsic::var_annotation:
  case Intrinsic::ptr_annotation:
  case Intrinsic::annotation:
    return Argument == 2 || Argument == 3;
  default:
    return false;
  }
}

/// What LLVM calls where it has no instruction: the function of libm, for
/// \p Intrinsic, "llvm." less; empty if it computes the one right answer.
static std::string libmFunction(StringRef Intrinsic, const Type *T) {
  static const StringSet<> Names{"sin",   "cos",  "tan",   "asin", "acos",
                                 "atan",  "sinh", "cosh",  "tanh", "atan2",
                                 "exp",   "exp2", "exp10", "log",  "log2",
                                 "log10", "pow",  "sincos"};
  Intrinsic.consume_front("experimental.constrained.");
  T = T->getScalarType();
  if (Intrinsic == "powi")
    return T->isDoubleTy()  ? "__powidf2"
           : T->isFloatTy() ? "__powisf2"
                            : "__powixf2";
  if (!Names.contains(Intrinsic))
    return "";
  return (Intrinsic + (T->isDoubleTy()                   ? ""
                       : T->isFloatTy() || T->isHalfTy() ? "f"
                                                         : "l"))
      .str();
}

void Writer::callee(const CallBase &Call) {
  const LibraryFunction *Known =
      TLI ? knownLibraryFunction(Call, *TLI) : nullptr;
  if (isFailedAssertion(Call) || (Known && Known->Exact)) {
    number(1);
    string(Call.getCalledFunction()->getName());
    return;
  }
  number(0);
  value(Call.getCalledOperand());
  auto *I = dyn_cast<IntrinsicInst>(&Call);
  if (!I || I->arg_empty())
    return;
  StringRef Name = Intrinsic::getBaseName(I->getIntrinsicID());
  Name.consume_front("llvm.");
  std::string Libm = libmFunction(Name, I->getArgOperand(0)->getType());
  if (!Libm.empty())
    Text.Externals.push_back(Libm);
}

void Writer::call(const CallBase &Call) {
  callee(Call);
  type(Call.getFunctionType());
  number(Call.getCallingConv());
  if (isFailedAssertion(Call))
    return;
  attributes(Call.getAttributes());
  number(Call.arg_size());
  for (const Use &A : Call.args())
    if (!isPlace(Call, Call.getArgOperandNo(&A)))
      value(A.get());
  number(Call.getNumOperandBundles());
  for (unsigned I = 0; I != Call.getNumOperandBundles(); ++I) {
    OperandBundleUse Bundle = Call.getOperandBundleAt(I);
    string(Bundle.getTagName());
    values(Bundle.Inputs);
  }
  if (auto *Plain = dyn_cast<CallInst>(&Call))
    number(Plain->isMustTailCall());
  else // where it goes on
    for (unsigned I = 0; I != Call.getNumSuccessors(); ++I)
      block(Call.getSuccessor(I));
}

//===----------------------------------------------------------------------===//
// Instructions
//===----------------------------------------------------------------------===//

/// What is neither its type nor an operand.
void Writer::details(const Instruction &I) {
  if (auto *Compare = dyn_cast<CmpInst>(&I)) {
    number(Compare->getPredicate());
  } else if (auto *Local = dyn_cast<AllocaInst>(&I)) {
    type(Local->getAllocatedType());
    number(Local->getAlign().value());
  } else if (auto *Address = dyn_cast<GetElementPtrInst>(&I)) {
    type(Address->getSourceElementType());
  } else if (auto *Load = dyn_cast<LoadInst>(&I)) {
    number(Load->isVolatile());
    number(Load->getAlign().value());
    atomic(Load->getOrdering(), Load->getSyncScopeID());
  } else if (auto *Store = dyn_cast<StoreInst>(&I)) {
    number(Store->isVolatile());
    number(Store->getAlign().value());
    atomic(Store->getOrdering(), Store->getSyncScopeID());
  } else if (auto *Fence = dyn_cast<FenceInst>(&I)) {
    atomic(Fence->getOrdering(), Fence->getSyncScopeID());
  } else if (auto *Update = dyn_cast<AtomicRMWInst>(&I)) {
    number(Update->getOperation());
    number(Update->isVolatile());
    number(Update->getAlign().value());
    atomic(Update->getOrdering(), Update->getSyncScopeID());
  } else if (auto *Swap = dyn_cast<AtomicCmpXchgInst>(&I)) {
    number(Swap->isVolatile() | Swap->isWeak() << 1);
    number(Swap->getAlign().value());
    number(unsigned(Swap->getFailureOrdering()));
    atomic(Swap->getSuccessOrdering(), Swap->getSyncScopeID());
  } else if (auto *Part = dyn_cast<ExtractValueInst>(&I)) {
    path(Part->getIndices());
  } else if (auto *Part = dyn_cast<InsertValueInst>(&I)) {
    path(Part->getIndices());
  } else if (auto *Shuffle = dyn_cast<ShuffleVectorInst>(&I)) {
    for (int Element : Shuffle->getShuffleMask())
      number(unsigned(Element));
  } else if (auto *Pad = dyn_cast<LandingPadInst>(&I)) {
    number(Pad->isCleanup());
  }
}

void Writer::instruction(const Instruction &I) {
  if (I.isDebugOrPseudoInst())
    return;
  number(I.getOpcode());
  number(I.getRawSubclassOptionalData()); // nsw, fast, inbounds and their like
  type(I.getType());
  value(&I);
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    call(*Call);
    return;
  }
  if (auto *Phi = dyn_cast<PHINode>(&I)) {
    const auto &Order = orderOf(*I.getFunction());
    SmallVector<std::pair<unsigned, const Value *>, 4> Incoming;
    for (unsigned K = 0; K != Phi->getNumIncomingValues(); ++K)
      if (unsigned From = Order.lookup(Phi->getIncomingBlock(K)))
        Incoming.push_back({From, Phi->getIncomingValue(K)});
    llvm::sort(Incoming, less_first());
    number(Incoming.size());
    for (auto [From, V] : Incoming) {
      number(From);
      value(V);
    }
    return;
  }
  details(I);
  values(I.operands());
}

//===----------------------------------------------------------------------===//
// Functions and variables
//===----------------------------------------------------------------------===//

/// May the linker, or the dynamic linker, have another one than this module?
static bool mayBeAnother(const GlobalValue &G) {
  return G.isDeclarationForLinker() || G.isInterposable() ||
         (!G.hasLocalLinkage() && !G.isDSOLocal()) ||
         (isa<Function>(G) && !cast<Function>(G).hasExactDefinition());
}

void Writer::outside(const GlobalValue &G) {
  std::string Name = GlobalValue::dropLLVMManglingEscape(G.getName()).str();
  number(1);
  string(Name);
  Text.Externals.push_back(Name);
}

/// How it is optimised decides what is computed at compile time, and in which
/// order where that is free.
static bool usesFloatingPoint(const Function &F) {
  auto IsFloat = [](const Type *T) { return T->isFPOrFPVectorTy(); };
  return any_of(instructions(F), [&](const Instruction &I) {
    return IsFloat(I.getType()) || any_of(I.operands(), [&](const Use &U) {
             return IsFloat(U->getType());
           });
  });
}

void Writer::function(const Function &F, unsigned Level) {
  type(F.getFunctionType());
  mayBeAnother(F) ? outside(F) : number(0);
  if (F.isDeclaration())
    return;
  number(F.getCallingConv());
  attributes(F.getAttributes());
  values(F.operands());
  string(F.hasGC() ? StringRef(F.getGC()) : "");
  number(usesFloatingPoint(F) ? Level + 1 : 0);
  for (const Argument &A : F.args())
    value(&A);
  bool HasAsm = false;
  for (const BasicBlock *B : ReversePostOrderTraversal<const Function *>(&F)) {
    block(B);
    for (const Instruction &I : *B) {
      instruction(I);
      auto *Call = dyn_cast<CallBase>(&I);
      HasAsm |= Call && Call->isInlineAsm();
    }
  }
  if (HasAsm) // may use macros that are defined there
    string(F.getParent()->getModuleInlineAsm());
}

void Writer::variable(const GlobalVariable &V) {
  type(V.getValueType());
  number(V.isConstant() | V.isThreadLocal() << 1);
  bool Matters = V.hasInitializer();
  if (!V.isConstant()) {
    number(0);
    string(V.hasLocalLinkage() ? "" : V.getName());
    // It may call what it finds there; of that its key knows the address.
    Matters &= V.hasLocalLinkage() || holdsPointer(V.getValueType());
  } else if (mayBeAnother(V) || !V.hasDefinitiveInitializer()) {
    outside(V);
  } else {
    number(0);
  }
  number(Matters);
  if (Matters)
    value(V.getInitializer());
}

void Writer::write(const GlobalValue &G, unsigned Level,
                   FunctionAnalysisManager &FAM) {
  number(G.getValueID());
  if (auto *F = dyn_cast<Function>(&G)) {
    if (!F->isDeclaration())
      TLI = &FAM.getResult<TargetLibraryAnalysis>(const_cast<Function &>(*F));
    function(*F, Level);
  } else if (auto *V = dyn_cast<GlobalVariable>(&G)) {
    variable(*V);
  } else if (auto *A = dyn_cast<GlobalAlias>(&G)) {
    mayBeAnother(*A) ? outside(*A) : number(0);
    value(A->getAliasee());
  } else {
    Text.Open = true; // an ifunc: which one it is depends on the processor
  }
  XXH128_hash_t Hash = xxh3_128bits(Bytes);
  Text.Hash[0] = Hash.low64;
  Text.Hash[1] = Hash.high64;
}

CodeText lazypass::textOf(const GlobalValue &G, unsigned Level,
                          FunctionAnalysisManager &FAM) {
  CodeText Text;
  Writer(Text).write(G, Level, FAM);
  return Text;
}
