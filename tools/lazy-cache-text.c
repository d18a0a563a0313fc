/* lazy-cache-text.c - numbers, keys and names as text; and the way through all values. */
#include "lazy-cache.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void print_key(struct lz_key key, char text[33]) {
  snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, key.hi, key.lo);
}

bool read_key(const char *text, struct lz_key *key) {
  char half[17] = "";
  if (strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32)
    return false;
  memcpy(half, text, 16);
  key->hi = strtoull(half, NULL, 16);
  key->lo = strtoull(text + 16, NULL, 16);
  return true;
}

void print_size(uint64_t bytes, char text[32]) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double size = (double)bytes;
  int unit = 0;
  for (; size >= 1024 && unit < 4; unit++)
    size /= 1024;
  snprintf(text, 32, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

void print_time(uint64_t ns, char text[32]) {
  double t = (double)ns;
  if (ns < 1000)
    snprintf(text, 32, "%.0f ns", t);
  else if (ns < 1000000)
    snprintf(text, 32, "%.1f us", t / 1e3);
  else if (ns < 1000000000)
    snprintf(text, 32, "%.1f ms", t / 1e6);
  else
    snprintf(text, 32, "%.1f s", t / 1e9);
}

void print_age(uint64_t when, char text[32]) {
  uint64_t now = (uint64_t)time(NULL), age = when < now ? now - when : 0;
  if (age < 120)
    snprintf(text, 32, "%" PRIu64 " s ago", age);
  else if (age < 7200)
    snprintf(text, 32, "%" PRIu64 " min ago", age / 60);
  else if (age < 172800)
    snprintf(text, 32, "%" PRIu64 " h ago", age / 3600);
  else
    snprintf(text, 32, "%" PRIu64 " d ago", age / 86400);
}

void put_json(const char *text) {
  putchar('"');
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '"' || c == '\\')
      printf("\\%c", c);
    else if (c < 0x20)
      printf("\\u%04x", c);
    else
      putchar(c);
  }
  putchar('"');
}

MDB_txn *begin_reading(const struct request *request) {
  MDB_txn *txn;
  int error = mdb_txn_begin(request->store->file.env, NULL, MDB_RDONLY, &txn);
  if (error)
    fail("'%s': %s", request->folder, mdb_strerror(error));
  return txn;
}

/* --- names --- */

struct names names_of(const struct request *request, uint64_t id) {
  MDB_txn *txn = begin_reading(request);
  MDB_val key = {sizeof id, &id}, value;
  struct lz_named named;
  struct names names = {NULL, NULL};
  if (mdb_get(txn, request->store->file.functions, &key, &value) == 0 && value.mv_size >= sizeof named) {
    memcpy(&named, value.mv_data, sizeof named);
    const char *text = (const char *)value.mv_data + sizeof named;
    if (value.mv_size - sizeof named >= (uint64_t)named.space_length + named.function_length) {
      names.space = strndup(text, named.space_length);
      names.function = strndup(text + named.space_length, named.function_length);
    }
  }
  mdb_txn_abort(txn);
  names.space = check_memory(names.space ? names.space : strdup("?"));
  names.function = check_memory(names.function ? names.function : strdup("?"));
  return names;
}

void free_names(struct names names) {
  free(names.space);
  free(names.function);
}

bool is_asked(const struct request *request, uint64_t function) {
  struct names names;
  if (!request->function && !request->space)
    return true;
  names = names_of(request, function);
  bool asked = (!request->function || strcmp(names.function, request->function) == 0) &&
               (!request->space || strcmp(names.space, request->space) == 0);
  free_names(names);
  return asked;
}

/* --- values --- */

void each_value(const struct request *request, bool (*visit)(void *context, const struct item *item), void *context) {
  const struct lz_file *file = &request->store->file;
  MDB_txn *txn = begin_reading(request);
  MDB_cursor *cursor;
  MDB_val id, value, used;
  int error = mdb_cursor_open(txn, file->values, &cursor);
  if (error)
    fail("'%s': %s", request->folder, mdb_strerror(error));
  for (bool more = true; more && mdb_cursor_get(cursor, &id, &value, MDB_NEXT) == 0;) {
    struct item item = {0};
    if (id.mv_size != sizeof item.key)
      continue;
    memcpy(&item.key, id.mv_data, sizeof item.key);
    if (lz_stored_verify(item.key, value, &item.stored))
      item.bytes = (const char *)value.mv_data + sizeof item.stored;
    if (mdb_get(txn, file->used, &id, &used) == 0 && used.mv_size == sizeof item.used)
      memcpy(&item.used, used.mv_data, sizeof item.used);
    if (is_asked(request, item.stored.function))
      more = visit(context, &item);
  }
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
}
