/* summary.c - how parallel a run was, how parallel it could have been, and where it waited.
 *
 * 1. All events of all hands are put in order of time.
 * 2. Each hand is followed through them: what it is in (the program, a run in that, a wait in that, ...) stands on a
 *    stack.  Time goes to what is on top: work, if that is code; waiting, if it is a wait.
 * 3. Each thing on a stack also has a position: how long at least everything took that had to come before, on as many
 *    cores as one likes.  Code moves it on as time goes by.  A run starts where the latest of these is: the position
 *    of who made it, then, and the ends of its inputs.  A wait ends where the end of what it waited for is, if that is
 *    later.  The latest position there is, is the span.
 * 4. What moved a position last is remembered with it.  So from the end of the latest, the critical path is followed
 *    back to the beginning: through ends that were waited for, inputs, and who made what.
 * 5. Time adds up for each line of the source, and so does that on the critical path.
 *
 * Calls in ranges and batches are no nodes: what is waited for at the end of those counts as one call of average
 * length.  Given up: who else a thread of the program waits for (locks, other programs) is taken for code that runs.
 */
#include "summary.h"

#include "hands.h"

#include <stdlib.h>
#include <string.h>

/* Something that begins or ends; of a MADE, both. */
struct moment {
  uint64_t when;
  const struct lz_event *event;
  uint32_t hand;
  bool ends;
};

/* How long at least all takes that has to come before.
 *   position == that of node `via` at its end, or of the beginning if that is 0, + own */
struct position {
  uint64_t ns;
  uint64_t own;
  uint64_t via; /* a node's number in stories; 0: none */
};

/* What a hand is in.
 *   at is as of the hand's `last` moment, while it is on top */
struct frame {
  const struct lz_event *event; /* NULL: the program's own code, or nothing at all */
  struct position at;
  uint64_t ns; /* of its own */
};

/* Of one node. */
struct passage {
  struct position base, end; /* where it was made, in who made it, and where it ended */
  uint64_t input;            /* that its run had to begin after; 0: that it was made was the last */
};

struct follower {
  struct frame *frame;
  size_t depth, room; /* the bottom is there from the start */
  uint64_t last;
};

struct walk {
  struct lz_summary *summary;
  const struct lz_stories *stories;
  struct moment *moment;
  size_t count, room;
  struct follower *follower; /* by hand */
  struct passage *passage;   /* by number */
  struct position last;      /* the latest of all */
  uint32_t hand;
  bool failed;
};

static uint64_t end_of(const struct lz_event *event) {
  return LZ_LOAD(&((struct lz_event *)(uintptr_t)event)->other, acquire); /* pairs with lz_record_ran() */
}

/* False: out of memory. */
static bool grow(void **array, size_t used, size_t *room, size_t each) {
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

/* --- step 1 --- */

static void add_moment(struct walk *walk, uint64_t when, const struct lz_event *event, bool ends) {
  walk->failed = walk->failed || !grow((void **)&walk->moment, walk->count, &walk->room, sizeof *walk->moment);
  if (!walk->failed)
    walk->moment[walk->count++] = (struct moment){when, event, walk->hand, ends};
}

static void collect(void *context, const struct lz_event *event) {
  struct walk *walk = context;
  uint64_t end = end_of(event);
  switch ((enum lz_event_kind)event->kind) {
  case LZ_RUN:
  case LZ_WAIT:
  case LZ_CHUNK:
    add_moment(walk, event->begin, event, false);
    if (end)
      add_moment(walk, end, event, true);
    break;
  case LZ_MADE:
    add_moment(walk, event->begin, event, false);
    break;
  default:
    break;
  }
}

/* What ends at the time at which something else begins comes first; of what begins together, what ends last. */
static int by_time(const void *left, const void *right) {
  const struct moment *a = left, *b = right;
  if (a->when != b->when)
    return a->when < b->when ? -1 : 1;
  if (a->ends != b->ends)
    return a->ends ? -1 : 1;
  uint64_t a_other = a->ends ? a->event->begin : end_of(a->event),
           b_other = b->ends ? b->event->begin : end_of(b->event);
  return a_other > b_other ? -1 : a_other < b_other;
}

/* --- step 5 --- */

static struct lz_line *line_of(struct walk *walk, struct lz_lines *lines, const struct lz_line *like) {
  for (size_t i = 0; i < lines->count; i++) {
    struct lz_line *line = &lines->line[i];
    if (line->line == like->line && line->column == like->column && strcmp(line->function, like->function) == 0 &&
        strcmp(line->file, like->file) == 0)
      return line;
  }
  walk->failed = walk->failed || !grow((void **)&lines->line, lines->count, &lines->room, sizeof *lines->line);
  if (walk->failed)
    return NULL;
  lines->line[lines->count] = *like;
  return &lines->line[lines->count++];
}

static struct lz_line line_at(const struct lazy_site *site) {
  return (struct lz_line){.function = site->function->name,
                          .file = site->file ? site->file : "",
                          .line = site->line,
                          .column = site->column};
}

static void count_call(struct walk *walk, const struct lz_event *event, uint64_t ns) {
  const struct lz_line like = line_at(event->site);
  struct lz_line *line = line_of(walk, &walk->summary->calls, &like);
  if (!line)
    return;
  line->count += event->kind == LZ_CHUNK ? event->number : 1;
  line->ns += ns;
}

static void count_wait(struct walk *walk, const struct lz_event *event, uint64_t ns) {
  const struct lazy_site *site = event->site;
  const struct lazy_place *where = lz_event_place(event);
  const struct lz_line like = {site->function->name,
                               where ? where->function : NULL,
                               where && where->file ? where->file
                               : site->file         ? site->file
                                                    : "",
                               where ? where->line : site->line,
                               where ? where->column : site->column,
                               0,
                               0,
                               0};
  struct lz_line *line = line_of(walk, &walk->summary->waits, &like);
  if (!line)
    return;
  line->count++;
  line->ns += ns;
}

/* --- steps 2 and 3 --- */

static bool is_code(const struct lz_event *event) {
  return !event || event->kind != LZ_WAIT;
}

static struct frame *top_of(struct walk *walk, uint32_t hand) {
  return &walk->follower[hand].frame[walk->follower[hand].depth];
}

/* Time has gone by. */
static void advance(struct walk *walk, uint32_t hand, uint64_t now) {
  struct follower *follower = &walk->follower[hand];
  struct frame *top = top_of(walk, hand);
  uint64_t ns = now - follower->last;
  bool idle = !top->event && LZ_LOAD(&lz_hand_at(hand)->worker, relaxed); /* a worker without work */
  follower->last = now;
  top->ns += ns;
  if (is_code(top->event) && !idle) {
    top->at.ns += ns;
    top->at.own += ns;
    walk->summary->work += ns;
  } else if (!idle) {
    walk->summary->waited += ns;
  }
}

static uint64_t latest(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}

static void push(struct walk *walk, uint32_t hand, const struct lz_event *event, struct position at) {
  struct follower *follower = &walk->follower[hand];
  walk->failed =
      walk->failed || !grow((void **)&follower->frame, follower->depth + 1, &follower->room, sizeof *follower->frame);
  if (!walk->failed)
    follower->frame[++follower->depth] = (struct frame){event, at, 0};
}

/* Where its run begins.  What it has moved on itself is then 0, and so is `via`: its beginning. */
static struct position start_of(struct walk *walk, const struct lz_story *story) {
  struct passage *passage = &walk->passage[story->number];
  struct position start = {passage->base.ns, 0, 0};
  passage->input = 0;
  for (uint32_t i = 0; i < story->made->inputs; i++) {
    const struct lz_story *input = lz_story_of(walk->stories, lz_event_inputs(story->made)[i].number);
    if (input && walk->passage[input->number].end.ns > start.ns) {
      start.ns = walk->passage[input->number].end.ns;
      passage->input = input->number;
    }
  }
  return start;
}

static void begin(struct walk *walk, const struct moment *moment) {
  const struct lz_event *event = moment->event;
  const struct lz_story *story = event->kind == LZ_CHUNK ? NULL : lz_story_of(walk->stories, event->number);
  struct position now = top_of(walk, moment->hand)->at;
  if (event->kind == LZ_MADE) {
    if (story)
      walk->passage[story->number].base = now;
  } else {
    push(walk, moment->hand, event, event->kind == LZ_RUN && story ? start_of(walk, story) : now);
  }
}

static void note_latest(struct walk *walk, const struct frame *frame) {
  if (frame->at.ns > walk->last.ns)
    walk->last = frame->at;
}

static void end(struct walk *walk, const struct moment *moment) {
  struct follower *follower = &walk->follower[moment->hand];
  const struct lz_event *event = moment->event;
  struct frame *top = top_of(walk, moment->hand), *below = top - 1;
  if (follower->depth == 0 || top->event != event) /* its beginning is not known */
    return;
  const struct lz_story *story = event->kind == LZ_CHUNK ? NULL : lz_story_of(walk->stories, event->number);
  follower->depth--;
  if (event->kind == LZ_RUN && story)
    walk->passage[story->number].end = top->at;
  if (event->kind == LZ_WAIT && story && walk->passage[story->number].end.ns > below->at.ns)
    below->at = (struct position){walk->passage[story->number].end.ns, 0, story->number};
  if (event->kind == LZ_CHUNK) {
    below->at.ns += top->ns / event->number;
    below->at.own += top->ns / event->number;
  }
  if (event->kind == LZ_WAIT)
    count_wait(walk, event, top->ns);
  else
    count_call(walk, event, top->ns);
}

static void follow(struct walk *walk) {
  uint64_t now = lz_now();
  for (size_t i = 0; i < walk->count && !walk->failed; i++) {
    const struct moment *moment = &walk->moment[i];
    advance(walk, moment->hand, moment->when);
    (moment->ends ? end : begin)(walk, moment);
  }
  for (uint32_t hand = 0; hand < walk->stories->hands && !walk->failed; hand++) {
    advance(walk, hand, latest(now, walk->follower[hand].last));
    for (size_t i = 0; i <= walk->follower[hand].depth; i++)
      note_latest(walk, &walk->follower[hand].frame[i]);
  }
  for (uint64_t i = 1; i <= walk->stories->count; i++)
    if (walk->passage[i].end.ns > walk->last.ns)
      walk->last = (struct position){walk->passage[i].end.ns, 0, i};
  walk->summary->span = walk->last.ns;
}

/* Step 4.  `own` of the path is the node's; of none: the program's. */
static void charge(struct walk *walk, uint64_t number, uint64_t own) {
  if (number == 0) {
    walk->summary->serial += own;
    return;
  }
  const struct lazy_site *site = walk->stories->ordered[number - 1]->made->site;
  const struct lz_line like = line_at(site);
  struct lz_line *line = line_of(walk, &walk->summary->calls, &like);
  if (line)
    line->critical += own;
}

static void follow_back(struct walk *walk) {
  uint64_t in = 0; /* the node whose code the path is in */
  struct position at = walk->last;
  for (uint64_t steps = 2 * walk->stories->count + 2; steps > 0; steps--) {
    charge(walk, in, at.own);
    if (at.via) {
      in = at.via;
      at = walk->passage[in].end;
    } else if (in && walk->passage[in].input) {
      in = walk->passage[in].input;
      at = walk->passage[in].end;
    } else if (in) {
      const struct lz_story *maker = lz_story_of(walk->stories, walk->stories->ordered[in - 1]->made->other);
      at = walk->passage[in].base;
      in = maker ? maker->number : 0;
    } else {
      return;
    }
  }
}

/* --- all of it --- */

static int by_ns(const void *left, const void *right) {
  const struct lz_line *a = left, *b = right;
  return a->ns > b->ns ? -1 : a->ns < b->ns;
}

static void sort(struct lz_lines *lines) {
  if (lines->count)
    qsort(lines->line, lines->count, sizeof *lines->line, by_ns);
}

static bool start(struct walk *walk) {
  const struct lz_stories *stories = walk->stories;
  walk->follower = calloc(stories->hands + 1, sizeof *walk->follower);
  walk->passage = calloc(stories->count + 1, sizeof *walk->passage);
  for (walk->hand = 0; walk->follower && walk->hand < stories->hands && !walk->failed; walk->hand++) {
    struct follower *follower = &walk->follower[walk->hand];
    follower->last = lz_record_start();
    follower->room = 16;
    follower->frame = calloc(follower->room, sizeof *follower->frame);
    walk->failed = !follower->frame;
    lz_record_each(lz_hand_at(walk->hand), collect, walk);
  }
  if (walk->failed || !walk->follower || !walk->passage)
    return false;
  if (walk->count)
    qsort(walk->moment, walk->count, sizeof *walk->moment, by_time);
  return true;
}

bool lz_summary_make(struct lz_summary *summary, const struct lz_stories *stories) {
  struct walk walk = {.summary = summary, .stories = stories};
  *summary = (struct lz_summary){.elapsed = lz_now() - lz_record_start(), .hands = stories->hands};
  walk.failed = !start(&walk);
  if (!walk.failed) {
    follow(&walk);
    follow_back(&walk);
  }
  sort(&summary->calls);
  sort(&summary->waits);
  for (uint32_t i = 0; walk.follower && i < stories->hands; i++)
    free(walk.follower[i].frame);
  free(walk.follower);
  free(walk.moment);
  free(walk.passage);
  return !walk.failed;
}

void lz_summary_free(struct lz_summary *summary) {
  free(summary->calls.line);
  free(summary->waits.line);
}
