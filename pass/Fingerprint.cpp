//===- Fingerprint.cpp - what a result follows from, in the code ----------===//
//
// Algorithm, for one function
//   1. Write down what holds for all: compiler, target, format.
//   2. Number what it refers to, and what that refers to, and so on, in the
//      order in which it is found.  For each write down the hash of its text
//      (CodeText.cpp) and the numbers of what it refers to.
//   3. For a lazy function, write down what its results are found by besides:
//      the regions, and which variables it reads, by their numbers.
//   4. Hash it.  What has no text here is left for the runtime to find.
//
// Two functions have the same fingerprint exactly if the graphs of what they
// refer to are the same, edge by edge; recursion and sharing need no special
// care.  That takes the whole graph for each function: but only a few words of
// each part, for the texts are hashed once.
//
// A hash of hashes of callees would be cheaper, and wrong: it would not tell
// whether two callees read the same variable, or two that look alike.
//
//===----------------------------------------------------------------------===//

#include "Fingerprint.h"

#include "Compat.h"
#include "LazyFunction.h"
#include "lazy/abi.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace lazypass;

/// Whatever changes what is written, here or in CodeText.cpp, changes it.
static constexpr unsigned Format = 1;

static void add(SmallVectorImpl<uint8_t> &Bytes, uint64_t N) {
  uint8_t Digits[10];
  Bytes.append(Digits, Digits + encodeULEB128(N, Digits));
}

static void add(SmallVectorImpl<uint8_t> &Bytes, StringRef S) {
  add(Bytes, S.size());
  Bytes.append(S.bytes_begin(), S.bytes_end());
}

Fingerprints::Fingerprints(Module &M, unsigned Level,
                           FunctionAnalysisManager &FAM)
    : M(M), Level(Level), FAM(FAM) {
  add(Target, Format);
  add(Target, LAZY_ABI_VERSION);
  add(Target, LLVM_VERSION_MAJOR);
  add(Target, LLVM_VERSION_MINOR);
  add(Target, targetOf(M).str());
  add(Target, M.getDataLayoutStr());
}

const CodeText &Fingerprints::textOf(const GlobalValue &G) {
  auto [It, New] = Texts.try_emplace(&G);
  if (New)
    It->second = lazypass::textOf(G, Level, FAM);
  return It->second;
}

/// The graph below one function.
class Fingerprints::Closure {
  Fingerprints &All;
  Fingerprint Found;
  SmallVector<uint8_t, 0> Bytes;
  SmallVector<const GlobalValue *, 32> Parts;
  DenseMap<const GlobalValue *, unsigned> Numbers;
  StringSet<> Seen;
  bool Open = false;

  unsigned numberOf(const GlobalValue &G) {
    auto [It, New] = Numbers.insert({&G, Parts.size()});
    if (New)
      Parts.push_back(&G);
    return It->second;
  }

public:
  Closure(Fingerprints &All, const GlobalValue &Root)
      : All(All), Bytes(All.Target) {
    numberOf(Root);
  }

  void add(uint64_t N) { ::add(Bytes, N); }
  void add(const Extent &E) {
    add(E.Steps.size());
    for (const Extent::Step &S : E.Steps) {
      add(S.K);
      add(S.Value);
    }
  }
  void add(const GlobalValue &G) { add(numberOf(G)); }

  /// Steps 2 and 4.
  Fingerprint finish() {
    for (unsigned I = 0; I != Parts.size(); ++I) {
      const CodeText &Text = All.textOf(*Parts[I]);
      for (uint64_t Word : Text.Hash)
        add(Word);
      for (const GlobalValue *G : Text.References)
        add(*G);
      for (const std::string &Name : Text.Externals)
        if (Seen.insert(Name).second)
          Found.Externals.push_back(Name);
      Open |= Text.Open;
    }
    if (Open)
      return {};
    XXH128_hash_t Hash = xxh3_128bits(Bytes);
    Found.Hash[0] = Hash.low64 | (!Hash.low64 && !Hash.high64);
    Found.Hash[1] = Hash.high64;
    return std::move(Found);
  }
};

Fingerprint Fingerprints::of(const GlobalValue &G) {
  return Closure(*this, G).finish();
}

Fingerprint Fingerprints::of(const LazyFunction &L) {
  Closure All(*this, *L.F);
  All.add(L.Cached);
  All.add(L.Regions.size());
  for (const Region &R : L.Regions) {
    for (unsigned N : {R.Parameter, R.Access, R.Told, unsigned(R.Said),
                       unsigned(R.Shown), unsigned(R.Declared)})
      All.add(N);
    for (const Extent *E : {&R.Size, &R.Offset, &R.Rows, &R.Stride})
      All.add(*E);
    All.add(R.Of.Visitor != nullptr);
    if (R.Of.Visitor)
      All.add(*R.Of.Visitor);
    All.add(R.Of.Size);
  }
  All.add(L.Memory.Reads.size());
  for (const GlobalVariable *G : L.Memory.Reads)
    All.add(*G);
  return All.finish();
}

std::vector<std::pair<GlobalValue *, Fingerprint>> Fingerprints::ofVisible() {
  std::vector<std::pair<GlobalValue *, Fingerprint>> Visible;
  if (!hasRuntime(M))
    return Visible;
  for (GlobalValue &G : M.global_values()) {
    auto *V = dyn_cast<GlobalVariable>(&G);
    if (G.isDeclarationForLinker() || G.hasLocalLinkage() ||
        isa<GlobalIFunc>(G) || G.getName() == "main" ||
        G.getName().starts_with("llvm.") || (V && !V->isConstant()))
      continue;
    Visible.push_back({&G, of(G)});
  }
  return Visible;
}
