//===- Polynomial.h - how far two expressions are apart ---------*- C++ -*-===//
//
// ScalarEvolution writes a * b + a * c as a * (b + c), so a difference of two
// of its expressions may be a number without looking like one.
//
//===----------------------------------------------------------------------===//

#ifndef LAZYPASS_POLYNOMIAL_H
#define LAZYPASS_POLYNOMIAL_H

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace llvm {
class SCEV;
} // namespace llvm

namespace lazypass {

/// A sum of products with integer coefficients, modulo 2^64.
///   no coefficient is 0;  the factors of a product are in order of address
class Polynomial {
  std::map<std::vector<const llvm::SCEV *>, uint64_t> Terms;

public:
  Polynomial() = default;
  explicit Polynomial(const llvm::SCEV *S);

  Polynomial &add(const Polynomial &P, int64_t Times = 1);
  Polynomial times(const Polynomial &P) const;

  /// The number that it is, if it is one.
  std::optional<int64_t> constant() const;
};

} // namespace lazypass

#endif // LAZYPASS_POLYNOMIAL_H
