//===- Polynomial.cpp - how far two expressions are apart -----------------===//
//
// See Polynomial.h.
//
//===----------------------------------------------------------------------===//

#include "Polynomial.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;
using namespace lazypass;

/// What has more terms is taken as it stands.
static constexpr size_t MostTerms = 64;

Polynomial &Polynomial::add(const Polynomial &P, int64_t Times) {
  for (const auto &[Factors, Coefficient] : P.Terms)
    if ((Terms[Factors] += Coefficient * uint64_t(Times)) == 0)
      Terms.erase(Factors);
  return *this;
}

Polynomial Polynomial::times(const Polynomial &P) const {
  Polynomial Product;
  for (const auto &[Left, A] : Terms)
    for (const auto &[Right, B] : P.Terms) {
      std::vector<const SCEV *> Factors(Left.size() + Right.size());
      std::merge(Left.begin(), Left.end(), Right.begin(), Right.end(),
                 Factors.begin());
      if ((Product.Terms[Factors] += A * B) == 0)
        Product.Terms.erase(Factors);
    }
  return Product;
}

Polynomial::Polynomial(const SCEV *S) {
  if (auto *Number = dyn_cast<SCEVConstant>(S);
      Number && Number->getAPInt().getBitWidth() == 64) {
    if (!Number->isZero())
      Terms[{}] = Number->getAPInt().getZExtValue();
  } else if (auto *Sum = dyn_cast<SCEVAddExpr>(S)) {
    for (const SCEV *Operand : Sum->operands())
      add(Polynomial(Operand));
  } else if (auto *Mul = dyn_cast<SCEVMulExpr>(S)) {
    Polynomial Product(Mul->getOperand(0));
    for (const SCEV *Factor : drop_begin(Mul->operands()))
      Product = Product.times(Polynomial(Factor));
    if (Product.Terms.size() <= MostTerms)
      *this = std::move(Product);
    else
      Terms[{S}] = 1;
  } else {
    Terms[{S}] = 1;
  }
}

std::optional<int64_t> Polynomial::constant() const {
  if (Terms.empty())
    return 0;
  if (Terms.size() > 1 || !Terms.begin()->first.empty())
    return std::nullopt;
  return int64_t(Terms.begin()->second);
}
