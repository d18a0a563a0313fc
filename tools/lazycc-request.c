/* lazycc-request.c - reads a compiler's command line.
 *
 * 1. Walk over the words.  A word @FILE stands for the words in FILE, split as clang and gcc split them.
 * 2. An option that takes its value from the next word swallows it, so that no value passes for an input.
 * 3. Options that stop before linking, or that leave the default libraries out, are noted; all others are clang's
 *    business.  What is no option is an input; whether clang compiles it, or precompiles it as a header, -x or its
 *    suffix tells.
 *
 * Sound: nothing is taken away or changed; this only looks.
 * Given up: an option unknown here that takes a value makes the value look like an input.  The worst that follows is
 * that a command without any input gets libraries to link, and fails in other words than it would.
 */
#include "lazycc-request.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Response files may name response files; one that names itself ends here. */
enum { RESPONSE_DEPTH_MAX = 8 };

struct reader {
  struct request request;
  enum { BY_SUFFIX, SOURCE, HEADER } language; /* as -x says, for the inputs to come */
  bool value_is_language;
  bool skip_next;
  bool options_ended;
};

/* Options that take their value from the next word. */
static const char options_with_value[] =
    "-o -I -D -U -L -l -F -B -T -u -e -z -A -include -imacros -iquote -isystem -isysroot -idirafter -iprefix "
    "-iwithprefix -iwithsysroot -include-pch -ivfsoverlay -MF -MT -MQ -MJ -Xclang -Xlinker -Xassembler -Xpreprocessor "
    "-Xanalyzer -mllvm -target -arch -framework -rpath -working-directory -serialize-diagnostics -dumpdir --param "
    "--sysroot --target";

/* Options that end the work before the linker. */
static const char options_without_linking[] =
    "-c -S -E -M -MM -fsyntax-only -emit-ast -emit-interface-stubs --analyze --compile --assemble --precompile "
    "--preprocess --dependencies --user-dependencies";

/* Options by which the user names all libraries. */
static const char options_without_libraries[] = "-nostdlib -nodefaultlibs -r --no-standard-libraries";

static const char options_for_static[] = "-static -static-pie --static";

/* What clang compiles or preprocesses.  With any other suffix an input is the linker's (an object, a library, a linker
 * script) or the assembler's (.s). */
static const char source_suffixes[] =
    "c i C cc cp cpp cxx c++ CPP CC ii m mi mm mii M cu cui cl S sx hip ll bc cppm ixx";

/* What clang precompiles; nothing of it goes to the linker. */
static const char header_suffixes[] = "h H hh hpp hxx h++";

/* Is `word` one of the words in `list`, which single blanks separate? */
static bool is_in(const char *list, const char *word) {
  size_t length = strlen(word);
  if (length == 0 || strchr(word, ' '))
    return false;
  for (const char *at = list; (at = strstr(at, word)); at++)
    if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
      return true;
  return false;
}

static const char *suffix_of(const char *path) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
  return dot ? dot + 1 : "";
}

static void read_input(struct reader *reader, const char *path) {
  const char *suffix = suffix_of(path);
  bool by_suffix = reader->language == BY_SUFFIX;
  bool is_header = by_suffix ? is_in(header_suffixes, suffix) : reader->language == HEADER;
  bool is_source = by_suffix ? is_in(source_suffixes, suffix) || strcmp(path, "-") == 0 : reader->language == SOURCE;
  reader->request.has_source |= is_source || is_header;
  reader->request.has_linked |= !is_header;
}

/* c-header, c++-user-header, ... are headers. */
static void read_language(struct reader *reader, const char *language) {
  if (strcmp(language, "none") == 0)
    reader->language = BY_SUFFIX;
  else
    reader->language = strstr(language, "-header") ? HEADER : SOURCE;
}

static void read_words_of_file(struct reader *reader, const char *path, int depth);

static void read_word(struct reader *reader, const char *word, int depth) {
  struct request *request = &reader->request;
  if (reader->value_is_language) {
    reader->value_is_language = false;
    read_language(reader, word);
  } else if (reader->skip_next) {
    reader->skip_next = false;
  } else if (word[0] == '@') {
    read_words_of_file(reader, word, depth);
  } else if (reader->options_ended || word[0] != '-' || word[1] == '\0') {
    read_input(reader, word);
  } else if (strcmp(word, "--") == 0) {
    reader->options_ended = true;
  } else if (strncmp(word, "-x", 2) == 0) {
    if (word[2])
      read_language(reader, word + 2);
    else
      reader->value_is_language = true;
  } else if (strncmp(word, "-l", 2) == 0) {
    request->has_linked = true;
    reader->skip_next = word[2] == '\0';
  } else if (is_in(options_with_value, word)) {
    reader->skip_next = true;
  } else if (is_in(options_without_linking, word)) {
    request->links = false;
  } else if (is_in(options_without_libraries, word)) {
    request->is_bare = true;
  } else if (is_in(options_for_static, word)) {
    request->is_static = true;
  }
}

/* Cuts the first word off `*text` and unquotes it in place; NULL at the end.  Blanks separate words, ' and " quote,
 * a backslash takes the next character as it is. */
static char *next_word(char **text) {
  char *from = *text, quote = '\0';
  while (isspace((unsigned char)*from))
    from++;
  if (!*from)
    return NULL;
  char *word = from, *to = from;
  for (; *from && (quote || !isspace((unsigned char)*from)); from++) {
    if (*from == '\\' && quote != '\'' && from[1])
      *to++ = *++from;
    else if (quote ? *from == quote : *from == '\'' || *from == '"')
      quote = quote ? '\0' : *from;
    else
      *to++ = *from;
  }
  *text = *from ? from + 1 : from;
  *to = '\0';
  return word;
}

/* `word` is @FILE.  If there is no such file, it is an input with a strange name, as it is to clang. */
static void read_words_of_file(struct reader *reader, const char *word, int depth) {
  char *text = NULL;
  size_t capacity = 0;
  FILE *file = depth < RESPONSE_DEPTH_MAX ? fopen(word + 1, "r") : NULL;
  if (!file) {
    read_input(reader, word);
    return;
  }
  if (getdelim(&text, &capacity, '\0', file) > 0) {
    char *rest = text, *inner;
    while ((inner = next_word(&rest)))
      read_word(reader, inner, depth + 1);
  }
  free(text);
  fclose(file);
}

struct request read_request(int count, char **arguments) {
  struct reader reader = {.request = {.links = true, .options_end = count}};
  for (int i = 0; i < count; i++) {
    bool ended = reader.options_ended;
    read_word(&reader, arguments[i], 0);
    if (!ended && reader.options_ended)
      reader.request.options_end = i;
  }
  return reader.request;
}
