/* summary.c - how parallel a run was, how parallel it could have been, and where it waited.
 *
 * 1. All events of all hands are put in order of time (moments.c).
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
 * Calls in loops and batches are no nodes.  They count as if they were independent, so of a loop the longest of them is
 * on the path: of a chunk, which is not taken apart, the average.  Given up: how rows of a pipeline depend on each
 * other; who else a thread of the program waits for (locks, other programs) is taken for code that runs.
 */
#include "summary.h"

#include "hands.h"
#include "moments.h"

#include <stdlib.h>
#include <string.h>

/* How long at least all takes that has to come before.
 *   position == that of node `via` at its end, or of the beginning if that is 0, + own */
struct position {
  uint64_t ns;
  uint64_t own;
  uint64_t via; /* a node's number in stories, or a loop's behind those; 0: none */
};

/* What a hand is in.
 *   at is as of the hand's `last` moment, while it is on top */
struct frame {
  const struct lz_event *event; /* NULL: the program's own code, or nothing at all */
  struct position at;
  uint64_t ns;      /* of its own */
  uint64_t longest; /* of a loop: the longest of its calls */
};

/* Of one node, or one loop. */
struct passage {
  const struct lazy_site *site;
  uint64_t maker;            /* the node that made it; 0: the program */
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
  struct lz_moments moments;
  struct follower *follower; /* by hand */
  struct passage *passage;   /* by number; loops behind nodes */
  size_t passages, passage_room;
  struct position last; /* the latest of all */
  bool failed;
};

/* --- step 5 --- */

static struct lz_line *line_of(struct walk *walk, struct lz_lines *lines, const struct lz_line *like) {
  for (size_t i = 0; i < lines->count; i++) {
    struct lz_line *line = &lines->line[i];
    if (line->line == like->line && line->column == like->column && strcmp(line->function, like->function) == 0 &&
        strcmp(line->file, like->file) == 0)
      return line;
  }
  walk->failed = walk->failed || !lz_grow((void **)&lines->line, lines->count, &lines->room, sizeof *lines->line);
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
  walk->failed = walk->failed ||
                 !lz_grow((void **)&follower->frame, follower->depth + 1, &follower->room, sizeof *follower->frame);
  if (!walk->failed)
    follower->frame[++follower->depth] = (struct frame){.event = event, .at = at};
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

static const struct lz_story *story_at(const struct walk *walk, const struct lz_event *event) {
  return event->kind < LZ_CHUNK ? lz_story_of(walk->stories, event->number) : NULL;
}

/* Of the node whose code the frame is in, or that is around it; 0: the program's. */
static uint64_t node_around(const struct walk *walk, uint32_t hand) {
  const struct follower *follower = &walk->follower[hand];
  for (size_t i = follower->depth; i > 0; i--) {
    const struct lz_event *event = follower->frame[i].event;
    const struct lz_story *story = event->kind == LZ_RUN ? story_at(walk, event) : NULL;
    if (story)
      return story->number;
  }
  return 0;
}

static void begin(struct walk *walk, const struct lz_moment *moment) {
  const struct lz_event *event = moment->event;
  const struct lz_story *story = story_at(walk, event);
  struct position now = top_of(walk, moment->hand)->at;
  if (event->kind == LZ_MADE) {
    if (story)
      walk->passage[story->number] =
          (struct passage){.site = event->site, .maker = node_around(walk, moment->hand), .base = now};
  } else {
    push(walk, moment->hand, event, event->kind == LZ_RUN && story ? start_of(walk, story) : now);
  }
}

static void note_latest(struct walk *walk, const struct frame *frame) {
  if (frame->at.ns > walk->last.ns)
    walk->last = frame->at;
}

/* The loop that a chunk is of: around it, or, on another hand, one of the same site that is under way. */
static struct frame *loop_of(struct walk *walk, uint32_t hand, const struct lz_event *chunk) {
  for (uint32_t i = 0; i < walk->stories->hands; i++) {
    struct follower *follower = &walk->follower[(hand + i) % walk->stories->hands];
    for (size_t k = follower->depth; k > 0; k--)
      if (follower->frame[k].event->kind == LZ_LOOP && follower->frame[k].event->site == chunk->site)
        return &follower->frame[k];
  }
  return NULL;
}

/* Behind it is what its longest call is behind its beginning. */
static void end_loop(struct walk *walk, uint32_t hand, const struct frame *loop, struct frame *below) {
  walk->failed =
      walk->failed || !lz_grow((void **)&walk->passage, walk->passages, &walk->passage_room, sizeof *walk->passage);
  if (walk->failed)
    return;
  walk->passage[walk->passages] = (struct passage){.site = loop->event->site,
                                                   .maker = node_around(walk, hand),
                                                   .base = loop->at,
                                                   .end = {loop->at.ns + loop->longest, loop->longest, 0}};
  below->at = (struct position){loop->at.ns + loop->longest, 0, walk->passages++};
}

static void end(struct walk *walk, const struct lz_moment *moment) {
  struct follower *follower = &walk->follower[moment->hand];
  const struct lz_event *event = moment->event;
  size_t depth = follower->depth;
  while (depth > 0 && follower->frame[depth].event != event)
    depth--;
  if (depth == 0) /* its beginning is not known */
    return;
  follower->depth = depth; /* what should have ended before has, then */
  struct frame *top = top_of(walk, moment->hand), *below = top - 1, *loop = NULL;
  const struct lz_story *story = story_at(walk, event);
  follower->depth--;
  switch ((enum lz_event_kind)event->kind) {
  case LZ_RUN:
    if (story)
      walk->passage[story->number].end = top->at;
    count_call(walk, event, top->ns);
    break;
  case LZ_WAIT:
    if (story && walk->passage[story->number].end.ns > below->at.ns)
      below->at = (struct position){walk->passage[story->number].end.ns, 0, story->number};
    count_wait(walk, event, top->ns);
    break;
  case LZ_CHUNK:
    loop = loop_of(walk, moment->hand, event);
    if (loop)
      loop->longest = latest(loop->longest, top->ns / event->number);
    count_call(walk, event, top->ns);
    break;
  default:
    end_loop(walk, moment->hand, top, below);
  }
}

static void follow(struct walk *walk) {
  uint64_t now = lz_now();
  for (size_t i = 0; i < walk->moments.count && !walk->failed; i++) {
    const struct lz_moment *moment = &walk->moments.moment[i];
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
  const struct lz_line like = line_at(walk->passage[number].site);
  struct lz_line *line = line_of(walk, &walk->summary->calls, &like);
  if (line)
    line->critical += own;
}

static void follow_back(struct walk *walk) {
  uint64_t in = 0; /* the node whose code the path is in */
  struct position at = walk->last;
  for (uint64_t steps = 2 * walk->passages + 2; steps > 0; steps--) {
    charge(walk, in, at.own);
    if (at.via) {
      in = at.via;
      at = walk->passage[in].end;
    } else if (in && walk->passage[in].input) {
      in = walk->passage[in].input;
      at = walk->passage[in].end;
    } else if (in) {
      at = walk->passage[in].base;
      in = walk->passage[in].maker;
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
  walk->passages = stories->count + 1;
  walk->passage_room = walk->passages;
  walk->passage = calloc(walk->passage_room, sizeof *walk->passage);
  for (uint32_t i = 0; walk->follower && i < stories->hands && !walk->failed; i++) {
    struct follower *follower = &walk->follower[i];
    follower->last = lz_record_start();
    follower->room = 16;
    follower->frame = calloc(follower->room, sizeof *follower->frame);
    walk->failed = !follower->frame;
  }
  return !walk->failed && walk->follower && walk->passage && lz_moments_collect(&walk->moments, stories->hands);
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
  lz_moments_free(&walk.moments);
  free(walk.passage);
  return !walk.failed;
}

void lz_summary_free(struct lz_summary *summary) {
  free(summary->calls.line);
  free(summary->waits.line);
}
