/* record.h - what has happened to each node, while somebody wants to know.
 *
 * Who wants to know: LAZY_GRAPH, LAZY_TRACE, LAZY_STATS=json, or a module that may call lazy_dump(). */
#ifndef LZ_RECORD_H
#define LZ_RECORD_H

#include "hands.h"
#include "tail.h"

/* A node's number says which hand has made it, from 1, and how many that had made then, this one included. */
#define LZ_NUMBER_BITS 40
static inline uint64_t lz_number_hand(uint64_t number) {
  return (number >> LZ_NUMBER_BITS) - 1;
}
static inline uint64_t lz_number_count(uint64_t number) {
  return number & ((UINT64_C(1) << LZ_NUMBER_BITS) - 1);
}

enum lz_event_kind {
  LZ_MADE,   /* a node; `other`: the number of the node that was running, or 0; its arguments follow */
  LZ_RUN,    /* ... has run until `other`, 0: is still running; its result follows */
  LZ_KEPT,   /* ... was not run, for its result was kept; that follows */
  LZ_DROP,   /* ... was freed, and has never run */
  LZ_UNDONE, /* ... was valid, and is not any more */
  LZ_WAIT,   /* the hand has waited for it (0: for calls of the site that are no nodes) until `other`; a pointer to the
                struct lazy_place follows where, or NULL */
  LZ_CHUNK,  /* `number` calls of the site, which are no nodes, have run until `other` */
  LZ_LOOP    /* all calls of the site in a loop, or a batch, `number` of them, have been made until `other` */
};

/* One thing that has happened, `begin` ns by lz_now().  Followed by `inputs` struct lz_input and `bytes` bytes, and
 * filled up to whole words. */
struct lz_event {
  uint64_t number;
  uint64_t begin;
  _Atomic uint64_t other;
  const struct lazy_site *site;
  uint16_t kind; /* enum lz_event_kind */
  uint16_t inputs;
  uint32_t bytes;
};

/* Argument `argument` (LZ_ORDER: none) comes from node `number`. */
struct lz_input {
  uint64_t number;
  uint64_t argument;
};

static inline const struct lz_input *lz_event_inputs(const struct lz_event *event) {
  return (const struct lz_input *)(event + 1);
}
static inline const void *lz_event_bytes(const struct lz_event *event) {
  return lz_event_inputs(event) + event->inputs;
}

/* Of a LZ_WAIT: where in the source; NULL: not known. */
static inline const struct lazy_place *lz_event_place(const struct lz_event *event) {
  return *(const struct lazy_place *const *)lz_event_bytes(event);
}

/* From now on nodes are recorded; those that are there already are not known.  Any thread, any number of times. */
void lz_record_begin(void);

/* Where in the source the calling thread waits from now on, if it does.  NULL: not known. */
static inline void lz_record_at(const struct lazy_place *where) {
  if (LZ_UNLIKELY(LZ_LOAD(&lz.recording, relaxed)) && lz_self)
    lz_self->at = where;
}

/* --- by the hand that does it; `hand` may be NULL: then nobody knows --- */

void lz_record_made(struct lz_hand *hand, struct lazy_node *node);
struct lz_event *lz_record_run(struct lz_hand *hand, struct lazy_node *node); /* NULL: it is not recorded */
void lz_record_ran(struct lz_event *event, struct lazy_node *node);           /* as above */
void lz_record_node(struct lz_hand *hand, struct lazy_node *node, enum lz_event_kind kind);
void lz_record_wait(struct lz_hand *hand, uint64_t number, const struct lazy_site *site, uint64_t begin);
void lz_record_calls(struct lz_hand *hand, const struct lazy_site *site, enum lz_event_kind kind, uint64_t count,
                     uint64_t begin);

/* --- by whoever looks, at any time --- */

/* When it began, ns. */
uint64_t lz_record_start(void);

/* Calls `look` with each event of the hand so far, in the order in which they were written down: waits and chunks when
 * they had ended, runs when they began. */
void lz_record_each(const struct lz_hand *hand, void (*look)(void *context, const struct lz_event *event),
                    void *context);

/* In the child of a fork: what was recorded is the parent's, and what the environment asks for, too. */
void lz_record_after_fork(void);

/* Is it for this process to write what the environment asks for? */
bool lz_record_is_ours(void);

#endif /* LZ_RECORD_H */
