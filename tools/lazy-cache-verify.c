/* lazy-cache-verify.c - is all as it should be in a folder?
 *
 * 1. The file is in order, page by page (lazy-cache-pages.c).
 *
 * Then, in one transaction, so that what programs write meanwhile does not matter:
 *
 * 2. Each value has the right sum, and a record of its use; each such record has a value, and its size.
 * 3. What is noted of functions can be read; the sum of all sizes is right.
 *
 * --repair removes what is wrong, in one transaction, and counts the sizes anew.  What LMDB itself cannot walk through,
 * or would give back pages of others for, cannot be repaired: the folder has to go.
 */
#include "lazy-cache.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 511 /* LMDB's keys */
#define GROWTHS 4

/* One thing that is wrong. */
struct finding {
  const char *what;
  MDB_dbi database;
  size_t length;
  unsigned char id[];
};

struct findings {
  struct finding **finding;
  size_t count, room;
};

struct verification {
  struct request *request;
  MDB_txn *txn;
  struct findings findings;
  uint64_t values, bytes;
  int64_t used_bytes; /* as the records say */
};

static void find(struct verification *verification, const char *what, MDB_dbi database, MDB_val id) {
  struct findings *all = &verification->findings;
  size_t length = id.mv_size < LONGEST ? id.mv_size : LONGEST;
  struct finding *finding = check_memory(malloc(sizeof *finding + length));
  if (all->count == all->room) {
    all->room = all->room ? 2 * all->room : 64;
    all->finding = check_memory(realloc(all->finding, all->room * sizeof(struct finding *)));
  }
  *finding = (struct finding){what, database, length};
  memcpy(finding->id, id.mv_data, length);
  all->finding[all->count++] = finding;
}

static bool is_id(MDB_val a, MDB_val b) {
  return a.mv_size == b.mv_size && memcmp(a.mv_data, b.mv_data, a.mv_size) == 0;
}

static void walk(struct verification *verification, MDB_dbi database,
                 void (*look)(struct verification *verification, MDB_val id, MDB_val value)) {
  const struct request *request = verification->request;
  MDB_cursor *cursor = open_cursor(request, verification->txn, database);
  MDB_val id, value;
  while (next_record(request, cursor, &id, &value))
    look(verification, id, value);
  mdb_cursor_close(cursor);
}

/* --- step 2 --- */

static void look_at_value(struct verification *verification, MDB_val id, MDB_val value) {
  const struct lz_file *file = &verification->request->store->file;
  struct lz_key key;
  struct lz_stored stored;
  struct lz_used used;
  verification->values++;
  verification->bytes += value.mv_size < sizeof stored ? 0 : value.mv_size - sizeof stored;
  if (id.mv_size == sizeof key)
    memcpy(&key, id.mv_data, sizeof key);
  if (!lz_stored_removable(value, file->page))
    fail_file(verification->request, MDB_CORRUPTED);
  if (id.mv_size != sizeof key || !lz_stored_verify(key, value, &stored))
    find(verification, "the value is damaged", file->values, id);
  else if (!find_record(verification->request, verification->txn, file->used, id, &used, sizeof used))
    find(verification, "the value has no record of its use, and would stay for ever", file->values, id);
}

static void look_at_use(struct verification *verification, MDB_val id, MDB_val value) {
  const struct lz_file *file = &verification->request->store->file;
  struct lz_key key;
  struct lz_used used = {0};
  struct item item;
  if (value.mv_size == sizeof used)
    memcpy(&used, value.mv_data, sizeof used);
  verification->used_bytes += (int64_t)used.size;
  if (id.mv_size == sizeof key)
    memcpy(&key, id.mv_data, sizeof key);
  if (id.mv_size != sizeof key || value.mv_size != sizeof used)
    find(verification, "the record of use is damaged", file->used, id);
  else if (!find_value(verification->request, verification->txn, key, &item))
    find(verification, "the record of use is of no value", file->used, id);
  else if (used.size != lz_stored_room(item.size))
    find(verification, "the record of use has a wrong size", file->used, id);
}

/* --- step 3 --- */

static void look_at_function(struct verification *verification, MDB_val id, MDB_val value) {
  MDB_val space, function, rest;
  uint64_t number = 0, name = 1;
  if (id.mv_size == sizeof number && read_names(value, &space, &function, &rest)) {
    char *space_text = check_memory(strndup(space.mv_data, space.mv_size));
    char *function_text = check_memory(strndup(function.mv_data, function.mv_size));
    memcpy(&number, id.mv_data, sizeof number);
    name = lz_store_name(space_text, function_text);
    free(space_text);
    free(function_text);
  }
  if (number != name)
    find(verification, "what is noted of the function is damaged", verification->request->store->file.functions, id);
}

static void look_at_number(struct verification *verification, MDB_val id, MDB_val value) {
  const MDB_val sum = {strlen(LZ_STORE_BYTES), LZ_STORE_BYTES}, totals = {strlen(LZ_STORE_TOTALS), LZ_STORE_TOTALS};
  int64_t bytes;
  bool good = false;
  if (is_id(id, sum) && value.mv_size == sizeof bytes) {
    memcpy(&bytes, value.mv_data, sizeof bytes);
    good = bytes == verification->used_bytes;
  } else if (is_id(id, totals)) {
    good = value.mv_size == sizeof(struct lz_totals);
  }
  if (!good)
    find(verification, "the number is wrong", verification->request->store->file.numbers, id);
}

/* --- repair --- */

/* The sum of what the records of use say. */
static int recount(const struct lz_file *file, MDB_txn *txn) {
  MDB_val id, value, sum = {strlen(LZ_STORE_BYTES), LZ_STORE_BYTES};
  MDB_cursor *cursor;
  struct lz_used used;
  int64_t bytes = 0;
  int error = mdb_cursor_open(txn, file->used, &cursor);
  if (error)
    return error;
  while ((error = mdb_cursor_get(cursor, &id, &value, MDB_NEXT)) == 0)
    if (value.mv_size == sizeof used) {
      memcpy(&used, value.mv_data, sizeof used);
      bytes += (int64_t)used.size;
    }
  mdb_cursor_close(cursor);
  value = (MDB_val){sizeof bytes, &bytes};
  return error == MDB_NOTFOUND ? mdb_put(txn, file->numbers, &sum, &value, 0) : error;
}

/* Of a value, its record of use goes too, and the other way round. */
static int remove_finding(const struct lz_file *file, MDB_txn *txn, const struct finding *finding) {
  const MDB_dbi databases[] = {finding->database, finding->database == file->values ? file->used : file->values};
  const bool both = finding->database == file->values || finding->database == file->used;
  MDB_val id = {finding->length, (void *)(uintptr_t)finding->id}, value;
  int error = 0;
  for (int i = 0; i < 1 + both && !error; i++) {
    error = mdb_get(txn, databases[i], &id, &value);
    if (!error && databases[i] == file->values && !lz_stored_removable(value, file->page))
      error = MDB_CORRUPTED; /* a program has replaced it meanwhile, by something worse */
    if (!error)
      error = mdb_del(txn, databases[i], &id, NULL);
    error = error == MDB_NOTFOUND ? 0 : error;
  }
  return error;
}

static int repair_once(const struct lz_file *file, const struct findings *findings) {
  MDB_txn *txn;
  int error = mdb_txn_begin(file->env, NULL, 0, &txn);
  if (error)
    return error;
  for (size_t i = 0; i < findings->count && !error; i++)
    error = remove_finding(file, txn, findings->finding[i]);
  if (!error)
    error = recount(file, txn);
  if (!error)
    return mdb_txn_commit(txn);
  mdb_txn_abort(txn);
  return error;
}

static void repair(const struct request *request, const struct findings *findings) {
  struct lz_file *file = &request->store->file;
  int error = repair_once(file, findings);
  for (int i = 0; i < GROWTHS && (error == MDB_MAP_FULL || error == MDB_MAP_RESIZED); i++)
    error = lz_file_grow(file, error == MDB_MAP_RESIZED) ? repair_once(file, findings) : error;
  if (error)
    fail_file(request, error);
}

/* --- what is said --- */

/* Numbers have names; everything else, digits, as show takes them. */
static void print_id(const struct request *request, const struct finding *finding, char text[2 * LONGEST + 1]) {
  struct lz_key key;
  *text = '\0';
  if (finding->database == request->store->file.numbers) {
    snprintf(text, LONGEST, "%.*s", (int)finding->length, (const char *)finding->id);
  } else if (finding->length == sizeof key) {
    memcpy(&key, finding->id, sizeof key);
    print_key(key, text);
  } else {
    for (size_t i = 0; i < finding->length; i++)
      snprintf(text + 2 * i, 3, "%02x", finding->id[i]);
  }
}

static void print_findings(const struct verification *verification) {
  const struct request *request = verification->request;
  const struct findings *findings = &verification->findings;
  const bool removed = findings->count > 0 && request->repair;
  char id[2 * LONGEST + 1];
  if (request->json)
    printf("{\"values\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"removed\": %s, \"wrong\": [", verification->values,
           verification->bytes, removed ? "true" : "false");
  for (size_t i = 0; i < findings->count; i++) {
    print_id(request, findings->finding[i], id);
    if (request->json) {
      fputs(i ? ",\n  {\"id\": " : "\n  {\"id\": ", stdout);
      put_json(id);
      printf(", \"what\": \"%s\"}", findings->finding[i]->what);
    } else {
      printf("%s: %s\n", id, findings->finding[i]->what);
    }
  }
  if (request->json)
    puts("]}");
  else
    printf("%" PRIu64 " values, %zu things wrong%s\n", verification->values, findings->count,
           removed ? ", removed" : "");
}

int run_verify(struct request *request) {
  const struct lz_file *file = &request->store->file;
  check_pages(request);
  struct verification verification = {.request = request, .txn = begin_reading(request)};
  struct findings *findings = &verification.findings;
  walk(&verification, file->values, look_at_value);
  walk(&verification, file->used, look_at_use);
  walk(&verification, file->functions, look_at_function);
  walk(&verification, file->numbers, look_at_number);
  mdb_txn_abort(verification.txn);
  if (request->repair && findings->count > 0)
    repair(request, findings);
  print_findings(&verification);
  if (findings->count > 0 && !request->repair)
    fail("'%s' is damaged; verify --repair removes what is wrong", request->folder);
  return 0;
}
