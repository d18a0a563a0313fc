/* mock.c - a runtime that keeps books instead of making haste.
 *
 * No threads of its own; the program's may all keep books here.  Every call becomes a node; a node runs when it is
 * forced.  At exit one line is printed to stderr:
 *
 *     nodes N  ran N  forces N  dropped N  stores N  leaked N
 *
 * forces counts calls of __lazy_force on nodes that had not run; leaked counts nodes that still have references, and
 * records of batches not given back.  A reference too many, a force of a freed node, or an argument that nobody filled
 * in aborts.
 */
#define _GNU_SOURCE
#include <lazy/abi.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_INPUTS = 64, MAX_WAITING = 4096 };

struct lazy_node {
  struct lazy_site *site;
  int references, started, done, inputs;
  struct {
    struct lazy_node *producer;
    uint32_t k, offset;
  } input[MAX_INPUTS];
  unsigned char *payload;
};

/* Compiled code expects the payload at a fixed distance; the bookkeeping stands in front of what it sees. */
static struct lazy_node *book_of(struct lazy_node *seen) { return *(struct lazy_node **)seen; }

static const uint32_t always = 1;
_Thread_local const uint32_t *__lazy_hungry = &always;

/* Whether a recursion goes on plain or shared, chance decides. */
_Thread_local uint32_t __lazy_calls;
uint64_t __lazy_level_begin(void) { return 1; }
void __lazy_level_end(uint32_t *cost, uint64_t begin) {
  static _Thread_local uint32_t chance = 1;
  chance = chance * 1103515245 + 12345;
  *cost = chance >> 30 & 1 ? LAZY_LEVEL_SMALL : 1;
  (void)begin;
}

static _Atomic long nodes, ran, forces, dropped, stores, alive;

static void report(void) {
  fprintf(stderr, "nodes %ld  ran %ld  forces %ld  dropped %ld  stores %ld  leaked %ld\n", nodes, ran, forces, dropped,
          stores, alive);
}

static void check(int good, const char *what) {
  if (good)
    return;
  fprintf(stderr, "mock: %s\n", what);
  abort();
}

void __lazy_attach(struct lazy_module *module) {
  static int registered;
  check(module->abi == LAZY_ABI_VERSION, "ABI version");
  module->mode = LAZY_MODE_PARALLEL;
  if (!registered++)
    atexit(report);
}

void __lazy_detach(struct lazy_module *module) { module->mode = LAZY_MODE_SERIAL; }

uint32_t __lazy_cache_enter(struct lazy_cached *cached) {
  (void)cached;
  return LAZY_CACHE_PLAIN;
}

void __lazy_cached(struct lazy_cached *cached, void *payload, const struct lazy_region *regions) {
  (void)regions;
  cached->function->run(payload);
}

struct lazy_node *__lazy_open(struct lazy_site *site) {
  struct lazy_node *book = calloc(1, sizeof *book);
  void *seen = aligned_alloc(16, LAZY_NODE_PAYLOAD + (site->function->payload_size + 15) / 16 * 16 + 16);
  memset(seen, 0xee, LAZY_NODE_PAYLOAD + site->function->payload_size);
  *(struct lazy_node **)seen = book;
  book->site = site;
  book->references = 1;
  book->payload = (unsigned char *)seen + LAZY_NODE_PAYLOAD;
  nodes++;
  alive++;
  return seen;
}

struct lazy_node *__lazy_retain(struct lazy_node *node) {
  if (node)
    book_of(node)->references++;
  return node;
}

void __lazy_input(struct lazy_node *node, uint32_t k, struct lazy_node *producer, uint32_t offset) {
  struct lazy_node *book = book_of(node);
  check(book->inputs < (int)book->site->inputs, "more inputs than the site announced");
  check(k < book->site->function->argument_count, "no such argument");
  check(offset + book->site->function->arguments[k].size <= book_of(producer)->site->function->result.size,
        "an input reaches beyond its producer's result");
  book->input[book->inputs].producer = __lazy_retain(producer);
  book->input[book->inputs].k = k;
  book->input[book->inputs++].offset = offset;
}

void __lazy_start(struct lazy_node *node) { book_of(node)->started = 1; }

void *__lazy_force_at(struct lazy_node *node, const struct lazy_place *where) {
  (void)where;
  return __lazy_force(node);
}
void *__lazy_force(struct lazy_node *node) {
  struct lazy_node *book = book_of(node);
  const struct lazy_function *function = book->site->function;
  check(book->references > 0, "force of a node that is gone");
  if (!book->done) {
    forces++;
    ran++;
    book->done = 1;
    for (int i = 0; i < book->inputs; i++) {
      const struct lazy_slot *slot = &function->arguments[book->input[i].k];
      long forced_by_program = forces;
      void *result = __lazy_force(book->input[i].producer);
      forces = forced_by_program; /* the graph asked for it, not the program */
      memcpy(book->payload + slot->offset, (char *)result + book->input[i].offset, slot->size);
      __lazy_release(book->input[i].producer);
    }
    book->inputs = 0;
    function->run(book->payload);
  }
  return book->payload + function->result.offset;
}

void __lazy_release(struct lazy_node *node) {
  if (!node)
    return;
  struct lazy_node *book = book_of(node);
  check(book->references > 0, "a release too many");
  if (--book->references)
    return;
  if (!book->done)
    dropped++;
  for (int i = 0; i < book->inputs; i++)
    __lazy_release(book->input[i].producer);
  alive--;
  memset(book->payload, 0xdd, book->site->function->payload_size);
}

struct lazy_ring {
  int n;
  struct {
    struct lazy_node *node;
    void *to;
    uint32_t offset, size;
  } entry[MAX_WAITING];
};

struct lazy_regions {
  int n;
  struct {
    struct lazy_node *node;
    struct lazy_region region;
  } entry[MAX_WAITING];
};

void __lazy_settle(struct lazy_scope *scope) {
  for (int i = 0; scope->ring && i < scope->ring->n; i++) {
    memcpy(scope->ring->entry[i].to, (char *)__lazy_force(scope->ring->entry[i].node) + scope->ring->entry[i].offset,
           scope->ring->entry[i].size);
    __lazy_release(scope->ring->entry[i].node);
  }
  for (int i = scope->regions ? scope->regions->n : 0; i-- > 0;) { /* they do not meet: any order will do */
    __lazy_force(scope->regions->entry[i].node);
    __lazy_release(scope->regions->entry[i].node);
  }
  free(scope->ring);
  free(scope->regions);
  *scope = (struct lazy_scope)LAZY_SCOPE_INIT;
}

static uintptr_t end_of(const void *p, uint64_t size) {
  return size > UINTPTR_MAX - (uintptr_t)p ? UINTPTR_MAX : (uintptr_t)p + size;
}

/* As one row. */
static struct lazy_region all_of(struct lazy_region region) {
  int64_t reach = 0;
  if (region.size != LAZY_EVERYWHERE && region.stride && !region.rows) {
    region.size = 0;
  } else if (region.size == LAZY_EVERYWHERE ||
             (region.stride && __builtin_mul_overflow(region.rows - 1, region.stride, &reach)) ||
             (reach < 0 && (uintptr_t)region.p < (uintptr_t)-reach) ||
             __builtin_add_overflow(region.size, reach < 0 ? -reach : reach, &region.size)) {
    region.p = NULL;
    region.size = LAZY_EVERYWHERE;
  } else if (reach < 0) {
    region.p = (const char *)region.p + reach;
  }
  return region;
}

static int overlap(const void *p, uint64_t size, const void *q, uint64_t other) {
  return size && other && (uintptr_t)p < end_of(q, other) && (uintptr_t)q < end_of(p, size);
}

/* Everything waits together: what touches one thing in conflict settles all. */
void __lazy_touch(struct lazy_scope *scope, const void *p, size_t size, uint32_t access) {
  int conflict = 0;
  for (int i = 0; scope->ring && i < scope->ring->n; i++)
    conflict |= overlap(p, size, scope->ring->entry[i].to, scope->ring->entry[i].size);
  for (int i = 0; scope->regions && i < scope->regions->n; i++) {
    const struct lazy_region *region = &scope->regions->entry[i].region;
    conflict |= (access | region->access) & LAZY_WRITES && overlap(p, size, region->p, (uint64_t)region->size);
  }
  if (conflict)
    __lazy_settle(scope);
}

void __lazy_touch_allocation(struct lazy_scope *scope, const void *p) {
  __lazy_touch(scope, p, malloc_usable_size((void *)(uintptr_t)p), LAZY_WRITES);
}

/* Byte by byte, as it is read. */
int64_t __lazy_touch_text(struct lazy_scope *scope, const char *p) {
  for (int64_t size = 0; p; size++) {
    __lazy_touch(scope, p + size, 1, LAZY_READS);
    if (p[size] == 0)
      return size + 1;
  }
  return 0;
}

void __lazy_use_stream(struct lazy_scope *scope, void *stream) {
  if (stream && fileno(stream) < 0)
    __lazy_settle(scope);
}

void lazy_sync(const void *p, size_t size) { (void)p, (void)size; }

/* Nobody visits objects here: a call that touches some runs in place, when all else is done. */
static int has_objects(const struct lazy_region *regions, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (regions[i].objects)
      return 1;
  return 0;
}

void lazy_visit_memory(struct lazy_visit *to, const void *p, size_t size) { (void)to, (void)p, (void)size; }
void lazy_visit_string(struct lazy_visit *to, const char *s) { (void)to, (void)s; }
void __lazy_visit_objects(struct lazy_visit *to, const void *p, size_t count, size_t size,
                          void (*visit)(const void *, struct lazy_visit *)) {
  (void)to, (void)p, (void)count, (void)size, (void)visit;
}

void __lazy_touch_regions(struct lazy_scope *scope, const struct lazy_region *regions, uint32_t count) {
  if (has_objects(regions, count))
    __lazy_settle(scope);
  for (uint32_t i = 0; i < count; i++) {
    struct lazy_region region = all_of(regions[i]);
    check(region.access <= (LAZY_READS | LAZY_WRITES) || region.access == (LAZY_READS | LAZY_COPIES),
          "access of a region");
    if (region.size < 0)
      __lazy_settle(scope);
    else if (region.access)
      __lazy_touch(scope, region.p, (size_t)region.size, region.access);
  }
}

static void enclose(struct lazy_scope *scope, const void *p, uint64_t size) {
  uintptr_t lo = (uintptr_t)p, hi = end_of(p, size);
  scope->lo = lo < scope->lo ? lo : scope->lo;
  scope->hi = hi > scope->hi ? hi : scope->hi;
}

int __lazy_regions(struct lazy_scope *scope, struct lazy_node *node, struct lazy_region *regions, uint32_t count) {
  int refused = has_objects(regions, count);
  for (uint32_t i = 0; i < count; i++)
    check(book_of(node)->site->flags & LAZY_SITE_CERTAIN || !(regions[i].access & LAZY_WRITES),
          "a region that is written at a site that is not certain");
  check(!book_of(node)->started, "regions of a node that has been started");
  for (uint32_t i = 0; i < count; i++)
    refused |= regions[i].size < 0;
  if (refused || (scope->regions && scope->regions->n + (int)count > MAX_WAITING)) {
    __lazy_settle(scope);
    return 0;
  }
  __lazy_touch_regions(scope, regions, count);
  for (uint32_t i = 0; i < count; i++) {
    struct lazy_region region = all_of(regions[i]);
    if (!region.size || !region.access)
      continue;
    if (!scope->regions)
      scope->regions = calloc(1, sizeof *scope->regions);
    int n = scope->regions->n++;
    scope->regions->entry[n].node = __lazy_retain(node);
    scope->regions->entry[n].region = region;
    enclose(scope, region.p, (uint64_t)region.size);
  }
  return 1;
}

void __lazy_defer_store(struct lazy_scope *scope, struct lazy_node *node, void *to, uint32_t offset, uint32_t size) {
  stores++;
  for (int i = 0; scope->regions && i < scope->regions->n; i++)
    if (overlap(to, size, scope->regions->entry[i].region.p, (uint64_t)scope->regions->entry[i].region.size)) {
      __lazy_settle(scope);
      break;
    }
  if (scope->ring && scope->ring->n == MAX_WAITING)
    __lazy_settle(scope);
  if (!scope->ring)
    scope->ring = calloc(1, sizeof *scope->ring);
  int i = scope->ring->n++;
  scope->ring->entry[i].node = node;
  scope->ring->entry[i].to = to;
  scope->ring->entry[i].offset = offset;
  scope->ring->entry[i].size = size;
  enclose(scope, to, size);
}

/* Only if MOCK_BATCHES is set: of one to five records, now and then none, run from the last to the first. */
struct lazy_records *__lazy_batch_open(struct lazy_batch *batch, struct lazy_records *last) {
  static _Thread_local unsigned opened;
  if (!getenv("MOCK_BATCHES") || ++opened % 7 == 0)
    return NULL;
  size_t bytes = (1 + opened % 5) * batch->stride, whole = (LAZY_RECORDS + bytes + 63) / 64 * 64;
  struct lazy_records *records = aligned_alloc(LAZY_RECORDS, whole);
  memset(records, 0xee, whole);
  records->limit = (char *)records + LAZY_RECORDS + bytes;
  __lazy_batch_close(last);
  alive++;
  return records;
}

void __lazy_batch_run(struct lazy_batch *batch, struct lazy_records *records, void *end) {
  char *first = (char *)records + LAZY_RECORDS, *last = end;
  check(last > first && last <= records->limit && (last - first) % batch->stride == 0, "records of a batch");
  for (uint64_t record = (uint64_t)(last - first) / batch->stride; record-- > 0;)
    batch->run(records, record, record + 1);
}

/* If MOCK_BATCHES is set, loops are run in three ranges, the last first; now and then in place. */
uint32_t __lazy_loop_choose(const struct lazy_loop *loop, uint64_t count) {
  static _Thread_local unsigned asked;
  check(count >= 2 && loop->run != NULL, "iterations of a loop");
  return !getenv("MOCK_BATCHES") ? LAZY_LOOP_NODES : ++asked % 5 == 0 ? LAZY_LOOP_IN_PLACE : LAZY_LOOP_SHARED;
}

void __lazy_loop_pipeline(const struct lazy_loop *loop, void *frame, uint64_t rows, uint64_t columns, uint64_t lag) {
  check(rows >= 2 && columns >= 2 && lag < columns, "rows of a loop");
  for (uint64_t y = 0; y < rows; y++)
    loop->run(frame, y, y + 1);
}

uint64_t __lazy_loop_step(uint64_t column) { return column + 7; }

void __lazy_loop_run(const struct lazy_loop *loop, void *frame, uint64_t count) {
  uint64_t third = count / 3;
  loop->run(frame, 2 * third, count);
  if (third > 0) {
    loop->run(frame, third, 2 * third);
    loop->run(frame, 0, third);
  }
}

void __lazy_batch_close(struct lazy_records *records) {
  alive -= records != NULL;
  free(records);
}

struct lazy_node *__lazy_handle_at(void *variable) {
  (void)variable;
  return NULL;
}
