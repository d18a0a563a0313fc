/* lazycc - clang with lazypass: takes clang's command line, adds the plugin, the header and the library, runs clang.
 *
 * 1. Find the parts from where this executable stands: the build tree it was built in, or the tree it was installed to.
 * 2. Read the command line (lazycc-request.c): does it compile, does it link?
 * 3. Append what that needs, and nothing else, so that no argument is ever unused:
 *      compiling, preprocessing   -fplugin=.../lazypass.so -I.../include
 *      the same, for --check      -fplugin-arg-lazypass-instrument -fno-discard-value-names
 *      for --fingerprints         -fplugin-arg-lazypass-fingerprints
 *      linking                    -L... -llazy and an rpath, as needed: a program without lazy functions does not
 *                                 depend on liblazy
 * 4. Become clang.
 *
 * Exit status: clang's; 1 if a part is missing; 2 for a wrong use of lazycc's own options.
 */
#include "lazycc-request.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* CMake says where things are:
 *   LAZYCC_VERSION       of lazypass
 *   LAZYCC_CLANG         the clang the plugin was built for
 *   LAZYCC_LIBRARY_DIR   installed: folder of liblazy, from the folder of this executable
 *   LAZYCC_PLUGIN_DIR    installed: folder of lazypass.so, likewise
 *   LAZYCC_INCLUDE_DIR   installed: folder of lazy/lazy.h, likewise */

static const char usage_text[] =
    "usage: lazycc [ARGUMENT]...          clang's arguments: compile, link, as clang would, with lazypass\n"
    "       lazycc --show [ARGUMENT]...   print the clang command instead of running it\n"
    "       lazycc --check [ARGUMENT]...  clang's, with code for LAZY=check, which tells where annotations are wrong\n"
    "       lazycc --fingerprints [ARGUMENT]...  clang's; files without lazy functions, too, say what their code is\n"
    "       lazycc --version              versions of clang and of lazypass\n"
    "       lazycc --help                 this text; `man lazycc` says more, `clang --help` tells clang's options\n"
    "\n"
    "Functions annotated with LAZY (#include <lazy/lazy.h>) run in parallel.  For what happened to them, and why:\n"
    "  lazycc -O2 -Rpass=lazy -Rpass-missed=lazy -c program.c\n"
    "\n"
    "environment:\n"
    "  LAZYCC_CLANG   the clang to run instead of " LAZYCC_CLANG "\n";

/* What lazycc adds to clang, and where each may be from the folder of this executable. */
struct part {
  const char *name;
  const char *build_folder, *installed_folder;
  char folder[PATH_MAX]; /* where it was found */
};

/* The command line under construction; ends in NULL. */
struct command {
  char **words;
  size_t count;
};

__attribute__((noreturn, format(printf, 2, 3))) static void fail(int status, const char *format, ...) {
  va_list arguments;
  fputs("lazycc: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(status);
}

/* The folder of this executable, links resolved. */
static void find_own_folder(char folder[PATH_MAX]) {
  ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
  if (length < 0)
    fail(1, "cannot tell where lazycc stands: /proc/self/exe: %s", strerror(errno));
  folder[length] = '\0';
  *strrchr(folder, '/') = '\0';
}

/* Writes the true path of `folder` to `part->folder` if it holds the part. */
static bool find_in(struct part *part, const char *own_folder, const char *folder) {
  char path[3 * PATH_MAX];
  snprintf(path, sizeof path, "%s/%s/%s", own_folder, folder, part->name);
  if (access(path, R_OK) != 0)
    return false;
  snprintf(path, sizeof path, "%s/%s", own_folder, folder);
  return realpath(path, part->folder) != NULL;
}

static void find(struct part *part) {
  char own_folder[PATH_MAX];
  find_own_folder(own_folder);
  if (!find_in(part, own_folder, part->build_folder) && !find_in(part, own_folder, part->installed_folder))
    fail(1,
         "%s is missing: it is neither in\n"
         "  %s/%s  (build tree) nor in\n"
         "  %s/%s  (installed)\n"
         "build lazypass (cmake --build BUILD) or install it again (cmake --install BUILD)",
         part->name, own_folder, part->build_folder, own_folder, part->installed_folder);
}

__attribute__((format(printf, 2, 3))) static void add_word(struct command *command, const char *format, ...) {
  char **words = realloc(command->words, (command->count + 2) * sizeof *words);
  va_list arguments;
  if (!words)
    fail(1, "out of memory");
  command->words = words;
  va_start(arguments, format);
  if (vasprintf(&words[command->count], format, arguments) < 0)
    fail(1, "out of memory");
  va_end(arguments);
  words[++command->count] = NULL;
}

static void free_command(struct command *command) {
  for (size_t i = 0; i < command->count; i++)
    free(command->words[i]);
  free(command->words);
}

/* lazycc's own options, which may stand anywhere. */
struct ways {
  bool checks, fingerprints;
};

static void add_compiling(struct command *command, struct ways ways) {
  struct part plugin = {"lazypass.so", "..", LAZYCC_PLUGIN_DIR, ""};
  struct part header = {"lazy/lazy.h", "../include", LAZYCC_INCLUDE_DIR, ""};
  find(&plugin);
  find(&header);
  /* Inputs that clang does not compile (assembly among C sources) would have it complain. */
  add_word(command, "--start-no-unused-arguments");
  add_word(command, "-fplugin=%s/%s", plugin.folder, plugin.name);
  add_word(command, "-I%s", header.folder);
  if (ways.fingerprints)
    add_word(command, "-fplugin-arg-lazypass-fingerprints");
  if (ways.checks) {
    add_word(command, "-fplugin-arg-lazypass-instrument");
    add_word(command, "-fno-discard-value-names"); /* messages name parameters */
  }
  add_word(command, "--end-no-unused-arguments");
}

/* `last`: what is added stands behind all inputs. */
static void add_linking(struct command *command, const struct request *request, bool last) {
  struct part library = {request->is_static ? "liblazy.a" : "liblazy.so", "..", LAZYCC_LIBRARY_DIR, ""};
  find(&library);
  add_word(command, "-L%s", library.folder);
  if (request->is_static) {
    add_word(command, "-llazy");
    add_word(command, "-llmdb");
    return;
  }
  add_word(command, "-Wl,-rpath,%s", library.folder);
  /* In front of the inputs nothing is needed yet, and the linker would drop the library. */
  if (last)
    add_word(command, "-Wl,--push-state,--as-needed");
  add_word(command, "-llazy");
  if (last)
    add_word(command, "-Wl,--pop-state");
}

static struct command build_command(int count, char **arguments, struct ways ways) {
  struct command command = {NULL, 0};
  const char *clang = getenv("LAZYCC_CLANG");
  struct request request = read_request(count, arguments);

  add_word(&command, "%s", clang && *clang ? clang : LAZYCC_CLANG);
  for (int i = 0; i < request.options_end; i++)
    add_word(&command, "%s", arguments[i]);
  if (request.has_source)
    add_compiling(&command, ways);
  if (request.has_linked && request.links && !request.is_bare)
    add_linking(&command, &request, request.options_end == count);
  for (int i = request.options_end; i < count; i++)
    add_word(&command, "%s", arguments[i]);
  return command;
}

/* Prints a word so that a shell reads it back as it is. */
static void print_quoted(const char *word) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=/.,:@%";
  if (*word && word[strspn(word, plain)] == '\0') {
    fputs(word, stdout);
    return;
  }
  putchar('\'');
  for (; *word; word++) {
    if (*word == '\'')
      fputs("'\\''", stdout);
    else
      putchar(*word);
  }
  putchar('\'');
}

static int show(const struct command *command) {
  for (size_t i = 0; i < command->count; i++) {
    if (i)
      putchar(' ');
    print_quoted(command->words[i]);
  }
  putchar('\n');
  return fflush(stdout) == 0 ? 0 : 1;
}

__attribute__((noreturn)) static void become(const struct command *command) {
  execvp(command->words[0], command->words);
  fail(1, "cannot run %s: %s\ninstall it, or name a clang of the same version in LAZYCC_CLANG", command->words[0],
       strerror(errno));
}

/* clang's version comes first: whoever reads the output for a version means the compiler's. */
static int show_versions(const struct command *command) {
  int status = 0;
  pid_t child = fork();
  if (child < 0)
    fail(1, "cannot start a process: %s", strerror(errno));
  if (child == 0)
    become(command);
  if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : 1;
  puts("lazycc " LAZYCC_VERSION);
  return fflush(stdout) == 0 ? 0 : 1;
}

/* Takes out what clang does not know; in CFLAGS it may stand anywhere. */
static struct ways take_ways(char **arguments) {
  char **to = arguments;
  bool options_ended = false;
  struct ways found = {false, false};
  for (char **from = arguments; *from; from++) {
    options_ended |= strcmp(*from, "--") == 0;
    if (!options_ended && strcmp(*from, "--check") == 0)
      found.checks = true;
    else if (!options_ended && strcmp(*from, "--fingerprints") == 0)
      found.fingerprints = true;
    else
      *to++ = *from;
  }
  *to = NULL;
  return found;
}

int main(int argc, char **argv) {
  char **arguments = argv + 1;

  if (argc > 1 && strcmp(argv[1], "--help") == 0) {
    fputs(usage_text, stdout);
    return fflush(stdout) == 0 ? 0 : 1;
  }
  struct ways ways = take_ways(arguments);
  bool shows = *arguments && strcmp(*arguments, "--show") == 0;
  arguments += shows;
  if (shows && !*arguments) {
    fputs(usage_text, stderr);
    return 2;
  }
  int count = 0, status = 0;
  while (arguments[count])
    count++;
  struct command command = build_command(count, arguments, ways);
  if (shows)
    status = show(&command);
  else if (argc == 2 && count && strcmp(*arguments, "--version") == 0)
    status = show_versions(&command);
  else
    become(&command);
  free_command(&command);
  return status;
}
