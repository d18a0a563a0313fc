/* lazy-cache-walk.c - the way through a folder: its values, what is noted beside them, and whose they are.
 *
 * Where LMDB cannot go on, neither can the command: half of a list would be a wrong one.
 */
#include "lazy-cache.h"

#include <stdlib.h>
#include <string.h>

MDB_txn *begin_reading(const struct request *request) {
  MDB_txn *txn;
  int error = mdb_txn_begin(request->store->file.env, NULL, MDB_RDONLY, &txn);
  if (error)
    fail_file(request, error);
  return txn;
}

/* --- records --- */

MDB_cursor *open_cursor(const struct request *request, MDB_txn *txn, MDB_dbi database) {
  MDB_cursor *cursor;
  int error = mdb_cursor_open(txn, database, &cursor);
  if (error)
    fail_file(request, error);
  return cursor;
}

bool next_record(const struct request *request, MDB_cursor *cursor, MDB_val *id, MDB_val *value) {
  int error = mdb_cursor_get(cursor, id, value, MDB_NEXT);
  if (error && error != MDB_NOTFOUND)
    fail_file(request, error);
  return !error;
}

static bool find(const struct request *request, MDB_txn *txn, MDB_dbi database, MDB_val id, MDB_val *value) {
  int error = mdb_get(txn, database, &id, value);
  if (error && error != MDB_NOTFOUND)
    fail_file(request, error);
  return !error;
}

bool find_record(const struct request *request, MDB_txn *txn, MDB_dbi database, MDB_val id, void *record, size_t size) {
  MDB_val value;
  bool found = find(request, txn, database, id, &value) && value.mv_size == size;
  if (found)
    memcpy(record, value.mv_data, size);
  return found;
}

/* --- owners --- */

bool read_names(MDB_val value, MDB_val *space, MDB_val *function, MDB_val *rest) {
  struct lz_named named;
  char *text = (char *)value.mv_data + sizeof named;
  if (value.mv_size < sizeof named)
    return false;
  memcpy(&named, value.mv_data, sizeof named);
  size_t names = (size_t)named.space_length + named.function_length;
  if (value.mv_size - sizeof named < names)
    return false;
  *space = (MDB_val){named.space_length, text};
  *function = (MDB_val){named.function_length, text + named.space_length};
  *rest = (MDB_val){value.mv_size - sizeof named - names, text + names};
  return true;
}

/* What a terminal would obey is not for it. */
static char *shown(const char *space, const char *function) {
  char *text;
  if (asprintf(&text, "%s%s%s", space, *space ? ":" : "", function) < 0)
    fail("out of memory");
  for (char *at = text; *at; at++)
    if ((unsigned char)*at < 0x20 || *at == 0x7f)
      *at = '?';
  return text;
}

static struct owner **slot_of(const struct owners *owners, uint64_t id) {
  size_t i = (size_t)id & (owners->size - 1);
  while (owners->slot[i] && owners->slot[i]->id != id)
    i = (i + 1) & (owners->size - 1);
  return &owners->slot[i];
}

static void make_room(struct owners *owners) {
  struct owners larger = {.count = owners->count, .size = owners->size ? 2 * owners->size : 64};
  if (owners->size > 2 * owners->count)
    return;
  larger.slot = check_memory(calloc(larger.size, sizeof(struct owner *)));
  for (size_t i = 0; i < owners->size; i++)
    if (owners->slot[i])
      *slot_of(&larger, owners->slot[i]->id) = owners->slot[i];
  free(owners->slot);
  *owners = larger;
}

/* The names are those that the folder has, or else the ones given. */
static struct owner *find_owner(struct request *request, MDB_txn *txn, uint64_t id, const char *space,
                                const char *function) {
  make_room(&request->owners);
  struct owner **slot = slot_of(&request->owners, id);
  MDB_val value, spaces, functions, rest;
  if (*slot)
    return *slot;
  struct owner *owner = *slot = check_memory(calloc(1, sizeof *owner));
  request->owners.count++;
  owner->id = id;
  owner->known = find(request, txn, request->store->file.functions, (MDB_val){sizeof id, &id}, &value) &&
                 read_names(value, &spaces, &functions, &rest);
  owner->space = check_memory(owner->known ? strndup(spaces.mv_data, spaces.mv_size) : strdup(space));
  owner->function = check_memory(owner->known ? strndup(functions.mv_data, functions.mv_size) : strdup(function));
  owner->shown = shown(owner->space, owner->function);
  return owner;
}

struct owner *owner_of(struct request *request, MDB_txn *txn, uint64_t id) {
  return find_owner(request, txn, id, "", "?");
}

struct owner *owner_named(struct request *request, MDB_txn *txn, const char *space, const char *function) {
  return find_owner(request, txn, lz_store_name(space, function), space, function);
}

bool is_asked(const struct request *request, const struct owner *owner) {
  return (!request->function || strcmp(owner->function, request->function) == 0) &&
         (!request->space || strcmp(owner->space, request->space) == 0);
}

/* --- values --- */

/* All but the owner. */
static void fill_item(const struct request *request, MDB_txn *txn, struct item *item) {
  const struct lz_file *file = &request->store->file;
  item->stored = (struct lz_stored){0};
  item->used = (struct lz_used){0};
  item->size = 0;
  if (item->value.mv_size >= sizeof item->stored) {
    memcpy(&item->stored, item->value.mv_data, sizeof item->stored);
    item->size = item->value.mv_size - sizeof item->stored;
  }
  find_record(request, txn, file->used, (MDB_val){sizeof item->key, &item->key}, &item->used, sizeof item->used);
}

bool find_value(const struct request *request, MDB_txn *txn, struct lz_key key, struct item *item) {
  *item = (struct item){.key = key};
  if (!find(request, txn, request->store->file.values, (MDB_val){sizeof key, &key}, &item->value))
    return false;
  fill_item(request, txn, item);
  return true;
}

void each_value(struct request *request, void (*visit)(void *context, const struct item *item), void *context) {
  MDB_txn *txn = begin_reading(request);
  MDB_cursor *cursor = open_cursor(request, txn, request->store->file.values);
  struct item item;
  MDB_val id;
  while (next_record(request, cursor, &id, &item.value)) {
    if (id.mv_size != sizeof item.key) /* verify says so */
      continue;
    memcpy(&item.key, id.mv_data, sizeof item.key);
    fill_item(request, txn, &item);
    item.owner = owner_of(request, txn, item.stored.function);
    if (is_asked(request, item.owner))
      visit(context, &item);
  }
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
}

bool is_whole(const struct item *item) {
  struct lz_stored stored;
  return lz_stored_verify(item->key, item->value, &stored);
}
