/* record.c - what has happened to each node, while somebody wants to know.
 *
 * 1. Each hand writes down what it does, in chunks of memory that only it appends to.  Others read what was there when
 *    they looked.  Nothing moves, and nothing is freed.
 * 2. Each node has a number, in its tail, from when it is made; events name nodes by it, for nodes come and go.
 * 3. A run is written down when it begins, and completed when it ends; so what is running now can be told.
 * 4. There is a limit for all chunks together; from then on nothing is written down, and it is said.
 *
 * Off, it costs a test in __lazy_open(), where nodes get their tails; all else is done for nodes that have one.
 */
#include "record.h"

#include "error.h"
#include "graph.h"
#include "hands.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK ((size_t)256 << 10)
#define MOST_CHUNKS 16384  /* 4 GiB */
#define MOST_ARGUMENTS 256 /* bytes of a node's arguments, and of its result */

/* Invariants
 *   bytes[0 .. used) are whole events;  the hand that has the chunk writes beyond */
struct lz_chunk {
  struct lz_chunk *_Atomic next;
  _Atomic size_t used;
  char bytes[];
};

static _Atomic uint64_t start;
static _Atomic uint32_t chunks;
static _Atomic bool full, inherited;

void lz_record_begin(void) {
  uint64_t never = 0;
  atomic_compare_exchange_strong(&start, &never, lz_now());
  LZ_STORE(&lz.recording, true, relaxed);
}

uint64_t lz_record_start(void) {
  return LZ_LOAD(&start, relaxed);
}

/* --- step 1 --- */

static struct lz_chunk *chunk_new(void) {
  if (LZ_LOAD(&full, relaxed) || atomic_fetch_add(&chunks, 1) >= MOST_CHUNKS) {
    if (!atomic_exchange(&full, true))
      lz_say("there is more to record than 4 GiB; what happens from here on is left out");
    return NULL;
  }
  struct lz_chunk *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return chunk == MAP_FAILED ? NULL : chunk;
}

static size_t size_of(const struct lz_event *event) {
  size_t size = sizeof *event + event->inputs * sizeof(struct lz_input) + event->bytes;
  return (size + 7) & ~(size_t)7;
}

/* Room for an event; published by publish().  NULL: there is none. */
static struct lz_event *reserve(struct lz_hand *hand, const struct lz_event *like) {
  size_t size = size_of(like);
  struct lz_chunk *last = hand->record_last;
  if (!last || LZ_LOAD(&last->used, relaxed) + size > CHUNK - sizeof *last) {
    struct lz_chunk *chunk = chunk_new();
    if (!chunk)
      return NULL;
    if (last)
      LZ_STORE(&last->next, chunk, release); /* pairs with the acquire of lz_record_each() */
    else
      LZ_STORE(&hand->record, chunk, release); /* the same */
    hand->record_last = last = chunk;
  }
  struct lz_event *event = (struct lz_event *)(last->bytes + LZ_LOAD(&last->used, relaxed));
  *event = *like;
  return event;
}

static void publish(struct lz_hand *hand, const struct lz_event *event) {
  struct lz_chunk *last = hand->record_last;
  /* release: pairs with the acquire of lz_record_each() */
  LZ_STORE(&last->used, LZ_LOAD(&last->used, relaxed) + size_of(event), release);
}

static void add(struct lz_hand *hand, const struct lz_event *like, const void *bytes) {
  struct lz_event *event = hand ? reserve(hand, like) : NULL;
  if (!event)
    return;
  memcpy(event + 1, bytes, like->bytes);
  publish(hand, event);
}

void lz_record_each(const struct lz_hand *hand, void (*look)(void *context, const struct lz_event *event),
                    void *context) {
  struct lz_chunk *chunk = LZ_LOAD(&((struct lz_hand *)(uintptr_t)hand)->record, acquire);
  for (; chunk; chunk = LZ_LOAD(&chunk->next, acquire))
    for (size_t at = 0, used = LZ_LOAD(&chunk->used, acquire); at < used;) {
      const struct lz_event *event = (const struct lz_event *)(chunk->bytes + at);
      look(context, event);
      at += size_of(event);
    }
}

/* --- steps 2 and 3 --- */

/* Of the node that this thread is running. */
static uint64_t running_now(const struct lz_hand *hand) {
  return hand->running;
}

void lz_record_made(struct lz_hand *hand, struct lazy_node *node) {
  const struct lazy_function *function = node->site->function;
  uint32_t size = function->payload_size < MOST_ARGUMENTS ? function->payload_size : MOST_ARGUMENTS;
  struct lz_tail *tail = lz_tail(node);
  tail->number = ((uint64_t)hand->index + 1) << LZ_NUMBER_BITS | ++hand->made;
  const struct lz_event like = {.number = tail->number,
                                .begin = lz_now(),
                                .other = running_now(hand),
                                .site = node->site,
                                .kind = LZ_MADE,
                                .inputs = (uint16_t)node->inputs,
                                .bytes = size};
  struct lz_event *event = reserve(hand, &like);
  if (!event)
    return;
  struct lz_input *input = (struct lz_input *)(event + 1);
  for (uint32_t i = 0; i < node->inputs; i++, input++) {
    struct lazy_node *producer = lz_edges(node)[i].producer;
    *input = (struct lz_input){lz_is_recorded(producer) ? lz_tail(producer)->number : 0, lz_edges(node)[i].argument};
  }
  memcpy(input, lz_payload(node), size);
  publish(hand, event);
}

static uint32_t result_size(const struct lazy_node *node) {
  uint32_t size = node->site->function->result.size;
  return size < MOST_ARGUMENTS ? size : 0;
}

struct lz_event *lz_record_run(struct lz_hand *hand, struct lazy_node *node) {
  struct lz_event like = {.number = lz_tail(node)->number,
                          .begin = lz_now(),
                          .site = node->site,
                          .kind = LZ_RUN,
                          .bytes = result_size(node)};
  struct lz_event *event = hand ? reserve(hand, &like) : NULL;
  if (event)
    publish(hand, event);
  return event;
}

void lz_record_ran(struct lz_event *event, struct lazy_node *node) {
  memcpy(event + 1, lz_result(node), event->bytes);
  LZ_STORE(&event->other, lz_now(), release); /* who looks takes it for running until then */
}

void lz_record_node(struct lz_hand *hand, struct lazy_node *node, enum lz_event_kind kind) {
  const struct lz_event like = {.number = lz_tail(node)->number,
                                .begin = lz_now(),
                                .site = node->site,
                                .kind = (uint16_t)kind,
                                .bytes = kind == LZ_KEPT ? result_size(node) : 0};
  add(hand, &like, lz_result(node));
}

void lz_record_wait(struct lz_hand *hand, uint64_t number, const struct lazy_site *site, uint64_t begin) {
  const struct lz_event like = {
      .number = number, .begin = begin, .other = lz_now(), .site = site, .kind = LZ_WAIT, .bytes = sizeof(void *)};
  if (hand)
    add(hand, &like, &hand->at);
}

void lz_record_calls(struct lz_hand *hand, const struct lazy_site *site, enum lz_event_kind kind, uint64_t count,
                     uint64_t begin) {
  const struct lz_event like = {
      .number = count, .begin = begin, .other = lz_now(), .site = site, .kind = (uint16_t)kind};
  add(hand, &like, "");
}

bool lz_record_is_ours(void) {
  return !LZ_LOAD(&inherited, relaxed);
}

void lz_record_after_fork(void) {
  LZ_STORE(&inherited, true, relaxed);
  for (uint32_t i = 0, count = lz_hand_count(); i < count; i++) {
    struct lz_hand *hand = lz_hand_at(i);
    LZ_STORE(&hand->record, NULL, relaxed);
    hand->record_last = NULL;
  }
}
