/* lazy-cache.h - what the commands of lazy-cache share. */
#ifndef LAZY_CACHE_TOOL_H
#define LAZY_CACHE_TOOL_H

#include "store-writer.h"
#include "why.h"

#include <stdarg.h>
#include <stdio.h>

/* What the command line asks for. */
struct request {
  const char *command, *folder;
  char **words; /* behind the folder */
  int word_count;
  bool json, values, all, repair, compact;
  const char *function, *space; /* NULL: any */
  enum { BY_SIZE, BY_AGE, BY_HITS, BY_COST } sort;
  uint64_t limit;              /* lines; 0: any */
  uint64_t max_bytes, max_age; /* 0: any */
  struct lz_store *store;
};

/* One value. */
struct item {
  struct lz_key key;
  struct lz_stored stored;
  struct lz_used used;
  const void *bytes; /* as long as the visit; NULL: it is damaged */
};

/* Whose it is.  Strings are the caller's to free. */
struct names {
  char *space, *function;
};

/* Ends the program: 1, with a message; 2, with a hint. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
__attribute__((noreturn, format(printf, 1, 2))) void misuse(const char *format, ...);
void *check_memory(void *p);

/* A transaction that reads; ended by mdb_txn_abort(). */
MDB_txn *begin_reading(const struct request *request);

/* Calls `visit` for each value that the request is for, until it returns false. */
void each_value(const struct request *request, bool (*visit)(void *context, const struct item *item), void *context);

/* The names that a value's `function` stands for, or "?" if nothing is known of it. */
struct names names_of(const struct request *request, uint64_t id);
void free_names(struct names names);

/* Does the request name it? */
bool is_asked(const struct request *request, uint64_t function);

/* 32 digits; false: it is no key. */
void print_key(struct lz_key key, char text[33]);
bool read_key(const char *text, struct lz_key *key);

/* "3.5 MiB", "2.1 ms", "4 h ago". */
void print_size(uint64_t bytes, char text[32]);
void print_time(uint64_t ns, char text[32]);
void print_age(uint64_t when, char text[32]);

/* A string of JSON's. */
void put_json(const char *text);

/* The commands; each returns the exit status. */
int run_stats(struct request *request);
int run_ls(struct request *request);
int run_show(struct request *request);
int run_explain(struct request *request);
int run_verify(struct request *request);
int run_gc(struct request *request);
int run_rm(struct request *request);
int run_export(struct request *request);
int run_import(struct request *request);

#endif /* LAZY_CACHE_TOOL_H */
