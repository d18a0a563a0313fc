/* trace.c - what happened when, for Chrome and Perfetto: the trace event format, as JSON.
 *
 * 1. Each hand is a row.  In it, runs of nodes, of calls that are no nodes (in ranges and batches), and waits are
 *    slices, which nest as they did.
 * 2. Where a node's input was run by another one, an arrow leads from the end of that to its beginning.
 * 3. What was found in the cache, and what nobody needed, is a mark.
 *
 * 4. What it all adds up to stands behind the events, as `lazy` (measures.c).
 *
 * Times are us since recording began.
 */
#include "trace.h"

#include "env.h"
#include "error.h"
#include "hands.h"
#include "measures.h"
#include "quiet.h"
#include "spell.h"
#include "text.h"

#include <lazy/lazy.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 160

struct trace {
  struct lz_stories stories;
  struct lz_text *text;
  uint64_t start; /* ns */
  uint64_t arrows;
  uint32_t row;
};

/* "," and the beginning of an event. */
static void begin(struct trace *trace, const char *kind, uint64_t row, uint64_t when) {
  lz_text_add(trace->text, ",\n{\"ph\":\"");
  lz_text_add(trace->text, kind);
  lz_text_add(trace->text, "\",\"pid\":1,\"tid\":");
  lz_text_number(trace->text, row);
  lz_text_add(trace->text, ",\"ts\":");
  lz_text_us(trace->text, when > trace->start ? when - trace->start : 0);
}

static void member(struct trace *trace, const char *name, const char *value) {
  lz_text_add(trace->text, name);
  lz_text_quoted(trace->text, value);
}

static void add_place(struct trace *trace, const char *name, const char *file, uint32_t line, uint32_t column) {
  char place[256];
  snprintf(place, sizeof place, "%s:%u:%u", file ? file : "?", line, column);
  member(trace, name, place);
}

static void slice(struct trace *trace, const char *category, uint64_t from, uint64_t to, const char *name) {
  begin(trace, "X", trace->row, from);
  lz_text_add(trace->text, ",\"dur\":");
  lz_text_us(trace->text, to - from);
  member(trace, ",\"cat\":", category);
  member(trace, ",\"name\":", name);
}

static uint64_t end_of(const struct lz_event *event) {
  return LZ_LOAD(&((struct lz_event *)(uintptr_t)event)->other, acquire); /* pairs with lz_record_ran() */
}

/* Step 2. */
static void arrows_to(struct trace *trace, const struct lz_story *story) {
  for (uint32_t i = 0; i < story->made->inputs; i++) {
    const struct lz_story *input = lz_story_of(&trace->stories, lz_event_inputs(story->made)[i].number);
    uint64_t end = input && input->run && input->run->kind == LZ_RUN ? end_of(input->run) : 0;
    if (!end)
      continue;
    begin(trace, "s", input->hand, end - 1);
    lz_text_add(trace->text, ",\"cat\":\"input\",\"name\":\"input\",\"id\":");
    lz_text_number(trace->text, ++trace->arrows);
    lz_text_add(trace->text, "}");
    begin(trace, "f", trace->row, story->run->begin);
    lz_text_add(trace->text, ",\"bp\":\"e\",\"cat\":\"input\",\"name\":\"input\",\"id\":");
    lz_text_number(trace->text, trace->arrows);
    lz_text_add(trace->text, ",\"args\":{\"from\":");
    lz_text_number(trace->text, input->number);
    lz_text_add(trace->text, ",\"to\":");
    lz_text_number(trace->text, story->number);
    lz_text_add(trace->text, "}}");
  }
}

static void add_run(struct trace *trace, const struct lz_event *event, uint64_t now) {
  const struct lz_story *story = lz_story_of(&trace->stories, event->number);
  const struct lazy_site *site = event->site;
  char text[LONGEST];
  slice(trace, "run", event->begin, end_of(event) ? end_of(event) : now, site->function->name);
  lz_text_add(trace->text, ",\"args\":{");
  if (story) {
    lz_text_add(trace->text, "\"node\":");
    lz_text_number(trace->text, story->number);
    lz_spell_call(text, sizeof text, &trace->stories, story);
    member(trace, ",\"call\":", text);
    lz_spell_value(text, sizeof text, story);
    if (*text)
      member(trace, ",\"value\":", text);
    lz_text_add(trace->text, ",\"waited\":");
    lz_text_us(trace->text, event->begin - story->made->begin);
    lz_text_add(trace->text, ",");
  }
  add_place(trace, "\"made\":", site->file, site->line, site->column);
  lz_text_add(trace->text, "}}");
  if (story && story->run == event)
    arrows_to(trace, story);
}

static void add_wait(struct trace *trace, const struct lz_event *event) {
  const struct lazy_place *where = lz_event_place(event);
  char name[LONGEST];
  snprintf(name, sizeof name, "wait for %s", event->site->function->name);
  slice(trace, "wait", event->begin, end_of(event), name);
  lz_text_add(trace->text, ",\"args\":{");
  const struct lz_story *story = lz_story_of(&trace->stories, event->number);
  if (story) {
    lz_text_add(trace->text, "\"node\":");
    lz_text_number(trace->text, story->number);
    lz_text_add(trace->text, ",");
  }
  if (where) {
    add_place(trace, "\"at\":", where->file, where->line, where->column);
    member(trace, ",\"in\":", where->function);
    lz_text_add(trace->text, ",");
  }
  add_place(trace, "\"made\":", event->site->file, event->site->line, event->site->column);
  lz_text_add(trace->text, "}}");
}

static void add_calls(struct trace *trace, const struct lz_event *event, const char *category, const char *format) {
  char name[LONGEST];
  snprintf(name, sizeof name, format, event->site->function->name);
  slice(trace, category, event->begin, end_of(event), name);
  lz_text_add(trace->text, ",\"args\":{\"calls\":");
  lz_text_number(trace->text, event->number);
  add_place(trace, ",\"made\":", event->site->file, event->site->line, event->site->column);
  lz_text_add(trace->text, "}}");
}

/* Step 3. */
static void add_mark(struct trace *trace, const struct lz_event *event, const char *what) {
  char name[LONGEST];
  snprintf(name, sizeof name, "%s: %s", event->site->function->name, what);
  begin(trace, "i", trace->row, event->begin);
  member(trace, ",\"s\":\"t\",\"cat\":\"mark\",\"name\":", name);
  lz_text_add(trace->text, ",\"args\":{");
  add_place(trace, "\"made\":", event->site->file, event->site->line, event->site->column);
  lz_text_add(trace->text, "}}");
}

static void add(void *context, const struct lz_event *event) {
  struct trace *trace = context;
  switch ((enum lz_event_kind)event->kind) {
  case LZ_RUN:
    add_run(trace, event, lz_now());
    break;
  case LZ_WAIT:
    add_wait(trace, event);
    break;
  case LZ_CHUNK:
    add_calls(trace, event, "calls", "%s");
    break;
  case LZ_LOOP:
    add_calls(trace, event, "loop", "all calls of %s");
    break;
  case LZ_KEPT:
    add_mark(trace, event, "from cache");
    break;
  case LZ_DROP:
    add_mark(trace, event, "dropped");
    break;
  case LZ_UNDONE:
    add_mark(trace, event, "stale");
    break;
  case LZ_MADE:
    break;
  }
}

static void name_row(struct trace *trace, const struct lz_hand *hand) {
  lz_text_add(trace->text, ",\n{\"ph\":\"M\",\"pid\":1,\"tid\":");
  lz_text_number(trace->text, trace->row);
  lz_text_add(trace->text, ",\"name\":\"thread_name\",\"args\":{\"name\":\"");
  lz_text_add(trace->text, LZ_LOAD(&((struct lz_hand *)(uintptr_t)hand)->worker, relaxed) ? "worker "
                           : hand->main                                                   ? "main thread "
                                                                                          : "thread ");
  lz_text_number(trace->text, trace->row);
  lz_text_add(trace->text, "\"}}");
}

int lz_trace(FILE *to) {
  int error = LAZY_ENOMEM;
  struct trace trace = {.text = malloc(sizeof *trace.text), .start = lz_record_start()};
  if (!trace.text || !lz_stories_tell(&trace.stories))
    goto out;
  lz_text_begin(trace.text, to);
  lz_text_add(trace.text, "{\"displayTimeUnit\":\"ns\",\"otherData\":{");
  member(&trace, "\"by\":", "lazypass " LAZY_VERSION);
  member(&trace, ",\"program\":", program_invocation_short_name);
  lz_text_add(trace.text, "},\n\"traceEvents\":[\n{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{");
  member(&trace, "\"name\":", program_invocation_short_name);
  lz_text_add(trace.text, "}}");
  for (trace.row = 0; trace.row < trace.stories.hands; trace.row++) {
    name_row(&trace, lz_hand_at(trace.row));
    lz_record_each(lz_hand_at(trace.row), add, &trace);
  }
  lz_text_add(trace.text, "],\n\"lazy\":");
  if (lz_measures_add(trace.text, &trace.stories))
    error = LAZY_OK;
  lz_text_add(trace.text, "}\n");
  if (!lz_text_end(trace.text) && !error)
    error = LAZY_EWRITE;

out:
  lz_stories_free(&trace.stories);
  free(trace.text);
  return error;
}

void lz_trace_exit(void) {
  const char *path = lz_env_trace();
  if (!path)
    return;
  struct lz_quiet quiet;
  lz_quiet_begin(&quiet);
  FILE *to = fopen(path, "we");
  int error = to ? lz_trace(to) : LAZY_EWRITE;
  if (to && fclose(to) != 0 && !error)
    error = LAZY_EWRITE;
  lz_quiet_end(&quiet);
  if (error)
    lz_say("LAZY_TRACE=%s: %s", path, lazy_strerror(error));
}
