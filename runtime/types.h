/* types.h - the runtime's data: nodes, edges, hands.
 *
 * Glossary
 *   - node: one deferred call: header, arguments and result (the payload), edges
 *   - edge: "argument k of the consumer comes from the result of the producer"; or, an order edge, "the consumer runs
 *     after the producer"; stands in the consumer's memory
 *   - demanded: somebody needs the node's value: it will run (or be dropped if everybody lets go of it first)
 *   - ready: demanded, and every input is there
 *   - claimed: one thread has won the right to run the node
 *   - done: the result is there
 *   - hand: a thread that may run nodes: a worker, or a thread of the program
 *   - entry: a node offered in a deque; owns one reference to it
 *   - kept: a node the explicit API may look at and change (keep.c); keeps its inputs, may become undone
 *
 * Life of a node (graph.c)
 *
 *            demand            last input           claim              complete
 *     OPEN ---------> WAITING ------------> READY ---------> CLAIMED ------------> done
 *       ^                ^                                      |                    |
 *       |                +------- a kept input was undone ------+                    |
 *       +------------------------ kept nodes only: an input was changed -------------+
 *
 * Whoever wins the compare-and-swap OPEN -> WAITING demands, whoever wins READY -> CLAIMED runs.  Who that is never
 * matters for the result.  "done" is not a state of its own but consumers == LZ_DONE: one truth, published once.
 */
#ifndef LZ_TYPES_H
#define LZ_TYPES_H

#include "sync.h"

#include <lazy/abi.h>
#include <stdbool.h>
#include <string.h>

/* Exported from the library; everything else is hidden. */
#define LZ_PUBLIC __attribute__((visibility("default")))

enum lz_state { LZ_OPEN, LZ_WAITING, LZ_READY, LZ_CLAIMED };

/* Invariants
 *   producer: the edge owns one reference to it, until the consumer has copied its result (kept: until it is freed)
 *   next:     belongs to the producer's list while the consumer is WAITING; unused otherwise
 *   consumer  == (char *)edge - 8 * distance; distance == 0 marks the edge inside a struct lz_waiter */
struct lz_edge {
  struct lazy_node *producer;
  struct lz_edge *next;
  uint32_t offset;   /* of the argument's bytes in the producer's result */
  uint16_t argument; /* LZ_ORDER: none */
  uint16_t distance; /* in words of 8 bytes */
};

#define LZ_ORDER UINT16_MAX
#define LZ_NODE_MOST ((size_t)8 * UINT16_MAX) /* bytes of a node that has edges */

/* Terminates the consumers of a node that is done: registering finds it and knows. */
extern struct lz_edge lz_done_mark;
#define LZ_DONE (&lz_done_mark)

/* Invariants
 *   refs    == handles held by compiled code, users and scopes + edges of consumers + entries
 *              + 1 while demanded but not offered (the scheduler's own, which becomes the entry's)
 *   waiting == inputs registered and not done + pins (schedule.c) + 1 while registering; 0 while OPEN.
 *              Whoever brings it to 0, and that is exactly one thread, owns the scheduler's reference
 *   edges are written before __lazy_start() and read by others only while waiting > 0 or by the claimer
 *   link:   a work list's, of whoever holds the node exclusively: the demander, the freer, the overflow list */
struct lazy_node {
  /* the creator's; constant after __lazy_start() */
  struct lazy_site *site;
  uint32_t fpenv;
  uint32_t inputs;
  /* everybody's */
  _Atomic uint32_t refs;
  _Atomic uint32_t waiting;
  _Atomic uint32_t state;
  uint16_t size_class;
  uint16_t tail; /* where that is, in words of 8 bytes (tail.h); 0: it has none */
  _Atomic(struct lz_edge *) consumers;
  struct lazy_node *link;
};
_Static_assert(sizeof(struct lazy_node) <= LAZY_NODE_PAYLOAD, "the header fits in front of the payload");

/* A thread asleep in a force, in the list of consumers of what it waits for.
 *   rung is the completer's last access to it, so the sleeper may leave its frame once it is set */
struct lz_waiter {
  struct lz_edge edge;
  struct lz_hand *hand;
  _Atomic bool rung;
};

/* The double-ended queue of Chase and Lev (deque.c).
 *   entries are slot[top .. bottom);  seen <= top */
struct lz_buffer {
  int64_t mask;
  struct lz_buffer *older; /* thieves may still read it, so it is kept */
  _Atomic(struct lazy_node *) slot[];
};

struct lz_deque {
  /* thieves' */
  _Alignas(LZ_LINE) _Atomic int64_t top;
  /* the owner's; thieves read */
  _Alignas(LZ_LINE) _Atomic int64_t bottom;
  _Atomic(struct lz_buffer *) buffer;
  int64_t seen;
  _Atomic uint32_t hungry; /* *__lazy_hungry: 0 once there was enough, 1 when an entry has left since */
};

/* What a hand has done (stats.c).  Written by one thread, summed by others.
 *   nodes pending             == opened - ran - dropped
 *   demanded and not yet done == demanded - settled */
enum lz_counter {
  LZ_OPENED,   /* nodes made, or undone */
  LZ_REFUSED,  /* calls sent to run in place by __lazy_open() */
  LZ_DEMANDED, /* nodes demanded */
  LZ_SETTLED,  /* demanded nodes that have run or been dropped */
  LZ_RAN,      /* nodes run */
  LZ_FOUND,    /* nodes whose results were kept, so that they did not run */
  LZ_DROPPED,  /* nodes freed that never ran */
  LZ_WAITS,    /* forces of nodes that were not done */
  LZ_STORES,   /* stores deferred */
  LZ_BATCHED,  /* calls of batches and loops, which are no nodes, */
  LZ_CHUNKED,  /* and those of them that have been made */
  LZ_COUNTERS
};

#define LZ_POOL_CLASSES 35

/* Nodes that are not begun while the cache may know what is to come of them (merkle.c).  Owns a reference to each. */
struct lz_withheld {
  struct lazy_node **node;
  uint32_t count, room;
  uint32_t probe;    /* the newest is looked for when there are so many; 0: the default */
  uint32_t rush;     /* so many more nodes are not withheld, for one was not found */
  uint32_t patience; /* how many there were then; 0: none since one was found */
};

struct lz_pool {
  struct lz_free {
    void *head;
    uint32_t count;
  } free[LZ_POOL_CLASSES];
  char *fresh, *fresh_end; /* memory never used yet */
  size_t slab;             /* size of the next slab */
};

/* A small result that its hand has had of late (cached.c). */
struct lz_recent {
  uint64_t key[2];
  uint32_t size; /* 0: none */
  char bytes[8];
};
#define LZ_RECENT 128

enum lz_sleep { LZ_AWAKE, LZ_IDLE, LZ_FORCING };

/* One per thread that ever touched the graph.  Never freed: thieves may look at it at any time.  When its thread ends
 * it waits for another thread, entries and memory included. */
struct lz_hand {
  struct lz_deque deque;

  /* the owner's */
  struct lz_pool pool;
  uint32_t nest;        /* nodes running on this thread's stack, one upon the other */
  uint32_t until_check; /* nodes to open before the next look at LAZY_MAX_PENDING */
  uint32_t random;
  uint32_t tick;
  uint32_t index;  /* in the table */
  uint64_t little; /* ns of work for which nobody was woken, since somebody was (sleep.c) */
  _Atomic bool worker;
  bool main;               /* the thread is the process's first */
  bool narrow;             /* its stack is smaller than what a lazy function may count on */
  bool stale;              /* an entry of this deque may have been claimed past the deque */
  bool sheltered;          /* between lz_shelter() and its end */
  uintptr_t newest;        /* stack address of the last open that made a certain node */
  uintptr_t stack, middle; /* the stack's far end, and half of what was left when the hand was made */
  struct lazy_ring *spare; /* a reorder buffer to use again */
  struct lz_withheld withheld;
  struct lz_recent recent[LZ_RECENT];
  struct lz_pipeline_row *row;  /* of a pipelined loop, that it is in; NULL: none that asks how far it may go */
  struct lz_hand *link;         /* list of hands without a thread */
  uint64_t made;                /* nodes that it has given numbers, */
  uint64_t running;             /* the number of the node that it runs, 0: none that has one, */
  const struct lazy_place *at;  /* where it waits, if it does, */
  struct lz_chunk *record_last; /* and the end of what it has written down (record.c) */

  /* the owner's; others read */
  _Alignas(LZ_LINE) _Atomic uint64_t count[LZ_COUNTERS];

  /* everybody's */
  _Alignas(LZ_LINE) _Atomic uint32_t bell; /* the futex it sleeps on; changes with every wake-up */
  _Atomic uint32_t asleep;                 /* enum lz_sleep */
  _Atomic uint32_t busy;                   /* 1: may hold an entry or run a node (fork waits for 0) */
  struct lz_chunk *_Atomic record;         /* what it has written down; NULL: nothing */
};

/* Everything that is set up once and then mostly read. */
struct lz_runtime {
  _Atomic uint32_t mode;  /* enum lazy_mode */
  _Atomic int threads;    /* hands that may run nodes at once, the caller's included */
  _Atomic bool team;      /* the workers have been asked for */
  bool eager;             /* LAZY=defer: every call becomes a node */
  bool stats;             /* LAZY_STATS=1 */
  bool serial;            /* LAZY=serial, or check */
  _Atomic bool recording; /* somebody wants to know what happens (record.h) */
  bool check;             /* LAZY=check */
  bool progress;          /* LAZY_PROGRESS: it is told how far the program is */
  bool diagnose;          /* LAZY_DIAG=1: it is told why results are not found */
  uint64_t max_pending;   /* LAZY_MAX_PENDING */
  int omp_num_threads;    /* OMP_NUM_THREADS; 0: not set */
  int omp_thread_limit;   /* OMP_THREAD_LIMIT; 0: not set */
  bool teamless;          /* one of these two is nonsense: libomp must not be started, it would end the program */
  uint32_t processors;    /* that the process may use */
  _Atomic uint64_t peak;  /* largest number of pending nodes seen */
  _Atomic bool exiting;
  _Atomic int helpers; /* threads of the library's own that are no hands */
};
extern struct lz_runtime lz;

/* Most are of these sizes. */
static inline void lz_copy(char *to, const char *from, uint32_t size) {
  if (LZ_LIKELY(size == 8))
    memcpy(to, from, 8);
  else if (size == 4)
    memcpy(to, from, 4);
  else
    memcpy(to, from, size);
}

static inline bool lz_is_done(const struct lazy_node *node) {
  /* acquire: pairs with the release of complete() in graph.c */
  if (LZ_LOAD(&((struct lazy_node *)node)->consumers, acquire) != LZ_DONE)
    return false;
  lz_observe(node);
  return true;
}

static inline bool lz_is_kept(const struct lazy_node *node) {
  return (node->site->flags & LAZY_SITE_KEPT) != 0;
}

static inline char *lz_payload(struct lazy_node *node) {
  return (char *)node + LAZY_NODE_PAYLOAD;
}

static inline char *lz_result(struct lazy_node *node) {
  return lz_payload(node) + node->site->function->result.offset;
}

static inline size_t lz_edges_at(const struct lazy_site *site) {
  return LAZY_NODE_PAYLOAD + (((size_t)site->function->payload_size + 7) & ~(size_t)7);
}

static inline struct lz_edge *lz_edges(struct lazy_node *node) {
  return (struct lz_edge *)((char *)node + lz_edges_at(node->site));
}

static inline struct lazy_node *lz_consumer(struct lz_edge *edge) {
  return (struct lazy_node *)((char *)edge - (size_t)8 * edge->distance);
}

#endif /* LZ_TYPES_H */
