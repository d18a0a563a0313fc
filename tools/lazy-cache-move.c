/* lazy-cache-move.c - values from one folder to another: export, import.
 *
 * The file, all numbers as the machine has them:
 *
 *   head       "lazypass", version (4 bytes), order of bytes (4 bytes: 0x01020304)
 *   values     for each: its key (16), its head (struct lz_stored, 40), lengths of the names of its space and function
 *              (4 each), both names, its bytes, XXH3 of all that (8)
 *   end        a key of 16 bytes 0xff, XXH3 of the head and of all sums, in order (8); nothing follows
 *
 * An import reads the whole file twice: it takes nothing before all of it has been verified.  A pipe goes to a file
 * without a name first.
 */
#include "lazy-cache.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAGIC "lazypass"
#define VERSION 1
#define ORDER 0x01020304u
_Static_assert(LZ_STORE_FORMAT == 1, "keys of another format are of another VERSION");

struct head {
  char magic[8];
  uint32_t version, order;
};

struct value_head {
  struct lz_key key;
  struct lz_stored stored;
  uint32_t space_length, function_length;
};
_Static_assert(sizeof(struct value_head) == 64, "there is no padding in it");

static const struct lz_key end_key = {UINT64_MAX, UINT64_MAX};

static bool is_standard(const char *name) {
  return strcmp(name, "-") == 0;
}

/* --- export --- */

struct export {
  const char *name;
  FILE *file;
  XXH3_state_t all, one;
  uint64_t values, damaged;
};

static void write_part(struct export *export, const void *p, size_t size) {
  XXH3_64bits_update(&export->one, p, size);
  if (size > 0 && fwrite(p, 1, size, export->file) != size)
    fail("%s: %s", export->name, strerror(errno));
}

static void export_value(void *context, const struct item *item) {
  struct export *export = context;
  if (!is_whole(item)) {
    export->damaged++;
    return;
  }
  const struct owner *owner = item->owner;
  const struct value_head head = {item->key, item->stored, (uint32_t)strlen(owner->space),
                                  (uint32_t)strlen(owner->function)};
  XXH3_64bits_reset(&export->one);
  write_part(export, &head, sizeof head);
  write_part(export, owner->space, head.space_length);
  write_part(export, owner->function, head.function_length);
  write_part(export, (const char *)item->value.mv_data + sizeof item->stored, item->size);
  uint64_t sum = XXH3_64bits_digest(&export->one);
  write_part(export, &sum, sizeof sum);
  XXH3_64bits_update(&export->all, &sum, sizeof sum);
  export->values++;
}

static void open_export(struct export *export) {
  export->file = is_standard(export->name) ? stdout : fopen(export->name, "wbx");
  if (!export->file)
    fail("%s: %s", export->name, strerror(errno));
  if (export->file != stdout)
    set_unfinished(export->name);
}

int run_export(struct request *request) {
  struct head head = {.version = VERSION, .order = ORDER};
  struct export export = {.name = request->words[0]};
  memcpy(head.magic, MAGIC, sizeof head.magic);
  open_export(&export);
  const bool standard = export.file == stdout;
  XXH3_64bits_reset(&export.one);
  XXH3_64bits_reset(&export.all);
  write_part(&export, &head, sizeof head);
  XXH3_64bits_update(&export.all, &head, sizeof head);
  each_value(request, export_value, &export);
  uint64_t sum = XXH3_64bits_digest(&export.all);
  write_part(&export, &end_key, sizeof end_key);
  write_part(&export, &sum, sizeof sum);
  if (fflush(export.file) != 0 || (!standard && fclose(export.file) != 0))
    fail("%s: %s", export.name, strerror(errno));
  set_unfinished(NULL);
  fprintf(standard ? stderr : stdout, "%" PRIu64 " values exported\n", export.values);
  if (export.damaged)
    fail("%" PRIu64 " values are damaged, and are not among those", export.damaged);
  return 0;
}

/* --- import --- */

struct import {
  const char *name;
  FILE *file;
  uint64_t left; /* bytes of the file behind what has been read */
  XXH3_state_t all, one;
  struct value_head head; /* of the value that has been read; its names and bytes: */
  char *space, *function;
  struct lz_value *value;
};

__attribute__((noreturn)) static void fail_import(const char *what) {
  fail("the file is broken: %s; nothing was imported", what);
}

static void read_part(struct import *import, void *p, size_t size) {
  if (import->left < size)
    fail_import("it ends too early");
  if (size > 0 && fread(p, 1, size, import->file) != size)
    fail("%s: %s", import->name, ferror(import->file) ? strerror(errno) : "somebody has made it shorter meanwhile");
  import->left -= size;
  XXH3_64bits_update(&import->one, p, size);
}

static char *read_name(struct import *import, uint32_t length) {
  if (import->left < length)
    fail_import("it ends too early");
  char *name = check_memory(calloc(1, (size_t)length + 1));
  read_part(import, name, length);
  if (strlen(name) != length)
    fail_import("a name is none");
  return name;
}

/* The next value; false: the end. */
static bool read_value(struct import *import) {
  struct value_head *head = &import->head;
  uint64_t found, sum;
  XXH3_64bits_reset(&import->one);
  read_part(import, &head->key, sizeof head->key);
  if (memcmp(&head->key, &end_key, sizeof end_key) == 0)
    return false;
  read_part(import, &head->stored, sizeof *head - sizeof head->key);
  import->space = read_name(import, head->space_length);
  import->function = read_name(import, head->function_length);
  if (import->left < head->stored.size)
    fail_import("it ends too early");
  import->value = check_memory(lz_value_new(head->stored.size));
  read_part(import, import->value->bytes, head->stored.size);
  found = XXH3_64bits_digest(&import->one);
  read_part(import, &sum, sizeof sum);
  if (found != sum || lz_stored_sum(head->key, &head->stored, import->value->bytes) != head->stored.sum)
    fail_import("a value's sum is not right");
  XXH3_64bits_update(&import->all, &sum, sizeof sum);
  return true;
}

static void free_read(struct import *import) {
  free(import->space);
  free(import->function);
  lz_value_release(import->value);
}

static void read_head(struct import *import) {
  struct head head;
  struct stat status;
  if (fstat(fileno(import->file), &status) != 0 || fseeko(import->file, 0, SEEK_SET) != 0)
    fail("%s: %s", import->name, strerror(errno));
  import->left = (uint64_t)status.st_size;
  XXH3_64bits_reset(&import->one);
  XXH3_64bits_reset(&import->all);
  if (import->left < sizeof head)
    fail("%s: this is no file that lazy-cache has exported", import->name);
  read_part(import, &head, sizeof head);
  if (memcmp(head.magic, MAGIC, sizeof head.magic) != 0)
    fail("%s: this is no file that lazy-cache has exported", import->name);
  if (head.version != VERSION || head.order != ORDER)
    fail("%s: it comes from another version of lazy-cache, or from another kind of machine", import->name);
  XXH3_64bits_update(&import->all, &head, sizeof head);
}

static void read_end(struct import *import) {
  uint64_t sum;
  read_part(import, &sum, sizeof sum);
  if (sum != XXH3_64bits_digest(&import->all))
    fail_import("its sum is not right");
  if (import->left > 0)
    fail_import("something follows its end");
}

static FILE *copy_of(const char *name, FILE *file) {
  static char bytes[1 << 16];
  FILE *copy = tmpfile();
  size_t size;
  if (!copy)
    fail("a temporary file: %s", strerror(errno));
  do {
    size = fread(bytes, 1, sizeof bytes, file);
    if (fwrite(bytes, 1, size, copy) != size)
      fail("a temporary file: %s", strerror(errno));
  } while (size == sizeof bytes);
  if (ferror(file))
    fail("%s: it cannot be read", name);
  if (fflush(copy) != 0)
    fail("a temporary file: %s", strerror(errno));
  return copy;
}

/* One that can be read again. */
static FILE *open_import(const char *name) {
  FILE *file = is_standard(name) ? stdin : fopen(name, "rb");
  struct stat status;
  if (!file || fstat(fileno(file), &status) != 0)
    fail("%s: %s", name, strerror(errno));
  if (S_ISDIR(status.st_mode))
    fail("%s: %s", name, strerror(EISDIR));
  if (S_ISREG(status.st_mode) && (file != stdin || lseek(STDIN_FILENO, 0, SEEK_CUR) == 0))
    return file;
  FILE *copy = copy_of(name, file);
  if (file != stdin)
    fclose(file);
  return copy;
}

/* The folder is to know whose the values are. */
static bool note_owner(struct lz_store *store, struct owner *owner) {
  struct lz_item *item = check_memory(calloc(1, sizeof *item));
  item->about = (struct lz_entry){.function = owner->function, .precious = true, .space = owner->space};
  item->record = check_memory(malloc(1)); /* nothing is remembered: 0 bytes of it */
  return lz_writer_put(store, item);
}

/* The file may grow, by the thread that writes, while nobody here reads. */
static struct owner *find_owner(struct request *request, const struct import *import) {
  pthread_rwlock_rdlock(&request->store->world);
  MDB_txn *txn = begin_reading(request);
  struct owner *owner = owner_named(request, txn, import->space, import->function);
  mdb_txn_abort(txn);
  pthread_rwlock_unlock(&request->store->world);
  return owner;
}

static bool take_value(struct request *request, const struct import *import) {
  struct owner *owner = find_owner(request, import);
  const struct lz_entry about = {owner->function, import->head.stored.cost, true, owner->space};
  if (!owner->known && !note_owner(request->store, owner))
    return false;
  owner->known = true;
  return lz_store_put(request->store, import->head.key, &about, import->value);
}

int run_import(struct request *request) {
  struct import import = {.name = request->words[0]};
  uint64_t values = 0;
  bool good = true;
  import.file = open_import(import.name);
  for (read_head(&import); read_value(&import); free_read(&import))
    ;
  read_end(&import);
  open_folder(request, true);
  for (read_head(&import); good && read_value(&import); free_read(&import), values++)
    good = take_value(request, &import);
  if (!lz_store_flush(request->store, -1) || !good)
    fail("'%s' cannot be written; some of the values are missing", request->folder);
  printf("%" PRIu64 " values imported\n", values);
  return 0;
}
