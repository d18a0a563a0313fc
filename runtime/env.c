/* env.c - the one table of environment variables.
 *
 * 1. Each variable of the table that is set is parsed; a value that makes no sense is reported with what would, and
 *    the default stands.
 * 2. OpenMP's number of threads is in the table because libomp ends the program over one that it cannot read, as soon
 *    as it is started.  Then it is not started: one thread, and nobody can ask for more.
 * 3. What is not in the table is reported if it was meant for it: any LAZY_..., and a LAZY... (LAZYY, LAZYSTATS) as
 *    near to a name that there is as a slip of the pen leaves it; other people's LAZYGIT_... is not.  A variable
 *    misspelt is worse than one missing.
 *
 * The program runs on in any case.  Read once, at the first attach: what the program itself sets later is not seen.
 */
#include "env.h"

#include "error.h"
#include "types.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "LAZY"
#define LONGEST 64
#define LETTERS_A_SLIP 4  /* a name this many times as long as the edits it needs was misspelt */
#define OPENMP_MOST 65536 /* libomp has room for every thread it is told of, and dies of some millions */

/* A number from 1 to `most`, between blanks; `*at` is then behind it. */
static bool read_number(const char **at, unsigned long long most, unsigned long long *number) {
  const char *start = *at + strspn(*at, " \t");
  char *end;
  if (*start < '0' || *start > '9')
    return false;
  errno = 0;
  *number = strtoull(start, &end, 10);
  *at = end + strspn(end, " \t");
  return errno == 0 && *number >= 1 && *number <= most;
}

static bool parse_mode(const char *text) {
  lz.check = strcmp(text, "check") == 0;
  lz.serial = lz.check || strcmp(text, "serial") == 0;
  lz.eager = strcmp(text, "defer") == 0;
  return lz.serial || lz.eager || strcmp(text, "auto") == 0;
}

static const char *graph, *trace, *measures;

static bool ends_in(const char *text, const char *end) {
  size_t length = strlen(text), wanted = strlen(end);
  return length > wanted && strcmp(text + length - wanted, end) == 0;
}

static bool parse_stats(const char *text) {
  lz.stats = strcmp(text, "1") == 0;
  measures = ends_in(text, ".json") ? text : NULL;
  return lz.stats || measures || strcmp(text, "0") == 0;
}

static bool parse_diagnose(const char *text) {
  lz.diagnose = strcmp(text, "1") == 0;
  return lz.diagnose || strcmp(text, "0") == 0;
}

/* --- what is written at the end --- */

static bool parse_graph(const char *text) {
  static const char *const ends[] = {".dot", ".json", ".txt", ".svg", ".png", ".pdf"};
  graph = NULL;
  for (size_t i = 0; i < sizeof ends / sizeof ends[0] && !graph; i++)
    graph = ends_in(text, ends[i]) ? text : NULL;
  return graph != NULL;
}

/* Who asks for it always wants it; else only who looks at a terminal. */
static bool parse_progress(const char *text) {
  bool always = strcmp(text, "always") == 0, asked = strcmp(text, "1") == 0;
  lz.progress = always || (asked && isatty(STDERR_FILENO));
  return always || asked || strcmp(text, "0") == 0;
}

static bool parse_trace(const char *text) {
  trace = *text ? text : NULL;
  return *text != '\0';
}

const char *lz_env_graph(void) {
  return graph;
}

const char *lz_env_trace(void) {
  return trace;
}

const char *lz_env_measures(void) {
  return measures;
}

/* --- the cache --- */

static struct lazy_cache_options cache = {.size = sizeof cache};
static bool cache_wanted;

static bool parse_cache(const char *text) {
  bool memory = strcmp(text, "memory") == 0;
  cache_wanted = *text && strcmp(text, "off") != 0;
  cache.path = memory ? NULL : text;
  return *text != '\0';
}

/* A number, and what it counts. */
static bool read_quantity(const char *text, size_t length, const char *units, const unsigned long long *each,
                          unsigned long long *quantity) {
  char *end;
  errno = 0;
  unsigned long long number = *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;
  if (number == 0 || errno || end > text + length)
    return false;
  const char *unit = end < text + length ? strchr(units, *end) : NULL;
  if (end + (unit != NULL) != text + length)
    return false;
  return !__builtin_mul_overflow(number, unit ? each[unit - units] : 1, quantity);
}

static bool parse_cache_option(const char *text, size_t length) {
  static const unsigned long long bytes[] = {1ull << 10, 1ull << 20, 1ull << 30, 1ull << 40};
  static const unsigned long long seconds[] = {1, 60, 3600, 86400};
  static const struct {
    const char *name;
    unsigned flag;
  } flags[] = {{"read-only", LAZY_CACHE_READ_ONLY},
               {"write-only", LAZY_CACHE_WRITE_ONLY},
               {"marked", LAZY_CACHE_MARKED_ONLY},
               {"sha256", LAZY_CACHE_SHA256}};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
    if (strlen(flags[i].name) == length && strncmp(text, flags[i].name, length) == 0) {
      cache.flags |= flags[i].flag;
      return true;
    }
  if (strncmp(text, "size=", 5) == 0)
    return read_quantity(text + 5, length - 5, "KMGT", bytes, &cache.max_bytes);
  if (strncmp(text, "memory=", 7) == 0)
    return read_quantity(text + 7, length - 7, "KMGT", bytes, &cache.max_memory);
  if (strncmp(text, "age=", 4) == 0)
    return read_quantity(text + 4, length - 4, "smhd", seconds, &cache.max_age);
  if (strncmp(text, "space=", 6) != 0)
    return false;
  free((char *)(uintptr_t)cache.space);
  cache.space = strndup(text + 6, length - 6);
  return true;
}

static bool parse_cache_options(const char *text) {
  bool known = true;
  while (known && *text) {
    size_t length = strcspn(text, ",");
    known = parse_cache_option(text, length);
    text += length + (text[length] == ',');
  }
  known = known && (cache.flags & (LAZY_CACHE_READ_ONLY | LAZY_CACHE_WRITE_ONLY)) !=
                       (LAZY_CACHE_READ_ONLY | LAZY_CACHE_WRITE_ONLY);
  if (!known) /* who asks for less, and is not understood, is not to have more */
    cache_wanted = false;
  return known;
}

bool lz_env_cache(struct lazy_cache_options *options) {
  *options = cache;
  return cache_wanted;
}

/* --- numbers --- */

static bool parse_max_pending(const char *text) {
  unsigned long long number;
  if (!read_number(&text, UINT64_MAX, &number) || *text)
    return false;
  lz.max_pending = number;
  return true;
}

/* One number for each level of nested regions; ours is the first. */
static bool parse_num_threads(const char *text) {
  unsigned long long first, inner;
  bool known = read_number(&text, OPENMP_MOST, &first);
  while (known && *text == ',') {
    text++;
    known = read_number(&text, OPENMP_MOST, &inner);
  }
  known = known && !*text;
  if (known)
    lz.omp_num_threads = (int)first;
  else
    lz.teamless = true;
  return known;
}

static bool parse_thread_limit(const char *text) {
  unsigned long long number;
  bool known = read_number(&text, INT_MAX, &number) && !*text;
  if (known)
    lz.omp_thread_limit = (int)number;
  else
    lz.teamless = true;
  return known;
}

static const struct variable {
  const char *name;
  bool (*parse)(const char *text);
  const char *accepted;
  const char *otherwise;
} variables[] = {
    {"LAZY", parse_mode, "auto, serial, check or defer", "auto"},
    {"LAZY_CACHE", parse_cache, "memory, off or a folder", "off"},
    {"LAZY_CACHE_OPTIONS", parse_cache_options,
     "with commas between: size=4G, age=30d, memory=256M, space=NAME, read-only or write-only, marked, sha256",
     "no cache"},
    {"LAZY_DIAG", parse_diagnose, "0 or 1", "0"},
    {"LAZY_GRAPH", parse_graph, "a file that ends in .dot, .json, .txt, .svg, .png or .pdf", "none"},
    {"LAZY_PROGRESS", parse_progress, "0, 1 or always", "0"},
    {"LAZY_STATS", parse_stats, "0, 1 or a file that ends in .json", "0"},
    {"LAZY_TRACE", parse_trace, "a file", "none"},
    {"LAZY_MAX_PENDING", parse_max_pending, "a number from 1", "1048576"},
    {"OMP_NUM_THREADS", parse_num_threads, "a number from 1 to 65536, or several with commas between", "1 thread"},
    {"OMP_THREAD_LIMIT", parse_thread_limit, "a number from 1", "1 thread"},
};
#define VARIABLES (sizeof variables / sizeof variables[0])

/* Insertions, deletions and replacements that lead from one word to the other. */
static size_t distance(const char *a, size_t a_length, const char *b) {
  size_t row[LONGEST + 1], b_length = strlen(b);
  if (a_length > LONGEST || b_length > LONGEST)
    return LONGEST;
  for (size_t j = 0; j <= b_length; j++)
    row[j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      size_t best = diagonal + (a[i - 1] != b[j - 1]);
      if (row[j] + 1 < best)
        best = row[j] + 1;
      if (row[j - 1] + 1 < best)
        best = row[j - 1] + 1;
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[b_length];
}

/* `entry` is LAZY...=VALUE. */
static void report_unknown(const char *entry) {
  size_t length = strcspn(entry, "="), least = LONGEST;
  const char *nearest = NULL;
  for (size_t i = 0; i < VARIABLES; i++) {
    size_t edits = distance(entry, length, variables[i].name);
    if (edits == 0)
      return;
    if (edits < least && edits * LETTERS_A_SLIP <= strlen(variables[i].name)) {
      least = edits;
      nearest = variables[i].name;
    }
  }
  if (nearest)
    lz_say("unknown environment variable %.*s; did you mean %s?", (int)length, entry, nearest);
  else if (entry[strlen(PREFIX)] == '_')
    lz_say("unknown environment variable %.*s", (int)length, entry);
}

void lz_env_read(void) {
  extern char **environ;
  lz.max_pending = 1048576;
  for (size_t i = 0; i < VARIABLES; i++) {
    const char *text = secure_getenv(variables[i].name); /* who runs as another does not write where he is told */
    if (text && !variables[i].parse(text))
      lz_say("%s=%s is not understood (accepted: %s); using %s", variables[i].name, text, variables[i].accepted,
             variables[i].otherwise);
  }
  for (char **entry = environ; entry && *entry; entry++)
    if (strncmp(*entry, PREFIX, strlen(PREFIX)) == 0)
      report_unknown(*entry);
}
