/* lazy-graph - looks at what programs have recorded: graphs (LAZY_GRAPH=FILE.json), traces (LAZY_TRACE=FILE.json) and
 * figures (LAZY_STATS=FILE.json).
 *
 * 1. Read the command line.
 * 2. Read the file, whichever of the three it is (lazy-graph-read.c).
 * 3. Say what is in it (lazy-graph-text.c), or draw it (lazy-graph-draw.c, lazy-graph-page.c).
 *
 * Exit status: 0 done; 1 the file cannot be read, or nothing can be written, and it is said; 2 a wrong command line.
 */
#include "lazy-graph.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage_text[] =
    "usage: lazy-graph FILE               how parallel a run was and could be, and what limits it\n"
    "       lazy-graph --tree FILE        the graph as text, what is needed below what needs it\n"
    "       lazy-graph -o PICTURE FILE    the graph: .svg, .png, .pdf (by Graphviz), .dot\n"
    "       lazy-graph -o PAGE.html FILE  all of it, for a browser: a page without anything from elsewhere\n"
    "       lazy-graph --help | --version `man lazy-graph` says more\n"
    "\n"
    "FILE is what a program has written: LAZY_TRACE=FILE.json, LAZY_GRAPH=FILE.json or LAZY_STATS=FILE.json\n";

void fail(const char *format, ...) {
  va_list arguments;
  fflush(stdout);
  fputs("lazy-graph: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

__attribute__((format(printf, 1, 2))) static _Noreturn void misuse(const char *format, ...) {
  va_list arguments;
  fputs("lazy-graph: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputs(" (lazy-graph --help)\n", stderr);
  exit(2);
}

void *check_memory(void *p) {
  if (!p)
    fail("out of memory");
  return p;
}

static bool ends_in(const char *text, const char *end) {
  size_t length = strlen(text), wanted = strlen(end);
  return length > wanted && strcmp(text + length - wanted, end) == 0;
}

static bool wants_color(void) {
  const char *no = getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && !(no && *no);
}

static void write_out(const struct recording *recording, const char *path) {
  static const char *const pictures[] = {".dot", ".svg", ".png", ".pdf"};
  for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++)
    if (ends_in(path, pictures[i])) {
      write_picture(recording, path);
      return;
    }
  write_page(recording, path);
}

int main(int argc, char **argv) {
  static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'v'},
                                          {"tree", no_argument, NULL, 't'},
                                          {"output", required_argument, NULL, 'o'},
                                          {NULL, 0, NULL, 0}};
  const char *output = NULL;
  bool tree = false;
  opterr = 0;
  for (int option; (option = getopt_long(argc, argv, "o:", options, NULL)) != -1;)
    switch (option) {
    case 'h':
      fputs(usage_text, stdout);
      return 0;
    case 'v':
      puts("lazy-graph " LAZY_GRAPH_VERSION);
      return 0;
    case 't':
      tree = true;
      break;
    case 'o':
      output = optarg;
      break;
    default:
      misuse("'%s' is no option, or lacks its value", argv[optind - 1]);
    }
  if (optind + 1 != argc)
    misuse(optind == argc ? "which file?" : "one file at a time");
  if (output && !ends_in(output, ".dot") && !ends_in(output, ".svg") && !ends_in(output, ".png") &&
      !ends_in(output, ".pdf") && !ends_in(output, ".html"))
    misuse("'%s' ends in none of .svg, .png, .pdf, .dot and .html", output);
  struct recording recording;
  recording_read(&recording, argv[optind]);
  if (output)
    write_out(&recording, output);
  else if (tree)
    print_tree(&recording);
  else
    print_report(&recording, wants_color());
  recording_free(&recording);
  if (fflush(stdout) != 0 || ferror(stdout))
    fail("standard output cannot be written");
  return 0;
}
