/* Tells on request, by the means named, whether it was compiled with the plugin. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if __has_attribute(lazypass)
enum { LAZILY = 1 };
#else
enum { LAZILY = 0 };
#endif

int main(int argc, char **argv) {
  const char *by = argc > 1 ? argv[1] : "";
  const char *word = LAZILY ? "lazy\n" : "plain\n";
#ifdef STDIN
  char line[80];
  if (!fgets(line, sizeof line, stdin) || strcmp(line, "hello\n") != 0)
    by = "stdout";
#endif
  if (strcmp(by, "stdout") == 0)
    fputs(word, stdout);
  if (strcmp(by, "stderr") == 0)
    fputs(word, stderr);
  if (strcmp(by, "file") == 0) {
    FILE *file = fopen("out", "w");
    fputs(word, file);
    fclose(file);
  }
  if (strcmp(by, "signal") == 0 && LAZILY)
    abort();
  return strcmp(by, "status") == 0 ? LAZILY : 0;
}
