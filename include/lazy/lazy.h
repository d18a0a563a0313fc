/* lazy/lazy.h - what a program sees of lazypass.
 *
 * The one thing most programs need is LAZY, on functions that do real work and depend on their arguments only:
 *
 *     #include <lazy/lazy.h>
 *     LAZY double simulate(int seed, double dt);
 *
 *     double a = simulate(1, 0.1), b = simulate(2, 0.1);    both run at once,
 *     printf("%f\n", a + b);                                and are waited for here
 *
 * Compiled by clang with -fplugin=lazypass.so, calls of such functions become nodes of a dataflow graph.  Compiled in
 * any other way (without the plugin, by gcc, as C++), LAZY vanishes, the functions below are small inline stubs, no
 * library is needed, and the program is the serial one.  Either way it prints the same.
 *
 * The explicit API is for programs that want to look at the graph: take the handle of a value without computing it,
 * ask whether it is done, overwrite it and have what depends on it computed again.
 *
 * Threads: every function here may be called from any thread.  Errors: 0 or one of LAZY_E..., see lazy_strerror().
 * Nothing here ever ends the program.
 */
#ifndef LAZY_LAZY_H
#define LAZY_LAZY_H

/* The program's warnings are about the program: -Weverything, -std=c89 -pedantic. */
#if defined(__GNUC__)
#pragma GCC system_header
#endif

#include <stddef.h>

/* Is the plugin there?  It is for C only. */
#if !defined(__cplusplus) && defined(__has_attribute)
#if __has_attribute(lazypass)
#define LAZY_HAVE_PLUGIN 1
#endif
#endif

#define LAZY_VERSION_MAJOR 0
#define LAZY_VERSION_MINOR 1
#define LAZY_VERSION_PATCH 0
#define LAZY_VERSION "0.1.0"

/* Marks a function (prototype or definition) as lazy: a call may run later, on another thread, or never if its value
 * is never needed.  The function's result must follow from its arguments and from memory that does not change while
 * the call is pending (the compiler orders that); it may not write memory others see, do I/O, or end the program.  The
 * compiler checks that as far as it can see. */
#if defined(LAZY_HAVE_PLUGIN)
#define LAZY __attribute__((annotate("lazy")))
#else
#define LAZY
#endif

/* Marks a lazy function whose results are to be kept where there is a cache (LAZY_CACHE=memory or LAZY_CACHE=FOLDER in
 * the environment, or lazy_cache_open()): a call with the same arguments, and the same bytes in the memory that it
 * reads, finds the result instead of computing it, in this run or, from a folder, in any later one.
 *
 *     LAZY LAZY_CACHED void blur(LAZY_OUT(n) float *to, LAZY_IN(n) const float *from, int n);
 *
 * With a cache, results of all lazy functions are kept that may take long and whose body shows that this can be done;
 * this mark is for those that are always worth it.  It also says that the annotations of the function's parameters are
 * exact: what LAZY_IN names is there, and all that LAZY_OUT names is written.  LAZY_NOCACHE keeps a function out.
 *
 * A result is found only by the very code that has computed it, all that it calls included.  What else it may depend on
 * and nobody can see (the version of a data file, say), LAZY_SALT("text") tells: another text, other results. */
#if defined(LAZY_HAVE_PLUGIN)
#define LAZY_CACHED __attribute__((annotate("lazy_cached")))
#define LAZY_NOCACHE __attribute__((annotate("lazy_nocache")))
#define LAZY_SALT(text) __attribute__((annotate("lazy_salt:" text)))
#else
#define LAZY_CACHED
#define LAZY_NOCACHE
#define LAZY_SALT(text)
#endif

/* Marks a parameter of a lazy function: a pointer that the function hands on, returns or compares, but does not look
 * through.  Needed where the compiler does not see that itself:
 *
 *     LAZY int rank(LAZY_OPAQUE const struct item *item, int seed);
 */
#if defined(LAZY_HAVE_PLUGIN)
#define LAZY_OPAQUE __attribute__((annotate("lazy_opaque")))
#else
#define LAZY_OPAQUE
#endif

/* Marks a parameter of a lazy function, a pointer, by what the function reads or writes through it: so many elements
 * (of void: bytes) from where it points, and nothing else.  The extent is integer arithmetic over the parameters,
 * numbers and enumerators, with + - * ( ), and / by a number:
 *
 *     LAZY void scale(LAZY_OUT(n) double *to, LAZY_IN(n) const double *from, long n, double by);
 *     LAZY void invert(LAZY_INOUT(rows * columns) float *m, int rows, int columns);
 *
 * It may be taken from memory, as it is when the call is made: `*n`, `shape[1]`, members, `m->rows * m->columns`, also
 * of what they point to, `m->next->size.rows`.  These must be there to be read, unless a pointer on the way is null;
 * then they count as 0.
 *
 * Three of them are so many rows of so many elements, one every `stride` elements, as a tile of a matrix has:
 *
 *     LAZY void smooth(LAZY_INOUT(rows, columns, stride) float *tile, int rows, int columns, int stride);
 *
 * Calls of such a function run in any order that these regions allow, and the program waits for them where it touches
 * the same memory.  Where the body shows what it touches, nothing need be said.  Where it does not, an array declarator
 * is taken at its word, `const double from[n]`, `double m[rows][columns]`, also one of a constant size, `int v[8]` (but
 * not of 1), though C itself only promises that with `static`.  So is GCC's attribute access with a number of elements,
 * `__attribute__((access(read_only, 1, 2)))`.
 *
 * An extent of 0 is nothing, whatever the pointer; more than the function touches costs parallelism only; less is an
 * error of yours that changes results: compiled by lazycc --check, a program run with LAZY=check finds it.  All
 * annotations of a function are taken together: memory that it reaches in other ways than through its annotated
 * parameters and by name is none of its business. */
#if defined(LAZY_HAVE_PLUGIN)
#define LAZY_IN(...) LAZY_REGION_("lazy_in:", __VA_ARGS__)
#define LAZY_OUT(...) LAZY_REGION_("lazy_out:", __VA_ARGS__)
#define LAZY_INOUT(...) LAZY_REGION_("lazy_inout:", __VA_ARGS__)
#define LAZY_REGION_(word, ...) __attribute__((annotate(word LAZY_STRING_(__VA_ARGS__))))
#define LAZY_STRING_(...) #__VA_ARGS__
#else
#define LAZY_IN(...)
#define LAZY_OUT(...)
#define LAZY_INOUT(...)
#endif

/* Marks a parameter of a lazy function, a pointer to char, by what the function reads through it: a string, up to and
 * including its 0; or NULL.
 *
 *     LAZY unsigned hash(LAZY_STR const char *name);
 */
#if defined(LAZY_HAVE_PLUGIN)
#define LAZY_STR __attribute__((annotate("lazy_str")))
#else
#define LAZY_STR
#endif

/* Marks a parameter of a lazy function, a pointer to char, as the name of a file that the function reads; or makes
 * anew, whatever was in it before.
 *
 *     LAZY int render(LAZY_FILE_OUT const char *picture, LAZY_FILE_IN const char *scene, int quality);
 *
 * Such a function works on files, so its calls are never deferred.  But where there is a cache, its result is kept, and
 * with it what it has written to files: a call that finds it makes the files again instead of computing them, or only
 * gives them the time of day, if that is what is in them already.  A file that is read counts by its contents, not by
 * its time.  The names count, too.
 *
 * The function is taken at its word that it uses no other files, and tells nobody else anything that must not be
 * missed: messages on stderr are not said again.  Files that are not plain files, or that are changed in place, make it
 * run. */
#if defined(LAZY_HAVE_PLUGIN)
#define LAZY_FILE_IN __attribute__((annotate("lazy_file_in")))
#define LAZY_FILE_OUT __attribute__((annotate("lazy_file_out")))
#else
#define LAZY_FILE_IN
#define LAZY_FILE_OUT
#endif

/* Marks a function, lazy itself or called by lazy ones, as one that keeps these rules, whatever its body looks like and
 * also where that is out of sight: because its state is guarded (a table of past results behind a lock), or because
 * nobody minds (a message on stderr).  It is taken at its word; what it reads is still ordered: anything, or, if
 * LAZY_IN and the like are said of all its pointers, those regions and the variables that a body in sight names. */
#if defined(LAZY_HAVE_PLUGIN)
#define LAZY_TRUSTED __attribute__((annotate("lazy_trusted")))
#else
#define LAZY_TRUSTED
#endif

/* Marks a function as the visitor of a struct (or union) that has pointers to more memory inside: it tells what an
 * object of that type consists of, beside its own bytes.
 *
 *     LAZY_VISITOR static void visit_matrix(const struct matrix *m, lazy_visit *to) {
 *       lazy_visit_memory(to, m->data, m->rows * m->columns * sizeof *m->data);
 *     }
 *     LAZY_VISITOR static void visit_list(const struct list *l, lazy_visit *to) {
 *       lazy_visit_string(to, l->name);
 *       lazy_visit_objects(to, l->next, 1, visit_list);
 *     }
 *
 * From there on, a parameter of a lazy function that points to such a struct stands for the whole object:
 *
 *     LAZY void multiply(struct matrix *c, const struct matrix *a, const struct matrix *b);
 *     LAZY void sort(LAZY_INOUT(1) struct list *first);
 *
 * LAZY_IN(n) and LAZY_INOUT(n) count objects; what the visitor tells of them is read, or read and written, too, while a
 * body in sight shows what happens to the objects' own bytes.  LAZY_OUT(n) is the objects' own bytes alone, for they
 * are not made yet.  A parameter of which nothing is said is one object if the body shows that it looks through
 * pointers in it, stores none there and touches no objects behind it; or, out of sight, if it points to const.
 *
 * The visitor runs when the call is made, once all that writes to its object has been waited for.  The object must be
 * there then, with pointers that are valid or NULL.  A visitor looks at nothing but its own object and writes nothing;
 * what else there is, it tells, and the library goes there.  What is told twice is visited once, so lists may be
 * circular.  The visitor is declared beside its type, before the lazy functions, for all files that make such calls. */
#if defined(LAZY_HAVE_PLUGIN)
#define LAZY_VISITOR __attribute__((annotate("lazy_visitor"), unused))
#elif defined(__GNUC__)
#define LAZY_VISITOR __attribute__((unused))
#else
#define LAZY_VISITOR
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Every error there is: name, value, text. */
#define LAZY_ERRORS(X)                                                                                                 \
  X(LAZY_ENOHANDLE, -1, "no handle: the value is not a node of the graph")                                             \
  X(LAZY_ESIZE, -2, "the size given is not the size of the node's result")                                             \
  X(LAZY_ENOTKEPT, -3, "the node was created outside the functions that take handles, so it cannot be changed")        \
  X(LAZY_EBUSY, -4, "the node is running or has run already")                                                          \
  X(LAZY_ENOMEM, -5, "out of memory")                                                                                  \
  X(LAZY_ENOTHREADS, -6, "the system has no more threads to give")                                                     \
  X(LAZY_EINVAL, -7, "an argument is outside its range")                                                               \
  X(LAZY_ECACHE, -8, "the cache cannot be used")                                                                       \
  X(LAZY_EOPEN, -9, "there is a cache already")                                                                        \
  X(LAZY_EFORMAT, -10, "there is no such format")                                                                      \
  X(LAZY_EWRITE, -11, "the file cannot be written")                                                                    \
  X(LAZY_EGRAPHVIZ, -12, "Graphviz cannot be run: install it, or write .dot or .json")

enum lazy_error {
  LAZY_OK = 0
#define LAZY_X(name, value, text) , name = value
  LAZY_ERRORS(LAZY_X)
#undef LAZY_X
};

/* The handle of a deferred call: one reference, the holder's, to be given back with lazy_release().  NULL stands for
 * a value that is no node, because it has been computed already or never was deferred. */
typedef struct lazy_node *lazy_ref;

/* An executor: called instead of the node's function, on whichever thread runs the node, once for each run.  It gives
 * the node its value by lazy_run(node) (here and now, by the node's own function) or by lazy_set(node, ...) (a value
 * from elsewhere: a cache, another machine), and may then look at it by lazy_get().  If it returns having done neither,
 * the node's own function runs. */
typedef void lazy_executor(lazy_ref node, void *data);

/* Where a visitor tells what it knows; and what a visitor is, whatever type its object has. */
typedef struct lazy_visit lazy_visit;
typedef void lazy_visitor(const void *object, lazy_visit *to);

/* Who is told what happens to calls. */
struct lazy_cache_event;
typedef void lazy_cache_watcher(const struct lazy_cache_event *event, void *data);

/* How results are kept.  What is 0 or NULL has its default. */
typedef struct lazy_cache_options {
  size_t size;                   /* sizeof(lazy_cache_options): later versions know more */
  const char *path;              /* the folder; made, with all above it, if it is not there.  NULL: memory only */
  const char *space;             /* what is kept in one space is not found in another.  NULL: "" */
  unsigned long long max_bytes;  /* in the file; 0: 4 GiB.  What has not been used longest goes first */
  unsigned long long max_age;    /* seconds since it was last used; 0: any */
  unsigned long long max_memory; /* bytes of memory for results; 0: 256 MiB */
  unsigned flags;                /* enum lazy_cache_flags */
  lazy_cache_watcher *watch;     /* NULL: nobody */
  void *watch_data;
} lazy_cache_options;

enum lazy_cache_flags {
  LAZY_CACHE_READ_ONLY = 1,   /* nothing new is kept in the file */
  LAZY_CACHE_WRITE_ONLY = 2,  /* all is computed, and kept anew */
  LAZY_CACHE_MARKED_ONLY = 4, /* of LAZY_CACHED functions only */
  LAZY_CACHE_SHA256 = 8       /* keys by SHA-256 (libcrypto.so.3) instead of XXH3: nobody can make two calls that have
                                 the same, whatever arguments he chooses */
};

/* What happens to one call.  `watch` is called on the thread that makes it, from several threads at once; it must not
 * call lazy functions.  All strings live as long as the program. */
typedef struct lazy_cache_event {
  int what;              /* enum lazy_cache_happening */
  const char *function;  /* its name */
  const char *why;       /* LAZY_CACHE_COMPUTED: the reason; else NULL */
  unsigned long long ns; /* LAZY_CACHE_COMPUTED: how long that took; LAZY_CACHE_FOUND: how long it takes otherwise */
  size_t bytes;          /* of the result, and of all that the call writes; 0: unknown */
} lazy_cache_event;

enum lazy_cache_happening { LAZY_CACHE_FOUND = 1, LAZY_CACHE_COMPUTED = 2 };

/* The library is there for 64-bit Linux; for other targets the plugin leaves all calls in place, and says so. */
#if (defined(LAZY_HAVE_PLUGIN) && defined(__linux__) && defined(__LP64__)) || defined(LAZY_BUILDING_RUNTIME)

/* lazy_ref lazy_handle(variable): the handle of the value that `variable` (a local variable, assigned from a call of
 * a lazy function) holds, without computing it; NULL if it holds a plain value.  Release it when done.  In a function
 * that uses lazy_handle() no value is copied out of the graph for good: reading the variable again after lazy_set()
 * computes it again. */
#define lazy_handle(variable) __lazy_handle_at(&(variable))
struct lazy_node *__lazy_handle_at(void *variable);

/* 1 if the node's value is there and valid, 0 if it has yet to be computed.  Never waits.  NULL: 1. */
int lazy_done(lazy_ref node);

/* Computes the node if need be and copies its value (`size` bytes, the size of the result type) to `value`.
 * LAZY_ENOHANDLE, LAZY_ESIZE, LAZY_EBUSY (this very thread is computing it). */
int lazy_get(lazy_ref node, void *value, size_t size);

/* Overwrites the node's value with the `size` bytes at `value` and invalidates everything computed from it: it will be
 * computed again when next needed, and nothing else will.  Waits for a run of the node that is under way.
 * LAZY_ENOHANDLE, LAZY_ESIZE, LAZY_ENOTKEPT, LAZY_EBUSY (this very thread is running the node's function). */
int lazy_set(lazy_ref node, const void *value, size_t size);

/* The same for memory: everything kept that was computed from any of the `size` bytes at `p`, in a function that uses
 * lazy_handle(), is invalidated, and nothing else; it is computed again when next needed, from what is in memory then.
 * Writing to memory invalidates nothing by itself, for a value is that of its call; so say this after the change, and
 * before anybody asks.  The first call waits like lazy_wait().  What can be computed again must find its memory there:
 * whoever holds a handle keeps that alive, and nobody writes to it while another thread asks for the value. */
void lazy_changed(const void *p, size_t size);

/* Lets `run(node, data)` compute the node from now on; NULL: its own function.  Takes effect whenever the node is next
 * computed: a value that is there stays, and a run that has begun ends as it began.
 * LAZY_ENOHANDLE, LAZY_ENOTKEPT. */
int lazy_set_executor(lazy_ref node, lazy_executor *run, void *data);

/* For executors: runs the node's own function on this thread.  LAZY_ENOHANDLE, LAZY_EBUSY (not called from an
 * executor of this node, or the value is there already). */
int lazy_run(lazy_ref node);

/* Name of the function the node calls, and where in the source the call stands ("" and 0 where unknown, and for
 * NULL).  The strings live as long as the program. */
const char *lazy_function_name(lazy_ref node);
const char *lazy_source_file(lazy_ref node);
int lazy_source_line(lazy_ref node);

/* One more reference to the node, for a second holder; returns `node`.  And one less. */
lazy_ref lazy_retain(lazy_ref node);
void lazy_release(lazy_ref node);

/* Waits until all work that is certain to be needed is done, and helps.  Values that may go unneeded are not computed,
 * but for those of the function that calls this.  Inside a lazy function or an executor, whose own node is part of that
 * work, it helps but does not wait.  Never needed for correct results; good before a measurement. */
void lazy_wait(void);

/* Waits until no call that the calling function has made is pending on any of the `size` bytes at `p`, be it to read or
 * to write them.  Needed only where another thread or process is about to access them, and learns that it may from what
 * stdio writes (printf, fwrite): the compiler takes that for no word to others.  Every other way to tell them, and the
 * end of the function, waits by itself: a lock, an atomic or volatile access, fflush, write, any function that the
 * compiler does not know.  Also between accesses to a mapped file (MAP_SHARED) and, through stdio, to the file.  Not
 * needed for any other access of the function's own. */
void lazy_sync(const void *p, size_t size);

/* For visitors: the object also consists of the `size` bytes at `p`.  NULL, or a size of 0: nothing. */
void lazy_visit_memory(lazy_visit *to, const void *p, size_t size);

/* ... of the string at `s` with its 0.  NULL: nothing. */
void lazy_visit_string(lazy_visit *to, const char *s);

/* ... of the `count` objects at `p`, of which the function `visit(p, to)` tells the rest.  NULL, or none: nothing. */
#define lazy_visit_objects(to, p, count, visit)                                                                        \
  (0 ? (visit)((p), (to)) : __lazy_visit_objects((to), (p), (count), sizeof *(p), (lazy_visitor *)(size_t)(visit)))
void __lazy_visit_objects(lazy_visit *to, const void *p, size_t count, size_t size, lazy_visitor *visit);

/* How many threads may run lazy functions, the caller's included: OMP_NUM_THREADS, or the number of processors. */
int lazy_threads(void);

/* Changes that number, to 1..1024; fewer than before takes effect as threads fall idle.
 * LAZY_EINVAL, LAZY_ENOTHREADS (the number stays as it was). */
int lazy_set_threads(int threads);

/* From now on results are kept, and found, as LAZY_CACHE in the environment would have it (README.md).  `options` is
 * not looked at any more afterwards; NULL: all defaults, so memory.  What is wrong with a folder is said on stderr.
 * LAZY_EOPEN (there is a cache already), LAZY_EINVAL, LAZY_ENOMEM, LAZY_ECACHE (what there is cannot be used; the
 * program runs without). */
int lazy_cache_open(const lazy_cache_options *options);

/* All that is to be kept is in the file when it returns.  LAZY_ECACHE: something has not been kept (a full disk).  No
 * cache: 0. */
int lazy_cache_flush(void);

/* From now on nothing is kept; nor is anything left in memory.  Done by itself when the program ends.  As above. */
int lazy_cache_close(void);

/* Writes the graph as it is now to the stream `to`, a FILE *: all nodes that have been made, or those that `node` has
 * yet to be computed from, itself included.  The format is "dot" (Graphviz), "json" (nodes and links, as networkx reads
 * them), or "tree" (text).  Calls that run in place are no nodes.  In a program that calls one of these three, or runs
 * with LAZY_GRAPH, nodes are recorded from the start; a node that has been freed stays in the record. LAZY_EFORMAT,
 * LAZY_EWRITE, LAZY_ENOMEM; LAZY_ENOHANDLE (lazy_dump_value() of NULL). */
int lazy_dump(void *to, const char *format);
int lazy_dump_value(lazy_ref node, void *to, const char *format);

/* The same to a file, whose name ends in .dot, .json or .txt; or .svg, .png or .pdf, drawn by Graphviz (dot).
 * LAZY_EFORMAT, LAZY_EWRITE, LAZY_ENOMEM, LAZY_EGRAPHVIZ. */
int lazy_draw(const char *path);

/* Version of the library that runs: "major.minor.patch". */
const char *lazy_version(void);

/* The text of an error; never NULL. */
const char *lazy_strerror(int error);

#else /* the serial program */

/* C89 does not have "inline" yet. */
#if defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 199901L)
#define LAZY_STUB static inline
#else
#define LAZY_STUB static __inline__
#endif

#define lazy_handle(variable) lazy_no_handle(&(variable))
LAZY_STUB lazy_ref lazy_no_handle(const volatile void *variable) {
  (void)variable;
  return NULL;
}
LAZY_STUB int lazy_done(lazy_ref node) {
  (void)node;
  return 1;
}
LAZY_STUB int lazy_get(lazy_ref node, void *value, size_t size) {
  (void)node, (void)value, (void)size;
  return LAZY_ENOHANDLE;
}
LAZY_STUB int lazy_set(lazy_ref node, const void *value, size_t size) {
  (void)node, (void)value, (void)size;
  return LAZY_ENOHANDLE;
}
LAZY_STUB void lazy_changed(const void *p, size_t size) { (void)p, (void)size; }
LAZY_STUB int lazy_set_executor(lazy_ref node, lazy_executor *run, void *data) {
  (void)node, (void)run, (void)data;
  return LAZY_ENOHANDLE;
}
LAZY_STUB int lazy_run(lazy_ref node) {
  (void)node;
  return LAZY_ENOHANDLE;
}
LAZY_STUB const char *lazy_function_name(lazy_ref node) {
  (void)node;
  return "";
}
LAZY_STUB const char *lazy_source_file(lazy_ref node) {
  (void)node;
  return "";
}
LAZY_STUB int lazy_source_line(lazy_ref node) {
  (void)node;
  return 0;
}
LAZY_STUB lazy_ref lazy_retain(lazy_ref node) { return node; }
LAZY_STUB void lazy_release(lazy_ref node) { (void)node; }
LAZY_STUB void lazy_wait(void) {}
LAZY_STUB void lazy_sync(const void *p, size_t size) { (void)p, (void)size; }
LAZY_STUB void lazy_visit_memory(lazy_visit *to, const void *p, size_t size) { (void)to, (void)p, (void)size; }
LAZY_STUB void lazy_visit_string(lazy_visit *to, const char *s) { (void)to, (void)s; }
#define lazy_visit_objects(to, p, count, visit) (0 ? (visit)((p), (to)) : lazy_visit_memory((to), (p), (count)))
LAZY_STUB int lazy_threads(void) { return 1; }
LAZY_STUB int lazy_set_threads(int threads) { return threads == 1 ? LAZY_OK : LAZY_ENOTHREADS; }
LAZY_STUB int lazy_cache_open(const lazy_cache_options *options) {
  (void)options;
  return LAZY_ECACHE;
}
LAZY_STUB int lazy_cache_flush(void) { return LAZY_OK; }
LAZY_STUB int lazy_cache_close(void) { return LAZY_OK; }
LAZY_STUB int lazy_dump(void *to, const char *format) {
  (void)to, (void)format;
  return LAZY_OK;
}
LAZY_STUB int lazy_dump_value(lazy_ref node, void *to, const char *format) {
  (void)node, (void)to, (void)format;
  return LAZY_ENOHANDLE;
}
LAZY_STUB int lazy_draw(const char *path) {
  (void)path;
  return LAZY_OK;
}
LAZY_STUB const char *lazy_version(void) { return LAZY_VERSION; }
LAZY_STUB const char *lazy_strerror(int error) {
  switch (error) {
  case LAZY_OK:
    return "no error";
#define LAZY_X(name, value, text)                                                                                      \
  case value:                                                                                                          \
    return text;
    LAZY_ERRORS(LAZY_X)
#undef LAZY_X
  default:
    return "unknown error";
  }
}

#undef LAZY_STUB

#endif

#ifdef __cplusplus
}
#endif

#endif /* LAZY_LAZY_H */
