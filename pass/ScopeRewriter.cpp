//===- ScopeRewriter.cpp - what is pending in memory ----------------------===//
//
// Algorithm
//   1. The scope (abi.h) lives in the frame of the function, empty at first.
//   2. An access that may meet what is pending is preceded by two compares with
//      the bounds of it, and if they meet, by the look-up in the runtime.
//   3. A store of a pending value is entered in the scope instead.
//   4. A node with regions is entered, too, and the runtime finds what it has
//      to wait for.  A call with regions in place waits like the program.
//   5. Where the extent of a region lies in memory (Regions.cpp), `m->rows`, or
//      is the length of a string there, it is read when the call is made, as an
//      access of the program.
//   6. Memory that nobody knows yet, for the pointer to it is pending and fresh
//      (FreshMemory.h), goes by the address of the node instead.  Who forces
//      that node waits for all that goes by it.
//   7. A kept node also notes what it reads, for lazy_changed().
//
//===----------------------------------------------------------------------===//

#include "ScopeRewriter.h"

#include "Elsewhere.h"
#include "Regions.h"
#include "Snapshot.h"
#include "lazy/abi.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;
using namespace lazypass;

ScopeRewriter::ScopeRewriter(const FunctionPlan &Plan, Emitter &Runtime,
                             Slots &Vars)
    : Plan(Plan), Runtime(Runtime), Vars(Vars), F(*Plan.F),
      DL(F.getParent()->getDataLayout()),
      PtrTy(PointerType::get(F.getContext(), 0)),
      Unlikely(MDBuilder(F.getContext()).createUnlikelyBranchWeights()) {
  if (!Plan.hasScope())
    return;
  IRBuilder<> B(&*F.getEntryBlock().getFirstInsertionPt());
  B.SetCurrentDebugLocation(DebugLoc());
  Scope = Runtime.createScope(B);
  Vars.orderForces(Scope);
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

/// So many earlier nodes can a node wait for in each of its regions, before it
/// waits right away.
static constexpr unsigned OrdersPerRegion = 4;

static unsigned countRegions(const Site &S) {
  const LazyFunction &Fn = *S.Fn;
  return Fn.Regions.size() + Fn.Memory.Reads.size() + Fn.Memory.ReadsUnknown;
}

unsigned ScopeRewriter::countOrders(const Site &S) {
  return S.hasRegions() ? OrdersPerRegion * countRegions(S) : 0;
}

AllocaInst *ScopeRewriter::createRegions(const Site &S) {
  return S.hasRegions() ? Runtime.createRegions(F, countRegions(S)) : nullptr;
}

/// Writes down what memory \p S touches: through parameters, and by name.
void ScopeRewriter::fillRegions(IRBuilder<> &B, const Site &S,
                                AllocaInst *Regions) {
  unsigned K = 0;
  auto Argument = [&](unsigned I) {
    return Vars.materialize(B, S.Call->getArgOperand(I));
  };
  auto Whole = [&](Value *P, Value *Size) {
    Value *One = B.getInt64(1), *Zero = B.getInt64(0);
    Runtime.setRegion(B, Regions, K++, {P, Size, One, Zero}, LAZY_READS);
  };
  auto Member = [&](Value *Address, Value *Offset, unsigned Bytes) {
    return loadMember(B, Address, Offset, Bytes);
  };
  auto Text = [&](Value *Address) {
    return Runtime.touchText(B, Scope, B.CreateIntToPtr(Address, PtrTy));
  };
  for (const Region &R : S.Fn->Regions) {
    MemoryRows Rows = computeRows(B, R, {Argument, Member, Text});
    standFor(B, S.Call->getArgOperand(R.Parameter), Rows);
    unsigned Copies = canBeCopied(R, Rows.P, Rows.Size, DL) ? LAZY_COPIES : 0;
    Runtime.setRegion(B, Regions, K++, Rows, R.Access | Copies,
                      Runtime.objects(R));
  }
  for (GlobalVariable *G : S.Fn->Memory.Reads)
    Whole(G,
          B.getInt64(DL.getTypeAllocSize(G->getValueType()).getFixedValue()));
  if (!S.Fn->Memory.ReadsUnknown)
    return;
  Value *All = B.getInt64(LAZY_EVERYWHERE);
  if (S.Fn->F->isDeclaration())
    All = howMuchMore(B, *S.Fn);
  Whole(Constant::getNullValue(PtrTy), All);
}

/// Step 5.  Whether the member lies as its type wants it depends on structs
/// that are packed.
Value *ScopeRewriter::loadMember(IRBuilder<> &B, Value *Address, Value *Offset,
                                 unsigned Bytes) {
  Value *Member = memberAddress(B, Address, Offset);
  Instruction *Here = &*B.GetInsertPoint();
  DebugLoc Loc = B.getCurrentDebugLocation();
  touchBytes(Here, Member, B.getInt64(Bytes), /*Writes=*/false);
  B.SetInsertPoint(Here);
  B.SetCurrentDebugLocation(Loc);
  return B.CreateAlignedLoad(B.getIntNTy(8 * Bytes), Member, Align(1));
}

/// Step 6.
void ScopeRewriter::standFor(IRBuilder<> &B, Value *Pointer, MemoryRows &Rows) {
  Piece P = Plan.pieceOf(Pointer);
  if (!P || !Plan.Variables[P.Var].PassedOn)
    return;
  Value *Node = Vars.loadNode(B, P.Var), *Pending = B.CreateIsNotNull(Node);
  Rows.P = B.CreateSelect(Pending, Node, Rows.P);
  Rows.Size = B.CreateSelect(Pending, B.getInt64(1), Rows.Size);
  Rows.Count = B.CreateSelect(Pending, B.getInt64(1), Rows.Count);
  Rows.Stride = B.CreateSelect(Pending, B.getInt64(0), Rows.Stride);
}

void ScopeRewriter::enterRegions(IRBuilder<> &B, const Site &S, Value *Node,
                                 AllocaInst *Regions, BasicBlock *InPlace) {
  fillRegions(B, S, Regions);
  Value *Accepted = Runtime.acceptRegions(B, Scope, Node, Regions);
  Instruction *End = &*B.GetInsertPoint();
  BasicBlock *Here = End->getParent();
  BasicBlock *Start = Here->splitBasicBlock(End->getIterator(), "lazy.start");
  auto *Refused = BasicBlock::Create(F.getContext(), "lazy.refused", &F, Start);
  Here->getTerminator()->eraseFromParent();
  B.SetInsertPoint(Here);
  B.CreateCondBr(Accepted, Start, Refused);
  B.SetInsertPoint(Refused);
  Runtime.release(B, Node);
  B.CreateBr(InPlace);
  B.SetInsertPoint(End);
}

void ScopeRewriter::noteReads(IRBuilder<> &B, const Site &S, Value *Node,
                              AllocaInst *Regions) {
  if (countRegions(S) == 0)
    return;
  if (!Regions) {
    Regions = Runtime.createRegions(F, countRegions(S));
    fillRegions(B, S, Regions);
  }
  Runtime.noteReads(B, Node, Regions);
}

void ScopeRewriter::waitForRegions(const Site &S, AllocaInst *Regions) {
  IRBuilder<> B(branchIfPending(S.Call));
  fillRegions(B, S, Regions);
  Runtime.touchRegions(B, Scope, Regions);
}

void ScopeRewriter::touchRegions(const Event &E) {
  Site S{cast<CallInst>(E.At), E.Callee, None};
  waitForRegions(S, Runtime.createRegions(F, countRegions(S)));
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

/// The end of a branch that is taken before \p At, if that holds.
Instruction *ScopeRewriter::branch(Value *If, Instruction *At, bool Rare) {
  Instruction *Then = SplitBlockAndInsertIfThen(If, At->getIterator(),
                                                /*Unreachable=*/false,
                                                Rare ? Unlikely : nullptr);
  Then->setDebugLoc(At->getDebugLoc());
  return Then;
}

Instruction *ScopeRewriter::branchIfPending(Instruction *At) {
  IRBuilder<> B(At);
  return branch(B.CreateIsNotNull(Runtime.scopeHigh(B, Scope)), At,
                /*Rare=*/false);
}

void ScopeRewriter::touch(const Event &E) {
  if (E.To != Reach::Bytes)
    return touchUpwards(E);
  IRBuilder<> B(E.At);
  Type *SizeTy = DL.getIntPtrType(F.getContext());
  Value *Length = nullptr;
  for (Value *Factor : E.Length) {
    Value *Wide = B.CreateIntCast(Factor, SizeTy, /*isSigned=*/true);
    Length = Length ? B.CreateMul(Length, Wide) : Wide;
  }
  touchBytes(E.At, E.Address, Length, E.Writes);
}

/// Two compares in line, the rest in the runtime.
void ScopeRewriter::touchBytes(Instruction *At, Value *Address, Value *Length,
                               bool Writes) {
  IRBuilder<> B(At);
  Value *From = B.CreatePtrToInt(Address, Length->getType());
  Value *Overlaps = B.CreateAnd(
      B.CreateICmpULT(From, Runtime.scopeHigh(B, Scope)),
      B.CreateICmpUGT(B.CreateAdd(From, Length), Runtime.scopeLow(B, Scope)));
  IRBuilder<> Then(branch(Overlaps, At, /*Rare=*/true));
  Runtime.touch(Then, Scope, Address, Length, Writes);
}

/// Only the runtime can see how far.
void ScopeRewriter::touchUpwards(const Event &E) {
  IRBuilder<> B(E.At);
  Value *High = Runtime.scopeHigh(B, Scope);
  Value *From = B.CreatePtrToInt(E.Address, High->getType());
  IRBuilder<> Then(branch(B.CreateICmpULT(From, High), E.At, /*Rare=*/false));
  if (E.To == Reach::Text)
    Runtime.touchText(Then, Scope, E.Address);
  else
    Runtime.touchAllocation(Then, Scope, E.Address);
}

void ScopeRewriter::useStream(const Event &E) {
  IRBuilder<> B(branchIfPending(E.At));
  Runtime.useStream(B, Scope,
                    E.Address ? E.Address : Constant::getNullValue(PtrTy));
}

void ScopeRewriter::settle(Instruction *At) {
  IRBuilder<> B(branchIfPending(At));
  Runtime.settle(B, Scope);
}

/// If the store goes to what pending nodes read, no node may be pending.
void ScopeRewriter::avoidReaders(const Event &E) {
  if (E.Avoid.empty())
    return;
  IRBuilder<> B(E.At);
  Type *SizeTy = DL.getIntPtrType(F.getContext());
  Value *From = B.CreatePtrToInt(E.Address, SizeTy);
  Value *To = B.CreateAdd(From, ConstantInt::get(SizeTy, E.Size));
  Value *Any = nullptr;
  for (GlobalVariable *G : E.Avoid) {
    Value *Start = B.CreatePtrToInt(G, SizeTy);
    uint64_t Size = DL.getTypeAllocSize(G->getValueType()).getFixedValue();
    Value *End = B.CreateAdd(Start, ConstantInt::get(SizeTy, Size));
    Value *Overlaps =
        B.CreateAnd(B.CreateICmpULT(From, End), B.CreateICmpULT(Start, To));
    Any = Any ? B.CreateOr(Any, Overlaps) : Overlaps;
  }
  Instruction *Then = SplitBlockAndInsertIfThen(
      Any, E.At->getIterator(), /*Unreachable=*/false, Unlikely);
  settle(Then);
  for (unsigned V = 0; V != Vars.size(); ++V)
    if (V == E.Var || Plan.Variables[V].readsMemory())
      Vars.force(V, Then, V == E.Var && E.LastUse);
}

void ScopeRewriter::commit(const Event &E) {
  avoidReaders(E);
  Type *SizeTy = DL.getIntPtrType(F.getContext());
  Instruction *Plain = E.At;
  if (E.MayBePending) {
    IRBuilder<> B(E.At);
    Value *Node = Vars.loadNode(B, E.Var);
    Instruction *Pending, *There;
    SplitBlockAndInsertIfThenElse(B.CreateIsNotNull(Node), E.At->getIterator(),
                                  &Pending, &There);
    B.SetInsertPoint(Pending);
    B.SetCurrentDebugLocation(E.At->getDebugLoc());
    if (E.LastUse)
      Vars.clearNode(B, E.Var);
    else
      Runtime.retain(B, Node);
    Runtime.deferStore(B, Scope, Node, E.Address, E.Offset, E.Size);
    E.At->moveBefore(*There->getParent(), There->getIterator());
  }
  touchBytes(Plain, E.Address, ConstantInt::get(SizeTy, E.Size),
             /*Writes=*/true);
}
