/* lazy-graph-page.c - all of a recording on a page for a browser.
 *
 * 1. The page is a file of its own (lazy-graph-page.html), and part of the program.  It has two places to fill.
 * 2. The recording goes into one as it is, but for "</", which would end the script that it stands in.
 * 3. The graph goes into the other, drawn by Graphviz if that is there; without it, there is no graph on the page.
 *
 * So the page needs nothing from elsewhere, and shows whatever the recording has.
 */
#include "lazy-graph.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

extern const char lazy_graph_page[]; /* made of the file by CMake */

/* Step 2. */
static void copy_recording(FILE *to, const char *path) {
  FILE *from = fopen(path, "re");
  if (!from)
    fail("'%s' cannot be read: %s", path, strerror(errno));
  for (int c, last = 0; (c = getc(from)) != EOF; last = c) {
    if (c == '/' && last == '<')
      fputc('\\', to);
    fputc(c, to);
  }
  if (ferror(from))
    fail("'%s' cannot be read", path);
  fclose(from);
}

/* Step 3.  From <svg on. */
static void copy_graph(FILE *to, const struct recording *recording) {
  char line[4096];
  bool begun = false;
  FILE *svg = recording->call_count ? tmpfile() : NULL;
  if (!svg)
    return;
  if (!draw(svg, recording, "svg"))
    fputs("lazy-graph: Graphviz cannot be run, so the page has no graph\n", stderr);
  for (bool there = fseek(svg, 0, SEEK_SET) == 0; there && fgets(line, sizeof line, svg);) {
    begun = begun || strncmp(line, "<svg", 4) == 0;
    if (begun)
      fputs(line, to);
  }
  fclose(svg);
}

void write_page(const struct recording *recording, const char *path) {
  static const char graph_here[] = "<!--GRAPH-->", recording_here[] = "/*RECORDING*/";
  const char *graph = strstr(lazy_graph_page, graph_here), *data = strstr(lazy_graph_page, recording_here);
  FILE *to = fopen(path, "we");
  if (!to)
    fail("'%s' cannot be written: %s", path, strerror(errno));
  fwrite(lazy_graph_page, 1, (size_t)(graph - lazy_graph_page), to);
  copy_graph(to, recording);
  graph += strlen(graph_here);
  fwrite(graph, 1, (size_t)(data - graph), to);
  copy_recording(to, recording->path);
  fputs(data + strlen(recording_here), to);
  bool failed = ferror(to) != 0;
  if (fclose(to) != 0 || failed)
    fail("'%s' cannot be written: %s", path, strerror(errno));
}
