//===- LibraryTable.cpp - the functions of libc and libm ------------------===//
//
// Sources: ISO C23, clauses 7.3 <complex.h>, 7.12 <math.h>, 7.23 <stdio.h>,
// 7.24 <stdlib.h>, 7.26 <string.h>, 7.29 <time.h>; POSIX.1-2024, System
// Interfaces, for what is not in C; the Linux Standard Base for the checked
// forms (__*_chk) that _FORTIFY_SOURCE calls.
//
// Sound, with two things given up: errno, which many of them set (so does the
// plain program's worker thread), and uselocale(), which makes "the locale"
// another one in each thread.
//
//===----------------------------------------------------------------------===//

#include "LibraryTable.h"

using namespace llvm;
using namespace lazypass;

static constexpr auto Stateless = LibraryFunction::Stateless;
static constexpr auto Support = LibraryFunction::Support;
static constexpr auto Stops = LibraryFunction::Stops;
static constexpr auto ReadsLocale = LibraryFunction::ReadsLocale;
static constexpr auto ReadsState = LibraryFunction::ReadsState;
static constexpr auto Allocates = LibraryFunction::Allocates;
static constexpr auto PerThread = LibraryFunction::PerThread;
static constexpr auto MarksPlace = LibraryFunction::MarksPlace;
static constexpr auto Jumps = LibraryFunction::Jumps;
static constexpr auto Streams = LibraryFunction::Streams;
static constexpr auto OwnState = LibraryFunction::OwnState;
static constexpr auto OnFiles = LibraryFunction::OnFiles;
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

static constexpr LibraryRow Table[] = {
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
    {Stops, "", "v", "abort"},
    {Stops, "", "vrrir", "__assert_fail"},
    {Allocates, "", "pi", "malloc"},
    {Allocates, "", "pii", "aligned_alloc calloc memalign"},
    {Allocates, "", "pki", "realloc"},
    {Allocates, "", "pkii", "reallocarray"},
    {Stateless, "", "vk", "free"},
    {ReadsLocale, "", "dr", "atof"},
    {ReadsLocale, "", "ir", "atoi atol atoll"},
    {ReadsLocale, "", "drw", "strtod strtof strtold"},
    {ReadsLocale, "", "irwi",
     "strtoimax strtol strtoll strtoul strtoull strtoumax __isoc23_strtoimax "
     "__isoc23_strtol __isoc23_strtoll __isoc23_strtoul __isoc23_strtoull "
     "__isoc23_strtoumax"},
    {ReadsState, "", "pr", "getenv secure_getenv"},
    {Stateless, "", "iu", "rand_r"},
    {Stateless, "", "iuw", "drand48_r lrand48_r mrand48_r"},
    {Stateless, "", "iiw", "srand48_r"},
    {OwnState, Keeps, "i", "lrand48 mrand48 rand", Reentrant},
    {OwnState, Keeps, "i", "random", "rand_r"},
    {OwnState, Keeps, "d", "drand48", Reentrant},
    {OwnState, Keeps, "vi", "srand srand48 srandom"},
    {Stateful, Process, "vi", "_Exit _exit exit quick_exit"},
    {Stateful, Process, "ip", "at_quick_exit atexit system unsetenv putenv"},
    {Stateful, Process, "ippi", "setenv"},
    {Stateless, "", "vuiic", "qsort"},
    {Stateless, "", "vuiicp", "qsort_r"},
    {Stateless, "", "prriic", "bsearch"},
    // <string.h>
    {Stateless, "", "pr2ii", "memchr memrchr"},
    {Stateless, "", "ir2r2i", "bcmp memcmp strncmp"},
    {Stateless, "", "pri", "strchr strchrnul strrchr"},
    {Stateless, "", "irr", "strcmp strcspn strspn"},
    {Stateless, "", "prr", "strpbrk strstr"},
    {Stateless, "", "pr1ir3i", "memmem"},
    {Stateless, "", "ix", "strlen"},
    {Stateless, "", "ir1i", "strnlen"},
    {ReadsLocale, "", "irr", "strcasecmp strcoll"},
    {ReadsLocale, "", "ir2r2i", "strncasecmp"},
    {ReadsLocale, "", "iw2ri", "strxfrm"},
    {Stateless, "", "pw2r2i", "memcpy memmove mempcpy stpncpy strncpy"},
    {Stateless, "", "pw3r3ii", "memccpy"},
    {Stateless, "", "pw2ii", "memset"},
    {Stateless, "", "vw1i", "bzero explicit_bzero"},
    {Stateless, "", "vr2w2i", "bcopy"},
    {Stateless, "", "pwx", "stpcpy strcpy"},
    {Stateless, "", "pux", "strcat"},
    {Stateless, "", "pur2i", "strncat"},
    {Stateless, "", "iw2xi", "strlcpy"},
    {Stateless, "", "iu2ri", "strlcat"},
    {Stateless, "", "pw2r2ii",
     "__memcpy_chk __memmove_chk __mempcpy_chk __stpncpy_chk __strncpy_chk"},
    {Stateless, "", "pw2iii", "__memset_chk"},
    {Stateless, "", "pwxi", "__stpcpy_chk __strcpy_chk"},
    {Stateless, "", "puxi", "__strcat_chk"},
    {Stateless, "", "pur2ii", "__strncat_chk"},
    {Allocates, "", "px", "strdup"},
    {Allocates, "", "pr1i", "strndup"},
    {Stateless, "", "purt", "strtok_r __strtok_r"},
    {ReadsLocale, "", "piwi", "strerror_r"},
    {ReadsLocale, "", "iiwi", "__xpg_strerror_r"},
    {Stateful, Keeps, "ppp", "strtok", Reentrant},
    {Stateful, Keeps, "pi", "strerror", Reentrant},
    // <stdio.h>, into memory
    {ReadsLocale, "", "iwo.", "sprintf"},
    {ReadsLocale, "", "iw1io.", "snprintf"},
    {ReadsLocale, "", "iwiio.", "__sprintf_chk"},
    {ReadsLocale, "", "iw1iiio.", "__snprintf_chk"},
    {ReadsState, "", "iwou", "vsprintf"},
    {ReadsState, "", "iwiou", "vsnprintf"},
    // <stdio.h>, in and out
    {Streams, IO, "io.", "printf"},
    {Streams, IO, "iio.", "__printf_chk"},
    {Streams, IO, "iso.", "fprintf"},
    {Streams, IO, "isio.", "__fprintf_chk"},
    {Streams, IO, "ir,", "scanf __isoc99_scanf __isoc23_scanf"},
    {Streams, IO, "isr,", "fscanf __isoc99_fscanf __isoc23_fscanf"},
    {Streams, IO, "ix", "puts"},
    {Streams, IO, "vx", "perror"},
    {Streams, IO, "i", "getchar getchar_unlocked"},
    {Streams, IO, "ii", "putchar putchar_unlocked"},
    {Streams, IO, "is",
     "feof ferror fgetc fileno getc getc_unlocked ftell ftello"},
    {Streams, IO, "iis", "fputc putc putc_unlocked ungetc"},
    {Streams, IO, "ixs", "fputs"},
    {Streams, IO, "vs", "clearerr rewind setlinebuf"},
    {Streams, IO, "pw1is", "fgets"},
    {Streams, IO, "iw12iis", "fread"},
    {Streams, IO, "ir12iis", "fwrite"},
    {Streams, IO, "isii", "fseek fseeko"},
    // The same with arguments that only they know; and what tells somebody
    // else: nobody may read behind a flush that memory is ready before it is.
    {OnFiles, IO, "is", "fclose fflush"},
    {OnFiles, IO, "ix", "remove rmdir unlink"},
    {OnFiles, IO, "ii", "close fsync isatty"},
    {OnFiles, IO, "ixx", "link rename symlink"},
    {OnFiles, IO, "ixw", "lstat stat"},
    {OnFiles, IO, "iiw", "fstat"},
    {OnFiles, IO, "pxx", "fopen"},
    {OnFiles, IO, "pix", "fdopen"},
    {OnFiles, IO, "isop", "vfprintf"},
    {OnFiles, IO, "iiw2i", "read"},
    {OnFiles, IO, "iir2i", "write"},
    {OnFiles, IO, "iiw2ii", "pread"},
    {OnFiles, IO, "iir2ii", "pwrite"},
    {OnFiles, IO, "ixi.", "open"},
    {OnFiles, IO, "iixi.", "openat"},
    {OnFiles, IO, "ixi", "access chmod creat mkdir truncate"},
    {OnFiles, IO, "iii", "fchmod ftruncate"},
    {OnFiles, IO, "iiii", "lseek"},
    {Stateful, IO, "ipp", "vprintf vscanf"},
    {Stateful, IO, "ippp", "vfscanf"},
    {Stateful, IO, "iipp", "vdprintf __vprintf_chk"},
    {Stateful, IO, "ipipp", "__vfprintf_chk"},
    {Stateful, IO, "iip.", "dprintf"},
    {Stateful, IO, "ip", "chdir pipe pclose"},
    {Stateful, IO, "ii", "dup umask"},
    {Stateful, IO, "pp", "gets opendir readdir"},
    {Stateful, IO, "ppp", "popen"},
    {Stateful, IO, "pppp", "freopen"},
    {Stateful, IO, "p", "tmpfile"},
    {Stateful, IO, "ippii", "setvbuf"},
    {Stateful, IO, "iii", "dup2 listen shutdown"},
    {Stateful, IO, "iii.", "fcntl ioctl"},
    {Stateful, IO, "iiii", "socket"},
    {Stateful, IO, "iipii", "send recv"},
    // <setjmp.h>
    {MarksPlace, "", "ip", "_setjmp setjmp"},
    {MarksPlace, "", "ipi", "__sigsetjmp sigsetjmp"},
    {Jumps, "", "vpi", "__longjmp_chk _longjmp longjmp siglongjmp"},
    // <time.h>, <locale.h>, <signal.h>, <fenv.h>; <unistd.h>, <pthread.h>
    {Stops, "", "ii", "sleep usleep"},
    {Stops, "", "irw", "nanosleep"},
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
    // <lazy/lazy.h>
    {OwnState, Threads, "vu1i", "lazy_sync lazy_changed"},
    {Support, "", "vppi", "lazy_visit_memory"},
    {Support, "", "vpp", "lazy_visit_string"},
    {Support, "", "vppiip", "__lazy_visit_objects"},
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

// Not here: what rounds as it likes (sin), chooses among several right answers
// (memcmp's sign is all that counts; fmax(0, -0); the order in which qsort
// leaves equals), or is the implementation's own (rand_r, nan).  What IEEE 754
// and ISO C call exact is; complex products are as in C's Annex G.
static constexpr StringLiteral Exact =
    "ceil copysign drem fabs fdim floor fma fmod frexp ldexp logb modf "
    "nearbyint nextafter nexttoward remainder rint round roundeven scalbln "
    "scalbn sqrt trunc __finite __fpclassify __isinf __isnan __signbit finite "
    "isinf isnan cimag cimagf cimagl conj conjf conjl creal crealf creall "
    "__muldc3 __mulsc3 __multc3 __mulxc3 "
    "abs imaxabs labs llabs div imaxdiv ldiv lldiv abort malloc aligned_alloc "
    "calloc memalign realloc reallocarray free "
    "memchr memrchr strchr strchrnul strrchr strcspn strspn strpbrk strstr "
    "memmem strlen strnlen memcpy memmove mempcpy stpncpy strncpy memccpy "
    "memset bzero explicit_bzero bcopy stpcpy strcpy strcat strncat strlcpy "
    "strlcat __memcpy_chk __memmove_chk __mempcpy_chk __stpncpy_chk "
    "__strncpy_chk __memset_chk __stpcpy_chk __strcpy_chk __strcat_chk "
    "__strncat_chk strdup strndup strtok_r __strtok_r "
    "lazy_visit_memory lazy_visit_string __lazy_visit_objects";

ArrayRef<LibraryRow> lazypass::libraryTable() { return Table; }

StringRef lazypass::exactFunctions() { return Exact; }
