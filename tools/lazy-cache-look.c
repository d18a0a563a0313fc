/* lazy-cache-look.c - the commands that only look: stats, ls, show, explain. */
#include "lazy-cache.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- what the values of one function come to --- */

struct group {
  uint64_t function, values, bytes, hits, cost, last;
};

struct groups {
  struct group *group;
  size_t count, room;
};

static struct group *group_of(struct groups *groups, uint64_t function) {
  for (size_t i = 0; i < groups->count; i++)
    if (groups->group[i].function == function)
      return &groups->group[i];
  if (groups->count == groups->room) {
    groups->room = groups->room ? 2 * groups->room : 64;
    groups->group = check_memory(realloc(groups->group, groups->room * sizeof *groups->group));
  }
  groups->group[groups->count] = (struct group){.function = function};
  return &groups->group[groups->count++];
}

static bool add_to_group(void *context, const struct item *item) {
  struct group *group = group_of(context, item->stored.function);
  group->values++;
  group->bytes += item->stored.size;
  group->hits += item->used.hits;
  group->cost += item->stored.cost;
  group->last = item->used.last > group->last ? item->used.last : group->last;
  return true;
}

/* --- stats --- */

static struct lz_totals read_totals(const struct request *request) {
  MDB_txn *txn = begin_reading(request);
  MDB_val key = {strlen(LZ_STORE_TOTALS), LZ_STORE_TOTALS}, value;
  struct lz_totals totals = {0};
  if (mdb_get(txn, request->store->file.numbers, &key, &value) == 0 && value.mv_size == sizeof totals)
    memcpy(&totals, value.mv_data, sizeof totals);
  mdb_txn_abort(txn);
  return totals;
}

int run_stats(struct request *request) {
  struct groups groups = {0};
  struct stat status = {0};
  mdb_filehandle_t file;
  const struct lz_totals totals = read_totals(request);
  uint64_t values = 0, bytes = 0;
  char size[32], file_size[32], saved[32];
  each_value(request, add_to_group, &groups);
  for (size_t i = 0; i < groups.count; i++) {
    values += groups.group[i].values;
    bytes += groups.group[i].bytes;
  }
  if (mdb_env_get_fd(request->store->file.env, &file) == 0)
    fstat(file, &status);
  print_size(bytes, size);
  print_size((uint64_t)status.st_size, file_size);
  print_time(totals.saved, saved);
  if (request->json)
    printf("{\"values\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"file_bytes\": %" PRIu64
           ", \"functions\": %zu, \"found\": %" PRIu64 ", \"computed\": %" PRIu64 ", \"saved_ns\": %" PRIu64 "}\n",
           values, bytes, (uint64_t)status.st_size, groups.count, totals.found, totals.computed, totals.saved);
  else
    printf("values     %" PRIu64 "\nbytes      %s\nfile       %s\nfunctions  %zu\nfound      %" PRIu64
           "\ncomputed   %" PRIu64 "\nsaved      %s\n",
           values, size, file_size, groups.count, totals.found, totals.computed, saved);
  free(groups.group);
  return 0;
}

/* --- ls --- */

/* A line of ls: a function, or a value. */
struct line {
  struct group group;
  struct lz_key key;
  uint64_t created;
  bool damaged;
};

struct lines {
  struct line *line;
  size_t count, room;
};

static struct line *add_line(struct lines *lines) {
  if (lines->count == lines->room) {
    lines->room = lines->room ? 2 * lines->room : 256;
    lines->line = check_memory(realloc(lines->line, lines->room * sizeof *lines->line));
  }
  lines->line[lines->count] = (struct line){0};
  return &lines->line[lines->count++];
}

static bool add_value(void *context, const struct item *item) {
  struct line *line = add_line(context);
  line->group =
      (struct group){item->stored.function, 1, item->stored.size, item->used.hits, item->stored.cost, item->used.last};
  line->key = item->key;
  line->created = item->stored.created;
  line->damaged = !item->bytes;
  return true;
}

static uint64_t rank(const struct line *line, int sort) {
  const uint64_t ranks[] = {line->group.bytes, UINT64_MAX - line->group.last, line->group.hits, line->group.cost};
  return ranks[sort];
}

static int sort_by;
static int compare_lines(const void *a, const void *b) {
  uint64_t x = rank(a, sort_by), y = rank(b, sort_by);
  return (x < y) - (x > y);
}

static void print_line(const struct request *request, const struct line *line, bool first) {
  const struct group *group = &line->group;
  struct names names = names_of(request, group->function);
  char key[33] = "", size[32], cost[32], last[32];
  print_key(line->key, key);
  print_size(group->bytes, size);
  print_time(group->cost / (group->values ? group->values : 1), cost);
  print_age(group->last, last);
  if (request->json) {
    printf("%s\n  {\"function\": ", first ? "" : ",");
    put_json(names.function);
    printf(", \"space\": ");
    put_json(names.space);
    if (request->values)
      printf(", \"key\": \"%s\", \"created\": %" PRIu64 ", \"damaged\": %s", key, line->created,
             line->damaged ? "true" : "false");
    else
      printf(", \"values\": %" PRIu64, group->values);
    printf(", \"bytes\": %" PRIu64 ", \"hits\": %" PRIu64 ", \"cost_ns\": %" PRIu64 ", \"last_used\": %" PRIu64 "}",
           group->bytes, group->hits, group->cost, group->last);
  } else if (request->values) {
    printf("%s  %10s  %6" PRIu64 " hits  %9s  %12s  %s%s%s%s\n", key, size, group->hits, cost, last, names.space,
           *names.space ? ":" : "", names.function, line->damaged ? "  DAMAGED" : "");
  } else {
    printf("%8" PRIu64 " values  %10s  %8" PRIu64 " hits  %9s each  %12s  %s%s%s\n", group->values, size, group->hits,
           cost, last, names.space, *names.space ? ":" : "", names.function);
  }
  free_names(names);
}

int run_ls(struct request *request) {
  struct lines lines = {0};
  if (request->values) {
    each_value(request, add_value, &lines);
  } else {
    struct groups groups = {0};
    each_value(request, add_to_group, &groups);
    for (size_t i = 0; i < groups.count; i++)
      add_line(&lines)->group = groups.group[i];
    free(groups.group);
  }
  sort_by = (int)request->sort;
  if (lines.count > 0)
    qsort(lines.line, lines.count, sizeof *lines.line, compare_lines);
  if (request->json)
    putchar('[');
  for (size_t i = 0; i < lines.count && (!request->limit || i < request->limit); i++)
    print_line(request, &lines.line[i], i == 0);
  if (request->json)
    puts("\n]");
  free(lines.line);
  return 0;
}

/* --- show --- */

static void print_bytes(const unsigned char *bytes, uint64_t size) {
  uint64_t most = size < 256 ? size : 256;
  for (uint64_t i = 0; i < most; i += 16) {
    printf("%08" PRIx64 " ", i);
    for (uint64_t k = i; k < i + 16; k++)
      if (k < most)
        printf(" %02x", bytes[k]);
      else
        printf("   ");
    printf("  ");
    for (uint64_t k = i; k < i + 16 && k < most; k++)
      putchar(bytes[k] >= 0x20 && bytes[k] < 0x7f ? bytes[k] : '.');
    putchar('\n');
  }
  if (most < size)
    printf("... %" PRIu64 " bytes more\n", size - most);
}

int run_show(struct request *request) {
  MDB_val id, value, used;
  struct item item = {0};
  if (!read_key(request->words[0], &item.key))
    misuse("show: a key is 32 hexadecimal digits, as ls --values prints it");
  MDB_txn *txn = begin_reading(request);
  id = (MDB_val){sizeof item.key, &item.key};
  if (mdb_get(txn, request->store->file.values, &id, &value) != 0)
    fail("there is no value %s", request->words[0]);
  bool whole = lz_stored_verify(item.key, value, &item.stored);
  if (mdb_get(txn, request->store->file.used, &id, &used) == 0 && used.mv_size == sizeof item.used)
    memcpy(&item.used, used.mv_data, sizeof item.used);
  struct names names = names_of(request, item.stored.function);
  const unsigned char *bytes = (const unsigned char *)value.mv_data + sizeof item.stored;
  if (request->json) {
    printf("{\"key\": \"%s\", \"function\": ", request->words[0]);
    put_json(names.function);
    printf(", \"space\": ");
    put_json(names.space);
    printf(", \"bytes\": %" PRIu64 ", \"cost_ns\": %" PRIu64 ", \"created\": %" PRIu64 ", \"last_used\": %" PRIu64
           ", \"hits\": %" PRIu64 ", \"damaged\": %s}\n",
           item.stored.size, item.stored.cost, item.stored.created, item.used.last, item.used.hits,
           whole ? "false" : "true");
  } else {
    char size[32], cost[32], created[32], last[32];
    print_size(item.stored.size, size);
    print_time(item.stored.cost, cost);
    print_age(item.stored.created, created);
    print_age(item.used.last, last);
    printf("key        %s\nfunction   %s\nspace      %s\nsize       %s\ncost       %s\ncreated    %s\nlast used  "
           "%s\nhits       %" PRIu64 "\n",
           request->words[0], names.function, names.space, size, cost, created, last, item.used.hits);
    if (whole)
      print_bytes(bytes, item.stored.size);
    else
      puts("DAMAGED: its sum is not right, so no program takes it");
  }
  free_names(names);
  mdb_txn_abort(txn);
  return !whole;
}

/* --- explain --- */

static void explain_json(const struct names *names, const struct lz_record *record, bool first) {
  printf("%s\n  {\"function\": ", first ? "" : ",");
  put_json(names->function);
  printf(", \"space\": ");
  put_json(names->space);
  printf(", \"when\": %" PRIu64 ", \"code_changed\": %s, \"calls\": %" PRIu64 ", \"found\": %" PRIu64
         ", \"computed\": %" PRIu64 ", \"stored\": %" PRIu64 ", \"saved_ns\": %" PRIu64 ", \"cost_ns\": %" PRIu64
         ", \"why\": [",
         record->when, record->changed ? "true" : "false", record->calls, record->hits, record->misses, record->stored,
         record->saved, record->cost);
  bool any = false;
  for (int i = 0; i < LZ_WHYS; i++)
    if (record->why[i]) {
      printf("%s{\"calls\": %" PRIu64 ", \"reason\": ", any ? ", " : "", record->why[i]);
      put_json(lz_why_text((enum lz_why)i));
      putchar('}');
      any = true;
    }
  printf("]}");
}

static void explain(const struct names *names, const struct lz_record *record) {
  char cost[32], saved[32], when[32];
  uint64_t counted = 0;
  print_time(record->cost, cost);
  print_time(record->saved, saved);
  print_age(record->when, when);
  printf("%s%s%s, %s: %" PRIu64 " calls, %" PRIu64 " found (%s saved), %" PRIu64 " computed (%s each), %" PRIu64
         " kept\n",
         names->space, *names->space ? ":" : "", names->function, when, record->calls, record->hits, saved,
         record->misses, cost, record->stored);
  for (int i = 0; i < LZ_WHYS; i++)
    if (record->why[i]) {
      printf("  %" PRIu64 ": %s\n", record->why[i], lz_why_text((enum lz_why)i));
      counted += record->why[i];
    }
  if (record->changed && !record->why[LZ_WHY_CODE])
    printf("  %s\n", lz_why_text(LZ_WHY_CODE));
  if (record->misses > 0 && counted == 0 && !record->changed)
    puts("  why was not asked: run the program with LAZY_DIAG=1");
}

int run_explain(struct request *request) {
  MDB_txn *txn = begin_reading(request);
  MDB_cursor *cursor;
  MDB_val id, value;
  const char *function = request->word_count ? request->words[0] : request->function;
  bool any = false;
  int error = mdb_cursor_open(txn, request->store->file.functions, &cursor);
  if (error)
    fail("'%s': %s", request->folder, mdb_strerror(error));
  if (request->json)
    putchar('[');
  while (mdb_cursor_get(cursor, &id, &value, MDB_NEXT) == 0) {
    uint64_t function_id;
    struct lz_record record;
    if (id.mv_size != sizeof function_id || value.mv_size < sizeof record)
      continue;
    memcpy(&function_id, id.mv_data, sizeof function_id);
    memcpy(&record, (const char *)value.mv_data + value.mv_size - sizeof record, sizeof record);
    struct names names = names_of(request, function_id);
    if (record.format == LZ_RECORD && (!function || strcmp(names.function, function) == 0) &&
        (!request->space || strcmp(names.space, request->space) == 0)) {
      if (request->json)
        explain_json(&names, &record, !any);
      else
        explain(&names, &record);
      any = true;
    }
    free_names(names);
  }
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
  if (request->json)
    puts("\n]");
  if (!any && function)
    fail("nothing is known of '%s'", function);
  return 0;
}
