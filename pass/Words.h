//===- Words.h - what the source says about a function ----------*- C++ -*-===//
#ifndef LAZYPASS_WORDS_H
#define LAZYPASS_WORDS_H

#include "LazyFunction.h"
#include <map>

namespace lazypass {

/// What the annotations of one function say.
struct Words {
  bool Lazy = false, Trusted = false, Cached = false, NotCached = false;
  std::string Salt;
  llvm::SmallVector<unsigned, 2> Opaque; ///< the IR's parameters
  std::map<unsigned, unsigned> Files;    ///< their enum lazy_access, by those
  std::vector<Region> Regions;
  llvm::SmallVector<unsigned, 4> Numbers;  ///< as well
  std::map<unsigned, Visitable> Visited;   ///< by the IR's parameters
  std::map<unsigned, std::string> Holders; ///< types without a visitor
  std::optional<ObjectLayout> Layout;      ///< of what the visitor is for
};

/// What the annotations of \p M say, for each function that has any.
llvm::DenseMap<const llvm::Function *, Words>
readAnnotations(const llvm::Module &M);

} // namespace lazypass

#endif // LAZYPASS_WORDS_H
