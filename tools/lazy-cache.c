/* lazy-cache - looks at and tends a folder of results (LAZY_CACHE=FOLDER).
 *
 * 1. Read the command line.
 * 2. Open the folder as programs do, for reading only unless the command writes.
 * 3. Run the command (lazy-cache-look.c and its neighbours).
 *
 * A damaged file may lead LMDB astray: whatever signal that ends in, there is a message, and no crash.
 *
 * Exit status: 0 all is well; 1 something is wrong with the folder, and it is said; 2 a wrong command line.
 */
#include "lazy-cache.h"

#include "error.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
    "usage: lazy-cache stats FOLDER                       how much there is, and what it has been good for\n"
    "       lazy-cache ls FOLDER                          functions; --values: each value\n"
    "       lazy-cache show FOLDER KEY                    one value\n"
    "       lazy-cache explain FOLDER [FUNCTION]          why the last run computed what it computed\n"
    "       lazy-cache verify FOLDER                      reads everything; --repair: removes what is damaged\n"
    "       lazy-cache gc FOLDER                          --max-size=1G, --max-age=30d; --compact: a smaller file\n"
    "       lazy-cache rm FOLDER [KEY]...                 or --function=NAME, --space=NAME, --all\n"
    "       lazy-cache export FOLDER FILE                 all, or --function=NAME, --space=NAME; -: standard output\n"
    "       lazy-cache import FOLDER FILE                 -: standard input\n"
    "       lazy-cache --help | --version                 `man lazy-cache` says more\n"
    "\n"
    "options:\n"
    "  --function=NAME, --space=NAME   only these values\n"
    "  --values                        ls: one line for each value\n"
    "  --sort=size|age|hits|cost       ls: the largest first; size is the default\n"
    "  --limit=N                       ls: so many lines\n"
    "  --json                          stats, ls, show, explain, verify: for programs\n";

/* --- how it ends --- */

static char unfinished[PATH_MAX];

void set_unfinished(const char *path) {
  snprintf(unfinished, sizeof unfinished, "%s", path ? path : "");
}

static void remove_unfinished(void) {
  if (*unfinished)
    unlink(unfinished);
}

void fail(const char *format, ...) {
  va_list arguments;
  fflush(stdout);
  fputs("lazy-cache: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  remove_unfinished();
  exit(1);
}

void fail_file(const struct request *request, int error) {
  if (error == MDB_CORRUPTED || error == MDB_PAGE_NOTFOUND || error == MDB_INVALID || error == MDB_BAD_TXN ||
      error == MDB_CURSOR_FULL || error == MDB_PANIC)
    fail("'%s' is damaged (%s), and cannot be repaired; remove it", request->folder, mdb_strerror(error));
  fail("'%s': %s", request->folder, mdb_strerror(error));
}

void misuse(const char *format, ...) {
  va_list arguments;
  fputs("lazy-cache: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputs(" (lazy-cache --help)\n", stderr);
  exit(2);
}

void *check_memory(void *p) {
  if (!p)
    fail("out of memory");
  return p;
}

/* Whatever the file has led to.  The folder's name is said by fail(), which is not for handlers. */
static const char *opened_folder = "";

static void say_and_end(const char *const *words, size_t count) {
  for (size_t i = 0; i < count; i++) {
    ssize_t written = write(STDERR_FILENO, words[i], strlen(words[i]));
    (void)written; /* there is nobody else to tell */
  }
  remove_unfinished();
  _exit(1);
}

static void on_fault(int number, siginfo_t *info, void *context) {
  const char *const words[] = {"lazy-cache: '", opened_folder, "' is damaged, and cannot be repaired; remove it\n"};
  (void)context;
  if (number != SIGABRT)
    lz_guard_catch(info->si_addr);
  say_and_end(words, sizeof words / sizeof words[0]);
}

static void on_interrupt(int number) {
  remove_unfinished();
  signal(number, SIG_DFL);
  raise(number);
}

static void catch_signals(void) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT}, interrupts[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
  struct sigaction fault = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
  struct sigaction interrupt = {.sa_handler = on_interrupt, .sa_flags = SA_NODEFER};
  signal(SIGXFSZ, SIG_IGN); /* an error of the write, then */
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
    sigaction(faults[i], &fault, NULL);
  for (size_t i = 0; i < sizeof interrupts / sizeof interrupts[0]; i++)
    sigaction(interrupts[i], &interrupt, NULL);
}

/* --- step 1 --- */

enum {
  JSON = 1 << 0,
  VALUES = 1 << 1,
  ALL = 1 << 2,
  REPAIR = 1 << 3,
  COMPACT = 1 << 4,
  FUNCTION = 1 << 5,
  SPACE = 1 << 6,
  SORT = 1 << 7,
  LIMIT = 1 << 8,
  MAX_SIZE = 1 << 9,
  MAX_AGE = 1 << 10,
  HELP = 1 << 11,
  VERSION = 1 << 12
};

static const struct command {
  const char *name;
  int (*run)(struct request *request);
  unsigned options; /* that mean something to it */
  bool writes, opens_itself;
  int least, most; /* words behind the folder */
} commands[] = {
    {"stats", run_stats, JSON, false, false, 0, 0},
    {"ls", run_ls, JSON | VALUES | SORT | LIMIT | FUNCTION | SPACE, false, false, 0, 0},
    {"show", run_show, JSON, false, false, 1, 1},
    {"explain", run_explain, JSON | FUNCTION | SPACE, false, false, 0, 1},
    {"verify", run_verify, JSON | REPAIR, false, false, 0, 0},
    {"gc", run_gc, MAX_SIZE | MAX_AGE | COMPACT, true, false, 0, 0},
    {"rm", run_rm, ALL | FUNCTION | SPACE, true, false, 0, INT_MAX},
    {"export", run_export, FUNCTION | SPACE, false, false, 1, 1},
    {"import", run_import, 0, true, true, 1, 1},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static const struct option options[] = {{"help", no_argument, NULL, HELP},
                                        {"version", no_argument, NULL, VERSION},
                                        {"json", no_argument, NULL, JSON},
                                        {"values", no_argument, NULL, VALUES},
                                        {"all", no_argument, NULL, ALL},
                                        {"repair", no_argument, NULL, REPAIR},
                                        {"compact", no_argument, NULL, COMPACT},
                                        {"function", required_argument, NULL, FUNCTION},
                                        {"space", required_argument, NULL, SPACE},
                                        {"sort", required_argument, NULL, SORT},
                                        {"limit", required_argument, NULL, LIMIT},
                                        {"max-size", required_argument, NULL, MAX_SIZE},
                                        {"max-age", required_argument, NULL, MAX_AGE},
                                        {NULL, 0, NULL, 0}};

/* A number, and one letter of `units` for what it counts, as in LAZY_CACHE_OPTIONS. */
static uint64_t read_quantity(const char *name, const char *text, const char *units, const uint64_t *each) {
  char *end;
  errno = 0;
  unsigned long long number = strtoull(text, &end, 10), quantity;
  const char *unit = *end ? strchr(units, *end) : NULL;
  if (*text < '0' || *text > '9' || errno || number == 0 || (*end && (!unit || end[1])) ||
      __builtin_mul_overflow(number, unit ? each[unit - units] : 1, &quantity))
    misuse("--%s=%s: a number from 1%s%s%s", name, text, *units ? ", with one of " : "", units,
           *units ? " behind it, or nothing" : "");
  return quantity;
}

static int read_sort(const char *text) {
  static const char *const names[] = {"size", "age", "hits", "cost"};
  for (int i = 0; i < 4; i++)
    if (strcmp(text, names[i]) == 0)
      return i;
  misuse("--sort=%s: size, age, hits or cost", text);
}

static void take_option(struct request *request, int option) {
  static const uint64_t bytes[] = {1ull << 10, 1ull << 20, 1ull << 30, 1ull << 40}, seconds[] = {1, 60, 3600, 86400};
  switch (option) {
  case HELP:
    fputs(usage_text, stdout);
    exit(0);
  case VERSION:
    puts("lazy-cache (lazypass " LAZY_VERSION ")");
    exit(0);
  case JSON:
    request->json = true;
    break;
  case VALUES:
    request->values = true;
    break;
  case ALL:
    request->all = true;
    break;
  case REPAIR:
    request->repair = true;
    break;
  case COMPACT:
    request->compact = true;
    break;
  case FUNCTION:
    request->function = optarg;
    break;
  case SPACE:
    request->space = optarg;
    break;
  case SORT:
    request->sort = read_sort(optarg);
    break;
  case LIMIT:
    request->limit = read_quantity("limit", optarg, "", NULL);
    break;
  case MAX_SIZE:
    request->max_bytes = read_quantity("max-size", optarg, "KMGT", bytes);
    break;
  case MAX_AGE:
    request->max_age = read_quantity("max-age", optarg, "smhd", seconds);
    break;
  default:
    fputs("lazy-cache --help tells the options\n", stderr);
    exit(2);
  }
}

static const struct command *find_command(const char *name) {
  for (size_t i = 0; i < COMMANDS; i++)
    if (strcmp(commands[i].name, name) == 0)
      return &commands[i];
  misuse("there is no command '%s'", name);
}

static const struct command *read_request(int argc, char **argv, struct request *request) {
  unsigned given = 0;
  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1; given |= (unsigned)option)
    take_option(request, option);
  if (argc == optind)
    misuse("no command");
  const struct command *command = find_command(argv[optind]);
  for (const struct option *option = options; option->name; option++)
    if (given & (unsigned)option->val & ~command->options) /* what it asks for is not what would be done */
      misuse("%s: --%s means nothing to it", command->name, option->name);
  if (argc - optind < 2)
    misuse("%s: no folder", command->name);
  request->folder = argv[optind + 1];
  request->words = argv + optind + 2;
  request->word_count = argc - optind - 2;
  request->write = command->writes || request->repair;
  if (request->word_count < command->least || request->word_count > command->most)
    misuse("%s: too %s arguments", command->name, request->word_count < command->least ? "few" : "many");
  return command;
}

/* --- step 2 --- */

/* What is in the folder: LAZY_CACHE=FOLDER leaves folders like "1-64le" there. */
static void look_into(const char *folder, bool *anything, bool *results) {
  DIR *entries = opendir(folder);
  const struct dirent *entry;
  *anything = *results = false;
  if (!entries)
    fail("'%s': %s", folder, strerror(errno));
  while ((entry = readdir(entries))) {
    size_t digits = strspn(entry->d_name, "0123456789");
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    *anything = true;
    *results |= digits > 0 && entry->d_name[digits] == '-';
  }
  closedir(entries);
}

/* Nothing is made in a folder of which nothing says that it is one of results. */
static void check_folder(const char *folder, bool make) {
  char data[PATH_MAX];
  bool anything, results;
  if (make && access(folder, F_OK) != 0 && errno == ENOENT)
    return;
  look_into(folder, &anything, &results);
  if (!lz_file_path(folder, data, sizeof data))
    fail("'%s': %s", folder, strerror(ENAMETOOLONG));
  if (anything && !results)
    fail("'%s' is no folder of results (LAZY_CACHE=FOLDER)", folder);
  if (!make && !anything)
    fail("'%s' is empty: no results have been kept there", folder);
  if (!make && access(data, F_OK) != 0)
    fail("'%s' has no results of this version of lazypass and this kind of machine", folder);
}

void open_folder(struct request *request, bool make) {
  const struct lz_store_options how = {.path = request->folder, .space = "", .write = request->write};
  check_folder(request->folder, make);
  opened_folder = request->folder;
  if (lz_store_open(&request->store, &how) != LAZY_OK)
    fail("'%s' cannot be opened", request->folder);
  if (request->write)
    check_pages(request);
}

/* --- step 3 --- */

int main(int argc, char **argv) {
  struct request request = {0};
  const struct command *command = read_request(argc, argv, &request);
  lz_speaker = "lazy-cache: ";
  catch_signals();
  if (!command->opens_itself)
    open_folder(&request, false);
  int status = command->run(&request);
  lz_store_close(request.store);
  if (fflush(stdout) != 0 || ferror(stdout))
    fail("standard output: %s", strerror(errno));
  return status;
}
