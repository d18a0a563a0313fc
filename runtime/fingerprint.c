/* fingerprint.c - the code that a result follows from, in 128 bits.
 *
 * 1. The compiler has made a fingerprint of what a module shows of a function, and a list of what is elsewhere.
 * 2. Where another module says what that is (struct lazy_code), it has such a list of its own, and so on.  Each is
 *    numbered when it is first met, so that a ring of modules ends; the numbers tell who calls whom.
 * 3. Where none does, the object that has the code is part of the fingerprint, whole (loaded.c); and so is the
 *    processor, for libraries have code for several, and choose when they are loaded.
 * 4. The hash of all this, in the order in which it is met, is the answer.
 *
 * The object that has it is the one that the list is in, or one of those that export the name, if the dynamic linker
 * has been asked for it.  If these are several, all count, for only the dynamic linker knows its way among them.  What
 * a module says of code is believed only if both are in the same object.
 *
 * Sound: what cannot be told is not guessed.  In which order libraries are loaded, and where, does not matter, for
 * nothing that depends on it is hashed.
 */
#include "fingerprint.h"

#include "loaded.h"
#include "types.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#define XXH_INLINE_ALL
#include <xxhash.h>

#define FORMAT 1 /* of what is hashed here */

/* What has been found of a function. */
struct finding {
  struct finding *next;
  const struct lazy_function *function;
  uint64_t fingerprint[2];
  char *why_not; /* NULL: nothing is in the way */
};

static struct {
  pthread_mutex_t mutex;
  struct finding *first;
  struct finding *outdated; /* their reasons stay */
  uint64_t changes;
} findings = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* Code of which its module says what it is. */
struct told {
  const void *key;
  struct lazy_code code;
};

struct walk {
  struct finding *finding;
  struct told *told;  /* in the order of their numbers */
  uint32_t *numbers;  /* by key: a power of two of places, fewer than half of them filled; 0: empty, else number + 1 */
  size_t count, room; /* room: places */
  XXH3_state_t state;
};

/* --- step 2 --- */

static uint32_t *place_of(const struct walk *walk, const void *key) {
  size_t mask = walk->room - 1, place = (size_t)(((uintptr_t)key >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;
  while (walk->numbers[place] && walk->told[walk->numbers[place] - 1].key != key)
    place = (place + 1) & mask;
  return &walk->numbers[place];
}

static bool grow(struct walk *walk) {
  size_t room = walk->room ? 2 * walk->room : 16;
  uint32_t *numbers = calloc(room, sizeof *numbers);
  struct told *told = realloc(walk->told, room / 2 * sizeof *told);
  walk->told = told ? told : walk->told;
  if (!numbers || !told) {
    free(numbers);
    return false;
  }
  free(walk->numbers);
  walk->numbers = numbers;
  walk->room = room;
  for (uint32_t i = 0; i < walk->count; i++)
    *place_of(walk, told[i].key) = i + 1;
  return true;
}

/* Numbers it, if it is new. */
static bool meet(struct walk *walk, const void *key, struct lazy_code code, uint64_t *number) {
  if (2 * (walk->count + 1) > walk->room && !grow(walk))
    return false;
  uint32_t *place = place_of(walk, key);
  if (!*place) {
    walk->told[walk->count] = (struct told){key, code};
    *place = (uint32_t)++walk->count;
  }
  *number = *place - 1;
  return true;
}

static void add(struct walk *walk, const uint64_t *words, size_t count) {
  XXH3_128bits_update(&walk->state, words, count * sizeof *words);
}

__attribute__((format(printf, 2, 3))) static bool refuse(struct walk *walk, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&walk->finding->why_not, format, arguments) < 0)
    walk->finding->why_not = NULL;
  va_end(arguments);
  return false;
}

/* --- step 3 --- */

/* What libraries look at when they choose. */
static uint64_t processor(void) {
  uint32_t words[9] = {0};
  uint64_t known[2] = {getauxval(AT_HWCAP), getauxval(AT_HWCAP2)};
  const char *tuned = getenv("GLIBC_TUNABLES");
#if defined(__x86_64__)
  uint32_t unused;
  __get_cpuid(1, &words[0], &unused /* which one of them */, &words[1], &words[2]);
  __get_cpuid_count(7, 0, &words[3], &words[4], &words[5], &words[6]);
  __get_cpuid_count(7, 1, &words[7], &unused, &unused, &words[8]);
#endif
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  XXH3_64bits_update(&state, words, sizeof words);
  XXH3_64bits_update(&state, known, sizeof known);
  XXH3_64bits_update(&state, tuned ? tuned : "", tuned ? strlen(tuned) : 0);
  return XXH3_64bits_digest(&state);
}

enum what { TOLD = 1, OBJECTS = 2 };

static bool add_object(struct walk *walk, const char *name, struct lz_object *object, uint64_t sum[2]) {
  uint64_t identity[2];
  const char *why_not;
  if (!lz_object_identity(object, identity, &why_not))
    return refuse(walk, "'%s' is in %s, which %s", name, lz_object_name(object), why_not);
  sum[0] += identity[0]; /* in whichever order they are loaded */
  sum[1] += identity[1];
  return true;
}

static bool resolve(struct walk *walk, const struct lazy_external *external) {
  struct lz_object *here = lz_object_at(external), *only = here;
  struct lz_object *teller = external->code ? lz_object_at(external->code) : NULL;
  uint64_t told[2] = {TOLD, 0}, objects[4] = {OBJECTS, 0, 0, 0};
  bool is_imported = here && lz_object_imports(here, external->name);
  size_t count = !is_imported && here;
  for (struct lz_object *object = lz_object_next(NULL); is_imported && object; object = lz_object_next(object))
    if (lz_object_exports(object, external->name)) {
      only = object;
      count++;
    }
  if (count == 1 && teller == only) {
    if (!meet(walk, external->code, *external->code, &told[1]))
      return false;
    add(walk, told, 2);
    return true;
  }
  if (count == 1 && !add_object(walk, external->name, only, objects + 1))
    return false;
  for (struct lz_object *object = lz_object_next(NULL); count > 1 && object; object = lz_object_next(object))
    if (lz_object_exports(object, external->name) && !add_object(walk, external->name, object, objects + 1))
      return false;
  objects[3] = processor();
  add(walk, objects, 4);
  return count || refuse(walk, "'%s' is nowhere to be found", external->name);
}

/* --- the whole --- */

static bool walk_all(struct walk *walk) {
  const struct lazy_function *function = walk->finding->function;
  const struct lazy_code root = {
      {function->fingerprint[0], function->fingerprint[1]}, function->externals, function->external_count};
  uint64_t format = FORMAT, number;
  XXH3_128bits_reset(&walk->state);
  add(walk, &format, 1);
  if (!meet(walk, function, root, &number))
    return false;
  for (size_t i = 0; i < walk->count; i++) {
    const struct lazy_code code = walk->told[i].code;
    const uint64_t words[3] = {code.fingerprint[0], code.fingerprint[1], code.external_count};
    if (!words[0] && !words[1])
      return refuse(walk, i ? "it calls functions of which their module cannot tell what they are"
                            : "the compiler has not seen its code, or cannot tell what it is");
    add(walk, words, 3);
    for (uint64_t k = 0; k < code.external_count; k++)
      if (!resolve(walk, &code.externals[k]))
        return false;
  }
  XXH128_hash_t hash = XXH3_128bits_digest(&walk->state);
  walk->finding->fingerprint[0] = hash.low64 | (!hash.low64 && !hash.high64);
  walk->finding->fingerprint[1] = hash.high64;
  return true;
}

static void find(void *finding) {
  struct walk walk = {.finding = finding};
  walk_all(&walk);
  free(walk.told);
  free(walk.numbers);
}

/* Where something was unloaded, there may be other functions. */
static void forget(void) {
  while (findings.first) {
    struct finding *finding = findings.first;
    findings.first = finding->next;
    finding->next = findings.outdated;
    findings.outdated = finding;
  }
}

static struct finding *finding_of(const struct lazy_function *function) {
  uint64_t changes = lz_loaded_changes();
  if (changes != findings.changes)
    forget();
  findings.changes = changes;
  for (struct finding *finding = findings.first; finding; finding = finding->next)
    if (finding->function == function)
      return finding;
  struct finding *finding = calloc(1, sizeof *finding);
  if (!finding)
    return NULL;
  finding->function = function;
  lz_loaded_look(find, finding);
  finding->next = findings.first;
  return findings.first = finding;
}

bool lz_fingerprint(const struct lazy_function *function, uint64_t out[2], const char **why_not) {
  pthread_mutex_lock(&findings.mutex);
  const struct finding *finding = finding_of(function);
  out[0] = finding ? finding->fingerprint[0] : 0;
  out[1] = finding ? finding->fingerprint[1] : 0;
  bool known = out[0] || out[1];
  *why_not = known ? NULL : finding && finding->why_not ? finding->why_not : "there is no memory to find out";
  pthread_mutex_unlock(&findings.mutex);
  return known;
}

void lz_fingerprint_lock(void) {
  pthread_mutex_lock(&findings.mutex);
}

void lz_fingerprint_unlock(void) {
  pthread_mutex_unlock(&findings.mutex);
}
