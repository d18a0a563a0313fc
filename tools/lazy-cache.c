/* lazy-cache - looks at and tends a folder of results (LAZY_CACHE=FOLDER).
 *
 * 1. Read the command line.
 * 2. Open the folder as programs do, for reading only unless the command writes.
 * 3. Run the command (lazy-cache-look.c, lazy-cache-tend.c, lazy-cache-move.c), in a guard: whatever is wrong with the
 *    file, there is a message.
 *
 * Exit status: 0 all is well; 1 something is wrong with the folder, and it is said; 2 a wrong command line.
 */
#include "lazy-cache.h"

#include <errno.h>
#include <getopt.h>
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

void fail(const char *format, ...) {
  va_list arguments;
  fflush(stdout);
  fputs("lazy-cache: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
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

/* --- step 1 --- */

static const struct command {
  const char *name;
  int (*run)(struct request *request);
  bool writes, makes;
  int least, most; /* words behind the folder */
} commands[] = {
    {"stats", run_stats, false, false, 0, 0},   {"ls", run_ls, false, false, 0, 0},
    {"show", run_show, false, false, 1, 1},     {"explain", run_explain, false, false, 0, 1},
    {"verify", run_verify, false, false, 0, 0}, {"gc", run_gc, true, false, 0, 0},
    {"rm", run_rm, true, false, 0, 1 << 20},    {"export", run_export, false, false, 1, 1},
    {"import", run_import, true, true, 1, 1},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

/* A number, and one letter of `units` for what it counts. */
static uint64_t read_quantity(const char *name, const char *text, const char *units, const uint64_t *each) {
  char *end;
  errno = 0;
  unsigned long long number = strtoull(text, &end, 10), quantity;
  const char *unit = *end ? strchr(units, *end) : NULL;
  if (*text < '0' || *text > '9' || errno || number == 0 || (*end && (!unit || end[1])) ||
      __builtin_mul_overflow(number, unit ? each[unit - units] : 1, &quantity))
    misuse("--%s=%s: a number from 1 with one of %s behind it, or nothing", name, text, units);
  return quantity;
}

static int read_sort(const char *text) {
  static const char *const names[] = {"size", "age", "hits", "cost"};
  for (int i = 0; i < 4; i++)
    if (strcmp(text, names[i]) == 0)
      return i;
  misuse("--sort=%s: size, age, hits or cost", text);
}

static const struct command *read_request(int argc, char **argv, struct request *request) {
  static const uint64_t bytes[] = {1ull << 10, 1ull << 20, 1ull << 30, 1ull << 40}, seconds[] = {1, 60, 3600, 86400};
  static const uint64_t ones[] = {1};
  enum { HELP = 256, VERSION, JSON, VALUES, ALL, REPAIR, COMPACT, FUNCTION, SPACE, SORT, LIMIT, MAX_SIZE, MAX_AGE };
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
  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
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
      request->limit = read_quantity("limit", optarg, "", ones);
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
  if (argc - optind < 2)
    misuse(argc == optind ? "no command" : "no folder");
  request->command = argv[optind];
  request->folder = argv[optind + 1];
  request->words = argv + optind + 2;
  request->word_count = argc - optind - 2;
  for (size_t i = 0; i < COMMANDS; i++)
    if (strcmp(commands[i].name, request->command) == 0) {
      if (request->word_count < commands[i].least || request->word_count > commands[i].most)
        misuse("%s: too %s arguments", request->command, request->word_count < commands[i].least ? "few" : "many");
      return &commands[i];
    }
  misuse("there is no command '%s'", request->command);
}

/* --- steps 2 and 3 --- */

static void on_access(int number, siginfo_t *info, void *context) {
  (void)context;
  lz_guard_catch(info->si_addr);
  signal(number, SIG_DFL); /* it was not the file: it will happen again */
}

static void open_folder(struct request *request, const struct command *command) {
  struct lz_store_options options = {.path = request->folder,
                                     .space = request->space ? request->space : "",
                                     .write = command->writes || request->repair};
  char data[4096];
  snprintf(data, sizeof data, "%s/.", request->folder);
  if (!command->makes && access(data, F_OK) != 0)
    fail("'%s': %s", request->folder, strerror(errno));
  if (lz_store_open(&request->store, &options) != LAZY_OK)
    exit(1); /* which has been said */
}

int main(int argc, char **argv) {
  const struct sigaction action = {.sa_sigaction = on_access, .sa_flags = SA_SIGINFO | SA_NODEFER};
  struct request request = {0};
  struct lz_guard guard;
  const struct command *command = read_request(argc, argv, &request);
  sigaction(SIGBUS, &action, NULL);
  sigaction(SIGSEGV, &action, NULL);
  open_folder(&request, command);
  lz_guard_arm(&guard, &request.store->file);
  if (sigsetjmp(guard.back, 1) != 0)
    fail("'%s' is damaged, and what is in it cannot be told; remove it", request.folder);
  int status = command->run(&request);
  lz_guard_disarm();
  lz_store_close(request.store);
  if (fflush(stdout) != 0 || ferror(stdout))
    fail("cannot write: %s", strerror(errno));
  return status;
}
