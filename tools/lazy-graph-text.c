/* lazy-graph-text.c - what a recording says, for people at a terminal.
 *
 * 1. How parallel the run was, and could be: with `work` and `span` as Brent has it, N threads take no longer than
 *    span + (work - span) / N, and no less than span or work / N.
 * 2. Which lines the critical path consists of: to make one of them faster, or to split it, makes the program faster;
 *    nothing else does, on as many threads as one likes.
 * 3. Which lines wait.
 */
#include "lazy-graph.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LINES 10

const char *spell_time(char *to, size_t room, uint64_t ns) {
  static const struct {
    uint64_t least;
    double each;
    const char *unit;
  } units[] = {{1000000000, 1e9, "s"}, {1000000, 1e6, "ms"}, {1000, 1e3, "us"}, {0, 1, "ns"}};
  size_t i = 0;
  while (ns < units[i].least)
    i++;
  snprintf(to, room, "%.3g %s", (double)ns / units[i].each, units[i].unit);
  return to;
}

static double percent(uint64_t part, uint64_t whole) {
  return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void print_place(const struct line *line) {
  if (*line->file)
    printf("  %s:%" PRIu64 ":%" PRIu64, line->file, line->line, line->column);
  if (*line->in)
    printf(" in %s", line->in);
}

static void print_parallelism(const struct recording *recording) {
  static const unsigned threads[] = {1, 2, 4, 8, 16, 64};
  char elapsed[32], work[32], span[32], least[32];
  uint64_t w = recording->work, s = recording->span ? recording->span : 1;
  printf("%s%s%" PRIu64 " threads, %s; %.2f of them at work on average\n", recording->program,
         *recording->program ? ": " : "", recording->threads, spell_time(elapsed, sizeof elapsed, recording->elapsed),
         recording->elapsed ? (double)w / (double)recording->elapsed : 0);
  printf("work %s, span %s: no more than %.1f times as fast as on one thread, on any number of them\n",
         spell_time(work, sizeof work, w), spell_time(span, sizeof span, recording->span), (double)w / (double)s);
  printf("\n  threads  at best\n");
  for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
    uint64_t best = w / threads[i] > recording->span ? w / threads[i] : recording->span;
    printf("  %7u  %s, %.2f times as fast\n", threads[i], spell_time(least, sizeof least, best),
           best ? (double)w / (double)best : 0);
  }
}

static int by_critical(const void *left, const void *right) {
  const struct line *a = left, *b = right;
  return a->critical > b->critical ? -1 : a->critical < b->critical;
}

static void print_path(const struct recording *recording, const char *bold, const char *plain) {
  char time[32];
  struct lines lines = {check_memory(malloc((recording->calls.count + 1) * sizeof *lines.line)), 0};
  for (size_t i = 0; i < recording->calls.count; i++)
    if (recording->calls.line[i].critical)
      lines.line[lines.count++] = recording->calls.line[i];
  lines.line[lines.count++] =
      (struct line){.function = "the program itself", .in = "", .file = "", .critical = recording->serial};
  qsort(lines.line, lines.count, sizeof *lines.line, by_critical);
  printf("\n%scritical path%s: what had to happen one after another\n", bold, plain);
  for (size_t i = 0; i < lines.count && i < MOST_LINES && lines.line[i].critical; i++) {
    printf("  %3.0f %%  %-8s  %s", percent(lines.line[i].critical, recording->span),
           spell_time(time, sizeof time, lines.line[i].critical), lines.line[i].function);
    print_place(&lines.line[i]);
    printf("\n");
  }
  free(lines.line);
}

static void print_lines(const char *title, const struct lines *lines, uint64_t whole, const char *what,
                        const char *bold, const char *plain) {
  char time[32];
  if (lines->count == 0)
    return;
  printf("\n%s%s%s\n", bold, title, plain);
  for (size_t i = 0; i < lines->count && i < MOST_LINES; i++) {
    const struct line *line = &lines->line[i];
    printf("  %3.0f %%  %-8s  %" PRIu64 " %s%s", percent(line->ns, whole), spell_time(time, sizeof time, line->ns),
           line->count, what, line->function);
    print_place(line);
    printf("\n");
  }
  if (lines->count > MOST_LINES)
    printf("  and %zu more\n", lines->count - MOST_LINES);
}

static void print_counts(const struct recording *recording) {
  size_t waiting = 0;
  for (size_t i = 0; i < recording->call_count; i++)
    waiting += strcmp(recording->call[i].state, "valid") != 0 && strcmp(recording->call[i].state, "from cache") != 0;
  printf("%zu calls, %zu of them without a value; %zu values passed on\n", recording->call_count, waiting,
         recording->link_count);
}

void print_report(const struct recording *recording, bool color) {
  const char *bold = color ? "\033[1m" : "", *plain = color ? "\033[0m" : "";
  if (!recording->has_measures) {
    print_counts(recording);
    return;
  }
  print_parallelism(recording);
  print_path(recording, bold, plain);
  print_lines("calls: where the work is", &recording->calls, recording->work, "of ", bold, plain);
  print_lines("waits: with nothing else to do", &recording->waits, recording->elapsed, "for ", bold, plain);
}

/* --- the tree --- */

/* By where they lead: links[first[i] .. first[i + 1]) are those of call i. */
struct sorted {
  struct link *link;
  size_t *first;
};

static int by_target(const void *left, const void *right) {
  const struct link *a = left, *b = right;
  if (a->to != b->to)
    return a->to < b->to ? -1 : 1;
  return a->from < b->from ? -1 : a->from > b->from;
}

static struct sorted sort_links(const struct recording *recording) {
  struct sorted sorted = {check_memory(malloc((recording->link_count + 1) * sizeof *sorted.link)),
                          check_memory(calloc(recording->call_count + 2, sizeof *sorted.first))};
  memcpy(sorted.link, recording->link, recording->link_count * sizeof *sorted.link);
  qsort(sorted.link, recording->link_count, sizeof *sorted.link, by_target);
  for (size_t i = 0; i < recording->link_count; i++)
    sorted.first[sorted.link[i].to - recording->call + 1]++;
  for (size_t i = 0; i < recording->call_count; i++)
    sorted.first[i + 1] += sorted.first[i];
  return sorted;
}

static void print_call(const struct call *call, size_t depth, bool again) {
  char time[32];
  printf("%*s#%" PRIu64 " %s%s%s", (int)(2 * (depth < 100 ? depth : 100)), "", call->id, call->text,
         *call->value ? " = " : "", call->value);
  if (again)
    printf(", as above\n");
  else
    printf(", %s%s%s\n", call->state, call->ns ? ", " : "", call->ns ? spell_time(time, sizeof time, call->ns) : "");
}

/* Without recursion, for a chain may be of any length. */
static void print_below(const struct recording *recording, const struct sorted *sorted, bool *printed, size_t *path,
                        size_t *next, size_t root) {
  size_t depth = 0;
  path[0] = root;
  next[0] = sorted->first[root];
  print_call(&recording->call[root], 0, false);
  printed[root] = true;
  for (;;) {
    if (next[depth] == sorted->first[path[depth] + 1]) {
      if (depth-- == 0)
        return;
      continue;
    }
    size_t input = (size_t)(sorted->link[next[depth]++].from - recording->call);
    print_call(&recording->call[input], depth + 1, printed[input]);
    if (printed[input])
      continue;
    printed[input] = true;
    path[++depth] = input;
    next[depth] = sorted->first[input];
  }
}

void print_tree(const struct recording *recording) {
  size_t count = recording->call_count;
  struct sorted sorted = sort_links(recording);
  bool *printed = check_memory(calloc(count + 1, sizeof *printed));
  size_t *path = check_memory(calloc(count + 1, sizeof *path)), *next = check_memory(calloc(count + 1, sizeof *next));
  for (size_t i = count; i-- > 0;) /* those that nobody needs were made last */
    if (!printed[i])
      print_below(recording, &sorted, printed, path, next, i);
  free(sorted.link);
  free(sorted.first);
  free(printed);
  free(path);
  free(next);
}
