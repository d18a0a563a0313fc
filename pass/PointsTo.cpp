//===- PointsTo.cpp - what memory a lazy function has made itself ---------===//
//
// Algorithm: inclusion-based (Andersen's), flow-insensitive, with call strings
// for contexts.
//   1. An object is a local variable, an allocation, or a copy of an argument,
//      by its place in the program and its context; all other memory together
//      is one object, the foreign one.  A place is a byte of an object, or any
//      byte of it.  Memory holds places word by word.
//   2. Every value carries places, whatever its type: pointers can be copied
//      byte by byte.  An instruction hands on what its operands carry, unless
//      it computes numbers.
//      Objects behind a parameter whose visitor is known are an object of their
//      own, and so is all that is reached from there.
//   3. A call of a known function enters its body in a context of its own, a
//      recursive one in the context that is there.  Where the contexts are too
//      many, further calls of a function share one.
//   4. What is handed to unknown code, or stored in foreign memory, escapes:
//      it is then the same as foreign memory for those who load and store.
//   5. Visit all instructions of all contexts until nothing changes; if they
//      are too many, nothing is known.
//
// Sound: an instruction that is not known hands everything to unknown code; a
// pointer made of an integer may also be foreign.  Offsets that are not
// constant, or many, or far, become "any byte".  Pointer arithmetic stays in
// its object, as the standard says.
//
// Given up: order; elements of arrays; which of the objects made at one place.
//
//===----------------------------------------------------------------------===//

#include "PointsTo.h"

#include "LibraryFunctions.h"
#include "PointsToMemory.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include <map>
#include <optional>

using namespace llvm;
using namespace lazypass;

namespace {

/// A function on one of the ways that lead to it.
struct Context {
  Function *F;
  Body B;
  std::optional<unsigned> Caller;
  Places Returned = {};
};

class Solver {
  const Vows &Said;
  BodyOf Bodies;
  const DataLayout &DL;
  PlaceMemory Memory;
  std::vector<Context> Contexts;
  std::map<std::tuple<std::optional<unsigned>, const Value *, Function *>,
           unsigned>
      ContextOf;
  std::map<std::pair<unsigned, const Value *>, Places> Values;
  unsigned Instructions = 0; ///< in all contexts
  bool Changed = false;

  static constexpr unsigned ManyContexts = 32, ManyInstructions = 8000;

public:
  Solver(Function &Root, const Vows &Said, BodyOf Bodies);
  PointsTo solve();

private:
  Places value(unsigned C, const Value *V);
  void flow(unsigned C, const Value *To, const Places &From);
  uint64_t sizeOf(const Type *T) const;
  unsigned enter(unsigned C, const Value *Site, Function *F);
  Places element(const Places &Base, const GEPOperator &Step) const;
  void visit(unsigned C, const Instruction &I);
  void visitCall(unsigned C, const CallBase &CB);
  bool visitIntrinsic(unsigned C, const CallBase &CB);
  void visitLibrary(unsigned C, const CallBase &CB,
                    const LibraryFunction &Known);
  bool visitCallback(unsigned C, const CallBase &CB, unsigned A,
                     const Places &Given);
  void visitBody(unsigned C, const CallBase &CB, Function *F);
  void visitUnknown(unsigned C, const Instruction &I);
  std::optional<SmallVector<Function *, 4>> targets(const Places &P) const;
};

} // namespace

/// A call starts with its arguments, and knows nothing about them.
Solver::Solver(Function &Root, const Vows &Said, BodyOf Bodies)
    : Said(Said), Bodies(Bodies), DL(Root.getParent()->getDataLayout()),
      Memory(DL, Changed) {
  Contexts.push_back({&Root, Bodies(&Root), std::nullopt});
  Instructions = Contexts[0].B.Code->getInstructionCount();
  for (const Argument &A : Contexts[0].B.Code->args()) {
    Visit How = Said.VisitOf(&Root, A.getArgNo());
    if (How.How != Visit::None) {
      flow(0, &A, {Memory.visited(A.getArgNo(), How)});
      continue;
    }
    Places Content;
    if (!Said.IsNumber(&Root, A.getArgNo()))
      Content = {Memory.foreign()};
    if (A.hasByValAttr() || A.hasStructRetAttr()) {
      Places Own = {{Memory.object(0, &A), 0}};
      if (A.hasByValAttr()) // nothing is in what is returned, yet
        Memory.store(Own, Memory.AnySize, Content);
      Content = Own;
    }
    flow(0, &A, Content);
  }
}

Places Solver::value(unsigned C, const Value *V) {
  if (auto *K = dyn_cast<Constant>(V))
    return Memory.constant(K);
  auto It = Values.find({C, V});
  return It == Values.end() ? Places() : It->second;
}

void Solver::flow(unsigned C, const Value *To, const Places &From) {
  Changed |= addPlaces(Values[{C, To}], From);
}

uint64_t Solver::sizeOf(const Type *T) const {
  TypeSize Size = DL.getTypeStoreSize(const_cast<Type *>(T));
  return Size.isScalable() ? Memory.AnySize : Size.getFixedValue();
}

/// Step 3.
unsigned Solver::enter(unsigned C, const Value *Site, Function *F) {
  for (std::optional<unsigned> Up = C; Up; Up = Contexts[*Up].Caller)
    if (Contexts[*Up].F == F)
      return *Up;
  std::tuple<std::optional<unsigned>, const Value *, Function *> Key(C, Site,
                                                                     F);
  if (Contexts.size() >= ManyContexts && !ContextOf.count(Key))
    Key = {std::nullopt, nullptr, F};
  auto [It, IsNew] = ContextOf.insert({Key, unsigned(Contexts.size())});
  if (IsNew) {
    Contexts.push_back({F, Bodies(F), C});
    Instructions += Contexts.back().B.Code->getInstructionCount();
    Changed = true;
  }
  return It->second;
}

/// The functions among \p P, if all that may be there can be followed.
std::optional<SmallVector<Function *, 4>>
Solver::targets(const Places &P) const {
  SmallVector<Function *, 4> Found;
  for (const Place &At : P) {
    Function *F = Memory.function(At);
    if (!Memory.isOwn(At) || (F && !F->hasExactDefinition()))
      return std::nullopt;
    if (F) // data beside it in a table is not called
      Found.push_back(F);
  }
  return Found;
}

/// Arithmetic from which no pointer comes back, in all or in part?
static bool isArithmetic(const Instruction &I) {
  const Type *T = I.getType()->getScalarType();
  switch (I.getOpcode()) {
  case Instruction::Add:
  case Instruction::Sub:
    return T->getIntegerBitWidth() < 64;
  case Instruction::Mul:
  case Instruction::UDiv:
  case Instruction::SDiv:
  case Instruction::URem:
  case Instruction::SRem:
  case Instruction::ICmp:
  case Instruction::FCmp:
  case Instruction::FPToSI:
  case Instruction::FPToUI:
    return true;
  case Instruction::Call:
    return isa<IntrinsicInst>(I) && T->isFloatingPointTy();
  default:
    return T->isFloatingPointTy() && !isa<BitCastInst>(I);
  }
}

/// Of a variable number.  A member that is a short array is not left in an
/// object with a visitor.
Places Solver::element(const Places &Base, const GEPOperator &Step) const {
  auto *Array = dyn_cast<ArrayType>(Step.getSourceElementType());
  auto *First = dyn_cast<ConstantInt>(Step.getOperand(1));
  Places All;
  for (const Place &P : Base) {
    if (!Array || !First || !First->isZero() || Step.getNumIndices() != 2 ||
        Array->getNumElements() < 2 || Array->getNumElements() > 8 ||
        !Memory.isVisited(P)) {
      addPlaces(All, anywhere({P}));
      continue;
    }
    uint64_t Size = DL.getTypeAllocSize(Array->getElementType());
    for (uint64_t I = 0; I != Array->getNumElements(); ++I)
      addPlaces(All, movedBy({P}, int64_t(I * Size)));
  }
  return All;
}

/// Step 2.
void Solver::visit(unsigned C, const Instruction &I) {
  auto Operands = [&] {
    Places All;
    for (const Value *O : I.operands())
      addPlaces(All, value(C, O));
    return All;
  };
  if (auto *CB = dyn_cast<CallBase>(&I))
    return visitCall(C, *CB);
  if (I.isTerminator()) {
    if (auto *R = dyn_cast<ReturnInst>(&I); R && R->getReturnValue())
      Changed |= addPlaces(Contexts[C].Returned, value(C, R->getReturnValue()));
    return;
  }
  switch (I.getOpcode()) {
  case Instruction::Alloca:
    return flow(C, &I, {{Memory.object(C, &I), 0}});
  case Instruction::GetElementPtr: {
    auto &Step = cast<GEPOperator>(I);
    APInt Offset(DL.getIndexTypeSizeInBits(I.getType()), 0);
    Places Base = value(C, Step.getPointerOperand());
    bool IsConstant = !I.getType()->isVectorTy() &&
                      Step.accumulateConstantOffset(DL, Offset) &&
                      Offset.getSignificantBits() <= 32;
    return flow(C, &I,
                IsConstant ? movedBy(Base, Offset.getSExtValue())
                           : element(Base, Step));
  }
  case Instruction::Load:
    return flow(C, &I,
                Memory.load(value(C, I.getOperand(0)), sizeOf(I.getType())));
  case Instruction::Store: {
    const Value *What = I.getOperand(0);
    return Memory.store(value(C, I.getOperand(1)), sizeOf(What->getType()),
                        value(C, What));
  }
  case Instruction::PHI:
  case Instruction::Select:
  case Instruction::Freeze:
    return flow(C, &I, Operands());
  case Instruction::IntToPtr:
    flow(C, &I, {Memory.foreign()});
    return flow(C, &I, anywhere(Operands()));
  case Instruction::Fence:
    return;
  default:
    if (I.mayReadOrWriteMemory())
      return visitUnknown(C, I);
    return flow(C, &I, isArithmetic(I) ? Places() : anywhere(Operands()));
  }
}

/// Code that may do anything with what it is given.
void Solver::visitUnknown(unsigned C, const Instruction &I) {
  Memory.store({Memory.foreign()}, Memory.AnySize, {Memory.foreign()});
  for (const Value *O : I.operands())
    Memory.store({Memory.foreign()}, Memory.AnySize, anywhere(value(C, O)));
  flow(C, &I, Memory.load({Memory.foreign()}, Memory.AnySize));
}

void Solver::visitCall(unsigned C, const CallBase &CB) {
  if (visitIntrinsic(C, CB))
    return;
  Function *F = CB.getCalledFunction();
  if (F && F->getName().starts_with("__ubsan_handle_")) // as in Summary.cpp
    return;
  if (F && !Said.IsTrusted(F) && !Said.IsLazy(F))
    if (auto *Known = knownLibraryFunction(CB, *Contexts[C].B.TLI))
      return visitLibrary(C, CB, *Known);
  // A body that the linker may replace is looked at all the same, if lazy.
  if (F && !F->isDeclaration() && !F->hasExactDefinition() && Said.IsLazy(F))
    visitBody(C, CB, F);
  auto Callees = targets(value(C, CB.getCalledOperand()));
  if (CB.isInlineAsm() || !Callees ||
      any_of(*Callees, [&](const Function *Callee) {
        return Callee->getFunctionType() != CB.getFunctionType();
      }))
    return visitUnknown(C, CB);
  for (Function *Callee : *Callees)
    visitBody(C, CB, Callee);
}

/// False: it is none, or one that may do anything.
bool Solver::visitIntrinsic(unsigned C, const CallBase &CB) {
  auto *I = dyn_cast<IntrinsicInst>(&CB);
  if (!I)
    return false;
  if (I->isLifetimeStartOrEnd() || isa<DbgInfoIntrinsic>(I))
    return true;
  auto *M = dyn_cast<MemIntrinsic>(I);
  if (!M) {
    if (!I->doesNotAccessMemory() && !I->isAssumeLikeIntrinsic())
      return false;
    for (const Value *A : I->args())
      if (!A->getType()->isMetadataTy() && !isArithmetic(*I))
        flow(C, I, anywhere(value(C, A)));
    return true;
  }
  auto *Length = dyn_cast<ConstantInt>(M->getLength());
  uint64_t Size = Length ? Length->getLimitedValue() : Memory.AnySize;
  Places To = value(C, M->getRawDest());
  if (auto *T = dyn_cast<MemTransferInst>(M))
    Memory.copy(To, value(C, T->getRawSource()), Size);
  else
    Memory.store(To, Size, anywhere(value(C, cast<MemSetInst>(M)->getValue())));
  return true;
}

/// Writes at most what its arguments are and what lies there; a pointer that it
/// returns, it has been given or has kept for later.
void Solver::visitLibrary(unsigned C, const CallBase &CB,
                          const LibraryFunction &Known) {
  if (Known.Kind >= LibraryFunction::PerThread)
    return visitUnknown(C, CB);
  Places Given, Inside, Kept;
  if (Known.Kind == LibraryFunction::ReadsLocale ||
      Known.Kind == LibraryFunction::ReadsState)
    Given.insert(Memory.foreign());
  for (unsigned A = 0; A != CB.arg_size(); ++A) {
    Places P = anywhere(value(C, CB.getArgOperand(A)));
    addPlaces(Given, P);
    if (!CB.getArgOperand(A)->getType()->isPointerTy())
      continue;
    Places There = Memory.load(P, Memory.AnySize);
    addPlaces(Inside, There);
    if (Known.access(A) == LibraryFunction::UpdatesText)
      addPlaces(Kept, There);
  }
  if (Known.Kind == LibraryFunction::Allocates) {
    Places Fresh = {{Memory.object(C, &CB), 0}};
    Memory.store(Fresh, Memory.AnySize, Inside);
    return flow(C, &CB, Fresh);
  }
  for (unsigned A = 0; A != CB.arg_size(); ++A) {
    Places P = anywhere(value(C, CB.getArgOperand(A)));
    switch (Known.access(A)) {
    case LibraryFunction::UpdatesText:
      Memory.store(P, Memory.AnySize, Given);
      break;
    case LibraryFunction::Writes:
    case LibraryFunction::Updates:
      Memory.store(P, Memory.AnySize, Given);
      Memory.store(P, Memory.AnySize, Inside);
      break;
    case LibraryFunction::Calls:
      if (!visitCallback(C, CB, A, Given))
        return visitUnknown(C, CB);
      break;
    case LibraryFunction::Nothing:
    case LibraryFunction::Stream:
    case LibraryFunction::Reads:
    case LibraryFunction::Frees:
      break;
    }
  }
  flow(C, &CB, Given);
  flow(C, &CB, CB.getType()->isPointerTy() ? Kept : Inside);
}

/// The library calls its argument \p A with what it is given. False: it is not
/// known what that is.
bool Solver::visitCallback(unsigned C, const CallBase &CB, unsigned A,
                           const Places &Given) {
  auto Callees = targets(value(C, CB.getArgOperand(A)));
  if (!Callees)
    return false;
  for (Function *F : *Callees) {
    unsigned Inner = enter(C, &CB, F);
    for (const Argument &Parameter : Contexts[Inner].B.Code->args())
      flow(Inner, &Parameter, Given);
  }
  return true;
}

/// \p F may be what \p CB calls.
void Solver::visitBody(unsigned C, const CallBase &CB, Function *F) {
  unsigned Inner = enter(C, &CB, F);
  Function *Code = Contexts[Inner].B.Code;
  for (unsigned A = 0; A != CB.arg_size(); ++A) {
    Places Actual = value(C, CB.getArgOperand(A));
    if (A >= Code->arg_size()) { // va_arg finds it
      Memory.store({Memory.foreign()}, Memory.AnySize, anywhere(Actual));
      continue;
    }
    const Argument *Parameter = Code->getArg(A);
    if (Parameter->hasByValAttr()) {
      Places Copy = {{Memory.object(Inner, Parameter), 0}};
      Memory.copy(Copy, Actual, sizeOf(Parameter->getParamByValType()));
      Actual = Copy;
    }
    flow(Inner, Parameter, Actual);
  }
  flow(C, &CB, Contexts[Inner].Returned);
}

/// Step 5.
PointsTo Solver::solve() {
  do {
    Changed = false;
    for (unsigned C = 0; C != Contexts.size(); ++C) {
      if (Instructions > ManyInstructions)
        return PointsTo();
      for (const Instruction &I : instructions(*Contexts[C].B.Code))
        visit(C, I);
    }
    Memory.mingleEscaped();
  } while (Changed);

  PointsTo Result;
  for (const auto &[Of, Found] : Values) {
    Pointees &P = Result[Of.second];
    for (const Place &At : Found)
      if (Function *F = Memory.function(At))
        P.Functions.insert(F);
      else
        Memory.describe(At, P);
  }
  for (const Argument &A : Contexts[0].B.Code->args())
    Result[&A].TouchesMore = Memory.touchesMore(A.getArgNo());
  return Result;
}

PointsTo lazypass::computePointsTo(Function &Root, const Vows &Said,
                                   BodyOf Bodies) {
  return Solver(Root, Said, Bodies).solve();
}
