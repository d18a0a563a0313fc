//===- LibraryFunctions.cpp - what is known of libc and libm --------------===//
//
// Algorithm
//   1. A table, by effect and prototype.
//   2. A name alone proves nothing: a program may have a function of its own
//      that is called `read`.  The prototype must be right in every parameter,
//      also for LLVM's TargetLibraryInfo where that knows the name, and
//      -ffreestanding and -fno-builtin switch the knowledge off.
//
// Sources: ISO C23, clauses 7.3 <complex.h>, 7.12 <math.h>, 7.23 <stdio.h>,
// 7.24 <stdlib.h>, 7.26 <string.h>, 7.29 <time.h>; POSIX.1-2024, System
// Interfaces, for what is not in C; the Linux Standard Base for the checked
// forms (__*_chk) that _FORTIFY_SOURCE calls.
//
// Sound, with two things given up: errno, which many of them set (so does the
// plain program's worker thread), and uselocale(), which makes "the locale"
// another one in each thread.  abort and a failed assertion count as
// stateless: they end the process wherever they run.
//
//===----------------------------------------------------------------------===//

#include "LibraryFunctions.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;
using namespace lazypass;

namespace {

/// One row of the table.  Type is the result's letter and those of the
/// parameters:
///
///   v  void            d  floating point
///   i  integer         f  the type of the variant: double for NAME, float for
///                         NAMEf, long double for NAMEl, all of them known
///   p  pointer that is not followed, as far as callers can see
///   r  pointer read    w  written    u  both    k  freed
///   t  both, and so is the text that the pointer there points to
///   c  function that is called, with pointers to what the others point to
///   o  format that is read; a conversion %n would write
///   .  any more arguments, read
///
/// An empty Type fits any: where the ABI decides what the IR looks like.  In
/// Instead, * stands for the name.
struct Row {
  LibraryFunction::Effect Kind;
  StringLiteral Why, Type, Names;
  StringLiteral Instead = "";
};

/// A function of a row, and which variant of it.
struct Entry {
  LibraryFunction Function;
  char Variant; ///< 'd', 'f' or 'l'
};

} // namespace

static constexpr auto Stateless = LibraryFunction::Stateless;
static constexpr auto Support = LibraryFunction::Support;
static constexpr auto ReadsState = LibraryFunction::ReadsState;
static constexpr auto Allocates = LibraryFunction::Allocates;
static constexpr auto PerThread = LibraryFunction::PerThread;
static constexpr auto MarksPlace = LibraryFunction::MarksPlace;
static constexpr auto Jumps = LibraryFunction::Jumps;
static constexpr auto Stateful = LibraryFunction::Stateful;

static constexpr StringLiteral IO = "does I/O";
static constexpr StringLiteral Keeps = "keeps state between calls";
static constexpr StringLiteral Clock = "depends on when it is called";
static constexpr StringLiteral Process = "acts on the whole process";
static constexpr StringLiteral Threads = "acts on other threads";
static constexpr StringLiteral FloatMode =
    "changes the floating-point environment";
static constexpr StringLiteral CharacterTables =
    "uses <ctype.h>, whose answers depend on the thread";

static constexpr StringLiteral Reentrant = "*_r";

static constexpr Row Table[] = {
    // <math.h>
    {Stateless, "", "ff",
     "acos acosh asin asinh atan atanh cbrt ceil cos cosh erf erfc exp exp10 "
     "exp2 expm1 fabs floor j0 j1 log log10 log1p log2 logb nearbyint rint "
     "round roundeven sin sinh sqrt tan tanh tgamma trunc y0 y1"},
    {Stateless, "", "fff",
     "atan2 copysign drem fdim fmax fmin fmod hypot nextafter pow remainder"},
    {Stateless, "", "ffff", "fma"},
    {Stateless, "", "ffd", "nexttoward"},
    {Stateless, "", "ffi", "ldexp scalbln scalbn"},
    {Stateless, "", "fif", "jn yn"},
    {Stateless, "", "if",
     "__finite __fpclassify __isinf __isnan __signbit finite ilogb isinf isnan "
     "llrint llround lrint lround"},
    {Stateless, "", "ffw", "frexp lgamma_r modf"},
    {Stateless, "", "fffw", "remquo"},
    {Stateless, "", "vfww", "sincos"},
    {Stateless, "", "fr", "nan"},
    {Stateful, "writes 'signgam'", "ff", "lgamma", Reentrant},
    {Stateful, "writes 'signgam'", "ff", "gamma", "lgamma_r"},
    // <complex.h>: how a complex number is passed is the ABI's business.
    {Stateless, "", "",
     "cabs cabsf cabsl cacos cacosf cacosl cacosh cacoshf cacoshl carg cargf "
     "cargl casin casinf casinl casinh casinhf casinhl catan catanf catanl "
     "catanh catanhf catanhl ccos ccosf ccosl ccosh ccoshf ccoshl cexp cexpf "
     "cexpl cimag cimagf cimagl clog clogf clogl conj conjf conjl cpow cpowf "
     "cpowl cproj cprojf cprojl creal crealf creall csin csinf csinl csinh "
     "csinhf csinhl csqrt csqrtf csqrtl ctan ctanf ctanl ctanh ctanhf ctanhl"},
    // What clang itself calls to multiply and divide complex numbers.
    {Support, "", "",
     "__divdc3 __divsc3 __divtc3 __divxc3 __muldc3 __mulsc3 __multc3 "
     "__mulxc3"},
    // <stdlib.h>
    {Stateless, "", "ii", "abs imaxabs labs llabs"},
    {Stateless, "", "", "div imaxdiv ldiv lldiv"},
    {Stateless, "", "v", "abort"},
    {Stateless, "", "vrrir", "__assert_fail"},
    {Allocates, "", "pi", "malloc"},
    {Allocates, "", "pii", "aligned_alloc calloc memalign"},
    {Allocates, "", "pki", "realloc"},
    {Allocates, "", "pkii", "reallocarray"},
    {Stateless, "", "vk", "free"},
    {ReadsState, "", "dr", "atof"},
    {ReadsState, "", "ir", "atoi atol atoll"},
    {ReadsState, "", "drw", "strtod strtof strtold"},
    {ReadsState, "", "irwi",
     "strtoimax strtol strtoll strtoul strtoull strtoumax __isoc23_strtoimax "
     "__isoc23_strtol __isoc23_strtoll __isoc23_strtoul __isoc23_strtoull "
     "__isoc23_strtoumax"},
    {ReadsState, "", "pr", "getenv secure_getenv"},
    {Stateless, "", "iu", "rand_r"},
    {Stateless, "", "iuw", "drand48_r lrand48_r mrand48_r"},
    {Stateless, "", "iiw", "srand48_r"},
    {Stateful, Keeps, "i", "lrand48 mrand48 rand", Reentrant},
    {Stateful, Keeps, "i", "random", "rand_r"},
    {Stateful, Keeps, "d", "drand48", Reentrant},
    {Stateful, Keeps, "vi", "srand srand48 srandom"},
    {Stateful, Process, "vi", "_Exit _exit exit quick_exit"},
    {Stateful, Process, "ip", "at_quick_exit atexit system unsetenv putenv"},
    {Stateful, Process, "ippi", "setenv"},
    {Stateless, "", "vuiic", "qsort"},
    {Stateless, "", "vuiicp", "qsort_r"},
    {Stateless, "", "prriic", "bsearch"},
    // <string.h>
    {Stateless, "", "prii", "memchr memrchr"},
    {Stateless, "", "irri", "bcmp memcmp strncmp"},
    {Stateless, "", "pri", "strchr strchrnul strrchr"},
    {Stateless, "", "irr", "strcmp strcspn strspn"},
    {Stateless, "", "prr", "strpbrk strstr"},
    {Stateless, "", "priri", "memmem"},
    {Stateless, "", "ir", "strlen"},
    {Stateless, "", "iri", "strnlen"},
    {ReadsState, "", "irr", "strcasecmp strcoll"},
    {ReadsState, "", "irri", "strncasecmp"},
    {ReadsState, "", "iwri", "strxfrm"},
    {Stateless, "", "pwri", "memcpy memmove mempcpy stpncpy strncpy"},
    {Stateless, "", "pwrii", "memccpy"},
    {Stateless, "", "pwii", "memset"},
    {Stateless, "", "vwi", "bzero explicit_bzero"},
    {Stateless, "", "vrwi", "bcopy"},
    {Stateless, "", "pwr", "stpcpy strcpy"},
    {Stateless, "", "pur", "strcat"},
    {Stateless, "", "puri", "strncat"},
    {Stateless, "", "iwri", "strlcpy"},
    {Stateless, "", "iuri", "strlcat"},
    {Stateless, "", "pwrii",
     "__memcpy_chk __memmove_chk __mempcpy_chk __stpncpy_chk __strncpy_chk"},
    {Stateless, "", "pwiii", "__memset_chk"},
    {Stateless, "", "pwri", "__stpcpy_chk __strcpy_chk"},
    {Stateless, "", "puri", "__strcat_chk"},
    {Stateless, "", "purii", "__strncat_chk"},
    {Allocates, "", "pr", "strdup"},
    {Allocates, "", "pri", "strndup"},
    {Stateless, "", "purt", "strtok_r __strtok_r"},
    {ReadsState, "", "piwi", "strerror_r"},
    {ReadsState, "", "iiwi", "__xpg_strerror_r"},
    {Stateful, Keeps, "ppp", "strtok", Reentrant},
    {Stateful, Keeps, "pi", "strerror", Reentrant},
    // <stdio.h>, into memory
    {ReadsState, "", "iwo.", "sprintf"},
    {ReadsState, "", "iwio.", "snprintf"},
    {ReadsState, "", "iwiio.", "__sprintf_chk"},
    {ReadsState, "", "iwiiio.", "__snprintf_chk"},
    {ReadsState, "", "iwou", "vsprintf"},
    {ReadsState, "", "iwiou", "vsnprintf"},
    // <stdio.h> and the same in POSIX, outside
    {Stateful, IO, "ip.", "printf scanf __isoc99_scanf __isoc23_scanf"},
    {Stateful, IO, "iip.", "dprintf __printf_chk"},
    {Stateful, IO, "ipp.", "fprintf fscanf __isoc99_fscanf __isoc23_fscanf"},
    {Stateful, IO, "ipip.", "__fprintf_chk"},
    {Stateful, IO, "ipp", "vprintf vscanf"},
    {Stateful, IO, "ippp", "vfprintf vfscanf"},
    {Stateful, IO, "iipp", "vdprintf __vprintf_chk"},
    {Stateful, IO, "ipipp", "__vfprintf_chk"},
    {Stateful, IO, "ip",
     "puts remove rmdir unlink chdir pipe fclose fflush fgetc fileno feof "
     "ferror getc getc_unlocked pclose"},
    {Stateful, IO, "i", "getchar getchar_unlocked"},
    {Stateful, IO, "ii",
     "putchar putchar_unlocked close dup fsync umask isatty"},
    {Stateful, IO, "iip", "fputc putc putc_unlocked ungetc"},
    {Stateful, IO, "ipp", "fputs rename link symlink stat lstat"},
    {Stateful, IO, "vp", "perror rewind setlinebuf clearerr"},
    {Stateful, IO, "ppip", "fgets"},
    {Stateful, IO, "pp", "gets opendir readdir"},
    {Stateful, IO, "ppp", "fopen popen"},
    {Stateful, IO, "pppp", "freopen"},
    {Stateful, IO, "pip", "fdopen"},
    {Stateful, IO, "p", "tmpfile"},
    {Stateful, IO, "ipiip", "fread fwrite"},
    {Stateful, IO, "ipii", "fseek fseeko"},
    {Stateful, IO, "ippii", "setvbuf"},
    {Stateful, IO, "iipi", "read write"},
    {Stateful, IO, "iipii", "pread pwrite"},
    {Stateful, IO, "ipi.", "open"},
    {Stateful, IO, "iipi.", "openat"},
    {Stateful, IO, "ipi", "creat mkdir access chmod"},
    {Stateful, IO, "iii", "dup2 listen shutdown"},
    {Stateful, IO, "iii.", "fcntl ioctl"},
    {Stateful, IO, "iiii", "lseek socket"},
    {Stateful, IO, "iipii", "send recv"},
    // <setjmp.h>
    {MarksPlace, "", "ip", "_setjmp setjmp"},
    {MarksPlace, "", "ipi", "__sigsetjmp sigsetjmp"},
    {Jumps, "", "vpi", "__longjmp_chk _longjmp longjmp siglongjmp"},
    // <time.h>, <locale.h>, <signal.h>, <fenv.h>; <unistd.h>, <pthread.h>
    {Stateless, "", "ii", "sleep usleep"},
    {Stateless, "", "irw", "nanosleep"},
    {Stateful, Clock, "ip", "time times"},
    {Stateful, Clock, "i", "clock"},
    {Stateful, Clock, "iip", "clock_gettime timespec_get"},
    {Stateful, Clock, "ipp", "gettimeofday"},
    {ReadsState, "", "prw", "asctime_r ctime_r gmtime_r localtime_r"},
    {Stateful, Keeps, "pp", "asctime ctime gmtime localtime", Reentrant},
    {Stateful, Process, "pip", "setlocale signal"},
    {Stateful, Process, "iipp", "sigaction sigprocmask"},
    {Stateful, Process, "ii", "raise"},
    {Stateful, Process, "iii", "kill"},
    {Stateful, FloatMode, "ii",
     "feclearexcept fedisableexcept feenableexcept feraiseexcept fesetround"},
    {Stateful, FloatMode, "ip", "fesetenv feupdateenv"},
    {ReadsState, "", "i", "getpagesize getpid getppid"},
    {Stateful, Process, "i", "fork pause vfork"},
    {Stateful, Process, "ip", "wait"},
    {Stateful, Process, "iipi", "waitpid"},
    {Stateful, Threads, "ipppp", "pthread_create"},
    {Stateful, Threads, "iip", "pthread_join"},
    {Stateful, Threads, "ip",
     "pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock "
     "pthread_cond_signal pthread_cond_broadcast sem_post sem_wait"},
    {Stateful, Threads, "ipp", "pthread_cond_wait pthread_once"},
    // Declared const by glibc, but only within a thread; the tables of
    // <ctype.h> are found through such a function, or else are behind these.
    {PerThread, "", "", "pthread_self"},
    {PerThread, "", "i", "gettid sched_getcpu"},
    // How many processors there are depends on those the thread may use.
    {PerThread, "", "ii", "sysconf"},
    {PerThread, "uses 'errno', which is another variable in each thread", "p",
     "__errno_location"},
    {PerThread, "uses 'h_errno', which is another variable in each thread", "p",
     "__h_errno_location"},
    {PerThread, CharacterTables, "p",
     "__ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc"},
    {PerThread, CharacterTables, "ii",
     "isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct "
     "isspace isupper isxdigit tolower toupper"},
};

LibraryFunction::Access LibraryFunction::access(unsigned I) const {
  // Not in the table one by one: the ABI's own, or variadic.
  if (I + 1 >= Type.size() || Type[I + 1] == '.')
    return Reads;
  switch (Type[I + 1]) {
  case 'r':
  case 'o':
    return Reads;
  case 'w':
    return Writes;
  case 'u':
    return Updates;
  case 't':
    return UpdatesText;
  case 'c':
    return Calls;
  case 'k':
    return Frees;
  default:
    return Nothing;
  }
}

/// The name of \p Variant.  The letter of lgamma_r's stands before the ending.
static std::string variantOf(StringRef Name, char Variant) {
  std::string Full = Name.str();
  if (Variant != 'd')
    Full.insert(Name.ends_with("_r") ? Full.size() - 2 : Full.size(), 1,
                Variant);
  return Full;
}

static StringMap<Entry> makeIndex() {
  StringMap<Entry> Index;
  for (const Row &R : Table) {
    bool HasVariants = R.Type.contains('f');
    SmallVector<StringRef, 64> Names;
    R.Names.split(Names, ' ');
    for (StringRef Name : Names)
      for (char Variant : StringRef(HasVariants ? "dfl" : "d")) {
        std::string Instead = R.Instead.str();
        if (R.Instead.starts_with("*"))
          Instead.replace(0, 1, Name);
        Index.insert(
            {variantOf(Name, Variant),
             {{R.Kind, R.Why, R.Type, variantOf(Instead, Variant)}, Variant}});
      }
  }
  return Index;
}

static bool fitsLetter(const Type *T, char Letter, char Variant) {
  switch (Letter) {
  case 'v':
    return T->isVoidTy();
  case 'i':
    return T->isIntegerTy();
  case 'd':
    return T->isFloatingPointTy();
  case 'f':
    return Variant == 'd'   ? T->isDoubleTy()
           : Variant == 'f' ? T->isFloatTy()
                            : T->isFloatingPointTy() && !T->isFloatTy();
  default:
    return T->isPointerTy();
  }
}

static bool fitsType(const FunctionType *T, StringRef Letters, char Variant) {
  if (Letters.empty())
    return true;
  bool Variadic = Letters.consume_back(".");
  if (T->isVarArg() != Variadic || T->getNumParams() + 1 != Letters.size() ||
      !fitsLetter(T->getReturnType(), Letters[0], Variant))
    return false;
  for (unsigned I = 0; I != T->getNumParams(); ++I)
    if (!fitsLetter(T->getParamType(I), Letters[I + 1], Variant))
      return false;
  return true;
}

/// Might a conversion of \p Format, a constant, write through its argument?
static bool mayWriteByFormat(const Value *Format) {
  StringRef Text;
  if (!getConstantStringInfo(Format, Text))
    return true;
  for (size_t At = Text.find('%'); At != StringRef::npos;
       At = Text.find('%', At + 1)) {
    At = Text.find_first_not_of("-+ #0'I123456789.*$hljztLqw", At + 1);
    if (At == StringRef::npos || Text[At] == 'n')
      return true;
  }
  return false;
}

const LibraryFunction *
lazypass::knownLibraryFunction(const CallBase &Call,
                               const TargetLibraryInfo &TLI) {
  const Function *F = Call.getCalledFunction();
  // glibc's headers have bodies of some, for the optimiser only.
  if (!F || !F->isDeclarationForLinker() || F->isIntrinsic())
    return nullptr;
  static const StringMap<Entry> Index = makeIndex();
  auto It = Index.find(F->getName());
  if (It == Index.end())
    return nullptr;
  const auto &[Known, Variant] = It->second;
  // These are no promises that a switch could take back.
  if (Known.Kind == PerThread || Known.Kind == Support)
    return &Known;
  if (Call.isNoBuiltin() ||
      !fitsType(F->getFunctionType(), Known.Type, Variant))
    return nullptr;
  const Function &Caller = *Call.getFunction();
  if (Caller.hasFnAttribute("no-builtins") ||
      Caller.hasFnAttribute(("no-builtin-" + F->getName()).str()))
    return nullptr;
  LibFunc Builtin;
  if (TLI.getLibFunc(F->getName(), Builtin)) {
    bool Fits = Known.Type.empty() || TLI.getLibFunc(*F, Builtin);
    if (!Fits || !TLI.has(Builtin))
      return nullptr;
  }
  size_t Format = Known.Type.find('o');
  if (Format != StringRef::npos &&
      mayWriteByFormat(Call.getArgOperand(Format - 1)))
    return nullptr;
  return &Known;
}
