/* lazy-cache-look.c - the commands that only look: stats, ls, show.
 *
 * stats and ls read the heads of the values, and not their bytes, which may be many: that is verify's to do.
 */
#include "lazy-cache.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SHOWN 256 /* bytes of a value */

static void add_up(void *context, const struct item *item) {
  struct owner *owner = item->owner;
  (void)context;
  owner->values++;
  owner->bytes += item->size;
  owner->hits += item->used.hits;
  owner->cost += item->stored.cost;
  owner->last = item->used.last > owner->last ? item->used.last : owner->last;
}

/* --- stats --- */

static struct lz_totals read_totals(const struct request *request) {
  MDB_txn *txn = begin_reading(request);
  struct lz_totals totals = {0};
  find_record(request, txn, request->store->file.numbers, (MDB_val){strlen(LZ_STORE_TOTALS), LZ_STORE_TOTALS}, &totals,
              sizeof totals);
  mdb_txn_abort(txn);
  return totals;
}

static uint64_t file_bytes(const struct request *request) {
  struct stat status;
  mdb_filehandle_t file;
  if (mdb_env_get_fd(request->store->file.env, &file) != 0 || fstat(file, &status) != 0)
    fail("'%s': %s", request->folder, strerror(errno));
  return (uint64_t)status.st_size;
}

int run_stats(struct request *request) {
  const struct lz_totals totals = read_totals(request);
  const uint64_t file = file_bytes(request);
  uint64_t values = 0, bytes = 0, functions = 0;
  char bytes_text[32], file_text[32], saved_text[32];
  each_value(request, add_up, NULL);
  for (size_t i = 0; i < request->owners.size; i++) {
    const struct owner *owner = request->owners.slot[i];
    if (owner && owner->values) {
      functions++;
      values += owner->values;
      bytes += owner->bytes;
    }
  }
  print_size(bytes, bytes_text);
  print_size(file, file_text);
  print_time(totals.saved, saved_text);
  if (request->json)
    printf("{\"values\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"file_bytes\": %" PRIu64 ", \"functions\": %" PRIu64
           ", \"found\": %" PRIu64 ", \"computed\": %" PRIu64 ", \"saved_ns\": %" PRIu64 "}\n",
           values, bytes, file, functions, totals.found, totals.computed, totals.saved);
  else
    printf("values     %" PRIu64 "\nbytes      %s\nfile       %s\nfunctions  %" PRIu64 "\nfound      %" PRIu64
           "\ncomputed   %" PRIu64 "\nsaved      %s\n",
           values, bytes_text, file_text, functions, totals.found, totals.computed, saved_text);
  return 0;
}

/* --- ls --- */

/* Of a function, or of one value. */
struct line {
  const struct owner *owner;
  struct lz_key key;
  uint64_t values, bytes, hits, cost, last, created;
};

struct lines {
  struct line *line;
  size_t count, room;
};

static void add_line(struct lines *lines, struct line line) {
  if (lines->count == lines->room) {
    lines->room = lines->room ? 2 * lines->room : 256;
    lines->line = check_memory(realloc(lines->line, lines->room * sizeof line));
  }
  lines->line[lines->count++] = line;
}

static void add_value(void *context, const struct item *item) {
  add_line(context, (struct line){item->owner, item->key, 1, item->size, item->used.hits, item->stored.cost,
                                  item->used.last, item->stored.created});
}

static void add_owner(struct lines *lines, const struct owner *owner) {
  if (owner && owner->values)
    add_line(lines, (struct line){.owner = owner,
                                  .values = owner->values,
                                  .bytes = owner->bytes,
                                  .hits = owner->hits,
                                  .cost = owner->cost,
                                  .last = owner->last});
}

static uint64_t rank(const struct line *line, int sort) {
  const uint64_t ranks[] = {line->bytes, UINT64_MAX - line->last, line->hits, line->cost};
  return ranks[sort];
}

/* The same folder gives the same list. */
static int compare_lines(const void *a, const void *b, void *sort) {
  const struct line *x = a, *y = b;
  uint64_t x_rank = rank(x, *(int *)sort), y_rank = rank(y, *(int *)sort);
  int order = (x_rank < y_rank) - (x_rank > y_rank);
  order = order ? order : strcmp(x->owner->shown, y->owner->shown);
  order = order ? order : (x->key.hi > y->key.hi) - (x->key.hi < y->key.hi);
  return order ? order : (x->key.lo > y->key.lo) - (x->key.lo < y->key.lo);
}

static void print_json(const struct request *request, const struct line *line) {
  char key[33];
  print_key(line->key, key);
  putchar('{');
  put_owner(line->owner);
  if (request->values)
    printf(", \"key\": \"%s\", \"created\": %" PRIu64, key, line->created);
  else
    printf(", \"values\": %" PRIu64, line->values);
  printf(", \"bytes\": %" PRIu64 ", \"hits\": %" PRIu64 ", \"cost_ns\": %" PRIu64 ", \"last_used\": %" PRIu64 "}",
         line->bytes, line->hits, line->cost, line->last);
}

static void print_line(const struct request *request, const struct line *line) {
  char key[33], size[32], cost[32], last[32];
  print_key(line->key, key);
  print_size(line->bytes, size);
  print_time(line->cost / line->values, cost);
  print_age(line->last, last);
  if (request->values)
    printf("%s  %10s  %6" PRIu64 " hits  %9s  %12s  %s\n", key, size, line->hits, cost, last, line->owner->shown);
  else
    printf("%8" PRIu64 " values  %10s  %8" PRIu64 " hits  %9s each  %12s  %s\n", line->values, size, line->hits, cost,
           last, line->owner->shown);
}

int run_ls(struct request *request) {
  struct lines lines = {0};
  int sort = (int)request->sort;
  each_value(request, request->values ? add_value : add_up, &lines);
  for (size_t i = 0; i < request->owners.size && !request->values; i++)
    add_owner(&lines, request->owners.slot[i]);
  if (lines.count > 0)
    qsort_r(lines.line, lines.count, sizeof *lines.line, compare_lines, &sort);
  if (request->limit && request->limit < lines.count)
    lines.count = request->limit;
  if (request->json)
    putchar('[');
  for (size_t i = 0; i < lines.count; i++) {
    if (request->json) {
      fputs(i ? ",\n  " : "\n  ", stdout);
      print_json(request, &lines.line[i]);
    } else {
      print_line(request, &lines.line[i]);
    }
  }
  if (request->json)
    puts("\n]");
  free(lines.line);
  return 0;
}

/* --- show --- */

static void print_bytes(const unsigned char *bytes, uint64_t size) {
  uint64_t most = size < SHOWN ? size : SHOWN;
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

static void show_json(const struct item *item, const char *key, bool whole) {
  printf("{\"key\": \"%s\", ", key);
  put_owner(item->owner);
  printf(", \"bytes\": %" PRIu64 ", \"cost_ns\": %" PRIu64 ", \"created\": %" PRIu64 ", \"last_used\": %" PRIu64
         ", \"hits\": %" PRIu64 ", \"damaged\": %s, \"first_bytes\": \"",
         item->size, item->stored.cost, item->stored.created, item->used.last, item->used.hits,
         whole ? "false" : "true");
  const unsigned char *bytes = (const unsigned char *)item->value.mv_data + sizeof item->stored;
  for (uint64_t i = 0; whole && i < item->size && i < SHOWN; i++)
    printf("%02x", bytes[i]);
  puts("\"}");
}

static void show_text(const struct item *item, const char *key, bool whole) {
  char size[32], cost[32], created[32], last[32];
  print_size(item->size, size);
  print_time(item->stored.cost, cost);
  print_age(item->stored.created, created);
  print_age(item->used.last, last);
  printf("key        %s\nfunction   %s\nsize       %s\ncost       %s\ncreated    %s\nlast used  %s\nhits       %" PRIu64
         "\n",
         key, item->owner->shown, size, cost, created, last, item->used.hits);
  if (whole)
    print_bytes((const unsigned char *)item->value.mv_data + sizeof item->stored, item->size);
}

int run_show(struct request *request) {
  const char *text = request->words[0];
  struct item item;
  struct lz_key key;
  if (!read_key(text, &key))
    misuse("show: '%s' is no key: 32 hexadecimal digits, as ls --values prints them", text);
  MDB_txn *txn = begin_reading(request);
  if (!find_value(request, txn, key, &item))
    fail("there is no value %s", text);
  item.owner = owner_of(request, txn, item.stored.function);
  bool whole = is_whole(&item);
  (request->json ? show_json : show_text)(&item, text, whole);
  mdb_txn_abort(txn);
  if (!whole)
    fail("the value is damaged; no program takes it");
  return 0;
}
