/* measures.c - what a run adds up to, as JSON: for LAZY_STATS=FILE.json, and in each trace.
 *
 * Times are in ns.  Lines come in order of their time, those that took most first.
 */
#include "measures.h"

#include "env.h"
#include "error.h"
#include "quiet.h"
#include "stats.h"
#include "summary.h"

#include <errno.h>
#include <lazy/lazy.h>
#include <stdlib.h>

static void add_number(struct lz_text *text, const char *name, uint64_t number) {
  lz_text_add(text, name);
  lz_text_number(text, number);
}

static void add_string(struct lz_text *text, const char *name, const char *string) {
  lz_text_add(text, name);
  lz_text_quoted(text, string);
}

static void add_counters(struct lz_text *text) {
  static const struct {
    const char *name;
    enum lz_counter counter;
  } counters[] = {
      {"created", LZ_OPENED},   {"in_place", LZ_REFUSED}, {"run", LZ_RAN},     {"from_cache", LZ_FOUND},
      {"in_loops", LZ_BATCHED}, {"dropped", LZ_DROPPED},  {"waits", LZ_WAITS}, {"stores", LZ_STORES},
  };
  for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
    lz_text_add(text, i > 0 ? "," : "");
    lz_text_quoted(text, counters[i].name);
    add_number(text, ":", lz_stats_sum(counters[i].counter));
  }
}

static void add_lines(struct lz_text *text, const char *name, const struct lz_lines *lines) {
  lz_text_add(text, name);
  for (size_t i = 0; i < lines->count; i++) {
    const struct lz_line *line = &lines->line[i];
    add_string(text, i > 0 ? ",\n{\"function\":" : "\n{\"function\":", line->function);
    if (line->in)
      add_string(text, ",\"in\":", line->in);
    add_string(text, ",\"file\":", line->file);
    add_number(text, ",\"line\":", line->line);
    add_number(text, ",\"column\":", line->column);
    add_number(text, ",\"count\":", line->count);
    add_number(text, ",\"ns\":", line->ns);
    if (line->critical)
      add_number(text, ",\"critical_ns\":", line->critical);
    lz_text_add(text, "}");
  }
  lz_text_add(text, "]");
}

bool lz_measures_add(struct lz_text *text, const struct lz_stories *stories) {
  struct lz_summary summary;
  bool made = lz_summary_make(&summary, stories);
  if (made) {
    lz_text_add(text, "{\"counters\":{");
    add_counters(text);
    add_number(text, "},\n\"threads\":", summary.hands);
    add_number(text, ",\"elapsed_ns\":", summary.elapsed);
    add_number(text, ",\"work_ns\":", summary.work);
    add_number(text, ",\"span_ns\":", summary.span);
    add_number(text, ",\"serial_ns\":", summary.serial);
    add_number(text, ",\"waited_ns\":", summary.waited);
    add_lines(text, ",\n\"calls\":[", &summary.calls);
    add_lines(text, ",\n\"waits\":[", &summary.waits);
    lz_text_add(text, "}");
  }
  lz_summary_free(&summary);
  return made;
}

static int write_measures(FILE *to) {
  int error = LAZY_ENOMEM;
  struct lz_stories stories = {0};
  struct lz_text *text = malloc(sizeof *text);
  if (!text || !lz_stories_tell(&stories))
    goto out;
  lz_text_begin(text, to);
  if (lz_measures_add(text, &stories))
    error = LAZY_OK;
  lz_text_add(text, "\n");
  if (!lz_text_end(text) && !error)
    error = LAZY_EWRITE;

out:
  lz_stories_free(&stories);
  free(text);
  return error;
}

void lz_measures_exit(void) {
  const char *path = lz_env_measures();
  if (!path)
    return;
  struct lz_quiet quiet;
  lz_quiet_begin(&quiet);
  FILE *to = fopen(path, "we");
  int error = to ? write_measures(to) : LAZY_EWRITE;
  if (to && fclose(to) != 0 && !error)
    error = LAZY_EWRITE;
  lz_quiet_end(&quiet);
  if (error)
    lz_say("LAZY_STATS=%s: %s", path, lazy_strerror(error));
}
