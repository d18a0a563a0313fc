//===- Diagnostics.cpp - errors and warnings about lazy functions ---------===//
//
// Algorithm, for each lazy function with a violation
//   1. If the way there leads through another lazy function, that one's own
//      diagnostic says it all.
//   2. Proved: an error.  Unseen: a warning that says what follows from it, and
//      how to vouch.  Both stand at the offending instruction.
//   3. The calls that lead there are notes, from the inside out; and one says
//      what to use instead.
// One whose body does more than the annotations of its parameters say gets a
// warning, too.
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"

#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;
using namespace lazypass;

std::string SourcePlace::text() const {
  return Line ? File + ":" + std::to_string(Line) + ":" + std::to_string(Column)
              : "";
}

std::string Violation::predicate(const Function &F) const {
  std::string Text =
      In == &F ? What : "calls '" + In->getName().str() + "', which " + What;
  if (Kind == Unseen) {
    Text += "; mark ";
    if (Callee)
      Text += "'" + Callee->getName().str() + "' or ";
    Text += "'" + F.getName().str() + "' LAZY_TRUSTED to vouch for it";
  }
  return Text;
}

/// Of \p Where, or else of the head of the function \p In.
static SourcePlace placeOf(const DebugLoc &Where, const Function &In) {
  if (Where && Where.getLine())
    return {Where->getFilename().str(), Where->getDirectory().str(),
            Where.getLine(), Where.getCol()};
  if (const DISubprogram *S = In.getSubprogram())
    return {S->getFilename().str(), S->getDirectory().str(), S->getLine(), 1};
  return {};
}

/// Step 1.
static bool isToldElsewhere(const LazyFunction &L, const Violation &V,
                            const LazyFunctions &Lazy) {
  auto IsOther = [&](const Function *F) {
    auto It = Lazy.find(const_cast<Function *>(F));
    return F != L.F && It != Lazy.end() && It->second.Annotated;
  };
  return IsOther(V.In) ||
         any_of(V.Chain, [&](const CallStep &S) { return IsOther(S.Caller); });
}

/// Steps 2 and 3, of \p F: what stands in front, if it is proved and if not.
static Diagnostic describe(const Function &F, StringRef Proved,
                           StringRef Unseen, const Violation &V) {
  Diagnostic D;
  D.Severity = V.isError() ? Diagnostic::Error : Diagnostic::Warning;
  D.Place = placeOf(V.Where, *V.In);
  D.Text = ((V.isError() ? Proved : Unseen) + V.predicate(F)).str();
  const Function *Callee = V.In;
  for (const CallStep &S : V.Chain) {
    D.Notes.push_back(
        {placeOf(S.Where, *S.Caller), ("'" + S.Caller->getName() + "' calls '" +
                                       Callee->getName() + "' here")
                                          .str()});
    Callee = S.Caller;
  }
  if (!V.Instead.empty())
    D.Notes.push_back({D.Place, ("use '" + V.Instead + "' instead, or mark '" +
                                 F.getName() + "' LAZY_TRUSTED to vouch for it")
                                    .str()});
  return D;
}

static Diagnostic describeLazy(const Function &F, const Violation &V) {
  std::string Name = ("lazy function '" + F.getName() + "' ").str();
  return describe(F, Name, Name + "runs in place: it ", V);
}

static Diagnostic describeContradiction(const LazyFunction &L) {
  Diagnostic D;
  D.Severity = Diagnostic::Warning;
  D.Place = placeOf(DebugLoc(), *L.F);
  D.Text =
      ("lazy function '" + L.F->getName() + "' runs in place: " + L.Refusal)
          .str();
  return D;
}

void lazypass::diagnoseViolations(const LazyFunctions &Lazy,
                                  DiagnosticSink &Sink) {
  for (const auto &[F, L] : Lazy) {
    if (!L.Annotated)
      continue;
    if (L.Contradicted)
      Sink.report(describeContradiction(L), F->getContext());
    const auto &V = L.Memory.Worst;
    if (V && V->Kind != Violation::Unsupported && !isToldElsewhere(L, *V, Lazy))
      Sink.report(describeLazy(*F, *V), F->getContext());
  }
}

void lazypass::diagnoseVisitor(const Function &V, const Effects &E,
                               DiagnosticSink &Sink) {
  std::string Name = ("'" + V.getName() + "' ").str(),
              NotUsed = "visitors are not used, because " + Name;
  Diagnostic D;
  if (E.Worst) {
    D = describe(V, "visitor " + Name, NotUsed + "may do more than tell: it ",
                 *E.Worst);
  } else {
    D.Severity = Diagnostic::Warning;
    D.Place = placeOf(DebugLoc(), V);
    D.Text = NotUsed + "looks at more than its object; tell that by "
                       "lazy_visit_objects(), with a visitor of its own";
  }
  Sink.report(D, V.getContext());
}
