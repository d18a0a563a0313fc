/* lazy-cache.h - what the commands of lazy-cache share. */
#ifndef LAZY_CACHE_TOOL_H
#define LAZY_CACHE_TOOL_H

#include "store-writer.h"
#include "why.h"

#include <stdarg.h>
#include <stdio.h>

/* A function in a space: whose values they are.  Strings live as long as the program. */
struct owner {
  uint64_t id; /* lz_store_name() */
  char *space, *function;
  char *shown;                              /* space:function, fit for a terminal */
  bool known;                               /* the folder has its name */
  uint64_t values, bytes, hits, cost, last; /* add_up() */
};

/* By id: a power of two, more than half of it free. */
struct owners {
  struct owner **slot;
  size_t count, size;
};

/* What the command line asks for. */
struct request {
  const char *folder;
  char **words; /* behind the folder */
  int word_count;
  bool json, values, all, repair, compact, write;
  const char *function, *space; /* NULL: any */
  enum { BY_SIZE, BY_AGE, BY_HITS, BY_COST } sort;
  uint64_t limit;              /* lines; 0: any */
  uint64_t max_bytes, max_age; /* 0: any */
  struct lz_store *store;      /* NULL: not opened yet, or closed again */
  struct owners owners;
};

/* A value where it lies, as long as the visit. */
struct item {
  struct lz_key key;
  MDB_val value;
  struct lz_stored stored; /* its head, which may be damaged: 0 where it is not all there */
  struct lz_used used;     /* 0: there is none */
  uint64_t size;           /* of its bytes, whatever the head says */
  struct owner *owner;
};

/* --- lazy-cache.c --- */

/* Ends the program: 1, with a message; 2, with a hint. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
__attribute__((noreturn, format(printf, 1, 2))) void misuse(const char *format, ...);

/* LMDB has found that it cannot go on. */
__attribute__((noreturn)) void fail_file(const struct request *request, int error);

void *check_memory(void *p);

/* The file that is removed if the command does not come to its end; NULL: none. */
void set_unfinished(const char *path);

/* Opens request->folder, or fails.  `make`: it need not be there. */
void open_folder(struct request *request, bool make);

/* --- lazy-cache-walk.c --- */

/* A transaction that reads, and sees the same as long as it lasts; ended by mdb_txn_abort(). */
MDB_txn *begin_reading(const struct request *request);

/* The next record; false: there is none. */
bool next_record(const struct request *request, MDB_cursor *cursor, MDB_val *id, MDB_val *value);
MDB_cursor *open_cursor(const struct request *request, MDB_txn *txn, MDB_dbi database);

/* What is under the id; false: nothing, or a record of another size, which is none. */
bool find_value(const struct request *request, MDB_txn *txn, struct lz_key key, struct item *item);
bool find_record(const struct request *request, MDB_txn *txn, MDB_dbi database, MDB_val id, void *record, size_t size);

/* Calls `visit` for each value that the request is for. */
void each_value(struct request *request, void (*visit)(void *context, const struct item *item), void *context);

/* Is it what has been written? */
bool is_whole(const struct item *item);

/* The names in a record of a function; false: it is damaged.  `rest` is what is remembered of it. */
bool read_names(MDB_val value, MDB_val *space, MDB_val *function, MDB_val *rest);

/* Of the id, with the names that the folder knows, or "?"; and of the names. */
struct owner *owner_of(struct request *request, MDB_txn *txn, uint64_t id);
struct owner *owner_named(struct request *request, MDB_txn *txn, const char *space, const char *function);

/* Does the request ask for what is theirs? */
bool is_asked(const struct request *request, const struct owner *owner);

/* --- lazy-cache-pages.c --- */

/* Fails if LMDB could not go through the file. */
void check_pages(const struct request *request);

/* --- lazy-cache-text.c --- */

/* 32 digits; false: it is no key. */
void print_key(struct lz_key key, char text[33]);
bool read_key(const char *text, struct lz_key *key);

/* "3.5 MiB", "2.1 ms", "4 h ago". */
void print_size(uint64_t bytes, char text[32]);
void print_time(uint64_t ns, char text[32]);
void print_age(uint64_t when, char text[32]);

/* A string of JSON's; and two members of an object: the names. */
void put_json(const char *text);
void put_owner(const struct owner *owner);

/* --- the commands; each returns the exit status --- */

int run_stats(struct request *request);
int run_ls(struct request *request);
int run_show(struct request *request);
int run_explain(struct request *request);
int run_verify(struct request *request);
int run_gc(struct request *request);
int run_rm(struct request *request);
int run_export(struct request *request);
int run_import(struct request *request);

/* gc's: the file is written anew.  Closes the folder. */
void compact_file(struct request *request);

#endif /* LAZY_CACHE_TOOL_H */
