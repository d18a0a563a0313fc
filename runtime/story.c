/* story.c - what has become of each node, as far as it was recorded.
 *
 * 1. Count how many nodes each hand has made, and make room for them: a node's number leads straight to its story.
 * 2. Go through what was recorded once more, and note of each node the last that happened to it.  One hand may have
 *    made it and another one run it, so things come in no order: what happened last is known by its time.
 * 3. Number them in the order in which they were made.
 */
#include "story.h"

#include "hands.h"

#include <stdlib.h>

struct telling {
  struct lz_stories *stories;
  uint32_t hand;
};

const char *lz_fate_name(enum lz_fate fate) {
  static const char *const names[LZ_FATES] = {"waiting", "running", "valid", "from cache", "stale", "dropped"};
  return names[fate];
}

struct lz_story *lz_story_of(const struct lz_stories *stories, uint64_t number) {
  uint64_t hand = lz_number_hand(number), count = lz_number_count(number);
  bool known = number && hand < stories->hands && count > 0 && count <= stories->made[hand];
  struct lz_story *story = known ? &stories->first[hand][count - 1] : NULL;
  return story && story->made ? story : NULL;
}

/* Step 1. */
static void count(void *context, const struct lz_event *event) {
  struct telling *telling = context;
  if (event->kind == LZ_MADE)
    telling->stories->made[telling->hand]++;
}

static void note_made(void *context, const struct lz_event *event) {
  struct lz_stories *stories = ((struct telling *)context)->stories;
  uint64_t hand = lz_number_hand(event->number), made = lz_number_count(event->number);
  if (event->kind == LZ_MADE && made <= stories->made[hand])
    stories->first[hand][made - 1].made = event;
}

/* When the last thing happened by which its fate is known. */
static uint64_t last_of(const struct lz_story *story) {
  return story->end ? story->end : story->made->begin;
}

static void note_end(struct lz_story *story, enum lz_fate fate, uint64_t when) {
  if (when < last_of(story))
    return;
  story->end = when;
  story->fate = (uint16_t)fate;
}

static void note_rest(void *context, const struct lz_event *event) {
  const struct telling *telling = context;
  bool tells = event->kind != LZ_MADE && event->kind < LZ_WAIT;
  struct lz_story *story = tells ? lz_story_of(telling->stories, event->number) : NULL;
  if (!story)
    return;
  uint64_t end = LZ_LOAD(&((struct lz_event *)(uintptr_t)event)->other, acquire); /* pairs with lz_record_ran() */
  switch ((enum lz_event_kind)event->kind) {
  case LZ_RUN:
    note_end(story, end ? LZ_IS_VALID : LZ_IS_RUNNING, end ? end : event->begin);
    break;
  case LZ_KEPT:
    note_end(story, LZ_IS_KEPT, event->begin);
    break;
  case LZ_DROP:
    note_end(story, LZ_IS_DROPPED, event->begin);
    break;
  default:
    note_end(story, LZ_IS_STALE, event->begin);
  }
  if ((event->kind == LZ_RUN || event->kind == LZ_KEPT) && (!story->run || story->run->begin <= event->begin)) {
    story->run = event;
    story->hand = telling->hand;
  }
}

static void each(struct lz_stories *stories, void (*look)(void *, const struct lz_event *)) {
  for (uint32_t i = 0; i < stories->hands; i++)
    lz_record_each(lz_hand_at(i), look, &(struct telling){stories, i});
}

/* Step 3. */
static int by_time(const void *left, const void *right) {
  const struct lz_story *a = *(struct lz_story *const *)left, *b = *(struct lz_story *const *)right;
  if (a->made->begin != b->made->begin)
    return a->made->begin < b->made->begin ? -1 : 1;
  return a->made->number < b->made->number ? -1 : a->made->number > b->made->number;
}

static void order(struct lz_stories *stories) {
  for (uint32_t i = 0; i < stories->hands; i++)
    for (uint64_t k = 0; k < stories->made[i]; k++)
      if (stories->first[i][k].made)
        stories->ordered[stories->count++] = &stories->first[i][k];
  qsort(stories->ordered, stories->count, sizeof *stories->ordered, by_time);
  for (uint64_t i = 0; i < stories->count; i++) {
    struct lz_story *story = stories->ordered[i];
    story->number = i + 1;
    for (uint32_t k = 0; k < story->made->inputs; k++) {
      struct lz_story *input = lz_story_of(stories, lz_event_inputs(story->made)[k].number);
      if (input)
        input->consumers++;
    }
  }
}

bool lz_stories_tell(struct lz_stories *stories) {
  uint64_t all = 0;
  bool room = true;
  *stories = (struct lz_stories){.hands = lz_hand_count()};
  stories->first = calloc(stories->hands + 1, sizeof *stories->first);
  stories->made = calloc(stories->hands + 1, sizeof *stories->made);
  if (!stories->first || !stories->made)
    goto out_of_memory;
  each(stories, count);
  for (uint32_t i = 0; i < stories->hands && room; i++) {
    all += stories->made[i];
    stories->first[i] = calloc(stories->made[i] + 1, sizeof **stories->first);
    room = stories->first[i] != NULL;
  }
  stories->ordered = calloc(all + 1, sizeof *stories->ordered);
  if (!room || !stories->ordered)
    goto out_of_memory;
  each(stories, note_made);
  each(stories, note_rest);
  order(stories);
  return true;

out_of_memory:
  lz_stories_free(stories);
  return false;
}

void lz_stories_free(struct lz_stories *stories) {
  for (uint32_t i = 0; stories->first && i < stories->hands; i++)
    free(stories->first[i]);
  free(stories->first);
  free(stories->made);
  free(stories->ordered);
  *stories = (struct lz_stories){0};
}
