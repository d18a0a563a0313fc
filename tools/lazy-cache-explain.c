/* lazy-cache-explain.c - why the last run of a program computed what it computed.
 *
 * Each run that may write leaves a record of each function that it has called (why.c); the last one is there.
 */
#include "lazy-cache.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What of it has been asked for: the reasons are counted only if somebody wanted to know. */
static uint64_t count_reasons(const struct lz_record *record) {
  uint64_t counted = 0;
  for (int i = 0; i < LZ_WHYS; i++)
    counted += record->why[i];
  return counted;
}

static void explain_json(const struct owner *owner, const struct lz_record *record) {
  static const char *const changed[] = {[LZ_CODE_NEW] = "null", [LZ_CODE_SAME] = "false", [LZ_CODE_OTHER] = "true"};
  const char *separator = "";
  putchar('{');
  put_owner(owner);
  printf(", \"when\": %" PRIu64 ", \"calls\": %" PRIu64 ", \"found\": %" PRIu64 ", \"computed\": %" PRIu64
         ", \"kept\": %" PRIu64 ", \"saved_ns\": %" PRIu64 ", \"cost_ns\": %" PRIu64 ", \"code\": \"%016" PRIx64
         "%016" PRIx64 "\", \"code_changed\": %s, \"why\": [",
         record->when, record->calls, record->hits, record->misses, record->stored, record->saved, record->cost,
         record->code[1], record->code[0], changed[record->change]);
  for (int i = 0; i < LZ_WHYS; i++)
    if (record->why[i]) {
      printf("%s{\"calls\": %" PRIu64 ", \"reason\": ", separator, record->why[i]);
      put_json(lz_why_text((enum lz_why)i));
      putchar('}');
      separator = ", ";
    }
  printf("], \"asked_why\": %s}", record->misses == 0 || count_reasons(record) > 0 ? "true" : "false");
}

static void explain_text(const struct owner *owner, const struct lz_record *record) {
  static const char *const changes[] = {[LZ_CODE_NEW] = "no run before it is known",
                                        [LZ_CODE_SAME] = "its code is that of the run before",
                                        [LZ_CODE_OTHER] = "its code, or that of what it calls, has changed"};
  char cost[32], saved[32], when[32];
  print_time(record->cost, cost);
  print_time(record->saved, saved);
  print_age(record->when, when);
  printf("%s, %s: %" PRIu64 " calls, %" PRIu64 " found (%s saved), %" PRIu64 " computed (%s each), %" PRIu64 " kept\n",
         owner->shown, when, record->calls, record->hits, saved, record->misses, cost, record->stored);
  printf("  %s\n", changes[record->change]);
  for (int i = 0; i < LZ_WHYS; i++)
    if (record->why[i])
      printf("  %" PRIu64 ": %s\n", record->why[i], lz_why_text((enum lz_why)i));
  if (record->misses > 0 && count_reasons(record) == 0)
    puts("  why was not asked: run the program with LAZY_DIAG=1");
}

/* What is remembered; false: nothing, or by another version. */
static bool read_remembered(MDB_val value, struct lz_record *record) {
  MDB_val space, function, rest;
  if (!read_names(value, &space, &function, &rest) || rest.mv_size != sizeof *record)
    return false;
  memcpy(record, rest.mv_data, sizeof *record);
  return record->format == LZ_RECORD && record->change <= LZ_CODE_OTHER;
}

int run_explain(struct request *request) {
  MDB_txn *txn = begin_reading(request);
  MDB_cursor *cursor = open_cursor(request, txn, request->store->file.functions);
  MDB_val id, value;
  uint64_t number, count = 0;
  struct lz_record record;
  if (request->word_count && request->function)
    misuse("explain: one function, please");
  if (request->word_count)
    request->function = request->words[0];
  if (request->json)
    putchar('[');
  while (next_record(request, cursor, &id, &value)) {
    if (id.mv_size != sizeof number || !read_remembered(value, &record))
      continue;
    memcpy(&number, id.mv_data, sizeof number);
    const struct owner *owner = owner_of(request, txn, number);
    if (!is_asked(request, owner))
      continue;
    if (request->json)
      fputs(count ? ",\n  " : "\n  ", stdout);
    (request->json ? explain_json : explain_text)(owner, &record);
    count++;
  }
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
  if (request->json)
    puts("\n]");
  if (count == 0 && (request->function || request->space))
    fail("'%s' knows of no run that has called %s%s%s", request->folder, request->space ? request->space : "",
         request->space ? ":" : "", request->function ? request->function : "anything");
  return 0;
}
