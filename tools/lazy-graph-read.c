/* lazy-graph-read.c - what a program has recorded, read back.
 *
 * 1. The file is one object of JSON.  With `nodes` it is a graph, with `traceEvents` a trace, with `work_ns` figures.
 * 2. In a trace the calls are its slices of runs, and the links its arrows, which name both ends.
 * 3. Figures stand alone, or at the end of a trace.
 *
 * Nothing is believed: members may be missing or of another kind, and count as 0 or "" then; numbers may name calls
 * that there are not.
 */
#include "lazy-graph.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static struct json_object *member(struct json_object *object, const char *name) {
  struct json_object *found = NULL;
  if (json_object_is_type(object, json_type_object))
    json_object_object_get_ex(object, name, &found);
  return found;
}

static const char *text_of(struct json_object *object, const char *name) {
  struct json_object *found = member(object, name);
  return json_object_is_type(found, json_type_string) ? json_object_get_string(found) : "";
}

static uint64_t number_of(struct json_object *object, const char *name) {
  struct json_object *found = member(object, name);
  if (json_object_is_type(found, json_type_double))
    return json_object_get_double(found) > 0 ? (uint64_t)json_object_get_double(found) : 0;
  return json_object_is_type(found, json_type_int) ? json_object_get_uint64(found) : 0;
}

static size_t length_of(struct json_object *array) {
  return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

/* --- calls --- */

static int by_id(const void *left, const void *right) {
  const struct call *a = left, *b = right;
  return a->id < b->id ? -1 : a->id > b->id;
}

struct call *call_of(const struct recording *recording, uint64_t id) {
  const struct call key = {.id = id};
  return recording->call_count ? bsearch(&key, recording->call, recording->call_count, sizeof key, by_id) : NULL;
}

/* In order, each once: a call that has run again is the last. */
static void settle_calls(struct recording *recording) {
  size_t kept = 0;
  if (recording->call_count)
    qsort(recording->call, recording->call_count, sizeof *recording->call, by_id);
  for (size_t i = 0; i < recording->call_count; i++) {
    if (kept > 0 && recording->call[kept - 1].id == recording->call[i].id)
      kept--;
    recording->call[kept++] = recording->call[i];
  }
  recording->call_count = kept;
}

static void add_link(struct recording *recording, uint64_t from, uint64_t to) {
  struct link link = {call_of(recording, from), call_of(recording, to)};
  if (!link.from || !link.to)
    return;
  link.to->inputs++;
  recording->link[recording->link_count++] = link;
}

static void read_graph(struct recording *recording, struct json_object *nodes, struct json_object *links) {
  size_t count = length_of(nodes), arrows = length_of(links);
  recording->call = check_memory(calloc(count + 1, sizeof *recording->call));
  recording->link = check_memory(calloc(arrows + 1, sizeof *recording->link));
  for (size_t i = 0; i < count; i++) {
    struct json_object *node = json_object_array_get_idx(nodes, i);
    recording->call[recording->call_count++] = (struct call){.id = number_of(node, "id"),
                                                             .function = text_of(node, "function"),
                                                             .text = text_of(node, "call"),
                                                             .state = text_of(node, "state"),
                                                             .value = text_of(node, "value"),
                                                             .file = text_of(node, "file"),
                                                             .line = number_of(node, "line"),
                                                             .column = number_of(node, "column"),
                                                             .ns = number_of(node, "ns")};
  }
  settle_calls(recording);
  for (size_t i = 0; i < arrows; i++) {
    struct json_object *link = json_object_array_get_idx(links, i);
    add_link(recording, number_of(link, "source"), number_of(link, "target"));
  }
}

static uint64_t ns_of(struct json_object *event, const char *name) {
  struct json_object *found = member(event, name);
  double us = json_object_is_type(found, json_type_double) || json_object_is_type(found, json_type_int)
                  ? json_object_get_double(found)
                  : 0;
  return us > 0 && us < 1e15 ? (uint64_t)(us * 1000 + 0.5) : 0;
}

static void read_trace(struct recording *recording, struct json_object *events) {
  size_t count = length_of(events);
  recording->call = check_memory(calloc(count + 1, sizeof *recording->call));
  recording->link = check_memory(calloc(count + 1, sizeof *recording->link));
  for (size_t i = 0; i < count; i++) {
    struct json_object *event = json_object_array_get_idx(events, i), *details = member(event, "args");
    if (strcmp(text_of(event, "cat"), "run") == 0 && member(details, "node"))
      recording->call[recording->call_count++] = (struct call){.id = number_of(details, "node"),
                                                               .function = text_of(event, "name"),
                                                               .text = text_of(details, "call"),
                                                               .state = "valid",
                                                               .value = text_of(details, "value"),
                                                               .file = text_of(details, "made"),
                                                               .ns = ns_of(event, "dur")};
  }
  settle_calls(recording);
  for (size_t i = 0; i < count; i++) {
    struct json_object *event = json_object_array_get_idx(events, i), *details = member(event, "args");
    if (strcmp(text_of(event, "ph"), "f") == 0)
      add_link(recording, number_of(details, "from"), number_of(details, "to"));
  }
}

/* --- figures --- */

static struct lines read_lines(struct json_object *array) {
  struct lines lines = {check_memory(calloc(length_of(array) + 1, sizeof *lines.line)), length_of(array)};
  for (size_t i = 0; i < lines.count; i++) {
    struct json_object *line = json_object_array_get_idx(array, i);
    lines.line[i] = (struct line){.function = text_of(line, "function"),
                                  .in = text_of(line, "in"),
                                  .file = text_of(line, "file"),
                                  .line = number_of(line, "line"),
                                  .column = number_of(line, "column"),
                                  .count = number_of(line, "count"),
                                  .ns = number_of(line, "ns"),
                                  .critical = number_of(line, "critical_ns")};
  }
  return lines;
}

static void read_measures(struct recording *recording, struct json_object *measures) {
  recording->has_measures = true;
  recording->threads = number_of(measures, "threads");
  recording->elapsed = number_of(measures, "elapsed_ns");
  recording->work = number_of(measures, "work_ns");
  recording->span = number_of(measures, "span_ns");
  recording->serial = number_of(measures, "serial_ns");
  recording->waited = number_of(measures, "waited_ns");
  recording->calls = read_lines(member(measures, "calls"));
  recording->waits = read_lines(member(measures, "waits"));
}

void recording_read(struct recording *recording, const char *path) {
  *recording = (struct recording){.path = path, .json = json_object_from_file(path), .program = ""};
  struct json_object *json = recording->json;
  if (!json)
    fail("'%s' cannot be read, or is not whole: %s", path, json_util_get_last_err());
  struct json_object *measures = member(json, "lazy");
  recording->program = text_of(member(json, "otherData"), "program");
  if (member(json, "nodes"))
    read_graph(recording, member(json, "nodes"), member(json, "links"));
  else if (member(json, "traceEvents") && measures)
    read_trace(recording, member(json, "traceEvents"));
  else if (!member(json, "work_ns"))
    fail("'%s' is nothing that LAZY_TRACE, LAZY_GRAPH or LAZY_STATS has written", path);
  if (measures || member(json, "work_ns"))
    read_measures(recording, measures ? measures : json);
}

void recording_free(struct recording *recording) {
  json_object_put(recording->json);
  free(recording->call);
  free(recording->link);
  free(recording->calls.line);
  free(recording->waits.line);
}
