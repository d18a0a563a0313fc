/* report.c - what LAZY=check has to say.
 *
 * Each error is told once for each place in the source and each lazy function that is there in error, in the words of a
 * compiler, so that editors find the place.  There are few, so they are in a list that is searched from end to end.  No
 * memory: some are told again.
 */
#include "report.h"

#include "error.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Errors that are not an access; in one word with enum lazy_access. */
enum { NEGATIVE = LAZY_WRITES + 2, UNABLE };

struct told {
  const struct lazy_place *place;
  const struct lazy_checked *function;
  uint32_t what;
  struct told *next;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct told *all;
static _Atomic uint64_t errors;

/* Is this the first time? */
static bool is_new(const struct lazy_place *place, const struct lazy_checked *function, uint32_t what) {
  pthread_mutex_lock(&mutex);
  struct told *told = all;
  while (told && !(told->place == place && told->function == function && told->what == what))
    told = told->next;
  bool first = !told;
  if (first && (told = malloc(sizeof *told))) {
    *told = (struct told){place, function, what, all};
    all = told;
  }
  pthread_mutex_unlock(&mutex);
  return first;
}

/* How much it is. */
static void print(const struct lz_span *span, char *text, size_t size) {
  const char *s = span->size == 1 ? "" : "s";
  if (span->rows == 1)
    snprintf(text, size, "%" PRIu64 " byte%s", span->size, s);
  else
    snprintf(text, size, "%" PRIu64 " rows of %" PRIu64 " byte%s, one every %" PRIu64, span->rows, span->size, s,
             span->stride);
}

/* What is wrong with the access, seen from the region that is nearest. */
static void describe(char *text, size_t size, const struct lz_span *span, struct lz_range range, uintptr_t at) {
  char named[96], missed[48] = "";
  const char *name = span->name->text;
  int64_t byte = (int64_t)(range.lo - span->all.lo) + span->first;
  bool read_only = lz_span_reach(span, at) > at;
  print(span, named, sizeof named);
  if (span->rows == 1 && at >= span->all.hi)
    snprintf(missed, sizeof missed, ": %" PRIuPTR " too few", range.hi - span->all.hi);
  else if (at < span->all.lo)
    snprintf(missed, sizeof missed, ": they begin %" PRIuPTR " too late", span->all.lo - at);
  if (span->told)
    snprintf(text, size, "from byte %" PRId64 " on of %s that the visitor of %s tells%s", byte, named, name,
             read_only ? ", which are only read" : missed);
  else if (read_only)
    snprintf(text, size, "from byte %" PRId64 " of %s on, which is annotated as read only", byte, name);
  else if (span->name->kind == LAZY_NAME_SHOWN)
    snprintf(text, size, "from byte %" PRId64 " of %s on, of which lazypass found %s in its body; please report this",
             byte, name, named);
  else
    snprintf(text, size, "from byte %" PRId64 " of %s on, of which its annotations name %s%s%s", byte, name, named,
             missed, span->visited ? ", or its visitor tells too little" : "");
}

void lz_report_access(const struct lz_checked_call *in, struct lz_range range, uint32_t access, uintptr_t at,
                      const struct lazy_place *place, const struct lz_span *span) {
  char what[512], helper[256] = "";
  const char *name = in->function->name;
  size_t size = range.hi - range.lo;
  if (!is_new(place, in->function, access))
    return;
  atomic_fetch_add(&errors, 1);
  if (span)
    describe(what, sizeof what, span, range, at);
  else
    snprintf(what, sizeof what, "at 0x%" PRIxPTR ", which its annotations do not name", range.lo);
  if (strcmp(place->function, name) != 0)
    snprintf(helper, sizeof helper, " in '%s'", place->function);
  lz_say_at(place, "warning: '%s' %s %zu byte%s%s %s", name, access & LAZY_WRITES ? "writes" : "reads", size,
            size == 1 ? "" : "s", helper, what);
  if (in->call)
    lz_say_at(in->call, "note: '%s' is called here", name);
}

void lz_report_negative(const struct lz_checked_call *in, const struct lazy_name *name) {
  static const struct lazy_place nowhere = {.file = "somewhere"};
  const struct lazy_place *call = in->call ? in->call : &nowhere;
  if (!is_new(call, in->function, NEGATIVE))
    return;
  atomic_fetch_add(&errors, 1);
  lz_say_at(call, "warning: the annotations of '%s' name less than nothing of %s", in->function->name, name->text);
}

void lz_report_unable(const struct lazy_place *call) {
  if (is_new(call, NULL, UNABLE))
    lz_say_at(call, "warning: '%s' is not checked: the file that it is in was not compiled for LAZY=check",
              call->function);
}

uint64_t lz_report_count(void) {
  return atomic_load(&errors);
}
