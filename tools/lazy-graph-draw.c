/* lazy-graph-draw.c - the graph as a picture, by Graphviz.
 *
 * A picture of thousands of calls shows nothing.  Beyond MOST_CALLS they are summarised: a box for each line of the
 * source that makes calls, as large as its time; an arrow for all values between two of them.
 */
#include "lazy-graph.h"

#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_CALLS 300

extern char **environ;

static void put_quoted(FILE *to, const char *text) {
  fputc('"', to);
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      fputc('\\', to);
    fputc(*text, to);
  }
  fputc('"', to);
}

static void begin(FILE *to) {
  fputs("digraph lazy {\n"
        "  node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=11, fillcolor=\"#eceff1\", "
        "color=\"#90a4ae\"];\n"
        "  edge [color=\"#607d8b\", arrowsize=0.7, fontname=\"Helvetica\", fontsize=9];\n",
        to);
}

/* --- all calls --- */

static const char *colors_of(const char *state) {
  if (strcmp(state, "valid") == 0)
    return "fillcolor=\"#c8e6c9\", color=\"#388e3c\"";
  if (strcmp(state, "from cache") == 0)
    return "fillcolor=\"#bbdefb\", color=\"#1976d2\"";
  if (strcmp(state, "running") == 0)
    return "fillcolor=\"#ffe082\", color=\"#ff8f00\"";
  if (strcmp(state, "stale") == 0)
    return "fillcolor=\"#ffcdd2\", color=\"#d32f2f\"";
  return "fillcolor=\"#eceff1\", color=\"#90a4ae\"";
}

static void write_calls(FILE *to, const struct recording *recording) {
  char label[512], time[32];
  for (size_t i = 0; i < recording->call_count; i++) {
    const struct call *call = &recording->call[i];
    snprintf(label, sizeof label, "#%" PRIu64 " %s%s%s", call->id, call->text, *call->value ? " = " : "", call->value);
    fprintf(to, "  n%" PRIu64 " [label=", call->id);
    put_quoted(to, label);
    snprintf(label, sizeof label, "%s, %s", call->state, spell_time(time, sizeof time, call->ns));
    fputs(", tooltip=", to);
    put_quoted(to, label);
    fprintf(to, ", %s];\n", colors_of(call->state));
  }
  for (size_t i = 0; i < recording->link_count; i++)
    fprintf(to, "  n%" PRIu64 " -> n%" PRIu64 ";\n", recording->link[i].from->id, recording->link[i].to->id);
}

/* --- one box for each line --- */

struct group {
  const struct call *like;
  size_t number;
  uint64_t calls, ns;
};

struct stream {
  const struct group *from, *to;
  uint64_t values;
};

static int by_place(const void *left, const void *right) {
  const struct call *a = ((const struct group *)left)->like, *b = ((const struct group *)right)->like;
  int order = strcmp(a->function, b->function);
  if (order == 0)
    order = strcmp(a->file, b->file);
  if (order == 0 && a->line != b->line)
    order = a->line < b->line ? -1 : 1;
  return order != 0 ? order : a->column < b->column ? -1 : a->column > b->column;
}

static struct group *group_of(struct group *groups, size_t count, const struct call *call) {
  const struct group key = {.like = call};
  return bsearch(&key, groups, count, sizeof key, by_place);
}

static size_t make_groups(const struct recording *recording, struct group *groups) {
  size_t kept = 0;
  for (size_t i = 0; i < recording->call_count; i++)
    groups[i] = (struct group){&recording->call[i], 0, 1, recording->call[i].ns};
  qsort(groups, recording->call_count, sizeof *groups, by_place);
  for (size_t i = 0; i < recording->call_count; i++)
    if (kept > 0 && by_place(&groups[kept - 1], &groups[i]) == 0) {
      groups[kept - 1].calls++;
      groups[kept - 1].ns += groups[i].ns;
    } else {
      groups[kept++] = groups[i];
    }
  for (size_t i = 0; i < kept; i++)
    groups[i].number = i;
  return kept;
}

static int by_ends(const void *left, const void *right) {
  const struct stream *a = left, *b = right;
  if (a->from != b->from)
    return a->from < b->from ? -1 : 1;
  return a->to < b->to ? -1 : a->to > b->to;
}

static size_t make_streams(const struct recording *recording, struct group *groups, size_t count,
                           struct stream *streams) {
  size_t kept = 0;
  for (size_t i = 0; i < recording->link_count; i++)
    streams[i] = (struct stream){group_of(groups, count, recording->link[i].from),
                                 group_of(groups, count, recording->link[i].to), 1};
  qsort(streams, recording->link_count, sizeof *streams, by_ends);
  for (size_t i = 0; i < recording->link_count; i++)
    if (kept > 0 && by_ends(&streams[kept - 1], &streams[i]) == 0)
      streams[kept - 1].values++;
    else
      streams[kept++] = streams[i];
  return kept;
}

static void write_groups(FILE *to, const struct recording *recording) {
  struct group *groups = check_memory(calloc(recording->call_count + 1, sizeof *groups));
  struct stream *streams = check_memory(calloc(recording->link_count + 1, sizeof *streams));
  size_t count = make_groups(recording, groups), arrows = make_streams(recording, groups, count, streams);
  uint64_t most = 1;
  char label[512], time[32];
  for (size_t i = 0; i < count; i++)
    most = groups[i].ns > most ? groups[i].ns : most;
  for (size_t i = 0; i < count; i++) {
    const struct call *like = groups[i].like;
    snprintf(label, sizeof label, "%" PRIu64 " of %s, %s", groups[i].calls, like->function,
             spell_time(time, sizeof time, groups[i].ns));
    fprintf(to, "  g%zu [label=", i);
    put_quoted(to, label);
    if (like->line)
      snprintf(label, sizeof label, "%s:%" PRIu64 ":%" PRIu64, like->file, like->line, like->column);
    else /* a trace has it in one */
      snprintf(label, sizeof label, "%s", like->file);
    fputs(", tooltip=", to);
    put_quoted(to, label);
    fprintf(to, ", fontsize=%.0f, fillcolor=\"#c8e6c9\", color=\"#388e3c\"];\n",
            10 + 14 * (double)groups[i].ns / (double)most);
  }
  for (size_t i = 0; i < arrows; i++)
    fprintf(to, "  g%zu -> g%zu [label=\"%" PRIu64 "\"];\n", streams[i].from->number, streams[i].to->number,
            streams[i].values);
  free(groups);
  free(streams);
}

void write_dot(FILE *to, const struct recording *recording) {
  begin(to);
  if (recording->call_count <= MOST_CALLS)
    write_calls(to, recording);
  else
    write_groups(to, recording);
  fputs("}\n", to);
}

/* --- Graphviz --- */

bool draw(FILE *to, const struct recording *recording, const char *format) {
  char option[16];
  char *arguments[] = {"dot", option, NULL};
  posix_spawn_file_actions_t files;
  pid_t child;
  int status = -1;
  FILE *dot = tmpfile(); /* not a pipe: whatever happens to one of the two, the other does not wait */
  if (!dot)
    fail("no temporary file: %s", strerror(errno));
  write_dot(dot, recording);
  if (fflush(dot) != 0 || fseek(dot, 0, SEEK_SET) != 0)
    fail("a temporary file cannot be written: %s", strerror(errno));
  snprintf(option, sizeof option, "-T%s", format);
  if (posix_spawn_file_actions_init(&files) != 0 ||
      posix_spawn_file_actions_adddup2(&files, fileno(dot), STDIN_FILENO) != 0 ||
      posix_spawn_file_actions_adddup2(&files, fileno(to), STDOUT_FILENO) != 0)
    fail("out of memory");
  if (posix_spawnp(&child, arguments[0], &files, NULL, arguments, environ) == 0)
    waitpid(child, &status, 0);
  posix_spawn_file_actions_destroy(&files);
  fclose(dot);
  return status == 0;
}

void write_picture(const struct recording *recording, const char *path) {
  const char *format = strrchr(path, '.') + 1;
  FILE *to = fopen(path, "we");
  if (!to)
    fail("'%s' cannot be written: %s", path, strerror(errno));
  if (strcmp(format, "dot") == 0)
    write_dot(to, recording);
  else if (!draw(to, recording, format)) {
    unlink(path);
    fail("Graphviz cannot draw '%s'; is it installed? (.dot and .html need none)", path);
  }
  bool failed = ferror(to) != 0;
  if (fclose(to) != 0 || failed)
    fail("'%s' cannot be written: %s", path, strerror(errno));
}
