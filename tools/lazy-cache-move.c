/* lazy-cache-move.c - values from one folder to another: export, import.
 *
 * The file, all numbers as the machine has them:
 *
 *   head       "lazypass", version (4 bytes), order of bytes (4 bytes: 0x01020304)
 *   values     for each: its key (16), its head (struct lz_stored, 40), lengths of the names of its space and function
 *              (4 each), both names, its bytes, XXH3 of all that (8)
 *   end        a key of 16 bytes 0xff, XXH3 of all sums, in order (8)
 *
 * An import reads and verifies all of the file before it takes anything of it.
 */
#include "lazy-cache.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAGIC "lazypass"
#define VERSION 1
#define ORDER 0x01020304u

struct head {
  char magic[8];
  uint32_t version, order;
};

struct value_head {
  struct lz_key key;
  struct lz_stored stored;
  uint32_t space_length, function_length;
};

static const struct lz_key end_key = {UINT64_MAX, UINT64_MAX};

/* --- export --- */

struct exporting {
  const struct request *request;
  FILE *file;
  XXH3_state_t all, one;
  uint64_t values;
};

static void write_part(struct exporting *exporting, const void *p, size_t size) {
  XXH3_64bits_update(&exporting->one, p, size);
  if (fwrite(p, 1, size, exporting->file) != size)
    fail("%s: %s", exporting->request->words[0], strerror(errno));
}

static bool export_value(void *context, const struct item *item) {
  struct exporting *exporting = context;
  if (!item->bytes) /* damaged: nobody is to have it */
    return true;
  struct names names = names_of(exporting->request, item->stored.function);
  struct value_head head = {item->key, item->stored, (uint32_t)strlen(names.space), (uint32_t)strlen(names.function)};
  XXH3_64bits_reset(&exporting->one);
  write_part(exporting, &head, sizeof head);
  write_part(exporting, names.space, head.space_length);
  write_part(exporting, names.function, head.function_length);
  write_part(exporting, item->bytes, item->stored.size);
  uint64_t sum = XXH3_64bits_digest(&exporting->one);
  write_part(exporting, &sum, sizeof sum);
  XXH3_64bits_update(&exporting->all, &sum, sizeof sum);
  exporting->values++;
  free_names(names);
  return true;
}

int run_export(struct request *request) {
  const char *name = request->words[0];
  bool standard = strcmp(name, "-") == 0;
  struct head head = {.version = VERSION, .order = ORDER};
  struct exporting exporting = {.request = request, .file = standard ? stdout : fopen(name, "wbx")};
  if (!exporting.file)
    fail("%s: %s", name, strerror(errno));
  XXH3_64bits_reset(&exporting.all);
  XXH3_64bits_reset(&exporting.one);
  memcpy(head.magic, MAGIC, sizeof head.magic);
  write_part(&exporting, &head, sizeof head);
  each_value(request, export_value, &exporting);
  uint64_t sum = XXH3_64bits_digest(&exporting.all);
  write_part(&exporting, &end_key, sizeof end_key);
  write_part(&exporting, &sum, sizeof sum);
  if (fflush(exporting.file) != 0 || (!standard && fclose(exporting.file) != 0))
    fail("%s: %s", name, strerror(errno));
  fprintf(standard ? stderr : stdout, "%" PRIu64 " values exported\n", exporting.values);
  return 0;
}

/* --- import --- */

/* The whole file. */
struct text {
  char *bytes;
  size_t size, at;
};

static struct text read_file(const char *name) {
  bool standard = strcmp(name, "-") == 0;
  FILE *file = standard ? stdin : fopen(name, "rb");
  struct text text = {0};
  size_t room = 0, got;
  if (!file)
    fail("%s: %s", name, strerror(errno));
  do {
    if (text.size == room) {
      room = room ? 2 * room : 1 << 20;
      text.bytes = check_memory(realloc(text.bytes, room));
    }
    got = fread(text.bytes + text.size, 1, room - text.size, file);
    text.size += got;
  } while (text.size == room);
  bool broken = ferror(file) != 0;
  if (!standard)
    fclose(file);
  if (broken)
    fail("%s: it cannot be read", name);
  return text;
}

static const void *take_part(struct text *text, size_t size) {
  if (text->size - text->at < size)
    fail("the file is broken: it ends too early; nothing was imported");
  text->at += size;
  return text->bytes + text->at - size;
}

/* The next value; false: the end. */
static bool read_value(struct text *text, struct value_head *head, const char **names, const char **bytes,
                       uint64_t *sum) {
  size_t start = text->at;
  memcpy(&head->key, take_part(text, sizeof head->key), sizeof head->key);
  if (memcmp(&head->key, &end_key, sizeof end_key) == 0)
    return false;
  text->at = start;
  memcpy(head, take_part(text, sizeof *head), sizeof *head);
  *names = take_part(text, (size_t)head->space_length + head->function_length);
  *bytes = take_part(text, head->stored.size);
  uint64_t found = XXH3_64bits(text->bytes + start, text->at - start);
  memcpy(sum, take_part(text, sizeof *sum), sizeof *sum);
  if (found != *sum || lz_stored_sum(head->key, &head->stored, *bytes) != head->stored.sum)
    fail("the file is broken: a value's sum is not right; nothing was imported");
  return true;
}

static void verify_text(struct text *text) {
  struct head head;
  struct value_head value;
  const char *names, *bytes;
  uint64_t sum, all;
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  memcpy(&head, take_part(text, sizeof head), sizeof head);
  if (memcmp(head.magic, MAGIC, sizeof head.magic) != 0)
    fail("this is no file that lazy-cache has exported");
  if (head.version != VERSION || head.order != ORDER)
    fail("the file comes from another version of lazy-cache, or from another kind of machine");
  while (read_value(text, &value, &names, &bytes, &sum))
    XXH3_64bits_update(&state, &sum, sizeof sum);
  memcpy(&all, take_part(text, sizeof all), sizeof all);
  if (all != XXH3_64bits_digest(&state))
    fail("the file is broken: its sum is not right; nothing was imported");
}

/* Whose values are being imported. */
struct owner {
  char *space, *function;
};

/* All that was put is written under the owner's names; and these are known from now on. */
static bool finish(struct request *request, struct owner *owner) {
  struct lz_record record, none = {0};
  bool written = true;
  if (owner->function) {
    if (!lz_store_recall(request->store, owner->function, &record, sizeof record))
      lz_store_note(request->store, owner->function, &none, sizeof none);
    written = lz_store_flush(request->store, -1);
  }
  free(owner->function);
  free(request->store->space);
  request->store->space = check_memory(strdup(""));
  *owner = (struct owner){NULL, NULL};
  return written;
}

static bool is_owner(const struct owner *owner, const struct value_head *head, const char *names) {
  return owner->function && strlen(owner->space) == head->space_length &&
         strlen(owner->function) == head->function_length && memcmp(owner->space, names, head->space_length) == 0 &&
         memcmp(owner->function, names + head->space_length, head->function_length) == 0;
}

static bool import_value(struct request *request, const struct owner *owner, const struct value_head *head,
                         const char *bytes) {
  const struct lz_entry about = {owner->function, head->stored.cost, true, NULL};
  struct lz_value *value = check_memory(lz_value_new(head->stored.size));
  memcpy(value->bytes, bytes, head->stored.size);
  bool put = lz_store_put(request->store, head->key, &about, value);
  lz_value_release(value);
  return put;
}

int run_import(struct request *request) {
  struct text text = read_file(request->words[0]);
  struct owner owner = {NULL, NULL};
  struct value_head head;
  const char *names, *bytes;
  uint64_t sum, values = 0;
  bool good = true;
  verify_text(&text);
  for (text.at = sizeof(struct head); good && read_value(&text, &head, &names, &bytes, &sum); values++) {
    if (!is_owner(&owner, &head, names)) {
      good = finish(request, &owner);
      free(request->store->space);
      owner.space = request->store->space = check_memory(strndup(names, head.space_length));
      owner.function = check_memory(strndup(names + head.space_length, head.function_length));
    }
    good = good && import_value(request, &owner, &head, bytes);
  }
  if (!finish(request, &owner) || !good)
    fail("'%s' cannot be written; some of the values are missing", request->folder);
  printf("%" PRIu64 " values imported\n", values);
  free(text.bytes);
  return 0;
}
