/* lazy-graph.h - the parts of lazy-graph: a recording as it was read, and what is made of it. */
#ifndef LAZY_GRAPH_H
#define LAZY_GRAPH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json_object;

/* A call that was a node. */
struct call {
  uint64_t id;
  const char *function, *text, *state, *value, *file;
  uint64_t line, column, ns;
  uint64_t inputs; /* how many of its links lead here */
};

/* The value of one is an argument of the other. */
struct link {
  struct call *from, *to;
};

/* A line of the source, and what it adds up to (runtime/summary.h). */
struct line {
  const char *function, *in, *file;
  uint64_t line, column, count, ns, critical;
};

struct lines {
  struct line *line;
  size_t count;
};

/* What a file has: a graph, a trace or figures.  Strings are the JSON's, and live as long. */
struct recording {
  struct json_object *json;
  const char *path, *program;
  struct call *call; /* in order of their ids */
  size_t call_count;
  struct link *link;
  size_t link_count;
  bool has_measures;
  uint64_t threads, elapsed, work, span, serial, waited; /* ns */
  struct lines calls, waits;
};

/* Ends the program if the file is none of ours, or not whole. */
void recording_read(struct recording *recording, const char *path);
void recording_free(struct recording *recording);

/* NULL: there is none. */
struct call *call_of(const struct recording *recording, uint64_t id);

/* On standard output. */
void print_report(const struct recording *recording, bool color);
void print_tree(const struct recording *recording);

/* The graph in DOT, summarised by function where it is too large to be looked at. */
void write_dot(FILE *to, const struct recording *recording);

/* The same as Graphviz draws it.  False: it cannot be run, or does not. */
bool draw(FILE *to, const struct recording *recording, const char *format);

/* To a file, whose name ends in .dot, .svg, .png, .pdf or .html. */
void write_picture(const struct recording *recording, const char *path);
void write_page(const struct recording *recording, const char *path);

/* "1.2 ms", in a buffer of the caller's. */
const char *spell_time(char *to, size_t room, uint64_t ns);

/* A message on stderr, and exit status 1. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *check_memory(void *p);

#endif /* LAZY_GRAPH_H */
