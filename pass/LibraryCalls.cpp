//===- LibraryCalls.cpp - what a call of the C library touches ------------===//
//
// Algorithm
//   1. The table (LibraryTable.cpp) says what each argument is to the function,
//      and which others say how many bytes lie there.
//   2. Not described, so that everything pending is settled first: what calls
//      the program back, may end the thread, reads the environment (a string
//      given to putenv is the program's), returns memory of its own or keeps
//      the program's from call to call (strtok, localtime), takes a va_list.
//   3. Nor is what hands something on to other threads or processes, who may
//      take it for the word that memory is ready: write, send, fflush, fclose.
//
// A stream may lead to the program's own memory or code (fmemopen,
// open_memstream, fopencookie), and its output may be a point of cancellation.
// That is asked at run time (runtime/library.c), which is exact.
//
// Assumed of the library, besides what its standards say:
//   - A replacement of malloc and its family, and what the program has hung
//     into the library (register_printf_specifier, a custom stream that the
//     library flushes by itself), looks at memory it has been given only.
//   - Nobody reads the buffer of setvbuf, the state of initstate, the bytes of
//     a file that is also mapped into memory, or waits for what stdio has still
//     in its buffers, without a call between that is not described here.
//
//===----------------------------------------------------------------------===//

#include "LibraryCalls.h"

#include "LibraryFunctions.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;
using namespace lazypass;

static bool isDescribed(const LibraryFunction &Known) {
  switch (Known.Kind) {
  case LibraryFunction::Stateless:
  case LibraryFunction::Support:
  case LibraryFunction::ReadsLocale:
  case LibraryFunction::Allocates:
  case LibraryFunction::Streams:
  case LibraryFunction::OwnState:
    return true;
  default:
    return false;
  }
}

std::optional<LibraryCall>
lazypass::describeLibraryCall(CallBase &Call, const TargetLibraryInfo &TLI) {
  const LibraryFunction *Known = knownLibraryFunction(Call, TLI);
  if (!Known || !isDescribed(*Known))
    return std::nullopt;
  LibraryCall Result;
  Result.UsesStream = Known->Kind == LibraryFunction::Streams;
  bool WritesMore = Known->mayWriteMore(Call);
  for (unsigned I = 0; I != Call.arg_size(); ++I) {
    Value *Argument = Call.getArgOperand(I);
    if (!Argument->getType()->isPointerTy() ||
        isa<ConstantPointerNull>(Argument))
      continue;
    if (Call.isByValArgument(I) || Call.paramHasAttr(I, Attribute::StructRet))
      return std::nullopt;
    LibraryAccess A{Argument, Reach::Unknown, /*Writes=*/true, {}};
    switch (Known->access(I)) {
    case LibraryFunction::Nothing:
      continue;
    case LibraryFunction::Stream:
      Result.Stream = Argument;
      continue;
    case LibraryFunction::Calls:
    case LibraryFunction::UpdatesText:
      return std::nullopt;
    case LibraryFunction::Frees:
      A.To = Reach::Allocation;
      break;
    case LibraryFunction::Reads:
      A.Writes = WritesMore && I >= Call.getFunctionType()->getNumParams();
      if (Known->isText(Call, I))
        A.To = Reach::Text;
      break;
    case LibraryFunction::Updates:
    case LibraryFunction::Writes:
      break;
    }
    for (unsigned Factor : Known->lengthOf(I)) {
      A.To = Reach::Bytes;
      A.Length.push_back(Call.getArgOperand(Factor));
    }
    Result.Accesses.push_back(std::move(A));
  }
  return Result;
}
