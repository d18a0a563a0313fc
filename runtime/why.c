/* why.c - why a call was computed, although there is a cache.
 *
 * 1. If somebody asks (LAZY_DIAG=1, or a watcher), each call leaves hashes of its arguments and of what was in its
 *    regions, one for each.  Those of a call that is not found are compared with those of the last one.
 * 2. The folder remembers the last call of each function, and its code: so the first call of a run is compared with
 *    the last of the run before.
 * 3. The first few calls that are computed are told at once, the others are counted.
 *
 * It costs the hashing of everything once more.  Given up: to say of which call, of several in turn, a call is the
 * next.
 */
#include "why.h"

#include "error.h"
#include "files.h"
#include "shape.h"
#include "xxh3.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TOLD 4 /* calls of each function of which it is told at once */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static const char *const texts[LZ_WHYS] = {
    [LZ_WHY_FIRST] = "it has never been called",
    [LZ_WHY_CODE] = "its code, or that of what it calls, has changed since the last run",
    [LZ_WHY_CHANGED] = "what it is called with has changed",
    [LZ_WHY_FORGOTTEN] = "it was called with the same, but its result is not kept",
    [LZ_WHY_NO_KEY] = "it touches memory, or a file, of which no key can be made",
};

const char *lz_why_text(enum lz_why why) {
  return texts[why];
}

/* --- step 1 --- */

static bool is_keyed(const struct lazy_cached *cached, const struct lazy_slot *slot) {
  for (uint32_t i = 0; i < cached->keyed_count; i++)
    if (cached->keyed[i].offset < slot->offset + slot->size &&
        slot->offset < cached->keyed[i].offset + cached->keyed[i].size)
      return true;
  return false;
}

/* Of the argument without its padding. */
static uint64_t hash_argument(const struct lz_call *call, const struct lazy_slot *slot) {
  const struct lazy_cached *cached = call->cached;
  uint64_t hash = 0;
  for (uint32_t i = 0; i < cached->keyed_count; i++) {
    uint32_t from = cached->keyed[i].offset, to = from + cached->keyed[i].size;
    from = from > slot->offset ? from : slot->offset;
    to = to < slot->offset + slot->size ? to : slot->offset + slot->size;
    if (from < to)
      hash = XXH3_64bits_withSeed(call->payload + from, to - from, hash);
  }
  return hash;
}

/* Where it is written, too, what is there beside what it reads does not matter; so that is not told apart. */
static uint64_t hash_region(const struct lazy_region *region) {
  uint64_t shape[3] = {region->access, (uint64_t)region->size, (uint64_t)region->rows};
  uint64_t hash = XXH3_64bits(shape, sizeof shape);
  struct lz_hash file;
  if ((region->access & LAZY_FILE) && (region->access & LAZY_READS))
    return lz_file_hash(region->p, &file) ? file.lo : hash;
  if (!(region->access & LAZY_READS) || (region->access & LAZY_ENCLOSES) || region->size <= 0)
    return hash;
  struct lz_block rows = lz_block_of(region);
  for (size_t i = 0; i < rows.count; i++)
    hash = lz_xxh3_sum(rows.p + (ptrdiff_t)i * rows.stride, rows.size, hash);
  return hash;
}

/* Arguments first, then regions, and all objects.  How many there are. */
static uint32_t parts_of(const struct lz_call *call, bool keyed, uint64_t part[LZ_PARTS]) {
  const struct lazy_function *function = call->cached->function;
  uint32_t count = 0;
  for (uint32_t i = 0; i < function->argument_count && count < LZ_PARTS; i++)
    part[count++] = is_keyed(call->cached, &function->arguments[i]) ? hash_argument(call, &function->arguments[i]) : 0;
  for (uint32_t i = 0; keyed && i < call->cached->region_count && count < LZ_PARTS; i++)
    part[count++] = hash_region(&call->regions[i]);
  if (keyed && call->shape && count < LZ_PARTS)
    part[count++] = call->shape->hash.lo;
  return count;
}

/* Strings that stay. */
static const char *text_of_part(uint32_t part, uint32_t arguments, uint32_t regions) {
  static char names[2][LZ_PARTS][56];
  uint32_t kind = part >= arguments, number = kind ? part - arguments : part;
  if (part >= arguments + regions)
    return "what its objects consist of has changed";
  char *name = names[kind][number];
  snprintf(name, sizeof names[0][0],
           kind ? "what is in its region %" PRIu32 " has changed" : "its argument %" PRIu32 " has changed", number + 1);
  return name;
}

static const char *reason(struct lz_results *results, const struct lz_call *call, bool keyed, enum lz_why *why) {
  uint64_t part[LZ_PARTS], before[LZ_PARTS];
  uint32_t count = parts_of(call, keyed, part), last = results->parts, changed = 0;
  memcpy(before, results->part, sizeof before);
  memcpy(results->part, part, count * sizeof *part);
  results->parts = count;
  if (!keyed) {
    *why = LZ_WHY_NO_KEY;
  } else if (results->has_changed && LZ_LOAD(&results->misses, relaxed) == 0) {
    *why = LZ_WHY_CODE;
  } else if (last == 0) {
    *why = LZ_WHY_FIRST;
  } else {
    while (changed < count && changed < last && part[changed] == before[changed])
      changed++;
    *why = changed < count ? LZ_WHY_CHANGED : LZ_WHY_FORGOTTEN;
    if (changed < count)
      return text_of_part(changed, call->cached->function->argument_count, call->cached->region_count);
  }
  return texts[*why];
}

const char *lz_why(struct lz_results *results, const struct lz_call *call, bool keyed, bool found) {
  enum lz_why why;
  int cancel = lz_cancel_disable();
  pthread_mutex_lock(&mutex);
  const char *text = reason(results, call, keyed, &why);
  bool tells = !found && lz.diagnose && results->told < TOLD;
  if (!found)
    lz_tally(&results->why[why], 1);
  if (tells)
    results->told++;
  pthread_mutex_unlock(&mutex);
  if (tells)
    lz_say("'%s' is computed: %s", results->name, text);
  lz_cancel_restore(cancel);
  return found ? NULL : text;
}

void lz_why_lock(void) {
  pthread_mutex_lock(&mutex);
}

void lz_why_unlock(void) {
  pthread_mutex_unlock(&mutex);
}

/* --- step 2 --- */

void lz_why_recall(struct lz_results *results) {
  struct lz_record record;
  if (!lz_cache_recall(results->name, &record, sizeof record) || record.format != LZ_RECORD || record.parts > LZ_PARTS)
    return;
  results->is_known = true;
  results->has_changed = memcmp(record.code, results->code, sizeof record.code) != 0;
  memcpy(results->part, record.part, sizeof record.part);
  results->parts = record.parts;
}

void lz_why_note(const struct lz_results *results) {
  struct lz_record record = {.format = LZ_RECORD,
                             .parts = (uint16_t)results->parts,
                             .change = !results->is_known     ? LZ_CODE_NEW
                                       : results->has_changed ? LZ_CODE_OTHER
                                                              : LZ_CODE_SAME,
                             .code = {results->code[0], results->code[1]},
                             .when = (uint64_t)time(NULL),
                             .calls = LZ_LOAD(&results->calls, relaxed),
                             .hits = LZ_LOAD(&results->hits, relaxed),
                             .misses = LZ_LOAD(&results->misses, relaxed),
                             .stored = LZ_LOAD(&results->stored, relaxed),
                             .saved = LZ_LOAD(&results->saved, relaxed),
                             .cost = LZ_LOAD(&results->cost, relaxed)};
  for (int i = 0; i < LZ_WHYS; i++)
    record.why[i] = LZ_LOAD(&results->why[i], relaxed);
  memcpy(record.part, results->part, sizeof record.part);
  if (record.calls && !results->why_not)
    lz_cache_note(results->name, &record, sizeof record);
}

void lz_why_print(const struct lz_results *results) {
  for (int i = 0; i < LZ_WHYS; i++)
    if (LZ_LOAD(&results->why[i], relaxed))
      lz_say("  %" PRIu64 " computed: %s", LZ_LOAD(&results->why[i], relaxed), texts[i]);
  if (results->why_not)
    lz_say("  not in the file: %s", results->why_not);
  else
    lz_say("  %" PRIu64 " written to the file", LZ_LOAD(&results->stored, relaxed));
}
