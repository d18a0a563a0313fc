/* moments.c - all that was recorded, in order of time.
 *
 * Each hand has written down what it did; of runs, waits and calls the beginning and the end are moments of their own.
 * Of those at one time, what ends comes before what begins, so that slices that follow each other do not nest; of
 * what begins, what ends last comes first, and of what ends, what began last.
 */
#include "moments.h"

#include "hands.h"

#include <stdlib.h>

bool lz_grow(void **array, size_t used, size_t *room, size_t each) {
  if (used < *room)
    return true;
  size_t more = *room ? 2 * *room : 64;
  void *larger = realloc(*array, more * each);
  if (!larger)
    return false;
  *array = larger;
  *room = more;
  return true;
}

static void add(struct lz_moments *moments, uint64_t when, const struct lz_event *event, bool ends) {
  moments->failed =
      moments->failed || !lz_grow((void **)&moments->moment, moments->count, &moments->room, sizeof *moments->moment);
  if (!moments->failed)
    moments->moment[moments->count++] = (struct lz_moment){when, event, moments->hand, ends};
}

static void collect(void *context, const struct lz_event *event) {
  struct lz_moments *moments = context;
  uint64_t end = lz_event_end(event);
  switch ((enum lz_event_kind)event->kind) {
  case LZ_RUN:
  case LZ_WAIT:
  case LZ_CHUNK:
  case LZ_LOOP:
    add(moments, event->begin, event, false);
    if (end)
      add(moments, end > event->begin ? end : event->begin + 1, event, true);
    break;
  case LZ_MADE:
    add(moments, event->begin, event, false);
    break;
  default:
    break;
  }
}

static int by_time(const void *left, const void *right) {
  const struct lz_moment *a = left, *b = right;
  if (a->when != b->when)
    return a->when < b->when ? -1 : 1;
  if (a->ends != b->ends)
    return a->ends ? -1 : 1;
  uint64_t a_other = a->ends ? a->event->begin : lz_event_end(a->event),
           b_other = b->ends ? b->event->begin : lz_event_end(b->event);
  return a_other > b_other ? -1 : a_other < b_other;
}

bool lz_moments_collect(struct lz_moments *moments, uint32_t hands) {
  *moments = (struct lz_moments){0};
  for (; moments->hand < hands && !moments->failed; moments->hand++)
    lz_record_each(lz_hand_at(moments->hand), collect, moments);
  if (moments->count && !moments->failed)
    qsort(moments->moment, moments->count, sizeof *moments->moment, by_time);
  return !moments->failed;
}

void lz_moments_free(struct lz_moments *moments) {
  free(moments->moment);
}
