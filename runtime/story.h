/* story.h - what has become of each node, as far as it was recorded. */
#ifndef LZ_STORY_H
#define LZ_STORY_H

#include "record.h"

enum lz_fate {
  LZ_IS_WAITING, /* for its inputs, or for somebody to need it */
  LZ_IS_RUNNING,
  LZ_IS_VALID,   /* it has run, */
  LZ_IS_KEPT,    /* or its result was kept */
  LZ_IS_STALE,   /* it was, before something that it is made of changed */
  LZ_IS_DROPPED, /* nobody needed it */
  LZ_FATES
};

/* One node. */
struct lz_story {
  const struct lz_event *made;
  const struct lz_event *run; /* the last LZ_RUN, or LZ_KEPT; NULL: none */
  uint64_t number;            /* in the order in which nodes were made, from 1 */
  uint64_t end;               /* of all its runs, the last; ns; 0: none */
  uint32_t hand;              /* that has run it */
  uint32_t consumers;         /* nodes that it is an input of */
  uint16_t fate;              /* enum lz_fate */
};

/* All that is known when they are told; others go on meanwhile. */
struct lz_stories {
  struct lz_story **first; /* of each hand, its nodes in the order in which it has made them; */
  uint64_t *made;          /* and how many these are */
  uint32_t hands;
  struct lz_story **ordered; /* all of them, by number */
  uint64_t count;
};

/* False: out of memory. */
bool lz_stories_tell(struct lz_stories *stories);
void lz_stories_free(struct lz_stories *stories);

/* NULL: nothing is known of a node with that number (record.h). */
struct lz_story *lz_story_of(const struct lz_stories *stories, uint64_t number);

/* "waiting", "running", ... */
const char *lz_fate_name(enum lz_fate fate);

#endif /* LZ_STORY_H */
