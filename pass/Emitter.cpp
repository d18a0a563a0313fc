//===- Emitter.cpp - what compiled code says to the runtime ---------------===//
//
// See Emitter.h.  All descriptors are private to the module; a function that
// several modules call has one in each, which costs some bytes and spares the
// linker every question of which one is right.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "lazy/abi.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;
using namespace lazypass;

/// Constructors run lowest first; the program's own start at 65535, and may
/// call lazy functions.
static constexpr int RecordPriority = 101;

/// Instructions of functions that may be inlined where nodes are run.
static constexpr unsigned MostInlined = 40;

Emitter::Emitter(Module &M)
    : M(M), Ctx(M.getContext()), PtrTy(PointerType::get(Ctx, 0)),
      I32(Type::getInt32Ty(Ctx)), I64(Type::getInt64Ty(Ctx)),
      SizeTy(M.getDataLayout().getIntPtrType(Ctx)),
      SlotTy(StructType::get(Ctx, {I32, I32})),
      CopyTy(StructType::get(Ctx, {I32, I32})),
      FunctionTy(StructType::get(Ctx, {PtrTy, PtrTy, PtrTy, I32, I32, SlotTy,
                                       ArrayType::get(I64, 2), PtrTy, PtrTy,
                                       I64, PtrTy, PtrTy})),
      SiteTy(StructType::get(
          Ctx, {PtrTy, PtrTy, I32, I32, I32, I32, I64, I32, I32, I32})),
      ModuleTy(StructType::get(
          Ctx, {I32, I32, PtrTy, PtrTy, PtrTy, PtrTy, I64, I64})),
      ScopeTy(StructType::get(Ctx, {SizeTy, SizeTy, PtrTy, PtrTy, PtrTy})),
      RegionTy(StructType::get(Ctx, {PtrTy, I64, I32, I64, I64, PtrTy})),
      ObjectsTy(StructType::get(Ctx, {PtrTy, SizeTy, I32})),
      PlaceTy(StructType::get(Ctx, {PtrTy, PtrTy, I32, I32})),
      NameTy(StructType::get(Ctx, {PtrTy, I32})),
      CheckedTy(StructType::get(Ctx, {PtrTy, PtrTy, I32})),
      CachedTy(StructType::get(
          Ctx, {I32, I32, PtrTy, PtrTy, I32, I32, PtrTy, I64, PtrTy})),
      LayoutTy(StructType::get(Ctx, {PtrTy, PtrTy, PtrTy, I32, I32})),
      ExternalTy(StructType::get(Ctx, {PtrTy, PtrTy})),
      CodeTy(StructType::get(Ctx, {ArrayType::get(I64, 2), PtrTy, I64})) {}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

CallInst *Emitter::call(IRBuilder<> &B, StringRef Name, Type *Result,
                        ArrayRef<Value *> Arguments) {
  SmallVector<Type *, 5> Types;
  for (Value *A : Arguments)
    Types.push_back(A->getType());
  FunctionCallee Callee =
      M.getOrInsertFunction(Name, FunctionType::get(Result, Types, false));
  if (auto *F = dyn_cast<Function>(Callee.getCallee()))
    F->setDoesNotThrow();
  return B.CreateCall(Callee, Arguments);
}

CallInst *Emitter::open(IRBuilder<> &B, Constant *Site) {
  return call(B, "__lazy_open", PtrTy, {Site});
}
void Emitter::input(IRBuilder<> &B, Value *Node, unsigned K, Value *Producer,
                    uint64_t Offset) {
  call(B, "__lazy_input", B.getVoidTy(),
       {Node, B.getInt32(K), Producer, B.getInt32(Offset)});
}
void Emitter::start(IRBuilder<> &B, Value *Node) {
  call(B, "__lazy_start", B.getVoidTy(), {Node});
}
CallInst *Emitter::force(IRBuilder<> &B, Value *Node) {
  StringRef In = B.GetInsertBlock()->getParent()->getName();
  return call(B, "__lazy_force_at", PtrTy,
              {Node, place(In, B.getCurrentDebugLocation())});
}
CallInst *Emitter::retain(IRBuilder<> &B, Value *Node) {
  return call(B, "__lazy_retain", PtrTy, {Node});
}
void Emitter::release(IRBuilder<> &B, Value *Node) {
  call(B, "__lazy_release", B.getVoidTy(), {Node});
}
void Emitter::deferStore(IRBuilder<> &B, Value *Scope, Value *Node, Value *To,
                         uint64_t Offset, uint64_t Size) {
  call(B, "__lazy_defer_store", B.getVoidTy(),
       {Scope, Node, To, B.getInt32(Offset), B.getInt32(Size)});
}
/// For whoever looks where the program waits.
void Emitter::noteAt(IRBuilder<> &B, Value *Scope) {
  StringRef In = B.GetInsertBlock()->getParent()->getName();
  markHarmless(*B.CreateStore(place(In, B.getCurrentDebugLocation()),
                              B.CreateStructGEP(ScopeTy, Scope, 4)));
}
void Emitter::touch(IRBuilder<> &B, Value *Scope, Value *P, Value *Size,
                    bool Writes) {
  noteAt(B, Scope);
  call(B, "__lazy_touch", B.getVoidTy(),
       {Scope, P, Size, B.getInt32(Writes ? LAZY_WRITES : LAZY_READS)});
}
void Emitter::touchAllocation(IRBuilder<> &B, Value *Scope, Value *P) {
  noteAt(B, Scope);
  call(B, "__lazy_touch_allocation", B.getVoidTy(), {Scope, P});
}
Value *Emitter::touchText(IRBuilder<> &B, Value *Scope, Value *P) {
  noteAt(B, Scope);
  return call(B, "__lazy_touch_text", I64, {Scope, P});
}
void Emitter::useStream(IRBuilder<> &B, Value *Scope, Value *Stream) {
  noteAt(B, Scope);
  call(B, "__lazy_use_stream", B.getVoidTy(), {Scope, Stream});
}
void Emitter::settle(IRBuilder<> &B, Value *Scope) {
  noteAt(B, Scope);
  call(B, "__lazy_settle", B.getVoidTy(), {Scope});
}

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

static constexpr StringLiteral HarmlessMark = "lazy.harmless";

bool lazypass::isHarmless(const Instruction &I) {
  return I.getMetadata(HarmlessMark) != nullptr;
}

void lazypass::forgetPromises(Function &F) {
  F.setMemoryEffects(MemoryEffects::unknown());
  for (Attribute::AttrKind Kind :
       {Attribute::NoSync, Attribute::NoFree, Attribute::Speculatable,
        Attribute::NoCallback})
    F.removeFnAttr(Kind);
}

/// Its comdat is the original's: the linker may throw that away.
Function *lazypass::cloneInternally(Function &F, const Twine &Suffix) {
  ValueToValueMapTy Map;
  Function *Clone = CloneFunction(&F, Map);
  Clone->setName(F.getName() + Suffix);
  Clone->setLinkage(GlobalValue::InternalLinkage);
  Clone->setVisibility(GlobalValue::DefaultVisibility);
  Clone->setDLLStorageClass(GlobalValue::DefaultStorageClass);
  Clone->setComdat(nullptr);
  Clone->setDSOLocal(true);
  return Clone;
}

void lazypass::markHarmless(Instruction &I) {
  I.setMetadata(HarmlessMark, MDNode::get(I.getContext(), {}));
}

Value *Emitter::payload(IRBuilder<> &B, Value *Node, uint64_t Offset) {
  return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Node,
                                      LAZY_NODE_PAYLOAD + Offset);
}

Value *Emitter::load(IRBuilder<> &B, Type *T, Value *From, Align A) {
  Type *Memory = memoryType(T, M.getDataLayout());
  Value *V = B.CreateAlignedLoad(Memory, From, A);
  return Memory == T ? V : B.CreateTrunc(V, T);
}

void Emitter::store(IRBuilder<> &B, Value *V, Extension Extended, Value *To,
                    Align A) {
  Type *Memory = memoryType(V->getType(), M.getDataLayout());
  if (Memory != V->getType())
    V = Extended == Extension::Sign ? B.CreateSExt(V, Memory)
                                    : B.CreateZExt(V, Memory);
  B.CreateAlignedStore(V, To, A);
}

AllocaInst *Emitter::createScope(IRBuilder<> &B) {
  AllocaInst *Scope = B.CreateAlloca(ScopeTy, nullptr, "lazy.scope");
  B.CreateStore(ConstantStruct::get(ScopeTy, {Constant::getAllOnesValue(SizeTy),
                                              Constant::getNullValue(SizeTy),
                                              Constant::getNullValue(PtrTy),
                                              Constant::getNullValue(PtrTy),
                                              Constant::getNullValue(PtrTy)}),
                Scope);
  return Scope;
}
Value *Emitter::scopeLow(IRBuilder<> &B, Value *Scope) {
  return B.CreateLoad(SizeTy, B.CreateStructGEP(ScopeTy, Scope, 0));
}
Value *Emitter::scopeHigh(IRBuilder<> &B, Value *Scope) {
  return B.CreateLoad(SizeTy, B.CreateStructGEP(ScopeTy, Scope, 1));
}

AllocaInst *Emitter::createRegions(Function &F, unsigned Count) {
  IRBuilder<> B(&*F.getEntryBlock().getFirstInsertionPt());
  return B.CreateAlloca(ArrayType::get(RegionTy, Count), nullptr,
                        "lazy.regions");
}

void Emitter::setRegion(IRBuilder<> &B, AllocaInst *Regions, unsigned K,
                        const MemoryRows &R, unsigned Access,
                        Constant *Objects) {
  if (!Objects)
    Objects = Constant::getNullValue(PtrTy);
  Value *Fields[] = {R.P,     R.Size,   B.getInt32(Access),
                     R.Count, R.Stride, Objects};
  for (unsigned I = 0; I != std::size(Fields); ++I)
    B.CreateStore(Fields[I],
                  B.CreateConstInBoundsGEP2_32(
                      RegionTy,
                      B.CreateConstInBoundsGEP2_32(Regions->getAllocatedType(),
                                                   Regions, 0, K),
                      0, I));
}

Constant *Emitter::objects(const Region &R) {
  if (!R.isVisited())
    return nullptr;
  Constant *&Known = Visitables[{R.Of.Visitor, R.Of.Size, R.Told}];
  if (!Known)
    Known = privateGlobal(
        ConstantStruct::get(ObjectsTy,
                            {R.Of.Visitor, ConstantInt::get(SizeTy, R.Of.Size),
                             ConstantInt::get(I32, R.Told)}),
        /*Constant=*/true, "lazy.objects");
  return Known;
}

static Value *countOf(IRBuilder<> &B, const AllocaInst *Regions) {
  return B.getInt32(Regions->getAllocatedType()->getArrayNumElements());
}

Value *Emitter::acceptRegions(IRBuilder<> &B, Value *Scope, Value *Node,
                              AllocaInst *Regions) {
  return B.CreateIsNotNull(call(B, "__lazy_regions", I32,
                                {Scope, Node, Regions, countOf(B, Regions)}));
}

void Emitter::noteReads(IRBuilder<> &B, Value *Node, AllocaInst *Regions) {
  call(B, "__lazy_reads", B.getVoidTy(), {Node, Regions, countOf(B, Regions)});
}

void Emitter::touchRegions(IRBuilder<> &B, Value *Scope, AllocaInst *Regions) {
  noteAt(B, Scope);
  call(B, "__lazy_touch_regions", B.getVoidTy(),
       {Scope, Regions, countOf(B, Regions)});
}

//===----------------------------------------------------------------------===//
// Descriptors
//===----------------------------------------------------------------------===//

GlobalVariable *Emitter::privateGlobal(Constant *Init, bool Constant,
                                       const Twine &Name) {
  auto *G = new GlobalVariable(M, Init->getType(), Constant,
                               GlobalValue::InternalLinkage, Init, Name);
  G->setDSOLocal(true);
  return G;
}

Constant *Emitter::string(StringRef Text) {
  Constant *&S = Strings[Text];
  if (!S) {
    auto *G = privateGlobal(ConstantDataArray::getString(Ctx, Text), true,
                            "lazy.string");
    G->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
    G->setAlignment(Align(1));
    S = G;
  }
  return S;
}

/// May it ask what the graph looks like?  Then that is to be known from the
/// start.
static bool looksAtGraph(const Module &M) {
  return any_of(ArrayRef{"lazy_dump", "lazy_dump_value", "lazy_draw"},
                [&](StringRef Name) {
                  const Function *F = M.getFunction(Name);
                  return F && !F->use_empty();
                });
}

GlobalVariable *Emitter::record() {
  if (!Record)
    Record = privateGlobal(
        ConstantStruct::get(
            ModuleTy,
            {ConstantInt::get(I32, LAZY_ABI_VERSION),
             ConstantInt::get(I32, LAZY_MODE_SERIAL),
             string(M.getSourceFileName()), string(LAZYPASS_VERSION),
             Constant::getNullValue(PtrTy), Constant::getNullValue(PtrTy),
             ConstantInt::get(I64, 0), ConstantInt::get(I64, looksAtGraph(M))}),
        /*Constant=*/false, "lazy.module");
  return Record;
}

/// NAME + Suffix, compiled like the function whose code or calls it has.
Function *Emitter::internalFunction(const Function &Like, StringRef Suffix,
                                    ArrayRef<Type *> Parameters) {
  auto *T = Function::Create(
      FunctionType::get(Type::getVoidTy(Ctx), Parameters, false),
      GlobalValue::InternalLinkage, Like.getName() + Suffix, M);
  T->setDSOLocal(true);
  Made.insert(T);
  for (StringRef Kind :
       {"target-cpu", "target-features", "tune-cpu", "frame-pointer",
        "min-legal-vector-width", "no-builtins"})
    if (Attribute A = Like.getFnAttribute(Kind); A.isValid())
      T->addFnAttr(A);
  if (Like.hasFnAttribute(Attribute::UWTable))
    T->setUWTableKind(Like.getUWTableKind());
  return T;
}

CallInst *Emitter::plainCall(IRBuilder<> &B, Function &F,
                             ArrayRef<Value *> Arguments) {
  CallInst *Call = B.CreateCall(&F, Arguments);
  Call->setCallingConv(F.getCallingConv());
  AttributeList Attributes = F.getAttributes();
  SmallVector<AttributeSet, 8> ParamAttributes;
  for (unsigned I = 0; I != F.arg_size(); ++I)
    ParamAttributes.push_back(Attributes.getParamAttrs(I));
  Call->setAttributes(AttributeList::get(F.getContext(), AttributeSet(),
                                         Attributes.getRetAttrs(),
                                         ParamAttributes));
  return Call;
}

/// void NAME.lazy(ptr payload): the original call, on the payload.
Function *Emitter::thunk(const LazyFunction &Fn) {
  Function *T = internalFunction(*Fn.F, ".lazy", PtrTy);
  IRBuilder<> B(BasicBlock::Create(Ctx, "", T));
  callOnPayload(B, Fn, T->getArg(0));
  B.CreateRetVoid();
  return T;
}

void Emitter::callOnPayload(IRBuilder<> &B, const LazyFunction &Fn,
                            Value *Payload) {
  auto At = [&](const PayloadSlot &S) {
    return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Payload, S.Offset);
  };
  // An object in memory: where it lies, or aligned as the function wants it.
  auto Object = [&](const PayloadSlot &S) -> Value * {
    if (S.Wanted <= S.alignment())
      return At(S);
    AllocaInst *Aligned = B.CreateAlloca(S.Ty);
    Aligned->setAlignment(S.Wanted);
    return Aligned;
  };
  SmallVector<Value *, 8> Arguments(Fn.F->arg_size());
  Value *Returned = Fn.SRet ? Object(Fn.Result) : nullptr;
  if (Fn.SRet)
    Arguments[0] = Returned;
  for (const ArgumentSlot &S : Fn.Arguments) {
    Value *&Argument = Arguments[S.Parameter];
    Argument = S.ByVal ? Object(S) : load(B, S.Ty, At(S), S.alignment());
    if (isa<AllocaInst>(Argument))
      B.CreateMemCpy(Argument, S.Wanted, At(S), S.alignment(), S.Size);
  }
  if (Fn.Levels)
    Arguments.push_back(B.CreateAlignedLoad(
        I32,
        B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Payload, Fn.Levels.Slot),
        Align(4)));
  CallInst *Call = plainCall(B, Fn.Levels ? *Fn.Levels.At : *Fn.F, Arguments);
  // Beside a node the call of a function of some size costs nothing, and its
  // body is not compiled another time.
  if (Fn.F->getInstructionCount() > MostInlined)
    Call->setIsNoInline();
  if (Fn.isVoid())
    return;
  if (!Fn.SRet)
    store(B, Call, Fn.Result.Extended, At(Fn.Result), Fn.Result.alignment());
  else if (isa<AllocaInst>(Returned))
    B.CreateMemCpy(At(Fn.Result), Fn.Result.alignment(), Returned,
                   Fn.Result.Wanted, Fn.Result.Size);
}

/// Where copies of its regions may lie, region by region.
Constant *Emitter::copies(const LazyFunction &Fn) {
  if (none_of(Fn.Regions, [](const Region &R) { return R.Room; }))
    return Constant::getNullValue(PtrTy);
  SmallVector<Constant *, 4> Copies;
  for (const Region &R : Fn.Regions)
    Copies.push_back(ConstantStruct::get(
        CopyTy, {ConstantInt::get(I32, Fn.slotOf(R.Parameter)->Offset),
                 ConstantInt::get(I32, R.Copy)}));
  return privateGlobal(
      ConstantArray::get(ArrayType::get(CopyTy, Copies.size()), Copies), true,
      "lazy.copies." + Fn.F->getName());
}

Constant *Emitter::slot(uint64_t Offset, uint64_t Size) {
  return ConstantStruct::get(
      SlotTy, {ConstantInt::get(I32, Offset), ConstantInt::get(I32, Size)});
}

Constant *Emitter::slots(ArrayRef<Constant *> Slots, const Twine &Name) {
  if (Slots.empty())
    return Constant::getNullValue(PtrTy);
  return privateGlobal(
      ConstantArray::get(ArrayType::get(SlotTy, Slots.size()), Slots),
      /*Constant=*/true, Name);
}

/// What to take the bytes of a value for, as abi.h has it.
static char letterOf(const PayloadSlot &S, bool ByVal) {
  if (!S.Ty || ByVal)
    return '?';
  if (S.Ty->isPointerTy())
    return 'p';
  if (S.Ty->isIntegerTy())
    return S.Ty->isIntegerTy(1) || S.Extended == Extension::Zero ? 'u' : 'i';
  return S.Ty->isFloatTy() || S.Ty->isDoubleTy() ? 'f' : '?';
}

static std::string lettersOf(const LazyFunction &Fn) {
  std::string Letters;
  for (const ArgumentSlot &S : Fn.Arguments)
    Letters += letterOf(S, S.ByVal);
  return Letters + letterOf(Fn.Result, Fn.SRet);
}

Constant *Emitter::function(const LazyFunction &Fn) {
  Constant *&Descriptor = Functions[&Fn];
  if (Descriptor)
    return Descriptor;
  SmallVector<Constant *, 8> Slots;
  for (const ArgumentSlot &S : Fn.Arguments)
    Slots.push_back(slot(S.Offset, S.Size));
  Constant *Arguments = slots(Slots, "lazy.arguments." + Fn.F->getName());
  Constant *Init = ConstantStruct::get(
      FunctionTy,
      {string(Fn.F->getName()), thunk(Fn), Arguments,
       ConstantInt::get(I32, Fn.Arguments.size()),
       ConstantInt::get(I32, Fn.PayloadSize),
       slot(Fn.Result.Offset, Fn.Result.Size), hash(Fn.Code), copies(Fn),
       externals(Fn.Code, "lazy.externals." + Fn.F->getName()),
       ConstantInt::get(I64, Fn.Code.Externals.size()),
       Constant::getNullValue(PtrTy), string(lettersOf(Fn))});
  Descriptor = privateGlobal(Init, true, "lazy.function." + Fn.F->getName());
  return Descriptor;
}

Constant *Emitter::site(const Site &S, unsigned Inputs, bool Kept) {
  GlobalVariable *Batched = batchedSite(*S.Call);
  const DebugLoc &Loc = S.Call->getDebugLoc();
  unsigned Flags = (S.Certain ? LAZY_SITE_CERTAIN : 0) |
                   (Kept ? LAZY_SITE_KEPT : 0) |
                   (S.hasRegions() ? LAZY_SITE_REGIONS : 0);
  Constant *Init = ConstantStruct::get(
      SiteTy,
      {function(*S.Fn),
       string(Loc ? Loc->getFilename() : StringRef(M.getSourceFileName())),
       ConstantInt::get(I32, Loc ? Loc.getLine() : 0),
       ConstantInt::get(I32, Loc ? Loc.getCol() : 0),
       ConstantInt::get(I32, Flags), ConstantInt::get(I32, Inputs),
       ConstantInt::get(I64, 0), ConstantInt::get(I32, 0),
       ConstantInt::get(I32, 0), ConstantInt::get(I32, 0)});
  if (!Batched)
    return privateGlobal(Init, /*Constant=*/false,
                         "lazy.site." + S.Fn->F->getName());
  Batched->setInitializer(Init);
  return Batched;
}

void Emitter::finish(bool Checks) {
  if (Checks)
    record();
  if (!Record)
    return;
  tellCached();
  auto Define = [&](StringRef Name, StringRef Callee) {
    auto *F = Function::Create(FunctionType::get(Type::getVoidTy(Ctx), false),
                               GlobalValue::InternalLinkage, Name, M);
    F->setDoesNotThrow();
    IRBuilder<> B(BasicBlock::Create(Ctx, "", F));
    call(B, Callee, B.getVoidTy(), {Record});
    B.CreateRetVoid();
    return F;
  };
  appendToGlobalCtors(
      M,
      Define("lazy.attach", Checks ? "__lazy_attach_checked" : "__lazy_attach"),
      RecordPriority);
  appendToGlobalDtors(M, Define("lazy.detach", "__lazy_detach"),
                      RecordPriority);
}
